//! `bluegate rollback`.

use bluegate_core::aws::Needs;
use serde::Serialize;

use crate::deploy::Journal;
use crate::exit::Exit;
use crate::failure::Stop;
use crate::operate::{Rollback, RolledBack, rollback};
use crate::terminal::Terminal;

use super::calling::run_name;
use super::deploy::Format;
use super::guards::Guards;
use super::reach::{Care, Reach, Reached};
use super::signals;
use super::watcher::Watcher;
use crate::explain::stop;

/// Move a stage back to an older deployment
///
/// The stage serves the older deployment within seconds: that is one call. Then the draft of the API is made equal to
/// what is served, with the settings that the API has now, and read back, so that nothing of the newer version is
/// deployed by accident. What fails is undone. Prints the id of the deployment that is served.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    #[command(flatten)]
    reach: Reach,

    /// The stage; by default the one of the AWS file
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,

    /// The deployment to go back to
    ///
    /// By default it is the one that the stage served before this one. `bluegate history` shows them. Going forward
    /// again works the same way.
    ///
    /// Example: `--to k3v9x1`
    #[arg(long, value_name = "ID")]
    to: Option<String>,

    /// Move the stage alone, and leave the draft as it is
    ///
    /// For an API that cannot be exported, or when every second counts.
    ///
    /// Example: `--keep-draft`
    #[arg(long)]
    keep_draft: bool,

    #[command(flatten)]
    guards: Guards,

    #[command(flatten)]
    care: Care,

    /// How the result is printed
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: Format,
}

const AFTER: &str = "\
Examples:
  bluegate rollback --aws-config aws.config.json
  bluegate rollback --aws-config prod.config.json --to k3v9x1 --yes
  bluegate rollback --aws-config aws.config.json --stage prod --keep-draft

Exit codes:
  0  the stage serves the older deployment, or served it already
  1  not moved: no such deployment or stage, an error of AWS; nothing was changed
  2  a command line that makes no sense
  3  refused by a guard; the message names the flag that permits it
  4  failed after the stage was moved; the message says what was put back and what state is left
  130  ended by Ctrl-C or a signal before anything was changed";

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    region: &'a str,
    #[serde(flatten)]
    left: &'a RolledBack,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let Reached {
        environment,
        stage,
        runtime,
        gateway,
        at,
        emulated,
    } = args.reach.connect(args.stage.as_deref(), Needs::Stage, terminal)?;
    let run = run_name();
    let interrupt = signals::listen(terminal)?;
    let gateway = gateway.stopped_by(interrupt.clone());
    let order = Rollback {
        environment: &environment,
        stage: &stage,
        to: args.to.as_deref(),
        keep_draft: args.keep_draft,
        allow: args.guards.allow(),
        turn: args.reach.turn(&run, gateway.clock(), emulated),
    };
    let mut journal = Journal::in_folder(&args.care.journal);
    let mut watcher = Watcher {
        terminal,
        yes: args.care.yes,
        interrupt: Some(interrupt),
    };
    let left = runtime
        .block_on(rollback(&gateway, &order, &mut journal, &mut watcher))
        .map_err(|error| stop(&error, &at))?;
    if left.changed {
        terminal.step("Serving", &format!("{} on the stage `{}`", left.to, left.stage));
        if !left.draft_is_live {
            terminal.note("the draft is still the newer version: `bluegate diff draft stage` shows the difference");
        }
    }
    match args.format {
        Format::Text => terminal.data(&format!("{}\n", left.to))?,
        Format::Json => terminal.json(&Outcome {
            region: &at.region,
            left: &left,
        })?,
    }
    Ok(Exit::Done)
}
