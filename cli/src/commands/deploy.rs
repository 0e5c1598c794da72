//! `bluegate deploy`.

use std::path::PathBuf;
use std::time::Duration;

use bluegate_core::openapi::Document;
use bluegate_deploy::{Address, Deploy, Deployed};
use clap::ArgAction;
use clap::builder::BoolishValueParser;
use serde::Serialize;

use crate::args::{Care, DocumentFormat};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::inputs::Inputs;
use crate::origin;
use crate::output_file::{self, INSTEAD, OwnFile};
use crate::render::{Report, count};
use crate::terminal::Terminal;

use super::api::Api;
use super::deployable::{Deployable, Wanted};

/// Deploy the API of a routes file to API Gateway
///
/// Reads the API and plans, refuses what is dangerous unless a flag permits it, keeps a snapshot, puts the document
/// with every setting that it does not know of, reads it back, and only then moves the stage to the new deployment.
/// What fails after the first write is undone. A stage that serves the document already is left alone, without a
/// single write. Prints the URL of the stage to standard output.
#[derive(Debug, clap::Args)]
#[command(infer_long_args = true, after_long_help = exit::after(
    EXAMPLES,
    "deployed",
    "not deployed: errors in a file, a missing setting, an error of AWS; nothing was changed",
    exit::WRITING
))]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,

    /// Keep the document that was generated
    ///
    /// The flag alone means true. Without it the file is removed when the run is over, however it ended; a file
    /// that was there before is then neither overwritten nor removed.
    ///
    /// Example: `--keep-output-openapifile=true`
    #[arg(
        long,
        value_name = "true|false",
        action = ArgAction::Set,
        num_args = 0..=1,
        default_value = "false",
        default_missing_value = "true",
        hide_possible_values = true,
        value_parser = BoolishValueParser::new()
    )]
    pub(crate) keep_output_openapifile: bool,

    /// Where to write the document
    ///
    /// JSON for a path that ends in `.json`, else YAML.
    ///
    /// Example: `--output-openapifile-path build/api.yml`
    #[arg(long, value_name = "PATH", default_value = "swagger.yml", value_parser = file_path)]
    pub(crate) output_openapifile_path: PathBuf,

    /// Take this warning of API Gateway for granted
    ///
    /// A part of its text is enough. A document that API Gateway warns about is not deployed otherwise. May be
    /// given more than once.
    ///
    /// Example: `--allow-warning "CORS header"`
    #[arg(long, value_name = "TEXT")]
    allow_warning: Vec<String>,

    /// Keep this many deployments of each stage
    ///
    /// Older ones that bluegate made are deleted after a deployment, unless a stage serves them or would be rolled back
    /// to them.
    ///
    /// Example: `--keep 20`
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u16).range(2..=1000))]
    keep: u16,

    #[command(flatten)]
    care: Care,

    /// How long smoke requests may be answered otherwise than they should be
    ///
    /// All of them together, in seconds: a deployment is not at once everywhere. Then it is undone.
    ///
    /// Example: `--smoke-timeout 20`
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    smoke_timeout: u16,

    /// Make no smoke requests
    ///
    /// Neither those of the AWS file nor the one that is made without any.
    ///
    /// Example: `--no-smoke`
    #[arg(long)]
    no_smoke: bool,
}

const EXAMPLES: &str = "\
Examples:
  bluegate deploy
  bluegate deploy --create --yes
  AWS_PROFILE=prod bluegate deploy --aws-config prod.config.json --format json
  AWS_ENDPOINT_URL=http://127.0.0.1:4566 bluegate deploy --aws-config local.config.json

Options may be abbreviated, as `--route` for `--routes`.

Ctrl-C ends a deployment in good order: before the first write nothing is changed, after it everything is put back. A
second Ctrl-C ends it at once; the next run then finds out and finishes it.";

