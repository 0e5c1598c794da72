//! `bluegate deploy`.

use std::path::PathBuf;
use std::time::Duration;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::openapi::Document;
use clap::builder::BoolishValueParser;
use clap::{ArgAction, ValueEnum};
use serde::Serialize;

use crate::aws::{Destination, connect};
use crate::deploy::{self, Deployed, Journal, Order};
use crate::exit::Exit;
use crate::failure::{Failure, Stop};
use crate::inputs::Inputs;
use crate::origin;
use crate::output_file::OwnFile;
use crate::plan::Marker;
use crate::render::{Report, count};
use crate::terminal::Terminal;

use super::calling::{is_emulated, now, patient, run_name, runtime};
use super::check::mode;
use super::generate;
use super::guards::Guards;
use super::signals;
use super::watcher::Watcher;
use crate::explain::{explain_connection, stop};

/// Deploy the API of a routes file to API Gateway
///
/// Reads the API and plans, refuses what is dangerous unless a flag permits it, keeps a snapshot, puts the document
/// with every setting that it does not know of, reads it back, and only then moves the stage to the new deployment.
/// What fails after the first write is undone. A stage that serves the document already is left alone, without a
/// single write. Prints the URL of the stage to standard output.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER, infer_long_args = true)]
pub(crate) struct Args {
    /// The AWS file: region, API, stage, and keys if they must stand there
    ///
    /// Without keys in it, the credentials are those of the environment, a profile, SSO, the container or the
    /// instance, as with any AWS tool. AWS_ENDPOINT_URL is honoured.
    ///
    /// Example: `--aws-config aws.config.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) aws_config: PathBuf,

    /// The routes file, JSON or YAML
    ///
    /// Example: `--routes routes.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) routes: PathBuf,

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

    /// Deploy to this stage instead of the `stage` of the AWS file
    ///
    /// When the AWS file has `stages`, it must be one of those.
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME")]
    pub(crate) stage: Option<String>,

    /// Create the API when there is none of the name
    ///
    /// Only when the AWS file has no `rest_api_id`; the new API is a regional one.
    ///
    /// Example: `--create`
    #[arg(long)]
    pub(crate) create: bool,

    /// Send only this many percent of the traffic to the new version
    ///
    /// The stage keeps serving what it serves, and gets a canary. Again with another number, it changes the canary's
    /// part; `bluegate promote` makes the canary what the stage serves, `bluegate abort` takes it away.
    ///
    /// Example: `--canary 10`
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) canary: Option<f64>,

    /// Deploy what ct-api-gateway-deployer 1.1.4 would deploy
    ///
    /// Example: `--compat`
    #[arg(long)]
    pub(crate) compat: bool,

    /// How the result is printed
    ///
    /// `text` is the URL of the stage, `json` an object with all there is to know.
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Give up after this many seconds
    ///
    /// All calls together, repeated ones included.
    ///
    /// Example: `--timeout 120`
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) timeout: u32,

    #[command(flatten)]
    pub(crate) guards: Guards,

    /// Take this warning of API Gateway for granted
    ///
    /// A part of its text is enough. A document that API Gateway warns about is not deployed otherwise. May be
    /// given more than once.
    ///
    /// Example: `--allow-warning "CORS header"`
    #[arg(long, value_name = "TEXT")]
    pub(crate) allow_warning: Vec<String>,

    /// Keep this many deployments
    ///
    /// Older ones that bluegate made are deleted after a deployment, unless a stage serves them or would be rolled back
    /// to them.
    ///
    /// Example: `--keep 20`
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub(crate) keep: u16,

    /// Where snapshots and the state of a running deployment are kept
    ///
    /// They hold the API's settings and documents, but no credentials; only the owner may read them.
    ///
    /// Example: `--journal /var/lib/bluegate`
    #[arg(long, value_name = "FOLDER", default_value = ".bluegate")]
    pub(crate) journal: PathBuf,

    /// How long smoke requests may be answered otherwise than they should be
    ///
    /// All of them together, in seconds: a deployment is not at once everywhere. Then it is undone.
    ///
    /// Example: `--smoke-timeout 20`
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) smoke_timeout: u16,

    /// Make no smoke requests
    ///
    /// Neither those of the AWS file nor the one that is made without any.
    ///
    /// Example: `--no-smoke`
    #[arg(long)]
    pub(crate) no_smoke: bool,

    /// Do not ask before the first write
    ///
    /// Without a terminal nothing is asked anyway.
    ///
    /// Example: `--yes`
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The URL of the stage
    Text,
    /// One JSON object
    Json,
}

