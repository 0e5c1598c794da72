//! `bluegate export`.

use std::path::{Path, PathBuf};

use bluegate_core::aws::Needs;
use bluegate_core::openapi::yaml_of;

use crate::args::{DocumentFormat, StageArg};
use crate::exit::{self, Exit};
use crate::failure::{Failure, Stop};
use crate::inputs::Inputs;
use crate::output_file;
use crate::render::size;
use crate::terminal::Terminal;

use super::api::Reach;

/// Write what a stage serves as an OpenAPI document
///
/// OpenAPI 3.0.1 with the extensions of API Gateway, as API Gateway exports it: what is served, not the draft. It goes
/// to standard output, or to a file that is not there yet.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "written",
    "not written: no such stage, a file that is there already, an error of AWS",
    &[Exit::Usage]
))]
pub(crate) struct Args {
    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    stage: StageArg,

    /// The file to write; `-` for standard output
    ///
    /// Example: `--output prod.json`
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    output: PathBuf,

    /// Overwrite a file that is there
    ///
    /// Example: `--force`
    #[arg(long)]
    force: bool,

    /// YAML or JSON
    ///
    /// Default: YAML for a path that ends in `.yml` or `.yaml`, else JSON, which is what API Gateway sends.
    ///
    /// Example: `--format yaml`
    #[arg(long, value_name = "FORMAT")]
    format: Option<DocumentFormat>,
}

const EXAMPLES: &str = "\
Examples:
  bluegate export > live.json
  bluegate export --stage prod --output prod.yml
  bluegate export --aws-config prod.config.json | jq '.paths | keys'";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let path = &args.output;
    let aws = args.reach.aws.path(terminal)?;
    let to_terminal = path == Path::new("-");
    if !to_terminal {
        output_file::refuse_inputs(path, &[&aws], INSTEAD)?;
        refuse_overwriting(path, args.force)?;
    }
    let stage = args.stage.stage.as_deref();
    let api = args
        .reach
        .open_with(Inputs::of_aws(&aws), stage, Needs::Stage, terminal)?;
    let export = api.read(None, terminal, async |deployer, watcher| deployer.export(watcher).await)?;
    let text = write_as(&export, DocumentFormat::of(args.format, path, DocumentFormat::Json))?;
    if to_terminal {
        terminal.data(&text)?;
        return Ok(Exit::Done);
    }
    // Somebody may have put a file there meanwhile.
    refuse_overwriting(path, args.force)?;
    output_file::write(path, &text, INSTEAD)?;
    terminal.step("Wrote", &format!("{} ({})", path.display(), size(text.len())));
    Ok(Exit::Done)
}

pub(super) const INSTEAD: &str = "name another file with `--output`";

pub(super) fn refuse_overwriting(path: &Path, force: bool) -> Result<(), Failure> {
    // A device or a pipe has nothing to lose.
    let is_file = path.metadata().is_ok_and(|meta| meta.is_file());
    if !is_file || force {
        return Ok(());
    }
    Err(
        Failure::new("output_exists", format!("`{}` is there already", path.display()))
            .with_help(format!("{INSTEAD}, or add `--force` to overwrite it")),
    )
}

/// JSON stays as API Gateway sent it; YAML has its keys in the order of the alphabet.
fn write_as(export: &str, format: DocumentFormat) -> Result<String, Failure> {
    let garbled = |error: serde_json::Error| Failure::new("garbled_answer", format!("the export is no JSON: {error}"));
    match format {
        DocumentFormat::Json => {
            serde_json::from_str::<serde::de::IgnoredAny>(export).map_err(garbled)?;
            Ok(format!("{}\n", export.trim_end()))
        }
        DocumentFormat::Yaml => {
            let value = serde_json::from_str(export).map_err(garbled)?;
            Ok(yaml_of(&value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stays_as_it_was_sent_and_yaml_says_the_same() {
        let export = r#"{"openapi": "3.0.1", "info": {"version": "1.0"}}"#;
        assert_eq!(write_as(export, DocumentFormat::Json).unwrap(), format!("{export}\n"));
        let yaml = write_as(export, DocumentFormat::Yaml).unwrap();
        assert!(yaml.contains("openapi: \"3.0.1\""), "{yaml}");
        for format in [DocumentFormat::Json, DocumentFormat::Yaml] {
            assert_eq!(write_as("<html>", format).unwrap_err().kind, "garbled_answer");
        }
    }
}
