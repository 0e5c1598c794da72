//! `bluegate generate`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use bluegate_core::aws::Needs;
use bluegate_core::clients::Edition;

use crate::args::{Compat, DocumentFormat, Files, Reading};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::inputs::Unset;
use crate::output_file::{self, INSTEAD};
use crate::render::size;
use crate::terminal::Terminal;

/// Write the OpenAPI document that a routes file means
///
/// OpenAPI 3.0.1 with the extensions of API Gateway, or with `--public` the document for those who call the API. The same
/// files give the same bytes. The file is written whole or not at all: after an error, what stood there before is still
/// there.
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
    /// Default: `swagger.yml`, with `--public` `openapi.yml`.
    ///
    /// Example: `--output-openapifile-path api.json`
    #[arg(long, value_name = "PATH")]
    output_openapifile_path: Option<PathBuf>,

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

    /// Write the document for clients
    ///
    /// Without the extensions of API Gateway, preflights and routes that are `internal`; with the bodies and answers that
    /// the routes file and the types file say, the answers that the gateway gives by itself, and security schemes that
    /// clients understand.
    ///
    /// Example: `--public`
    #[arg(long, conflicts_with = "compat")]
    public: bool,

    /// The version of OpenAPI of the document for clients
    ///
    /// Example: `--public --openapi 3.1.0`
    #[arg(long, value_name = "VERSION", default_value = "3.0.3", requires = "public", value_parser = edition)]
    openapi: Edition,

    /// Where clients reach the API
    ///
    /// Default: the stage of the AWS file.
    ///
    /// Example: `--public --server https://api.example.com`
    #[arg(long, value_name = "URL", requires = "public")]
    server: Option<String>,
}

fn edition(text: &str) -> Result<Edition, String> {
    let known = Edition::ALL.into_iter().find(|edition| edition.as_str() == text);
    known.ok_or_else(|| format!("the versions are {}", Edition::ALL.map(Edition::as_str).join(" and ")))
}

const EXAMPLES: &str = "\
Examples:
  bluegate generate
  bluegate generate --output-openapifile-path - --format json | jq .paths
  bluegate generate --routes api/routes.json --aws-config prod.config.json --compat
  bluegate generate --public --openapi 3.1.0 --output-openapifile-path openapi.json";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let usual = if args.public { "openapi.yml" } else { "swagger.yml" };
    let path = args.output_openapifile_path.as_deref().unwrap_or(Path::new(usual));
    let unset = if args.allow_unset { Unset::Stays } else { Unset::Fails };
    let reading = if args.public {
        Reading::for_readers(unset)
    } else {
        Reading::of(args.compat.mode(), unset)
    };
    let mut inputs = args.files.read(reading, args.compat.compat, terminal)?;
    let environment = inputs.resolve(None, Needs::Nothing);
    let document = if args.public {
        inputs.public(environment.as_ref(), args.server.as_deref(), args.openapi)
    } else {
        inputs.document(environment.as_ref())
    };
    terminal.stop_at_errors(&inputs.findings)?;
    let Some(document) = document else {
        return Err(Stop::Findings(Box::new(inputs.findings)));
    };
    let format = DocumentFormat::of(args.format, path, DocumentFormat::Yaml);
    if path == OsStr::new("-") {
        terminal.data_with(|out| format.write(&document, out))?;
        return Ok(Exit::Done);
    }
    output_file::refuse_inputs(path, &inputs.paths(), INSTEAD)?;
    let bytes = output_file::write_with(path, INSTEAD, |out| format.write(&document, out))?;
    terminal.step("Wrote", &format!("{} ({})", path.display(), size(bytes)));
    // The process ends: giving the memory of a large API back piece by piece would take a fifth of the run.
    std::mem::forget((inputs, document));
    Ok(Exit::Done)
}
