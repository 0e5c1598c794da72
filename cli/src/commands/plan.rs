//! `bluegate plan`.

use std::path::PathBuf;

use bluegate_core::aws::Needs;
use serde::Serialize;

use crate::aws::connect;
use crate::deploy::{self, Journal, Observer as _, Order};
use crate::exit::Exit;
use crate::failure::Stop;
use crate::inputs::Inputs;
use crate::plan::{Action, Marker, Plan};
use crate::render::text;
use crate::terminal::Terminal;

use super::calling::{is_emulated, now, patient, runtime};
use super::check::mode;
use super::deploy::{Format, percent, refuse_unknown_methods};
use super::guards::Guards;
use super::watcher::Watcher;
use crate::explain::{explain_connection, stop};

/// Show what deploy would do
///
/// Reads the API with about ten calls, whatever its size, and writes nothing: what changes per route, what matters
/// for security, what a guard refuses, which stage would move, what an overwrite would reset and is carried over,
/// and whether somebody else edited the API since the last deployment.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// The AWS file: region, API, stage, and keys if they must stand there
    ///
    /// Example: `--aws-config aws.config.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) aws_config: PathBuf,

    /// The routes file, JSON or YAML
    ///
    /// Example: `--routes routes.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) routes: PathBuf,

    /// Plan for this stage instead of the `stage` of the AWS file
    ///
    /// When the AWS file has `stages`, it must be one of those.
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME")]
    pub(crate) stage: Option<String>,

    /// Plan to create the API when there is none of the name
    ///
    /// Example: `--create`
    #[arg(long)]
    pub(crate) create: bool,

    /// Plan to send only this many percent of the traffic to the new version
    ///
    /// The stage keeps serving what it serves, and gets a canary. Again with another number, it changes the canary's
    /// part; `bluegate promote` makes the canary what the stage serves, `bluegate abort` takes it away.
    ///
    /// Example: `--canary 10`
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) canary: Option<f64>,

    /// Plan what ct-api-gateway-deployer 1.1.4 would deploy
    ///
    /// Example: `--compat`
    #[arg(long)]
    pub(crate) compat: bool,

    /// How the plan is printed
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: Format,

    /// Give up after this many seconds
    ///
    /// Example: `--timeout 120`
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) timeout: u32,

    #[command(flatten)]
    pub(crate) guards: Guards,

    /// Where interrupted deployments are looked for
    ///
    /// Example: `--journal /var/lib/bluegate`
    #[arg(long, value_name = "FOLDER", default_value = ".bluegate")]
    pub(crate) journal: PathBuf,
}

const AFTER: &str = "\
Examples:
  bluegate plan --routes routes.json --aws-config aws.config.json
  bluegate plan --routes routes.json --aws-config prod.config.json --format json

Exit codes:
  0  nothing to do
  1  no plan: errors in a file, an error of AWS
  2  there are changes, or a command line that makes no sense
  3  there are changes that a guard refuses";

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    region: &'a str,
    account_id: Option<&'a str>,
    digest: &'a str,
    #[serde(flatten)]
    plan: &'a Plan,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let mut inputs = Inputs::read(&args.routes, Some(&args.aws_config), mode(args.compat));
    let environment = inputs.resolve(args.stage.as_deref(), Needs::Deployment);
    let document = inputs.document(environment.as_ref());
    let stage = environment.as_ref().and_then(|one| one.stage.clone());
    super::stop_at_errors(&inputs.findings, terminal)?;
    let (Some(environment), Some(stage), Some(document)) = (environment, stage, document) else {
        return Err(Stop::Findings(Box::new(inputs.findings)));
    };
    refuse_unknown_methods(&environment, &stage, &document)?;
    let runtime = runtime()?;
    let client = runtime
        .block_on(connect(&environment))
        .map_err(|error| explain_connection(&error))?;
    let at = client.destination().clone();
    let digest = document.digest();
    let gateway = patient(client, args.timeout, terminal);
    let order = Order {
        settings: &environment,
        stage: &stage,
        document: &document,
        digest: &digest,
        marker: &Marker::of_document(&digest),
        create: args.create,
        canary: args.canary,
        allow: args.guards.allow(),
        fail_on_warnings: true,
        allowed_warnings: &[],
        keep: 0,
        emulated: is_emulated(&at),
        run: "",
        now: now(),
        lock_seconds: 0,
        clock: gateway.clock(),
        region: &at.region,
        endpoint: at.endpoint.as_deref(),
    };
    let journal = Journal::in_folder(&args.journal);
    let mut watcher = Watcher {
        terminal,
        yes: false,
        interrupt: None,
    };
    watcher.step("Planning", &format!("in the region `{}`", at.region));
    let survey = runtime
        .block_on(deploy::survey(&gateway, &order, &journal, &mut watcher))
        .map_err(|error| stop(&error, &at))?;
    let plan = &survey.plan;
    match args.format {
        Format::Text => {
            let text = format!("Region `{}`\n{}", at.region, text(plan));
            if terminal.colors_data() {
                terminal.data(&text)?;
            } else {
                terminal.data(&anstream::adapter::strip_str(&text).to_string())?;
            }
        }
        Format::Json => terminal.json(&Outcome {
            region: &at.region,
            account_id: plan
                .caller
                .as_ref()
                .map(|caller| caller.account.as_str())
                .or(at.account_id.as_deref()),
            digest: &digest,
            plan,
        })?,
    }
    Ok(match plan.action {
        Action::Nothing { .. } => Exit::Done,
        _ if plan.refusals.is_empty() => Exit::Changes,
        _ => Exit::Refused,
    })
}
