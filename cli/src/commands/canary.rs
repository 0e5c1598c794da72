//! `bluegate promote` and `bluegate abort`: the two ends of a canary.

use bluegate_core::aws::Needs;
use bluegate_deploy::operate::{EndCanary, Ended, Ending, end_canary};
use bluegate_deploy::plan::Allow;
use serde::Serialize;

use crate::args::{Care, Guards, Output, StageArg};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::terminal::Terminal;

use super::api::Reach;

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
    guards: Guards,

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

    /// Permit that edits of somebody else get lost
    ///
    /// Example: `--allow-drift`
    #[arg(long, help_heading = "Guards")]
    allow_drift: bool,

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

/// What both are told.
struct Wish<'a> {
    reach: &'a Reach,
    stage: &'a StageArg,
    care: &'a Care,
    output: &'a Output,
    ending: Ending,
    keep_draft: bool,
    allow: Allow,
}

pub(crate) fn promote(args: &PromoteArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let wish = Wish {
        reach: &args.reach,
        stage: &args.stage,
        care: &args.care,
        output: &args.output,
        ending: Ending::Promote,
        keep_draft: true,
        allow: args.guards.allow(),
    };
    end(&wish, terminal)
}

pub(crate) fn abort(args: &AbortArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let wish = Wish {
        reach: &args.reach,
        stage: &args.stage,
        care: &args.care,
        output: &args.output,
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
    let api = wish.reach.open(wish.stage.stage.as_deref(), Needs::Stage, terminal)?;
    let ended = api.write(&wish.care.journal.journal, wish.care.yes, terminal, async |run| {
        let order = EndCanary {
            environment: &api.environment,
            stage: &api.stage,
            ending: wish.ending,
            keep_draft: wish.keep_draft,
            allow: wish.allow,
            turn: run.turn,
        };
        end_canary(run.gateway, &order, run.journal, run.watcher).await
    })?;
    terminal.step("Serving", &format!("{} on the stage `{}`", ended.serves, ended.stage));
    if wish.ending == Ending::Abort && !ended.draft_is_live {
        terminal.note(&format!(
            "the draft may still be the version that was tried: `bluegate rollback --to {}` makes it follow",
            ended.serves
        ));
    }
    let outcome = Outcome {
        region: &api.at.region,
        ended: &ended,
    };
    wish.output.print(&format!("{}\n", ended.serves), &outcome, terminal)?;
    Ok(Exit::Done)
}
