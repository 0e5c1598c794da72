//! `bluegate status`.

use bluegate_core::aws::Needs;
use bluegate_deploy::view::Status;
use serde::Serialize;

use crate::args::{Compat, JournalArg, Output, Reading, RoutesArg};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::inputs::{Inputs, Unset};
use crate::render::status_text;
use crate::terminal::Terminal;

use super::api::Reach;

/// Show how an API stands
///
/// Which deployment each stage serves, whether a stage has a canary, whether somebody edited the draft since the last
/// deployment, whether a run has the API or died with it, and what the next deployment will do about that. With a
/// routes file it says which stages serve its document. Takes about ten calls and writes nothing.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(EXAMPLES, "shown, whatever it says", "errors in a file, an error of AWS", &[Exit::Usage]))]
pub(crate) struct Args {
    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    routes: RoutesArg,

    #[command(flatten)]
    compat: Compat,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    journal: JournalArg,
}

const EXAMPLES: &str = "\
Examples:
  bluegate status
  bluegate status --aws-config prod.config.json --format json | jq .drift

With a routes file it tells which stages serve its document.";

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    region: &'a str,
    account_id: Option<&'a str>,
    #[serde(flatten)]
    status: &'a Status,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let aws = args.reach.aws.path(terminal)?;
    let routes = args.routes.path_if_any(terminal)?;
    let mut digest = None;
    let mut inputs = Inputs::of_aws(&aws);
    // What is wrong with the AWS file is told by itself.
    let is_read = args.routes.is_named() || !inputs.findings.has_errors();
    if let Some(routes) = routes.as_ref().filter(|_| is_read) {
        let mut both = args.routes.read(
            routes,
            Some(&aws),
            Reading::of(args.compat.mode(), Unset::Fails),
            terminal,
        );
        let environment = both.resolve(None, Needs::Nothing);
        digest = both.document(environment.as_ref()).map(|document| document.digest());
        if digest.is_some() || args.routes.is_named() {
            inputs = both;
        } else {
            terminal.note(&format!(
                "{} is not compared: `bluegate check` shows the errors",
                routes.display()
            ));
        }
    }
    let api = args.reach.open_with(inputs, None, Needs::Api, terminal)?;
    let journal = Some(args.journal.journal.as_path());
    let status = api.read(journal, terminal, async |deployer, watcher| {
        deployer.status(digest.as_deref(), watcher).await
    })?;
    let outcome = Outcome {
        region: &api.at.region,
        account_id: api.at.account_id.as_deref(),
        status: &status,
    };
    let routes = routes.filter(|_| digest.is_some());
    let text = status_text(&status, &api.at, routes.as_deref());
    args.output.print(&text, &outcome, terminal)?;
    Ok(Exit::Done)
}
