//! What `plan` and `deploy` begin with: files without errors, and what they mean for one stage.

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::gateway::{Definition, Key};
use bluegate_core::openapi::Document;

use crate::args::{AwsArg, Compat, RoutesArg, StageArg};
use crate::failure::{Failure, Stop};
use crate::inputs::Inputs;
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
        let mut inputs = Inputs::read(&routes, Some(&aws), self.compat.mode());
        let environment = inputs.resolve(self.stage.stage.as_deref(), Needs::Deployment);
        let document = inputs.document(environment.as_ref());
        terminal.stop_at_errors(&inputs.findings)?;
        let (Some(environment), Some(document)) = (environment, document) else {
            return Err(Stop::Findings(Box::new(inputs.findings)));
        };
        refuse_unknown_methods(&environment, &document)?;
        Ok(Deployable {
            inputs,
            environment,
            digest: document.digest(),
            document,
        })
    }
}

/// API Gateway refuses settings of methods that an API has not, after everything else was done.
fn refuse_unknown_methods(environment: &Environment, document: &Document) -> Result<(), Failure> {
    let definition = Definition::from(document);
    let is_there = |method: &str| {
        let (verb, path) = method.split_once(' ').unwrap_or((method, "/"));
        definition.routes.contains_key(&Key {
            path: path.to_owned(),
            verb: verb.to_owned(),
        })
    };
    let methods = environment.stage_settings.methods();
    match methods.iter().find(|method| !is_there(method)) {
        None => Ok(()),
        Some(method) => Err(Failure::new(
            "unknown_method",
            format!(
                "the stage `{}` has settings of `{method}`, which the API has not",
                environment.stage.as_deref().unwrap_or_default()
            ),
        )
        .with_help("`bluegate routes` shows the verbs and the paths on the gateway")),
    }
}
