//! What differs, for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use bluegate_core::gateway::{Change, Difference};
use bluegate_deploy::view::Comparison;

use super::condense::condensed;

const GONE: Style = AnsiColor::Red.on_default();
pub(super) const NEW: Style = AnsiColor::Green.on_default();
pub(super) const OTHER: Style = AnsiColor::Yellow.on_default();
pub(super) const HEAD: Style = Style::new().bold();

/// What differs between two versions, as text; the caller removes colours that nobody wants.
pub(crate) fn comparison_text(comparison: &Comparison) -> String {
    let Comparison { from, to, settings, .. } = comparison;
    let mut text = format!("From {HEAD}{from}{HEAD:#} to {HEAD}{to}{HEAD:#}\n");
    if comparison.is_empty() {
        text.push_str("\nNo difference.\n");
        return text;
    }
    routes(&mut text, &comparison.routes);
    if !settings.is_empty() {
        let _ = writeln!(text, "\n{HEAD}Settings{HEAD:#}");
        changes(&mut text, settings, "  ");
    }
    text
}

/// The routes that differ, under their heading.
pub(super) fn routes(text: &mut String, routes: &Difference) {
    let _ = writeln!(
        text,
        "\n{HEAD}Routes{HEAD:#}: {} added, {} removed, {} changed",
        routes.added.len(),
        routes.removed.len(),
        routes.changed.len()
    );
    details(text, routes);
}

/// The same without a heading.
pub(super) fn details(text: &mut String, routes: &Difference) {
    for route in &routes.added {
        let _ = writeln!(text, "  {NEW}+{NEW:#} {route}");
    }
    for route in &routes.removed {
        let _ = writeln!(text, "  {GONE}-{GONE:#} {route}");
    }
    for changed in &routes.changed {
        let _ = writeln!(text, "  {OTHER}~{OTHER:#} {}", changed.route);
        changes(text, &condensed(&changed.changes), "      ");
    }
}

/// What differs in something, one a line.
pub(super) fn changes(text: &mut String, changes: &[Change], indent: &str) {
    for change in changes {
        let _ = writeln!(text, "{indent}{}", changed(change));
    }
}

/// A change in words.
pub(crate) fn changed(change: &Change) -> String {
    let from = change.from.as_deref().unwrap_or("(nothing)");
    let to = change.to.as_deref().unwrap_or("(nothing)");
    format!("{}: {from} -> {to}", change.field)
}
