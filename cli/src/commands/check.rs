//! `bluegate check`.

use std::path::PathBuf;

use bluegate_core::Mode;
use bluegate_core::aws::Needs;
use clap::ValueEnum;

use crate::exit::Exit;
use crate::failure::Stop;
use crate::inputs::Inputs;
use crate::render::{Report, count};
use crate::terminal::Terminal;

/// Find everything that is wrong with a routes file and an AWS file
///
/// Reads both files to the end and shows all errors and warnings at once: what is no JSON or YAML, unknown keys,
/// wrong types, and what API Gateway or axum would refuse, down to the size of the document. Nothing is written
/// and nothing is sent.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// The routes file, JSON or YAML
    ///
    /// Example: `--routes routes.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) routes: PathBuf,

    /// The AWS file, checked as well
    ///
    /// Values in it are never shown.
    ///
    /// Example: `--aws-config aws.config.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) aws_config: Option<PathBuf>,

    /// How findings are shown
    ///
    /// `json` prints one object to standard output.
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// End with an error when there are warnings
    ///
    /// Example: `--deny-warnings`
    #[arg(long)]
    pub(crate) deny_warnings: bool,

    /// Take what ct-api-gateway-deployer took
    ///
    /// What it tolerated is a warning instead of an error, such as the same route twice.
    /// Example: `--compat`
    #[arg(long)]
    pub(crate) compat: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// As a compiler prints them, on standard error
    Text,
    /// One JSON object on standard output
    Json,
}

const AFTER: &str = "\
Examples:
  bluegate check --routes routes.json
  bluegate check --routes routes.json --aws-config aws.config.json --deny-warnings
  bluegate check --routes routes.json --format json | jq '.diagnostics[].message'

Each finding has a code; `bluegate explain BG0109` tells more about one.

Exit codes:
  0  no errors (and no warnings with --deny-warnings)
  1  errors, or a file that cannot be read
  2  a command line that makes no sense";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let mode = mode(args.compat);
    let mut inputs = Inputs::read(&args.routes, args.aws_config.as_deref(), mode);
    let environment = inputs.resolve(None, Needs::Nothing);
    let document = inputs.document(environment.as_ref());
    let findings = &inputs.findings;
    let refused = findings.has_errors() || args.deny_warnings && findings.warnings() > 0;
    if args.format == Format::Json {
        let report = Report {
            ok: !refused,
            ..findings.report()
        };
        terminal.json(&report)?;
        return Ok(if refused { Exit::Failed } else { Exit::Done });
    }
    super::show(findings, terminal);
    if let (Some(document), Some(blueprint)) = (&document, &inputs.blueprint) {
        let bytes = document.json_bytes();
        let found = findings
            .summary()
            .unwrap_or_else(|| "nothing to complain about".to_owned());
        terminal.step(
            "Checked",
            &format!(
                "{} of {}, a document of {}: {found}",
                count(blueprint.routes.len(), "route"),
                count(blueprint.resources.len(), "resource"),
                size(bytes),
            ),
        );
    }
    if refused && !findings.has_errors() {
        terminal.error("warnings are denied by `--deny-warnings`");
    }
    Ok(if refused { Exit::Failed } else { Exit::Done })
}

pub(super) fn mode(compat: bool) -> Mode {
    if compat { Mode::Compat } else { Mode::Strict }
}

/// `812 bytes`, `12.3 kB`, `1.2 MB`.
pub(super) fn size(bytes: usize) -> String {
    let tenths = |unit: usize| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => count(bytes, "byte"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_as_people_do() {
        assert_eq!(
            [size(1), size(999), size(1_500), size(6_291_456)],
            ["1 byte", "999 bytes", "1.5 kB", "6.2 MB"]
        );
    }
}