/// A deployment writes a file: its standard output is the URL.
fn file_path(text: &str) -> Result<PathBuf, String> {
    match text {
        "" => Err("name a file".to_owned()),
        "-" => Err("deploy prints the URL to standard output; use `bluegate generate` to see the document".to_owned()),
        text => Ok(PathBuf::from(text)),
    }
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    rest_api_id: &'a str,
    name: &'a str,
    region: &'a str,
    stage: &'a str,
    deployment_id: &'a str,
    /// How many percent of the traffic go to it, when it is not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    canary: Option<f64>,
    created: bool,
    changed: bool,
    invoke_url: &'a str,
    digest: &'a str,
    aws_warnings: &'a [String],
    #[serde(flatten)]
    findings: Report,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let Deployable {
        inputs,
        mut environment,
        document,
        digest,
    } = args.wanted.read(terminal)?;
    let smoke = &mut environment.smoke;
    smoke.patience = Duration::from_secs(u64::from(args.smoke_timeout));
    smoke.is_off = args.no_smoke;
    smoke.file_digest = inputs.routes_digest();
    let path = &args.output_openapifile_path;
    output_file::refuse_inputs(path, &inputs.paths(), INSTEAD)?;
    let api = Api::connect(environment, &args.wanted.calls, terminal)?;

    let format = DocumentFormat::of(None, path, DocumentFormat::Yaml);
    // It goes when this function ends, however that is.
    let _file = write_document(args, format, &document, terminal)?;

    terminal.step("Deploying", &format!("to the region {}", api.place()));
    let mut order = Deploy {
        allowed_warnings: args.allow_warning.clone(),
        keep: usize::from(args.keep),
        ..args.wanted.order(&document)
    };
    order.marker.commit = inputs.routes_path.as_deref().and_then(origin::commit);
    order.marker.by = origin::actor();
    let care = &args.care;
    let deployed = api.write(&care.journal.journal, care.yes, terminal, async |deployer, watcher| {
        deployer.deploy(&order, watcher).await
    })?;
    report(args, &inputs, &api, &deployed, &digest, terminal)?;
    Ok(Exit::Done)
}

/// Writes the document, unless a file that is not ours stands there and would have to go afterwards.
fn write_document(
    args: &Args,
    format: DocumentFormat,
    document: &Document,
    terminal: &mut Terminal,
) -> Result<Option<OwnFile>, Stop> {
    let path = &args.output_openapifile_path;
    let keep = args.keep_output_openapifile;
    if !keep && path.symlink_metadata().is_ok() {
        terminal.note(&format!(
            "`{}` was there before: it is left as it is (--keep-output-openapifile overwrites it)",
            path.display()
        ));
        return Ok(None);
    }
    let file = OwnFile::write(path, INSTEAD, keep, |out| format.write(document, out))?;
    if keep {
        terminal.step("Wrote", &path.display().to_string());
    }
    Ok(Some(file))
}

fn report(
    args: &Args,
    inputs: &Inputs,
    api: &Api,
    deployed: &Deployed,
    digest: &str,
    terminal: &mut Terminal,
) -> Result<(), Stop> {
    let stage = &api.stage;
    let url = Address::from(&api.at).stage_url(&deployed.rest_api_id, stage);
    let canary = args.wanted.canary.canary.filter(|_| deployed.changed);
    let part = canary.map_or_else(String::new, |percent| format!("{percent} % of the traffic of "));
    terminal.step(
        if deployed.changed { "Deployed" } else { "Serving" },
        &format!(
            "{} to {part}the stage `{stage}` of `{}` ({})",
            inputs
                .blueprint
                .as_ref()
                .map_or_else(String::new, |blueprint| count(blueprint.routes.len(), "route")),
            deployed.name,
            deployed.rest_api_id
        ),
    );
    if canary.is_some() {
        terminal.note("`bluegate promote` makes the canary what the stage serves, `bluegate abort` takes it away");
    }
    if api.environment.rest_api_id.is_none() && deployed.created {
        terminal.note(&format!(
            "write `\"rest_api_id\": \"{}\"` into the AWS file to deploy to this API from now on",
            deployed.rest_api_id
        ));
    }
    let outcome = Outcome {
        rest_api_id: &deployed.rest_api_id,
        name: &deployed.name,
        region: &api.at.region,
        stage,
        deployment_id: &deployed.deployment_id,
        canary,
        created: deployed.created,
        changed: deployed.changed,
        invoke_url: &url,
        digest,
        aws_warnings: &deployed.warnings,
        findings: inputs.findings.report(),
    };
    args.wanted.output.print(&format!("{url}\n"), &outcome, terminal)
}
