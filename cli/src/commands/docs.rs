//! `bluegate docs`.

mod markdown;
mod page;
mod schema;
mod serve;

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;

use bluegate_core::aws::Needs;
use bluegate_core::clients::Edition;
use bluegate_core::openapi::Document;

use super::local::refuse_remote;
use crate::args::{Files, Reading};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::inputs::{Inputs, Unset};
use crate::output_file::{self, INSTEAD};
use crate::render::size;
use crate::terminal::Terminal;

/// Write a page about the API for those who call it
///
/// One file of HTML: operations, bodies, answers and models of the document that `generate --public` writes. It needs no
/// script, no other file and no network.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "written, or served until Ctrl-C",
    "errors in a file, or a file that cannot be read or written",
    &[Exit::Usage]
))]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,

    /// Where to write, `-` for standard output
    ///
    /// Example: `--output public/index.html`
    #[arg(long, value_name = "PATH", default_value = "docs.html", conflicts_with = "listen")]
    output: PathBuf,

    /// Show the page in a browser instead, made anew at each look
    ///
    /// The document is beside it, at `/openapi.json`. Port 0 is any that is free.
    ///
    /// Example: `--listen 127.0.0.1:8000`
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// Listen where other machines can reach it
    ///
    /// Example: `--listen 0.0.0.0:8000 --allow-remote`
    #[arg(long, requires = "listen")]
    allow_remote: bool,

    /// Where clients reach the API
    ///
    /// Default: the stage of the AWS file.
    ///
    /// Example: `--server https://api.example.com`
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  bluegate docs
  bluegate docs --output - | gzip > docs.html.gz
  bluegate docs --listen 127.0.0.1:8000";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let (inputs, document) = args.read(terminal)?;
    if let Some(address) = args.listen {
        refuse_remote(address, args.allow_remote)?;
        return serve::run(address, terminal, |terminal| Ok(args.read(terminal)?.1));
    }
    let text = page::page(&document);
    if args.output == OsStr::new("-") {
        terminal.data(&text)?;
        return Ok(Exit::Done);
    }
    output_file::refuse_inputs(&args.output, &inputs.paths(), INSTEAD)?;
    output_file::write(&args.output, &text, INSTEAD)?;
    terminal.step("Wrote", &format!("{} ({})", args.output.display(), size(text.len())));
    Ok(Exit::Done)
}

impl Args {
    fn read(&self, terminal: &mut Terminal) -> Result<(Inputs, Document), Stop> {
        let mut inputs = self.files.read(Reading::for_readers(Unset::Stays), false, terminal)?;
        let environment = inputs.resolve(None, Needs::Nothing);
        let document = inputs.public(environment.as_ref(), self.server.as_deref(), Edition::V3_1);
        terminal.stop_at_errors(&inputs.findings)?;
        match document {
            Some(document) => Ok((inputs, document)),
            None => Err(Stop::Findings(Box::new(inputs.findings))),
        }
    }
}
