//! `bluegate generate`.

use std::ffi::OsStr;
use std::path::PathBuf;

use bluegate_core::aws::Needs;

use crate::args::{Compat, DocumentFormat, Files};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::inputs::Unset;
use crate::output_file::{self, INSTEAD};
use crate::render::size;
use crate::terminal::Terminal;

/// Write the OpenAPI document that a routes file means
///
/// OpenAPI 3.0.1 with the extensions of API Gateway. The same files give the same bytes. The file is written
/// whole or not at all: after an error, what stood there before is still there.
#[derive(Debug, clap::Args)]
#[command(
    // The document of the original cannot do without an AWS file.
    mut_arg("compat", |compat| compat.conflicts_with("no_aws_config")),
    after_long_help = exit::after(
        EXAMPLES,
        "written",
        "errors in a file, or a file that cannot be read or written",
        &[Exit::Usage]
    )
)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,

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
    format: Option<DocumentFormat>,

    /// Leave variables that have no value as they are written
    ///
    /// Without it one is an error. Then a tool that comes later fills in `${var.NAME}`.
    ///
    /// Example: `--allow-unset`
    #[arg(long)]
    allow_unset: bool,

    #[command(flatten)]
    compat: Compat,
}

const EXAMPLES: &str = "\
Examples:
  bluegate generate
  bluegate generate --output-openapifile-path - --format json | jq .paths
  bluegate generate --routes api/routes.json --aws-config prod.config.json --compat";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let path = &args.output_openapifile_path;
    let unset = if args.allow_unset { Unset::Stays } else { Unset::Fails };
    let mut inputs = args
        .files
        .read(args.compat.mode(), args.compat.compat, unset, terminal)?;
    let environment = inputs.resolve(None, Needs::Nothing);
    let document = inputs.document(environment.as_ref());
    terminal.stop_at_errors(&inputs.findings)?;
    let Some(document) = document else {
        return Err(Stop::Findings(Box::new(inputs.findings)));
    };
    let text = DocumentFormat::of(args.format, path, DocumentFormat::Yaml).text_of(&document);
    if path == OsStr::new("-") {
        terminal.data(&text)?;
        return Ok(Exit::Done);
    }
    output_file::refuse_inputs(path, &inputs.paths(), INSTEAD)?;
    output_file::write(path, &text, INSTEAD)?;
    terminal.step("Wrote", &format!("{} ({})", path.display(), size(text.len())));
    // The process ends: giving the memory of a large API back piece by piece would take a fifth of the run.
    std::mem::forget((inputs, document, text));
    Ok(Exit::Done)
}
