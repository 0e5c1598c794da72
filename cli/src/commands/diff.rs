//! `bluegate diff`.

use std::path::Path;

use bluegate_core::aws::{Needs, STAGE_NAMES, is_stage_name};
use bluegate_core::{Source, read_value};
use bluegate_deploy::Version;
use bluegate_deploy::service::{Lack, Tolerates as _};
use bluegate_deploy::view::{Comparison, Side};
use serde::Serialize;

use crate::args::{Compat, Output, Reading, RoutesArg, StageArg};
use crate::exit::{self, Exit};
use crate::failure::{Failure, Stop};
use crate::inputs::{Inputs, Unset};
use crate::render::{Findings, comparison_text, conceal};
use crate::terminal::Terminal;

use super::api::Reach;

/// Show what differs between two versions of an API
///
/// A version is `draft`, `file`, `stage` (the one of the AWS file), `stage:NAME` or the bare name of a stage, the id of
/// a deployment, or the path of an OpenAPI document on disk. Order, ids and spellings that mean the same are no
/// difference. Nothing is written.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "no difference",
    "no comparison: no such version, errors in files, an error of AWS",
    &[Exit::Changes]
))]
pub(crate) struct Args {
    /// The version on the left
    #[arg(value_name = "A", value_parser = version)]
    from: String,

    /// The version on the right
    #[arg(value_name = "B", value_parser = version)]
    to: String,

    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    routes: RoutesArg,

    #[command(flatten)]
    compat: Compat,

