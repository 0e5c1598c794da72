//! `bluegate iam-policy`.

use bluegate_core::Mode;
use bluegate_core::aws::Needs;
use bluegate_core::gateway::Definition;
use bluegate_deploy::api::{Purpose, Scope, policy, terraform};
use bluegate_deploy::plan::{Calls, stage_variables_of};
use clap::ValueEnum;

use crate::args::{AwsArg, Reading, RoutesArg, region, stage_name};
use crate::exit::Exit;
use crate::failure::Stop;
use crate::inputs::Unset;
use crate::terminal::Terminal;

/// Print the IAM policy that a deploying role needs
///
/// Made of the list of calls that this command makes: it allows each of them, and nothing else. What is not narrowed
/// down by an option is allowed for all APIs, stages and regions. Lambda functions that the routes of this folder call
/// without a role are in it by their names, since a deployment permits API Gateway to call them; files with errors
/// name none, which is told.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// Only this API
    ///
    /// Example: `--api-id a1b2c3d4e5`
    #[arg(long, value_name = "ID", value_parser = word)]
    api_id: Option<String>,

    /// Change only this stage
    ///
    /// The others are still read: the stages of an API share one draft.
    ///
    /// Example: `--stage dev`
    #[arg(long, value_name = "NAME", value_parser = stage_name)]
    stage: Option<String>,

    /// Only this region
    ///
    /// It says which partition the policy is for, too: `aws`, `aws-us-gov`, `aws-cn`.
    ///
    /// Example: `--region eu-west-1`
    #[arg(long, value_name = "REGION", value_parser = region)]
    region: Option<String>,

    #[command(flatten)]
    routes: RoutesArg,

    #[command(flatten)]
    aws: AwsArg,

    /// Allow what `plan` needs, and no more
    ///
    /// Example: `--read-only`
    #[arg(long)]
    read_only: bool,

    /// Allow to create the API too
    ///
    /// Example: `--create`
    #[arg(long, conflicts_with_all = ["read_only", "api_id"])]
    create: bool,

    /// Allow to delete the API too
    ///
    /// Example: `--destroy`
    #[arg(long, conflicts_with_all = ["read_only", "create"])]
    destroy: bool,

    /// How the policy is printed
    ///
    /// `json` is what IAM takes, `terraform` a data source `aws_iam_policy_document`.
    ///
    /// Example: `--format terraform`
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A policy document
    Json,
    /// A data source of Terraform
    Terraform,
}

const AFTER: &str = "\
Examples:
  bluegate iam-policy --region eu-west-1 --api-id a1b2c3d4e5 > deploy.json
  bluegate iam-policy --region eu-west-1 --api-id a1b2c3d4e5 --read-only > plan.json
  bluegate iam-policy --create --format terraform > policy.tf";

/// A part of the name of a resource. A star would allow more than somebody reads.
fn word(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if text.is_empty() || !text.chars().all(is_plain) {
        return Err("letters, digits, `-` and `_` only".to_owned());
    }
    Ok(text.to_owned())
}

/// The functions that the API of the files calls without a role, in all of its stages.
fn functions(args: &Args, terminal: &mut Terminal) -> Result<Vec<String>, Stop> {
    let Some(routes) = args.routes.path_if_any(terminal)? else {
        return Ok(Vec::new());
    };
    let aws = args.aws.path_if_any(terminal)?;
    let reading = Reading::of(Mode::Strict, Unset::Stays);
    let mut inputs = args.routes.read(&routes, aws.as_deref(), reading, terminal);
    let environment = inputs.resolve(args.stage.as_deref(), Needs::Nothing);
    let mut environment = environment.unwrap_or_default();
    if args.region.is_some() {
        environment.region.clone_from(&args.region);
    }
    let Some(document) = inputs.document(Some(&environment)) else {
        terminal
            .warning("the files have errors, which `bluegate check` shows: the policy names none of their functions");
        return Ok(Vec::new());
    };
    // Each stage has variables of its own.
    let declared = args.stage.is_some().then_some(&environment.stage_settings);
    let variables = stage_variables_of(None, declared);
    Ok(Calls::patterns(&Definition::from(&document), &variables)
        .into_iter()
        .collect())
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let purpose = match args {
        Args { read_only: true, .. } => Purpose::Read,
        Args { create: true, .. } => Purpose::Create,
        Args { destroy: true, .. } => Purpose::Destroy,
        _ => Purpose::Deploy,
    };
    let scope = Scope {
        region: args.region.clone(),
        rest_api_id: args.api_id.clone(),
        stage: args.stage.clone(),
        functions: functions(args, terminal)?,
    };
    match args.format {
        Format::Json => terminal.json(&policy(purpose, &scope))?,
        Format::Terraform => terminal.data(&terraform(purpose, &scope))?,
    }
    Ok(Exit::Done)
}
