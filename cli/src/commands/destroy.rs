//! `bluegate destroy`.

use bluegate_core::aws::Needs;
use serde::Serialize;

use crate::deploy::Journal;
use crate::exit::Exit;
use crate::failure::Stop;
use crate::operate::{Destroy, Destroyed, destroy};
use crate::render::count;
use crate::terminal::Terminal;

use super::calling::run_name;
use super::deploy::Format;
use super::reach::{Reach, Reached};
use super::signals;
use super::watcher::Watcher;
use crate::explain::stop;

/// Delete an API with all of its stages
///
/// Asks for the API's name to be typed; without a terminal `--confirm` must give it. Before anything is deleted, the
/// journal gets what can be kept: the settings, the draft, and the export of every stage. There is no way back: a new
/// API has a new id and another URL.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    #[command(flatten)]
    reach: Reach,

    /// The name of the API, to delete it without being asked
    ///
    /// Example: `--confirm "Shop API"`
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,

    /// Where what can be kept of it is kept
    ///
    /// The same folder as for `deploy`.
    ///
    /// Example: `--journal /var/lib/bluegate`
    #[arg(long, value_name = "FOLDER", default_value = ".bluegate")]
    journal: std::path::PathBuf,

    /// How the result is printed
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: Format,
}

const AFTER: &str = "\
Examples:
  bluegate destroy --aws-config preview.config.json
  bluegate destroy --aws-config preview.config.json --confirm \"Shop API preview 42\" --format json

API Gateway refuses to delete an API that a custom domain name leads to, or that a usage plan has: take those away first.

Exit codes:
  0  deleted
  1  not deleted: another name, no such API, an error of AWS; nothing was changed
  2  a command line that makes no sense
  4  it is not known whether it is deleted
  130  ended by Ctrl-C or a signal before anything was changed";

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    region: &'a str,
    /// Where the snapshot and the exports are.
    kept_in: String,
    #[serde(flatten)]
    destroyed: &'a Destroyed,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let Reached {
        environment,
        runtime,
        gateway,
        at,
        emulated,
        ..
    } = args.reach.connect(None, Needs::Api, terminal)?;
    let run = run_name();
    let interrupt = signals::listen(terminal)?;
    let gateway = gateway.stopped_by(interrupt.clone());
    let order = Destroy {
        environment: &environment,
        turn: args.reach.turn(&run, gateway.clock(), emulated),
    };
    let mut journal = Journal::in_folder(&args.journal);
    let mut watcher = Watcher {
        terminal,
        yes: true,
        interrupt: Some(interrupt.clone()),
    };
    let typed = |reading: &crate::plan::Reading| match &args.confirm {
        Some(name) => Some(name.clone()),
        None => Terminal::ask_text(
            &format!(
                "to delete the API `{}` ({}) for ever, type its name:",
                reading.api.name, reading.api.id
            ),
            &interrupt,
        ),
    };
    let destroyed = runtime
        .block_on(destroy(&gateway, &order, &mut journal, &mut watcher, typed))
        .map_err(|error| stop(&error, &at))?;
    let kept_in = args
        .journal
        .join(&destroyed.rest_api_id)
        .join(&run)
        .display()
        .to_string();
    terminal.step(
        "Deleted",
        &format!(
            "`{}` ({}) with {} and {}",
            destroyed.name,
            destroyed.rest_api_id,
            count(destroyed.stages.len(), "stage"),
            count(destroyed.deployments, "deployment")
        ),
    );
    terminal.note(&format!("what could be kept of it is in {kept_in}"));
    match args.format {
        Format::Text => terminal.data(&format!("{}\n", destroyed.rest_api_id))?,
        Format::Json => terminal.json(&Outcome {
            region: &at.region,
            kept_in,
            destroyed: &destroyed,
        })?,
    }
    Ok(Exit::Done)
}