    #[command(flatten)]
    stage: StageArg,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate diff stage file
  bluegate diff dev prod --aws-config prod.config.json
  bluegate diff k3v9x1 draft
  bluegate diff prod swagger.yml --format json

Of a deployment that no stage serves AWS tells who may call what, and no more: then nothing else is compared.";

/// Refuses what can be no version, before AWS is asked for it.
fn version(text: &str) -> Result<String, String> {
    match Wanted::of(text, "stage") {
        Wanted::OnAws(Version::Stage(name)) if !is_stage_name(&name) => Err(STAGE_NAMES.to_owned()),
        Wanted::OnAws(Version::Named(name)) if !is_stage_name(&name) => {
            Err("neither the name of a stage, nor the id of a deployment, nor the path of a document".to_owned())
        }
        _ => Ok(text.to_owned()),
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted<'a> {
    File,
    Document(&'a Path),
    OnAws(Version),
}

impl<'a> Wanted<'a> {
    fn of(text: &'a str, stage: &str) -> Self {
        let path = Path::new(text);
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        let is_document = extension.is_some_and(|one| ["json", "yml", "yaml"].iter().any(|known| one == *known));
        match text {
            "file" => Wanted::File,
            "draft" => Wanted::OnAws(Version::Draft),
            "stage" => Wanted::OnAws(Version::Stage(stage.to_owned())),
            _ if is_document || text.starts_with('.') || text.contains(['/', '\\']) => Wanted::Document(path),
            _ => Wanted::OnAws(match text.strip_prefix("stage:") {
                Some(name) => Version::Stage(name.to_owned()),
                None => Version::Named(text.to_owned()),
            }),
        }
    }
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    same: bool,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let is_on_aws = |text: &String| matches!(Wanted::of(text, ""), Wanted::OnAws(_));
    if ![&args.from, &args.to].into_iter().any(is_on_aws) {
        return here(args, terminal);
    }
    let aws = args.reach.aws.path(terminal)?;
    let stage = args.stage.stage.as_deref();
    let names = |name: &str| [&args.from, &args.to].into_iter().any(|side| side == name);
    let mut file = None;
    let mut inputs = None;
    if names("file") {
        let (read, side) = read_routes(args, Some(&aws), terminal)?;
        inputs = Some(read);
        file = side;
    }
    let inputs = inputs.unwrap_or_else(|| Inputs::of_aws(&aws));
    let needs = if names("stage") { Needs::Stage } else { Needs::Api };
    let api = args.reach.open_with(inputs, stage, needs, terminal)?;
    let wanted = [&args.from, &args.to].map(|text| Wanted::of(text, &api.stage));
    let mut on_aws = Vec::new();
    let mut sides = Vec::new();
    for version in &wanted {
        sides.push(match version {
            Wanted::File => file.clone(),
            Wanted::Document(path) => Some(read_document(path)?),
            Wanted::OnAws(version) => {
                on_aws.push(version.clone());
                None
            }
        });
    }
    let mut rest_api_id = String::new();
    if !on_aws.is_empty() {
        let (found, read) = api.read(None, terminal, async |deployer, watcher| {
            deployer.versions(&on_aws, watcher).await
        })?;
        rest_api_id = found.id;
        let mut missing = sides.iter_mut().filter(|side| side.is_none());
        for side in read {
            if let Some(place) = missing.next() {
                *place = Some(side);
            }
        }
    }
    let sides: Vec<Side> = sides.into_iter().flatten().collect();
    let [from, to] = sides.as_slice() else {
        return Err(Failure::new("diff", "there are not two versions").into());
    };
    let is_exported = on_aws.iter().any(|version| *version != Version::Draft);
    if is_exported && api.at.service.tolerates(Lack::Exports) {
        terminal.note("what an emulator exports is not always what it serves");
    }
    tell(&Comparison::between(from, to, &rest_api_id), args, terminal)
}

/// Compares what is on this machine, without a call.
fn here(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let aws = args.reach.aws.path_if_any(terminal)?;
    let mut side = |text: &str| match Wanted::of(text, "") {
        Wanted::Document(path) => read_document(path),
        _ => {
            let (inputs, side) = read_routes(args, aws.as_deref(), terminal)?;
            terminal.stop_at_errors(&inputs.findings)?;
            side.ok_or_else(|| Stop::Findings(Box::new(inputs.findings)))
        }
    };
    let (from, to) = (side(&args.from)?, side(&args.to)?);
    tell(&Comparison::between(&from, &to, ""), args, terminal)
}

/// The routes file, with what an AWS file adds to it.
fn read_routes(args: &Args, aws: Option<&Path>, terminal: &mut Terminal) -> Result<(Inputs, Option<Side>), Stop> {
    let routes = args.routes.path(terminal)?;
    let reading = Reading::of(args.compat.mode(), Unset::Fails);
    let mut inputs = args.routes.read(&routes, aws, reading, terminal);
    let environment = inputs.resolve(args.stage.stage.as_deref(), Needs::Nothing);
    let side = inputs.document(environment.as_ref()).map(|document| Side {
        // A file without one leaves the policy as it is.
        policy: document.policy().map(Some),
        ..Side::of_document(format!("the file {}", routes.display()), &document)
    });
    Ok((inputs, side))
}

fn tell(comparison: &Comparison, args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    if comparison.access_only {
        terminal.note("AWS tells no more of a deployment that no stage serves than who may call what");
    }
    let outcome = Outcome {
        same: comparison.is_empty(),
        comparison,
    };
    args.output.print(&comparison_text(comparison), &outcome, terminal)?;
    Ok(if comparison.is_empty() {
        Exit::Done
    } else {
        Exit::Changes
    })
}

/// A document on disk, with all that is wrong with it.
fn read_document(path: &Path) -> Result<Side, Stop> {
    let mut findings = Findings::default();
    let name = path.display().to_string();
    let source = match Source::read(path) {
        Ok(source) => source,
        Err(error) => {
            findings.add_about(&name, *error);
            return Err(Stop::Findings(Box::new(findings)));
        }
    };
    let outcome = read_value(&source);
    let Some(document) = outcome.value.filter(|_| !outcome.diagnostics.has_errors()) else {
        findings.add(source, conceal(&outcome.diagnostics));
        return Err(Stop::Findings(Box::new(findings)));
    };
    let version = document.get("openapi").and_then(|version| version.as_str());
    if !version.is_some_and(|version| version.starts_with("3.")) {
        return Err(
            Failure::new("no_document", format!("`{name}` is no document of OpenAPI 3"))
                .with_help("`bluegate generate` and `bluegate export` write one; a routes file is compared as `file`")
                .into(),
        );
    }
    let document = serde_json::from_value(document).map_err(|error| {
        Failure::new(
            "no_document",
            format!("`{name}` is no document that API Gateway could import: {error}"),
        )
        .with_help(
            "`bluegate generate` and `bluegate export` write documents; a template has to be filled in by its own tool",
        )
    })?;
    Ok(Side::of_document(format!("the document {name}"), &document))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart_by_how_they_are_written() {
        let named = |name: &str| Wanted::OnAws(Version::Named(name.to_owned()));
        let stage = |name: &str| Wanted::OnAws(Version::Stage(name.to_owned()));
        for (text, version) in [
            ("draft", Wanted::OnAws(Version::Draft)),
            ("file", Wanted::File),
            ("stage", stage("dev")),
            ("stage:draft", stage("draft")),
            ("prod", named("prod")),
            ("k3v9x1", named("k3v9x1")),
            ("swagger.YML", Wanted::Document(Path::new("swagger.YML"))),
            (".", Wanted::Document(Path::new("."))),
            ("./draft", Wanted::Document(Path::new("./draft"))),
        ] {
            assert_eq!(Wanted::of(text, "dev"), version, "{text}");
        }
    }
}
