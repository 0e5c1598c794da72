//! How results are printed.

use std::io;
use std::path::Path;

use bluegate_core::openapi::Document;
use clap::ValueEnum;

use crate::failure::Stop;
use crate::render::Table;
use crate::terminal::Terminal;

/// For people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    #[value(alias = "table")]
    Text,
    /// One JSON object on standard output
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Output {
    /// How the result is printed
    ///
    /// With `json`, failures are printed as an object too.
    ///
    /// Example: `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

impl Output {
    /// Prints a table, or its rows as JSON.
    pub(crate) fn print_table(
        &self,
        table: &Table,
        json: &impl serde::Serialize,
        terminal: &mut Terminal,
    ) -> Result<(), Stop> {
        match self.format {
            Format::Text => terminal.data(&table.text(terminal.width(), terminal.colors_data())),
            Format::Json => terminal.json(json),
        }
    }

    /// Prints a result in the form that was asked for.
    pub(crate) fn print(&self, text: &str, json: &impl serde::Serialize, terminal: &mut Terminal) -> Result<(), Stop> {
        match self.format {
            Format::Text => terminal.text(text),
            Format::Json => terminal.json(json),
        }
    }
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocumentFormat {
    /// YAML
    Yaml,
    /// JSON
    Json,
}

impl DocumentFormat {
    /// Writes the document, with a line break at its end.
    pub(crate) fn write(self, document: &Document, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            DocumentFormat::Yaml => document.write_yaml(out),
            DocumentFormat::Json => {
                serde_json::to_writer_pretty(&mut *out, document)?;
                out.write_all(b"\n")
            }
        }
    }

    /// What was asked for, else what the path's extension says, else what is usual.
    pub(crate) fn of(asked: Option<Self>, path: &Path, usual: Self) -> Self {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        asked.unwrap_or(match extension.to_str() {
            Some("json") => DocumentFormat::Json,
            Some("yml" | "yaml") => DocumentFormat::Yaml,
            _ => usual,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::DocumentFormat::{Json, Yaml};
    use super::*;

    #[test]
    fn the_extension_decides_unless_something_is_asked_for() {
        for (asked, path, usual, expected) in [
            (None, "api.json", Yaml, Json),
            (None, "api.JSON", Yaml, Json),
            (None, "swagger.yml", Json, Yaml),
            (None, "live.YAML", Json, Yaml),
            (None, "-", Yaml, Yaml),
            (None, "-", Json, Json),
            (None, "live.txt", Json, Json),
            (Some(Yaml), "api.json", Json, Yaml),
            (Some(Json), "live.yml", Yaml, Json),
        ] {
            assert_eq!(DocumentFormat::of(asked, Path::new(path), usual), expected, "{path}");
        }
    }
}
