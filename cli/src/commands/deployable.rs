//! What `plan` and `deploy` begin with: files without errors, and what they mean for one stage.

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::openapi::Document;

use crate::args::{AwsArg, Compat, RoutesArg, StageArg};
use crate::failure::Stop;
use crate::inputs::{Inputs, Unset};
use crate::terminal::Terminal;

/// Which files, for which stage.
#[derive(Debug, clap::Args)]
pub(crate) struct Files {
    #[command(flatten)]
    aws: AwsArg,

    #[command(flatten)]
    routes: RoutesArg,

    #[command(flatten)]
    stage: StageArg,

    #[command(flatten)]
    pub(super) compat: Compat,
}

/// What can be deployed.
pub(super) struct Deployable {
    pub(super) inputs: Inputs,
    pub(super) environment: Environment,
    pub(super) document: Document,
    pub(super) digest: String,
}

impl Files {
    /// Reads both files and ends the command when something is wrong with them.
    pub(super) fn read(&self, terminal: &mut Terminal) -> Result<Deployable, Stop> {
        let routes = self.routes.path(terminal)?;
        let aws = self.aws.path(terminal)?;
        let mut inputs = Inputs::read(
            &routes,
            Some(&aws),
            self.compat.mode(),
            self.routes.variables(Unset::Fails),
        );
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
}
