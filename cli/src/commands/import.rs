//! `bluegate import`.

mod handlers;
mod live;

use std::path::{Path, PathBuf};

use bluegate_core::import::{Import, import};
use bluegate_core::{Code, Diagnostics, Mode, Source, read_blueprint};
use serde::Serialize;

use super::export::{INSTEAD, refuse_overwriting};
use crate::args::{DocumentFormat, Format, Output};
use crate::exit::{self, Exit};
use crate::failure::{Failure, Stop};
use crate::output_file;
use crate::render::{Findings, Report, count};
use crate::terminal::Terminal;

/// Write the routes file that an OpenAPI document means
///
/// Takes OpenAPI 3.0 and 3.1 and Swagger 2.0, JSON and YAML, with the extensions of API Gateway: exports of AWS, and
/// documents with the placeholders of Terraform, CloudFormation and SAM, which become variables. What API Gateway
/// ignores is left out and counted; what a routes file cannot say is named with its place. With `--api-id` the document
/// is what a stage on AWS serves.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("source").required(true)), after_long_help = exit::after(
    EXAMPLES,
    "written, all of it",
    "not written: no OpenAPI document, an error in it, a file that is there already, an error of AWS",
    &[Exit::Usage, Exit::Partly]
))]
pub(crate) struct Args {
    /// The OpenAPI document, or the SAM or CloudFormation template that holds one
    ///
    /// Example: `bluegate import api.yaml`
    #[arg(value_name = "DOCUMENT", group = "source")]
    document: Option<PathBuf>,

    #[command(flatten)]
    live: live::Live,

    /// The routes file to write, YAML for a name that ends in `.yaml` or `.yml`; `-` for standard output
    ///
    /// Example: `--output routes.yaml`
    #[arg(short = 'o', long = "output", value_name = "PATH", default_value = "routes.json")]
    routes: PathBuf,

    /// The AWS file to write: variables, and where the service is
    ///
    /// It is written when there is something to say in it.
    ///
    /// Default: `aws.config.json` beside the routes file; none when that goes to standard output.
    ///
    /// Example: `--aws-config-output prod.config.json`
    #[arg(long, value_name = "PATH")]
    aws_config_output: Option<PathBuf>,

    /// The resource of a template whose document is meant
    ///
    /// Needed where a template has several REST APIs.
    ///
    /// Example: `--resource PublicApi`
    #[arg(long, value_name = "NAME")]
    resource: Option<String>,

    /// Write Rust for the routes that the service answers: a `main.rs`, and a file for each resource
    ///
    /// Each handler takes the parameters of its path and answers 501. The package needs what `bluegate init` gives it.
    ///
    /// Example: `--handlers src`
    #[arg(long, value_name = "DIR")]
    handlers: Option<PathBuf>,

    /// Write long templates into files of this folder, which is the folder of the routes file or below it
    ///
    /// Those of several lines or more than 120 characters. Templates with variables stay in the routes file.
    ///
    /// Example: `--templates-dir templates`
    #[arg(long, value_name = "DIR")]
    templates_dir: Option<PathBuf>,

