//! `bluegate rollback`.

use bluegate_deploy::Rollback;
use bluegate_deploy::plan::Allow;

use crate::args::{DraftGuards, PolicyGuards, ServedGuards};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::terminal::Terminal;

use super::api::OnStage;

/// Move a stage back to an older deployment
///
/// The stage serves the older deployment within seconds: that is one call. Then the draft of the API is made equal to
/// what is served, with the settings that the API has now, and read back, so that nothing of the newer version is
/// deployed by accident. What fails is undone. Prints the id of the deployment that is served.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "the stage serves the older deployment, or served it already",
    "not moved: no such deployment or stage, an error of AWS; nothing was changed",
    exit::WRITING
))]
pub(crate) struct Args {
    #[command(flatten)]
    on: OnStage,

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
    served: ServedGuards,

    #[command(flatten)]
    draft: DraftGuards,

    #[command(flatten)]
    policy: PolicyGuards,
}

const EXAMPLES: &str = "\
Examples:
  bluegate rollback
  bluegate rollback --aws-config prod.config.json --to k3v9x1 --yes
  bluegate rollback --stage prod --keep-draft";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let order = Rollback {
        to: args.to.as_deref(),
        keep_draft: args.keep_draft,
        allow: Allow {
            drift: args.draft.allow_drift,
            policy_change: args.policy.allow_policy_change,
            ..args.served.allow()
        },
    };
    let (api, left) = args.on.write(terminal, async |deployer, watcher| {
        deployer.rollback(&order, watcher).await
    })?;
    if left.changed {
        terminal.step("Serving", &format!("{} on the stage `{}`", left.to, left.stage));
        if !left.draft_is_live {
            terminal.note("the draft is still the newer version: `bluegate diff draft stage` shows the difference");
        }
    }
    args.on.print(&api, &left.to, &left, terminal)
}
