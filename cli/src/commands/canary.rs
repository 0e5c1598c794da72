//! `bluegate promote` and `bluegate abort`: the two ends of a canary.

use bluegate_core::aws::Needs;
use bluegate_deploy::plan::Allow;
use bluegate_deploy::{Abort, Ended, Ending, Promote};
use serde::Serialize;

use crate::args::{Care, DraftGuards, Output, ServedGuards, StageArg};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::terminal::Terminal;

use super::api::{Api, Reach};

/// Make the canary of a stage what the stage serves
///
/// All traffic goes to the version that was tried on a part of it, with the canary's stage variables, and the canary is
/// gone. What fails is undone, the canary included. Prints the id of the deployment that is served.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    PROMOTE,
    "the stage serves what its canary served",
    "not promoted: no canary, an error of AWS; nothing was changed",
    exit::WRITING
))]
pub(crate) struct PromoteArgs {
    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    stage: StageArg,

    #[command(flatten)]
    guards: ServedGuards,

    #[command(flatten)]
    care: Care,

    #[command(flatten)]
    pub(crate) output: Output,
}

/// Take the canary of a stage away
///
/// All traffic goes to what the stage serves beside the canary, within seconds: that is one call. Then the draft of the
/// API is made equal to what is served, so that nothing of the version that was tried is deployed by accident. Prints
/// the id of the deployment that is served.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    ABORT,
    "the canary is gone",
    "there is no canary, or an error of AWS; nothing was changed",
    exit::WRITING
))]
pub(crate) struct AbortArgs {
    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    stage: StageArg,

    /// Take the canary away alone, and leave the draft as it is
    ///
    /// Example: `--keep-draft`
    #[arg(long)]
    keep_draft: bool,

    #[command(flatten)]
    guards: DraftGuards,

    #[command(flatten)]
    care: Care,

    #[command(flatten)]
    pub(crate) output: Output,
}

const PROMOTE: &str = "\
Examples:
  bluegate promote
  bluegate promote --aws-config prod.config.json --stage prod --yes --format json";

const ABORT: &str = "\
Examples:
  bluegate abort
  bluegate abort --aws-config prod.config.json --stage prod --keep-draft --yes";

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    region: &'a str,
    #[serde(flatten)]
    ended: &'a Ended,
}

pub(crate) fn promote(args: &PromoteArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let api = args.reach.open(args.stage.stage.as_deref(), Needs::Stage, terminal)?;
    let order = Promote {
        allow: args.guards.allow(),
    };
    let care = &args.care;
    let ended = api.write(&care.journal.journal, care.yes, terminal, async |deployer, watcher| {
        deployer.promote(&order, watcher).await
    })?;
    tell(&ended, &api, &args.output, terminal)
}

pub(crate) fn abort(args: &AbortArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let api = args.reach.open(args.stage.stage.as_deref(), Needs::Stage, terminal)?;
    let order = Abort {
        keep_draft: args.keep_draft,
        allow: Allow {
            drift: args.guards.allow_drift,
            ..Allow::default()
        },
    };
    let care = &args.care;
    let ended = api.write(&care.journal.journal, care.yes, terminal, async |deployer, watcher| {
        deployer.abort(&order, watcher).await
    })?;
    tell(&ended, &api, &args.output, terminal)
}

fn tell(ended: &Ended, api: &Api, output: &Output, terminal: &mut Terminal) -> Result<Exit, Stop> {
    terminal.step("Serving", &format!("{} on the stage `{}`", ended.serves, ended.stage));
    if ended.ending == Ending::Abort && !ended.draft_is_live {
        terminal.note(&format!(
            "the draft may still be the version that was tried: `bluegate rollback --to {}` makes it follow",
            ended.serves
        ));
    }
    let outcome = Outcome {
        region: &api.at.region,
        ended,
    };
    output.print(&format!("{}\n", ended.serves), &outcome, terminal)?;
    Ok(Exit::Done)
}
