//! `bluegate history`.

use anstyle::{AnsiColor, Style};
use bluegate_core::aws::Needs;
use bluegate_deploy::view::Entry;
use serde::Serialize;

use crate::args::{Format, Output};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::render::{Cell, Table, count};
use crate::terminal::Terminal;

use super::api::Reach;

/// Show the deployments of an API, newest first
///
/// When each was made, of which document and commit, with which version of bluegate and by whom, as far as it says,
/// and which stages serve it. Deployments that somebody made without bluegate are listed as well. Nothing is written.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(EXAMPLES, "shown", "errors in the file, an error of AWS", &[Exit::Usage]))]
pub(crate) struct Args {
    #[command(flatten)]
    reach: Reach,

    /// Show all of them, not the newest 20 alone
    ///
    /// Example: `--all`
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate history
  bluegate history --aws-config prod.config.json --all --format json | jq -r '.deployments[].id'

A deployment that a stage serves has the stage's name in the column LIVE; a canary's has a percent sign behind it.";

/// Without `--all` no more are shown.
const SHOWN: usize = 20;

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    rest_api_id: &'a str,
    name: &'a str,
    region: &'a str,
    /// How many there are.
    total: usize,
    deployments: &'a [Entry],
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let api = args.reach.open(None, Needs::Api, terminal)?;
    let (rest_api, entries) = api.read(None, terminal, async |deployer, watcher| {
        deployer.history(watcher).await
    })?;
    let shown = if args.all {
        entries.as_slice()
    } else {
        &entries[..entries.len().min(SHOWN)]
    };
    let outcome = Outcome {
        rest_api_id: &rest_api.id,
        name: &rest_api.name,
        region: &api.at.region,
        total: entries.len(),
        deployments: shown,
    };
    args.output.print_table(&table(shown), &outcome, terminal)?;
    if shown.len() < entries.len() && args.output.format == Format::Text {
        let older = count(entries.len() - shown.len(), "older deployment");
        terminal.note(&format!("{older} more: --all shows them"));
    }
    Ok(Exit::Done)
}

/// Enough of a digest to tell two apart.
const SHORT: usize = 12;

fn table(entries: &[Entry]) -> Table {
    let mut table = Table::new(&["ID", "CREATED", "LIVE", "DIGEST", "COMMIT", "BY", "MADE WITH"]);
    let dim = Style::new().dimmed();
    for entry in entries {
        let canaries = entry.canaries.iter().map(|stage| format!("{stage} %"));
        let live: Vec<String> = entry.stages.iter().cloned().chain(canaries).collect();
        let digest = entry.digest.as_deref().unwrap_or("-");
        let made = match (&entry.version, &entry.description) {
            (Some(version), _) => format!("bluegate {version}"),
            (None, Some(text)) => text.clone(),
            (None, None) => "-".to_owned(),
        };
        table.row(vec![
            Cell::new(&entry.id),
            Cell::new(entry.created.as_deref().unwrap_or("-")),
            Cell::new(live.join(", ")).styled(AnsiColor::Green.on_default().bold()),
            Cell::new(digest.get(..SHORT).unwrap_or(digest)).styled(dim),
            Cell::new(entry.commit.as_deref().unwrap_or("-")),
            Cell::new(entry.by.as_deref().unwrap_or("-")),
            Cell::new(made).styled(dim),
        ]);
    }
    table
}
