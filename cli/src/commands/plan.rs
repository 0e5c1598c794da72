//! `bluegate plan`.

use bluegate_core::aws::Service;
use bluegate_deploy::plan::{Action, Plan};
use serde::Serialize;

use crate::args::JournalArg;
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::render::plan_text;
use crate::terminal::Terminal;

use super::api::Api;
use super::deployable::Wanted;

/// Show what deploy would do
///
/// Reads the API with about ten calls, whatever its size, and writes nothing: what changes per route, what matters
/// for security, what a guard refuses, which stage would move, what an overwrite would reset and is carried over,
/// and whether somebody else edited the API since the last deployment.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "nothing to do",
    "no plan: errors in a file, an error of AWS",
    &[Exit::Changes, Exit::Refused]
))]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,

    #[command(flatten)]
    journal: JournalArg,
}

const EXAMPLES: &str = "\
Examples:
  bluegate plan
  bluegate plan --routes api/routes.json --aws-config prod.config.json --format json";

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    region: &'a str,
    /// What answers: `aws` or `emulator`.
    service: &'static str,
    account_id: Option<&'a str>,
    digest: &'a str,
    #[serde(flatten)]
    plan: &'a Plan,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let found = args.wanted.read(terminal)?;
    let api = Api::connect(found.environment, &args.wanted.calls, terminal)?;
    let at = &api.at;
    terminal.step("Planning", &format!("in the region {}", api.place()));
    let order = args.wanted.order(&found.document);
    let journal = Some(args.journal.journal.as_path());
    let plan = &api.read(journal, terminal, async |deployer, watcher| {
        deployer.plan(&order, watcher).await
    })?;
    let caller = plan.caller.as_ref().map(|caller| caller.account.as_str());
    let outcome = Outcome {
        region: &at.region,
        service: match at.service {
            Service::Aws => "aws",
            Service::Emulator => "emulator",
        },
        account_id: caller.or(at.account_id.as_deref()),
        digest: &found.digest,
        plan,
    };
    let text = format!("Region {}\n{}", api.place(), plan_text(plan));
    args.wanted.output.print(&text, &outcome, terminal)?;
    Ok(match plan.action {
        Action::Nothing { .. } => Exit::Done,
        _ if plan.refusals.is_empty() => Exit::Changes,
        _ => Exit::Refused,
    })
}
