//! `bluegate explain`.

use bluegate_core::Code;
use serde::Serialize;

use crate::args::Output;
use crate::exit::{self, Exit};
use crate::failure::{Failure, Stop};
use crate::render::{Cell, Table};
use crate::terminal::Terminal;

/// Tell more about the code of a finding
///
/// Each finding has a stable code. Its page says what is wrong, why it matters and what to do. Without a code,
/// all codes are listed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(EXAMPLES, "told", "there is no such code", &[Exit::Usage]))]
pub(crate) struct Args {
    /// The code, such as BG0109
    ///
    /// Example: `bluegate explain BG0109`
    code: Option<String>,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate explain BG0109
  bluegate explain
  bluegate explain --format json | jq -r '.[].code'";

#[derive(Debug, Serialize)]
struct Page {
    code: &'static str,
    severity: &'static str,
    title: &'static str,
    explanation: &'static str,
}

impl Page {
    fn of(code: Code) -> Self {
        Self {
            code: code.as_str(),
            severity: code.severity().as_str(),
            title: code.title(),
            explanation: code.explanation(),
        }
    }
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    if let Some(text) = &args.code {
        let code: Code = text.parse().map_err(|_| {
            Failure::new("unknown_code", format!("there is no code `{text}`"))
                .with_help("run `bluegate explain` to list them all")
        })?;
        args.output.print(code.explanation(), &Page::of(code), terminal)?;
        return Ok(Exit::Done);
    }
    let pages: Vec<Page> = Code::ALL.iter().copied().map(Page::of).collect();
    let mut table = Table::new(&["CODE", "SEVERITY", "WHAT"]);
    for page in &pages {
        table.row([page.code, page.severity, page.title].map(Cell::new).into());
    }
    args.output.print_table(&table, &pages, terminal)?;
    Ok(Exit::Done)
}
