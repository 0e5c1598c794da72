//! `bluegate check`.

use bluegate_core::aws::Needs;
use bluegate_core::types::Unchecked;

use crate::args::{Compat, Files, Format, Output, Reading};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::inputs::Unset;
use crate::render::{Report, count, size};
use crate::terminal::Terminal;

/// Find everything that is wrong with a routes file and an AWS file
///
/// Reads both files to the end and shows all errors and warnings at once: what is no JSON or YAML, unknown keys,
/// wrong types, and what API Gateway or axum would refuse, down to the size of the document. Nothing is written
/// and nothing is sent. The code of the service is not looked at: `cargo check` proves that its handlers fit.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "no errors (and no warnings with --deny-warnings)",
    "errors, or a file that cannot be read",
    &[Exit::Usage]
))]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,

    #[command(flatten)]
    pub(crate) output: Output,

    /// End with an error when there are warnings
    ///
    /// Example: `--deny-warnings`
    #[arg(long)]
    deny_warnings: bool,

    #[command(flatten)]
    compat: Compat,
}

const EXAMPLES: &str = "\
Examples:
  bluegate check
  bluegate check --routes api/routes.json --aws-config prod.config.json --deny-warnings
  bluegate check --format json | jq '.diagnostics[].message'

Each finding has a code; `bluegate explain BG0109` tells more about one.";

/// What API Gateway lets pass of bodies that it is asked to check.
fn unchecked(parts: &[Unchecked]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| format!("{}{} ({})", part.model, part.lost.pointer, part.lost.keyword))
        .collect();
    format!("API Gateway checks no {}: the service does", parts.join(", "))
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let mut inputs = args
        .files
        .read(Reading::of(args.compat.mode(), Unset::Warns), false, terminal)?;
    let environment = inputs.resolve(None, Needs::Nothing);
    let document = inputs.document(environment.as_ref());
    let findings = &inputs.findings;
    let refused = findings.has_errors() || args.deny_warnings && findings.warnings() > 0;
    if args.output.format == Format::Json {
        let report = Report {
            ok: !refused,
            ..findings.report()
        };
        terminal.json(&report)?;
        return Ok(if refused { Exit::Failed } else { Exit::Done });
    }
    terminal.findings(findings);
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
        if !inputs.unchecked.is_empty() {
            terminal.note(&unchecked(&inputs.unchecked));
        }
        terminal.note("this is about the files; whether the code fits them is proved by `cargo check`");
    }
    if refused && !findings.has_errors() {
        terminal.error("warnings are denied by `--deny-warnings`");
    }
    Ok(if refused { Exit::Failed } else { Exit::Done })
}
