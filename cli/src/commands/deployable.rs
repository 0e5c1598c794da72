//! What `plan` and `deploy` begin with: files without errors, and what they mean for one stage.

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::openapi::Document;
use bluegate_deploy::Deploy;

use crate::args::{AwsArg, Calls, CanaryArg, Compat, Guards, Output, Reading, RoutesArg, StageArg};
use crate::failure::Stop;
use crate::inputs::{Inputs, Unset};
use crate::terminal::Terminal;

/// What is to be deployed where, how, and in spite of what.
#[derive(Debug, clap::Args)]
pub(crate) struct Wanted {
    #[command(flatten)]
    aws: AwsArg,

    #[command(flatten)]
    routes: RoutesArg,

    #[command(flatten)]
    stage: StageArg,

    #[command(flatten)]
    compat: Compat,

    /// Create the API when there is none of the name
    ///
    /// Only when the AWS file has no `rest_api_id`; the new API is a regional one.
    ///
    /// Example: `--create`
    #[arg(long)]
    create: bool,

    #[command(flatten)]
    pub(super) canary: CanaryArg,

    #[command(flatten)]
    pub(super) output: Output,

    #[command(flatten)]
    pub(super) calls: Calls,

    #[command(flatten)]
    guards: Guards,
}

/// What can be deployed.
pub(super) struct Deployable {
    pub(super) inputs: Inputs,
    pub(super) environment: Environment,
    pub(super) document: Document,
    pub(super) digest: String,
}

impl Wanted {
    /// Reads both files and ends the command when something is wrong with them.
    pub(super) fn read(&self, terminal: &mut Terminal) -> Result<Deployable, Stop> {
        let routes = self.routes.path(terminal)?;
        let aws = self.aws.path(terminal)?;
        let reading = Reading::of(self.compat.mode(), Unset::Fails);
        let mut inputs = self.routes.read(&routes, Some(&aws), reading, terminal);
        let environment = inputs.resolve(self.stage.stage.as_deref(), Needs::Deployment);
        let document = inputs.document(environment.as_ref());
        terminal.stop_at_errors(&inputs.findings)?;
        let (Some(environment), Some(document)) = (environment, document) else {
            return Err(Stop::Findings(Box::new(inputs.findings)));
        };
        Ok(Deployable {
            inputs,
            environment,
            digest: document.digest(),
            document,
        })
    }

    /// The order to deploy a document.
    pub(super) fn order<'a>(&self, document: &'a Document) -> Deploy<'a> {
        Deploy {
            create: self.create,
            canary: self.canary.canary,
            allow: self.guards.allow(),
            // The original does not look at them.
            fail_on_warnings: !self.compat.compat,
            ..Deploy::of(document)
        }
    }
}
