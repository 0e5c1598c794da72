//! `bluegate destroy`.

use bluegate_core::aws::Needs;
use bluegate_deploy::Destroyed;
use serde::Serialize;

use crate::args::{JournalArg, Output};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::render::count;
use crate::terminal::Terminal;

use super::api::Reach;

/// Delete an API with all of its stages
///
/// Asks for the API's name to be typed; without a terminal `--confirm` must give it. Before anything is deleted, the
/// journal gets what can be kept: the settings, the draft, and the export of every stage. There is no way back: a new
/// API has a new id and another URL.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "deleted",
    "not deleted: another name, no such API, an error of AWS; nothing was changed",
    &[Exit::Usage, Exit::Undone, Exit::Interrupted]
))]
pub(crate) struct Args {
    #[command(flatten)]
    reach: Reach,

    /// The name of the API, to delete it without being asked
    ///
    /// Example: `--confirm "Shop API"`
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,

    #[command(flatten)]
    journal: JournalArg,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate destroy --aws-config preview.config.json
  bluegate destroy --aws-config preview.config.json --confirm \"Shop API preview 42\" --format json

API Gateway refuses to delete an API that a custom domain name leads to, or that a usage plan has: take those away first.";

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
    let api = args.reach.open(None, Needs::Api, terminal)?;
    let (destroyed, run) = api.write(&args.journal.journal, true, terminal, async |deployer, watcher| {
        watcher.confirmed.clone_from(&args.confirm);
        Ok((deployer.destroy(watcher).await?, deployer.run_name().to_owned()))
    })?;
    let folder = args.journal.journal.join(&destroyed.rest_api_id).join(run);
    let kept_in = folder.display().to_string();
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
    let outcome = Outcome {
        region: &api.at.region,
        kept_in,
        destroyed: &destroyed,
    };
    args.output
        .print(&format!("{}\n", destroyed.rest_api_id), &outcome, terminal)?;
    Ok(Exit::Done)
}