const AFTER: &str = "\
Examples:
  bluegate deploy --routes routes.json --aws-config aws.config.json
  bluegate deploy --routes routes.json --aws-config aws.config.json --create --yes
  AWS_PROFILE=prod bluegate deploy --routes routes.json --aws-config prod.config.json --format json
  AWS_ENDPOINT_URL=http://127.0.0.1:4566 bluegate deploy --routes routes.json --aws-config local.config.json

Options may be abbreviated, as `--route` for `--routes`.

Exit codes:
  0  deployed
  1  not deployed: errors in a file, a missing setting, an error of AWS; nothing was changed
  2  a command line that makes no sense
  3  refused by a guard; the message names the flag that permits it
  4  failed after the first write; the message says what was put back and what state is left
  130  ended by Ctrl-C or a signal before anything was changed

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

/// A part of the traffic: more than nothing, and not more than all.
pub(super) fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse::<f64>() {
        Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(percent),
        _ => Err("give a number above 0 and not above 100, such as 10 or 0.5".to_owned()),
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
    let mut inputs = Inputs::read(&args.routes, Some(&args.aws_config), mode(args.compat));
    let environment = inputs.resolve(args.stage.as_deref(), Needs::Deployment);
    let document = inputs.document(environment.as_ref());
    let stage = environment.as_ref().and_then(|one| one.stage.clone());
    super::stop_at_errors(&inputs.findings, terminal)?;
    let (Some(mut environment), Some(stage), Some(document)) = (environment, stage, document) else {
        return Err(Stop::Findings(Box::new(inputs.findings)));
    };
    refuse_unknown_methods(&environment, &stage, &document)?;
    environment.smoke.patience = Duration::from_secs(u64::from(args.smoke_timeout));
    environment.smoke.is_off = args.no_smoke;
    environment.smoke.file_digest.clone_from(&inputs.routes_digest);
    generate::refuse_inputs(&args.output_openapifile_path, &inputs)?;

    let runtime = runtime()?;
    let client = runtime
        .block_on(connect(&environment))
        .map_err(|error| explain_connection(&error))?;
    let destination = client.destination().clone();

    let digest = document.digest();
    let text = generate::write_as(&document, generate::format(None, &args.output_openapifile_path));
    // It goes when this function ends, however that is.
    let _file = write_document(args, &text, terminal)?;

    let marker = Marker {
        commit: origin::commit(&args.routes),
        by: origin::actor(),
        ..Marker::of_document(&digest)
    };
    let emulated = is_emulated(&destination);
    let interrupt = signals::listen(terminal)?;
    let gateway = patient(client, args.timeout, terminal).stopped_by(interrupt.clone());
    let order = Order {
        settings: &environment,
        stage: &stage,
        document: &document,
        digest: &digest,
        marker: &marker,
        create: args.create,
        canary: args.canary,
        allow: args.guards.allow(),
        fail_on_warnings: fails_on_warnings(args.compat, emulated),
        allowed_warnings: &args.allow_warning,
        keep: usize::from(args.keep),
        emulated,
        run: &run_name(),
        now: now(),
        // A little longer than the run may take, undoing included.
        lock_seconds: u64::from(args.timeout) + 120,
        clock: gateway.clock(),
        region: &destination.region,
        endpoint: destination.endpoint.as_deref(),
    };
    let mut journal = Journal::in_folder(&args.journal);
    let mut watcher = Watcher {
        terminal,
        yes: args.yes,
        interrupt: Some(interrupt),
    };
    let deployed = runtime
        .block_on(deploy::run(&gateway, &order, &mut journal, &mut watcher))
        .map_err(|error| stop(&error, &destination))?;
    report(args, &inputs, &environment, &destination, &deployed, &digest, terminal)?;
    Ok(Exit::Done)
}