    /// Overwrite files that are there
    ///
    /// Example: `--force`
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate import api.yaml
  bluegate import template.yaml --output routes.yaml
  bluegate import api.yaml --handlers src
  bluegate import api.yaml --templates-dir templates
  bluegate import export.json --output api/routes.json --format json
  bluegate import --api-id a1b2c3d4e5 --stage prod --region eu-west-1";

/// The import for machines.
#[derive(Debug, Serialize)]
struct Told {
    /// Whether all of the document came over.
    complete: bool,
    routes: PathBuf,
    aws_config: Option<PathBuf>,
    /// Parts that do not come over.
    lost: usize,
    /// Parts that API Gateway ignores.
    ignored: usize,
    #[serde(flatten)]
    report: Report,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let mut findings = Findings::default();
    let (source, stage) = match &args.document {
        None => {
            let (source, stage) = args.live.read(terminal)?;
            (source, Some(stage))
        }
        Some(path) => match Source::read(path) {
            Ok(source) => (source, None),
            Err(found) => {
                findings.add_about(&path.display().to_string(), *found);
                return Err(Stop::Findings(Box::new(findings)));
            }
        },
    };
    let outcome = import(&source, args.resource.as_deref());
    let (made, found) = match outcome.into_result() {
        Ok(made) => made,
        Err(found) => {
            findings.add(source, found);
            return Err(Stop::Findings(Box::new(findings)));
        }
    };
    let made = match &stage {
        Some(stage) => made.of_stage(stage),
        None => made,
    };
    let aws = write(args, made, terminal)?;
    let lost = found.clone().without(Code::IgnoredPart);
    let ignored = found.iter().filter(|one| one.code == Code::IgnoredPart).count();
    let exit = if lost.is_empty() { Exit::Done } else { Exit::Partly };
    let told = Told {
        complete: lost.is_empty(),
        routes: args.routes.clone(),
        aws_config: aws,
        lost: lost.warnings(),
        ignored,
        report: {
            let mut all = Findings::default();
            all.add(source.clone(), found.clone());
            all.report()
        },
    };
    if args.output.format == Format::Json {
        if args.routes != Path::new("-") {
            terminal.json(&told)?;
        }
        return Ok(exit);
    }
    findings.add(source.clone(), lost.clone());
    terminal.findings(&findings);
    for line in ignored_lines(&source, &found) {
        terminal.note(&line);
    }
    if exit == Exit::Partly {
        terminal.warning(&format!(
            "{} of the document did not come over",
            count(lost.warnings(), "part")
        ));
    }
    Ok(exit)
}

/// Writes what goes into files. Returns the path of the AWS file, if there is one.
fn write(args: &Args, mut made: Import, terminal: &mut Terminal) -> Result<Option<PathBuf>, Stop> {
    let path = &args.routes;
    let rust = rust(args, &made)?;
    let templates = templates(args, &mut made)?;
    let is_stdout = path == Path::new("-");
    let text = match DocumentFormat::of(None, path, DocumentFormat::Json) {
        DocumentFormat::Json => made.routes_json(),
        DocumentFormat::Yaml => made.routes_yaml(),
    };
    let beside = (!is_stdout).then(|| path.with_file_name("aws.config.json"));
    let aws = args.aws_config_output.clone().or(beside).zip(made.aws_json());
    let mut files = Vec::new();
    if !is_stdout {
        files.push((path.clone(), text.clone()));
    }
    files.extend(aws.clone());
    files.extend(templates);
    files.extend(rust);
    let inputs: Vec<&Path> = args.document.iter().map(PathBuf::as_path).collect();
    for (path, text) in &files {
        output_file::refuse_inputs(path, &inputs, INSTEAD)?;
        // What is there already and says the same is nobody's loss.
        let is_same = std::fs::read_to_string(path).is_ok_and(|there| there == *text);
        refuse_overwriting(path, args.force || is_same)?;
    }
    if is_stdout {
        terminal.data(&text)?;
    }
    for (path, text) in &files {
        output_file::write(path, text, INSTEAD)?;
        terminal.step("Wrote", &path.display().to_string());
    }
    Ok(aws.map(|(path, _)| path))
}

/// The files of templates that were asked for.
fn templates(args: &Args, made: &mut Import) -> Result<Vec<(PathBuf, String)>, Stop> {
    let Some(folder) = &args.templates_dir else {
        return Ok(Vec::new());
    };
    let base = match args.routes.parent() {
        Some(parent) if args.routes != Path::new("-") => parent,
        _ => Path::new(""),
    };
    let inner = folder.strip_prefix(base).map_err(|_| {
        let message = format!("`{}` is not below the folder of the routes file", folder.display());
        Failure::new("output", message).with_help(format!(
            "routes files name their templates by paths of their own folder: `--templates-dir {}`",
            base.join("templates").display()
        ))
    })?;
    if !folder.is_dir() {
        let message = format!("`{}` is no folder", folder.display());
        let help = format!("create it first: `mkdir -p {}`", folder.display());
        return Err(Failure::new("output", message).with_help(help).into());
    }
    // Routes files have slashes on every system.
    let words: Vec<_> = inner.iter().map(|word| word.to_string_lossy()).collect();
    let files = made.templates_into(&words.join("/"));
    Ok(files
        .into_iter()
        .map(|file| (base.join(file.path), file.text))
        .collect())
}

/// The files of Rust that were asked for.
fn rust(args: &Args, made: &Import) -> Result<Vec<(PathBuf, String)>, Stop> {
    let Some(folder) = &args.handlers else {
        return Ok(Vec::new());
    };
    if !folder.is_dir() {
        let message = format!("`{}` is no folder", folder.display());
        return Err(Failure::new("output", message)
            .with_help("begin a package with `bluegate init`")
            .into());
    }
    let source = Source::new("routes.json", made.routes_json());
    let blueprint = read_blueprint(&source, Mode::Strict).value.ok_or_else(|| {
        Failure::new(
            "output",
            "the routes file has errors, so that no handlers can be written for it",
        )
    })?;
    // The macro looks for the file from where the package is.
    let package = folder.parent().unwrap_or(Path::new(""));
    let routes = args.routes.strip_prefix(package).unwrap_or(&args.routes);
    let files = handlers::files(&blueprint, &routes.display().to_string());
    Ok(files
        .into_iter()
        .map(|(name, text)| (folder.join(name), text))
        .collect())
}

/// What API Gateway ignores, one line a kind.
fn ignored_lines(source: &Source, found: &Diagnostics) -> Vec<String> {
    let mut kinds: Vec<(&str, usize, usize)> = Vec::new();
    for one in found.iter().filter(|one| one.code == Code::IgnoredPart) {
        match kinds.iter_mut().find(|(message, ..)| *message == one.message) {
            Some((_, number, _)) => *number += 1,
            None => kinds.push((&one.message, 1, one.span.map_or(0, |span| span.start))),
        }
    }
    let line = |(message, number, start): (&str, usize, usize)| {
        let place = format!("{}:{}", source.name(), source.location(start));
        match number {
            1 => format!("{message} ({place})"),
            _ => format!("{message} ({number} times, first at {place})"),
        }
    };
    kinds.into_iter().map(line).collect()
}
