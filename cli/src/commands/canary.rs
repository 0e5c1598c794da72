//! `bluegate promote` and `bluegate abort`: the two ends of a canary.

use bluegate_core::aws::Needs;
use serde::Serialize;

use crate::deploy::Journal;
use crate::exit::Exit;
use crate::failure::Stop;
use crate::operate::{EndCanary, Ended, Ending, end_canary};
use crate::plan::Allow;
use crate::terminal::Terminal;

use super::calling::run_name;
use super::deploy::Format;
use super::guards::Guards;
use super::reach::{Care, Reach, Reached};
use super::signals;
use super::watcher::Watcher;
use crate::explain::stop;

/// Make the canary of a stage what the stage serves
///
/// All traffic goes to the version that was tried on a part of it, with the canary's stage variables, and the canary is
/// gone. What fails is undone, the canary included. Prints the id of the deployment that is served.
#[derive(Debug, clap::Args)]
#[command(after_long_help = PROMOTE)]
pub(crate) struct PromoteArgs {
    #[command(flatten)]
    reach: Reach,

    /// The stage; by default the one of the AWS file
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,

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

/// Take the canary of a stage away
///
/// All traffic goes to what the stage serves beside the canary, within seconds: that is one call. Then the draft of the
/// API is made equal to what is served, so that nothing of the version that was tried is deployed by accident. Prints
/// the id of the deployment that is served.
#[derive(Debug, clap::Args)]
#[command(after_long_help = ABORT)]
pub(crate) struct AbortArgs {
    #[command(flatten)]
    reach: Reach,

    /// The stage; by default the one of the AWS file
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,

    /// Take the canary away alone, and leave the draft as it is
    ///
    /// Example: `--keep-draft`
    #[arg(long)]
    keep_draft: bool,

    /// Permit that edits of somebody else get lost
    ///
    /// Example: `--allow-drift`
    #[arg(long, help_heading = "Guards")]
    allow_drift: bool,

    #[command(flatten)]
    care: Care,

    /// How the result is printed
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: Format,
}

const PROMOTE: &str = "\
Examples:
  bluegate promote --aws-config aws.config.json
  bluegate promote --aws-config prod.config.json --stage prod --yes --format json

Exit codes:
  0  the stage serves what its canary served
  1  not promoted: no canary, an error of AWS; nothing was changed
  2  a command line that makes no sense
  3  refused by a guard; the message names the flag that permits it
  4  failed after the first write; the message says what was put back and what state is left
  130  ended by Ctrl-C or a signal before anything was changed";

const ABORT: &str = "\
Examples:
  bluegate abort --aws-config aws.config.json
  bluegate abort --aws-config prod.config.json --stage prod --keep-draft --yes

Exit codes:
  0  the canary is gone
  1  there is no canary, or an error of AWS; nothing was changed
  2  a command line that makes no sense
  3  refused by a guard; the message names the flag that permits it
  4  failed after the first write; the message says what state is left
  130  ended by Ctrl-C or a signal before anything was changed";

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    region: &'a str,
    #[serde(flatten)]
    ended: &'a Ended,
}

/// What both are told.
struct Wish<'a> {
    reach: &'a Reach,
    stage: Option<&'a str>,
    care: &'a Care,
    format: Format,
    ending: Ending,
    keep_draft: bool,
    allow: Allow,
}

pub(crate) fn promote(args: &PromoteArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let wish = Wish {
        reach: &args.reach,
        stage: args.stage.as_deref(),
        care: &args.care,
        format: args.format,
        ending: Ending::Promote,
        keep_draft: true,
        allow: args.guards.allow(),
    };
    end(&wish, terminal)
}

pub(crate) fn abort(args: &AbortArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let wish = Wish {
        reach: &args.reach,
        stage: args.stage.as_deref(),
        care: &args.care,
        format: args.format,
        ending: Ending::Abort,
        keep_draft: args.keep_draft,
        allow: Allow {
            drift: args.allow_drift,
            ..Allow::default()
        },
    };
    end(&wish, terminal)
}

fn end(wish: &Wish<'_>, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let Reached {
        environment,
        stage,
        runtime,
        gateway,
        at,
        emulated,
    } = wish.reach.connect(wish.stage, Needs::Stage, terminal)?;
    let run = run_name();
    let interrupt = signals::listen(terminal)?;
    let gateway = gateway.stopped_by(interrupt.clone());
    let order = EndCanary {
        environment: &environment,
        stage: &stage,
        ending: wish.ending,
        keep_draft: wish.keep_draft,
        allow: wish.allow,
        turn: wish.reach.turn(&run, gateway.clock(), emulated),
    };
    let mut journal = Journal::in_folder(&wish.care.journal);
    let mut watcher = Watcher {
        terminal,
        yes: wish.care.yes,
        interrupt: Some(interrupt),
    };
    let ended = runtime
        .block_on(end_canary(&gateway, &order, &mut journal, &mut watcher))
        .map_err(|error| stop(&error, &at))?;
    terminal.step("Serving", &format!("{} on the stage `{}`", ended.serves, ended.stage));
    if wish.ending == Ending::Abort && !ended.draft_is_live {
        terminal.note(&format!(
            "the draft may still be the version that was tried: `bluegate rollback --to {}` makes it follow",
            ended.serves
        ));
    }
    match wish.format {
        Format::Text => terminal.data(&format!("{}\n", ended.serves))?,
        Format::Json => terminal.json(&Outcome {
            region: &at.region,
            ended: &ended,
        })?,
    }
    Ok(Exit::Done)
}