/// Whether a warning about the document stops a deployment. The original does not look at them, and the warnings of an
/// emulator are not those of AWS.
fn fails_on_warnings(compat: bool, emulated: bool) -> bool {
    !compat && !emulated
}

/// API Gateway refuses settings of methods that an API has not, after everything else was done.
pub(super) fn refuse_unknown_methods(
    environment: &Environment,
    stage: &str,
    document: &Document,
) -> Result<(), Failure> {
    let is_there = |method: &str| {
        let (verb, path) = method.split_once(' ').unwrap_or((method, "/"));
        let key = match verb {
            "ANY" => "x-amazon-apigateway-any-method".to_owned(),
            verb => verb.to_lowercase(),
        };
        document.paths.get(path).is_some_and(|item| item.get(&key).is_some())
    };
    let methods = environment.stage_settings.methods();
    match methods.iter().find(|method| !is_there(method)) {
        None => Ok(()),
        Some(method) => Err(Failure::new(
            "unknown_method",
            format!("the stage `{stage}` has settings of `{method}`, which the API has not"),
        )
        .with_help("`bluegate routes` shows the verbs and the paths on the gateway")),
    }
}

/// Writes the document, unless a file that is not ours stands there and would have to go afterwards.
fn write_document(args: &Args, text: &str, terminal: &mut Terminal) -> Result<Option<OwnFile>, Stop> {
    let path = &args.output_openapifile_path;
    let keep = args.keep_output_openapifile;
    if !keep && path.symlink_metadata().is_ok() {
        terminal.note(&format!(
            "`{}` was there before: it is left as it is (--keep-output-openapifile overwrites it)",
            path.display()
        ));
        return Ok(None);
    }
    let file = OwnFile::write(path, text, keep)?;
    if keep {
        terminal.step("Wrote", &path.display().to_string());
    }
    Ok(Some(file))
}

fn report(
    args: &Args,
    inputs: &Inputs,
    environment: &Environment,
    at: &Destination,
    deployed: &Deployed,
    digest: &str,
    terminal: &mut Terminal,
) -> Result<(), Stop> {
    let stage = environment.stage.as_deref().unwrap_or_default();
    let url = at.stage_url(&deployed.rest_api_id, stage);
    let canary = args.canary.filter(|_| deployed.changed);
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
    if environment.rest_api_id.is_none() && deployed.created {
        terminal.note(&format!(
            "write `\"rest_api_id\": \"{}\"` into the AWS file to deploy to this API from now on",
            deployed.rest_api_id
        ));
    }
    match args.format {
        Format::Text => terminal.data(&format!("{url}\n")),
        Format::Json => terminal.json(&Outcome {
            rest_api_id: &deployed.rest_api_id,
            name: &deployed.name,
            region: &at.region,
            stage,
            deployment_id: &deployed.deployment_id,
            canary,
            created: deployed.created,
            changed: deployed.changed,
            invoke_url: &url,
            digest,
            aws_warnings: &deployed.warnings,
            findings: inputs.findings.report(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_traffic_is_more_than_nothing_and_not_more_than_all() {
        for (text, value) in [("10", Some(10.0)), ("0.5", Some(0.5)), ("100%", Some(100.0))] {
            assert_eq!(percent(text).ok(), value, "{text}");
        }
        for text in ["0", "-1", "100.01", "NaN", "inf", "ten", ""] {
            assert!(percent(text).is_err(), "{text}");
        }
    }

    #[test]
    fn warnings_of_aws_stop_a_deployment_and_those_of_an_emulator_do_not() {
        assert!(fails_on_warnings(false, false));
        assert!(!fails_on_warnings(false, true));
        assert!(!fails_on_warnings(true, false));
    }
}
