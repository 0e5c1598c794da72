//! `bluegate generate`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use bluegate_core::aws::Needs;
use bluegate_core::openapi::Document;
use clap::ValueEnum;

use crate::exit::Exit;
use crate::failure::Stop;
use crate::inputs::Inputs;
use crate::output_file;
use crate::terminal::Terminal;

use super::check::{mode, size};

/// Write the OpenAPI document that a routes file means
///
/// OpenAPI 3.0.1 with the extensions of API Gateway. The same files give the same bytes. The file is written
/// whole or not at all: after an error, what stood there before is still there.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// The routes file, JSON or YAML
    ///
    /// Example: `--routes routes.json`
    #[arg(long, value_name = "FILE")]
    routes: PathBuf,

    /// The AWS file: name, baseEndpointURL and stage go into the document
    ///
    /// Without it integrations call `https://${stageVariables.backend}`.
    /// Example: `--aws-config aws.config.json`
    #[arg(long, value_name = "FILE")]
    aws_config: Option<PathBuf>,

    /// Where to write, `-` for standard output
    ///
    /// Example: `--output-openapifile-path api.json`
    #[arg(long, value_name = "PATH", default_value = "swagger.yml")]
    output_openapifile_path: PathBuf,

    /// YAML or JSON
    ///
    /// Default: JSON for a path that ends in `.json`, else YAML.
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write what ct-api-gateway-deployer 1.1.4 would write
    ///
    /// Needs `--aws-config`, since that decides about every integration.
    /// Example: `--compat --aws-config aws.config.json`
    #[arg(long, requires = "aws_config")]
    compat: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// YAML
    Yaml,
    /// JSON
    Json,
}

const AFTER: &str = "\
Examples:
  bluegate generate --routes routes.json --aws-config aws.config.json
  bluegate generate --routes routes.json --output-openapifile-path - --format json | jq .paths
  bluegate generate --routes routes.json --aws-config aws.config.json --compat

Exit codes:
  0  written
  1  errors in a file, or a file that cannot be read or written
  2  a command line that makes no sense";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let path = &args.output_openapifile_path;
    let mut inputs = Inputs::read(&args.routes, args.aws_config.as_deref(), mode(args.compat));
    let environment = inputs.resolve(None, Needs::Nothing);
    let document = inputs.document(environment.as_ref());
    super::stop_at_errors(&inputs.findings, terminal)?;
    let Some(document) = document else {
        return Err(Stop::Findings(Box::new(inputs.findings)));
    };
    let text = write_as(&document, format(args.format, path));
    if path == OsStr::new("-") {
        terminal.data(&text)?;
        return Ok(Exit::Done);
    }
    refuse_inputs(path, &inputs)?;
    output_file::write(path, &text)?;
    terminal.step("Wrote", &format!("{} ({})", path.display(), size(text.len())));
    // The process ends: giving the memory of a large API back piece by piece would take a fifth of the run.
    std::mem::forget((inputs, document, text));
    Ok(Exit::Done)
}

/// Refuses to write over what is read.
pub(super) fn refuse_inputs(path: &Path, inputs: &Inputs) -> Result<(), Stop> {
    let mut read: Vec<&Path> = vec![&inputs.routes_path];
    read.extend(inputs.aws_path.as_deref());
    Ok(output_file::refuse_inputs(path, &read)?)
}

/// What was asked for, or what the path's extension says.
pub(super) fn format(asked: Option<Format>, path: &Path) -> Format {
    asked.unwrap_or_else(|| {
        let json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if json { Format::Json } else { Format::Yaml }
    })
}

pub(super) fn write_as(document: &Document, format: Format) -> String {
    let mut text = match format {
        Format::Yaml => document.to_yaml(),
        Format::Json => document.to_json_pretty(),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides_unless_something_is_asked_for() {
        assert_eq!(format(None, Path::new("api.json")), Format::Json);
        assert_eq!(format(None, Path::new("api.JSON")), Format::Json);
        assert_eq!(format(None, Path::new("swagger.yml")), Format::Yaml);
        assert_eq!(format(None, Path::new("-")), Format::Yaml);
        assert_eq!(format(Some(Format::Yaml), Path::new("api.json")), Format::Yaml);
    }
}
