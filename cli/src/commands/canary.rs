//! `bluegate promote` and `bluegate abort`: the two ends of a canary.

use bluegate_deploy::plan::Allow;
use bluegate_deploy::{Abort, Ended, Ending, Promote};

use crate::args::{DraftGuards, PolicyGuards, ServedGuards};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::terminal::Terminal;

use super::api::{Api, OnStage};

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
    on: OnStage,

    #[command(flatten)]
    guards: ServedGuards,

    #[command(flatten)]
    policy: PolicyGuards,
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
    on: OnStage,

    /// Take the canary away alone, and leave the draft as it is
    ///
    /// Example: `--keep-draft`
    #[arg(long)]
    keep_draft: bool,

    #[command(flatten)]
    guards: DraftGuards,
}

const PROMOTE: &str = "\
Examples:
  bluegate promote
  bluegate promote --aws-config prod.config.json --stage prod --yes --format json";

const ABORT: &str = "\
Examples:
  bluegate abort
  bluegate abort --aws-config prod.config.json --stage prod --keep-draft --yes";

pub(crate) fn promote(args: &PromoteArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let order = Promote {
        allow: Allow {
            policy_change: args.policy.allow_policy_change,
            ..args.guards.allow()
        },
    };
    let done = args.on.write(terminal, async |deployer, watcher| {
        deployer.promote(&order, watcher).await
    })?;
    tell(&args.on, done, terminal)
}

pub(crate) fn abort(args: &AbortArgs, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let order = Abort {
        keep_draft: args.keep_draft,
        allow: Allow {
            drift: args.guards.allow_drift,
            ..Allow::default()
        },
    };
    let done = args.on.write(terminal, async |deployer, watcher| {
        deployer.abort(&order, watcher).await
    })?;
    tell(&args.on, done, terminal)
}

fn tell(on: &OnStage, (api, ended): (Api, Ended), terminal: &mut Terminal) -> Result<Exit, Stop> {
    terminal.step("Serving", &format!("{} on the stage `{}`", ended.serves, ended.stage));
    if ended.ending == Ending::Abort && !ended.draft_is_live {
        terminal.note(&format!(
            "the draft may still be the version that was tried: `bluegate rollback --to {}` makes it follow",
            ended.serves
        ));
    }
    on.print(&api, &ended.serves, &ended, terminal)
}
