//! The findings about several files as one.

use bluegate_core::render::{self, Record, Style};
use bluegate_core::{Code, Diagnostic, Diagnostics, Severity, Source};
use serde::Serialize;

use super::amounts::count;
use super::conceal;

/// The findings about the files of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    files: Vec<(Source, Diagnostics)>,
}

/// The findings for machines.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) ok: bool,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) diagnostics: Vec<Record>,
}

impl Findings {
    /// Adds what was found about a file.
    pub(crate) fn add(&mut self, source: Source, found: Diagnostics) {
        if !found.is_empty() {
            self.files.push((source, found));
        }
    }

    /// Adds one finding about a file as a whole, of which there need not be a text.
    pub(crate) fn add_about(&mut self, file: &str, found: Diagnostic) {
        self.add(Source::new(file, ""), found.into());
    }

    /// Makes errors of the warnings of a rule.
    pub(crate) fn deny(&mut self, code: Code) {
        for (_, found) in &mut self.files {
            let denied = found.iter().cloned().map(|mut one| {
                if one.code == code {
                    one.severity = Severity::Error;
                }
                one
            });
            *found = denied.collect();
        }
    }

    pub(crate) fn errors(&self) -> usize {
        self.files.iter().map(|(_, found)| found.errors()).sum()
    }

    pub(crate) fn warnings(&self) -> usize {
        self.files.iter().map(|(_, found)| found.warnings()).sum()
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// As a compiler prints them, with an empty line behind each.
    pub(crate) fn text(&self, style: Style) -> String {
        let mut text = String::new();
        for (source, found) in &self.files {
            text.push_str(&render::diagnostics(source, found, style));
            text.push('\n');
        }
        text
    }

    /// `2 errors and 1 warning`; `None` when there is nothing.
    pub(crate) fn summary(&self) -> Option<String> {
        match (self.errors(), self.warnings()) {
            (0, 0) => None,
            (errors, 0) => Some(count(errors, "error")),
            (0, warnings) => Some(count(warnings, "warning")),
            (errors, warnings) => Some(format!("{} and {}", count(errors, "error"), count(warnings, "warning"))),
        }
    }

    pub(crate) fn report(&self) -> Report {
        Report {
            ok: !self.has_errors(),
            errors: self.errors(),
            warnings: self.warnings(),
            diagnostics: self
                .files
                .iter()
                .flat_map(|(source, found)| records(source, found))
                .collect(),
        }
    }
}

fn records(source: &Source, found: &Diagnostics) -> Vec<Record> {
    let mut records = render::records(source, found);
    if source.is_secret() {
        for record in &mut records {
            record.pointer = record.pointer.take().and_then(conceal::pointer);
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_over_all_files() {
        let mut findings = Findings::default();
        assert_eq!(findings.summary(), None);
        findings.add_about("routes.json", Diagnostic::new(Code::NoRoutes, "none"));
        findings.add_about("aws.json", Diagnostic::new(Code::BasePath, "other"));
        findings.add_about("aws.json", Diagnostic::new(Code::BasePath, "other"));
        assert_eq!(findings.summary().as_deref(), Some("1 error and 2 warnings"));
        let report = findings.report();
        assert_eq!((report.ok, report.errors, report.warnings), (false, 1, 2));
        assert_eq!(report.diagnostics[0].file, "routes.json");
    }
}
