//! `bluegate export`.

use bluegate_core::aws::Needs;
use std::path::{Path, PathBuf};

use bluegate_core::openapi::yaml_of;

use crate::aws::ApiGateway as _;
use crate::deploy::{self, DeployError, untouched};
use crate::exit::Exit;
use crate::failure::{Failure, Stop};
use crate::output_file;
use crate::terminal::Terminal;

use super::check::size;
use super::generate::{self, Format};
use super::reach::{Reach, Reached};
use super::watcher::Watcher;
use crate::explain::stop;

/// Write what a stage serves as an OpenAPI document
///
/// OpenAPI 3.0.1 with the extensions of API Gateway, as API Gateway exports it: what is served, not the draft. It goes
/// to standard output, or to a file that is not there yet.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    #[command(flatten)]
    reach: Reach,

    /// The stage; by default the one of the AWS file
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,

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
    format: Option<Format>,
}

const AFTER: &str = "\
Examples:
  bluegate export --aws-config aws.config.json > live.json
  bluegate export --aws-config aws.config.json --stage prod --output prod.yml
  bluegate export --aws-config aws.config.json | jq '.paths | keys'

Exit codes:
  0  written
  1  not written: no such stage, a file that is there already, an error of AWS
  2  a command line that makes no sense";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let path = &args.output;
    let to_terminal = path == Path::new("-");
    if !to_terminal {
        output_file::refuse_inputs(path, &[&args.reach.aws_config]).map_err(as_here)?;
        refuse_overwriting(path, args.force)?;
    }
    let Reached {
        environment,
        stage,
        runtime,
        gateway,
        at,
        ..
    } = args.reach.connect(args.stage.as_deref(), Needs::Stage, terminal)?;
    let stage = stage.as_str();
    let mut watcher = Watcher {
        terminal,
        yes: false,
        interrupt: None,
    };
    let read = async {
        let api = deploy::find(&gateway, &environment, &mut watcher).await?;
        let stages = gateway.get_stages(&api.id).await.map_err(untouched)?;
        if !stages.iter().any(|one| one.name == stage) {
            return Err(DeployError::NoStage {
                stage: stage.to_owned(),
                known: stages.into_iter().map(|one| one.name).collect(),
            });
        }
        gateway.get_export(&api.id, stage).await.map_err(untouched)
    };
    let export = runtime.block_on(read).map_err(|error| stop(&error, &at))?;
    let text = write_as(&export, format(args.format, path))?;
    if to_terminal {
        terminal.data(&text)?;
        return Ok(Exit::Done);
    }
    // Somebody may have put a file there meanwhile.
    refuse_overwriting(path, args.force)?;
    output_file::write(path, &text).map_err(as_here)?;
    terminal.step("Wrote", &format!("{} ({})", path.display(), size(text.len())));
    Ok(Exit::Done)
}

/// The option has another name here.
fn as_here(mut failure: Failure) -> Failure {
    failure.help = failure
        .help
        .map(|help| help.replace("--output-openapifile-path", "--output"));
    failure
}

fn refuse_overwriting(path: &Path, force: bool) -> Result<(), Failure> {
    // A device or a pipe has nothing to lose.
    let is_file = path.metadata().is_ok_and(|meta| meta.is_file());
    if !is_file || force {
        return Ok(());
    }
    Err(
        Failure::new("output_exists", format!("`{}` is there already", path.display()))
            .with_help("name another file with `--output`, or add `--force` to overwrite it"),
    )
}

fn format(asked: Option<Format>, path: &Path) -> Format {
    let is_yaml = ["yml", "yaml"]
        .iter()
        .any(|known| path.extension().is_some_and(|one| one.eq_ignore_ascii_case(known)));
    match asked {
        None if is_yaml => Format::Yaml,
        None => Format::Json,
        Some(asked) => generate::format(Some(asked), path),
    }
}

/// JSON stays as API Gateway sent it; YAML has its keys in the order of the alphabet.
fn write_as(export: &str, format: Format) -> Result<String, Failure> {
    let garbled = |error: serde_json::Error| Failure::new("garbled_answer", format!("the export is no JSON: {error}"));
    match format {
        Format::Json => {
            serde_json::from_str::<serde::de::IgnoredAny>(export).map_err(garbled)?;
            Ok(format!("{}\n", export.trim_end()))
        }
        Format::Yaml => {
            let value = serde_json::from_str(export).map_err(garbled)?;
            yaml_of(&value).ok_or_else(|| {
                Failure::new("no_yaml", "the export cannot be written as YAML").with_help("use `--format json`")
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_decides_unless_something_is_asked_for() {
        for (asked, path, expected) in [
            (None, "-", Format::Json),
            (None, "live.YML", Format::Yaml),
            (None, "live.txt", Format::Json),
            (Some(Format::Yaml), "live.json", Format::Yaml),
            (Some(Format::Json), "live.yml", Format::Json),
        ] {
            assert_eq!(format(asked, Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn json_stays_as_it_was_sent_and_yaml_says_the_same() {
        let export = r#"{"openapi": "3.0.1", "info": {"version": "1.0"}}"#;
        assert_eq!(write_as(export, Format::Json).unwrap(), format!("{export}\n"));
        let yaml = write_as(export, Format::Yaml).unwrap();
        assert!(yaml.contains("openapi: \"3.0.1\""), "{yaml}");
        for format in [Format::Json, Format::Yaml] {
            assert_eq!(write_as("<html>", format).unwrap_err().kind, "garbled_answer");
        }
    }
}
