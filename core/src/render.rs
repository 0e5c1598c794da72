//! Findings as people and machines read them.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::file::{
    AccessLogEntry, ApiGatewayEntry, AwsFile, CacheEntry, CredentialsEntry, EndpointEntry, LoggingEntry,
    MethodSettingsEntry, SmokeEntry, StageEntry, ThrottlingEntry,
};
use crate::source::Source;
use crate::span::Span;
use crate::tree;

/// How text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub color: bool,
}

/// Lines longer than this are shown around the caret only: minified files have one line.
const MAX_LINE: usize = 160;

/// More findings than anybody reads in one run.
const MAX_SHOWN: usize = 200;

/// The findings, an empty line between two; of very many the first ones and how many there are.
///
/// ```
/// use bluegate_core::{Mode, Source, read_blueprint, render};
///
/// let source = Source::new("routes.json", "{\n  \"blueprnt\": {}\n}");
/// let found = read_blueprint(&source, Mode::Strict).diagnostics;
/// let text = render::diagnostics(&source, &found, render::Style::default());
/// assert_eq!(
///     text,
///     "error[BG0004]: unknown key `blueprnt` in the routes file\n\
///     \x20--> routes.json:2:3\n\
///     \x20 |\n\
///     2 |   \"blueprnt\": {}\n\
///     \x20 |   ^^^^^^^^^^\n\
///     \x20 = help: did you mean `blueprint`?\n"
/// );
/// ```
#[must_use]
pub fn diagnostics(source: &Source, found: &Diagnostics, style: Style) -> String {
    let mut texts: Vec<String> = found
        .iter()
        .take(MAX_SHOWN)
        .map(|one| diagnostic(source, one, style))
        .collect();
    let hidden = found.iter().count().saturating_sub(MAX_SHOWN);
    if hidden > 0 {
        texts.push(format!("... and {hidden} more in {}\n", source.name()));
    }
    texts.join("\n")
}

/// One finding: what, where, the line with a caret, other places, help.
#[must_use]
pub fn diagnostic(source: &Source, found: &Diagnostic, style: Style) -> String {
    let paint = Paint(style);
    let mut text = String::new();
    let level = format!("{}[{}]", found.severity, found.code);
    let level = match found.severity {
        Severity::Error => paint.red(&level),
        Severity::Warning => paint.yellow(&level),
    };
    let _ = writeln!(
        text,
        "{level}{}",
        paint.bold(&format!(": {}", printable(&found.message)))
    );
    let spans = found.span.iter().chain(found.notes.iter().map(|note| &note.span));
    let gutter = spans
        .map(|span| source.location(span.start).line.to_string().len())
        .max()
        .unwrap_or(1);
    match found.span {
        Some(span) => {
            let mark = if found.severity == Severity::Error {
                Paint::red
            } else {
                Paint::yellow
            };
            snippet(&mut text, source, span, gutter, &paint, mark);
        }
        None => {
            let _ = writeln!(text, "{}{} {}", " ".repeat(gutter), paint.blue("-->"), source.name());
        }
    }
    for note in &found.notes {
        let _ = writeln!(text, "{} {}", " ".repeat(gutter), paint.blue("|"));
        let _ = writeln!(
            text,
            "{} {} note: {}",
            " ".repeat(gutter),
            paint.blue("="),
            printable(&note.message)
        );
        snippet(&mut text, source, note.span, gutter, &paint, Paint::blue);
    }
    if let Some(help) = &found.help {
        let help = printable(help);
        let _ = writeln!(text, "{} {} help: {help}", " ".repeat(gutter), paint.blue("="));
    }
    text
}

fn snippet(
    text: &mut String,
    source: &Source,
    span: Span,
    gutter: usize,
    paint: &Paint,
    mark: fn(&Paint, &str) -> String,
) {
    let location = source.location(span.start);
    let space = " ".repeat(gutter);
    let _ = writeln!(text, "{space}{} {}:{location}", paint.blue("-->"), source.name());
    // No more of a span is marked than of a line is shown: the values of a minified file are long.
    let in_line = source.text().get(span.start..span.end).map_or(1, |marked| {
        let marked = marked.chars().take(MAX_LINE);
        marked.take_while(|c| !matches!(c, '\r' | '\n')).count()
    });
    let (line, at) = source.line_around(span.start);
    let (line, before) = if source.is_secret() {
        let masked = mask(line);
        let at = masked.char_indices().nth(location.column - 1);
        window(&masked, at.map_or(masked.len(), |(at, _)| at))
    } else {
        let (line, before) = window(line, at);
        (printable(&line), before)
    };
    let room = line.chars().count().saturating_sub(before).max(1);
    let _ = writeln!(text, "{space} {}", paint.blue("|"));
    let number = format!("{:>gutter$} |", location.line);
    let _ = writeln!(text, "{} {line}", paint.blue(&number));
    // Tabs keep their width when the line above has them too.
    let indent: String = line
        .chars()
        .take(before)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .chain(std::iter::repeat_n(' ', before.saturating_sub(line.chars().count())))
        .collect();
    let carets = "^".repeat(in_line.clamp(1, room));
    let _ = writeln!(text, "{space} {} {indent}{}", paint.blue("|"), mark(paint, &carets));
}

/// Messages quote words of the file: no character of theirs moves the cursor or ends a line.
fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}

/// Replaces everything but punctuation and the keys of an AWS file, whatever is wrong with the line.
fn mask(line: &str) -> String {
    let mut masked = String::with_capacity(line.len());
    let mut word = String::new();
    let flush = |word: &mut String, masked: &mut String| {
        if is_key(word) {
            masked.push_str(word);
        } else {
            masked.extend(word.chars().map(|_| '*'));
        }
        word.clear();
    };
    for c in line.chars() {
        if matches!(c, ' ' | '\t' | '"' | '\'' | '{' | '}' | '[' | ']' | ':' | ',') {
            flush(&mut word, &mut masked);
            masked.push(c);
        } else {
            word.push(c);
        }
    }
    flush(&mut word, &mut masked);
    masked
}

/// Whether a word is a key of the AWS file. Names that its author chose are not.
fn is_key(word: &str) -> bool {
    let objects = [
        AwsFile::KEYS,
        CredentialsEntry::KEYS,
        ApiGatewayEntry::KEYS,
        EndpointEntry::KEYS,
        StageEntry::KEYS,
        MethodSettingsEntry::KEYS,
        ThrottlingEntry::KEYS,
        LoggingEntry::KEYS,
        CacheEntry::KEYS,
        AccessLogEntry::KEYS,
        SmokeEntry::KEYS,
    ];
    word == "null" || objects.into_iter().flatten().any(|key| *key == word)
}

/// The part of a long line around an offset, and the column of the offset in it. Of a line of megabytes only what is
/// near is looked at.
fn window(line: &str, at: usize) -> (String, usize) {
    let before = line[..at].char_indices().rev().take(MAX_LINE).last();
    let low = before.map_or(at, |(low, _)| low);
    let high = line[at..]
        .char_indices()
        .nth(MAX_LINE)
        .map_or(line.len(), |(high, _)| at + high);
    let near = &line[low..high];
    let column = line[low..at].chars().count();
    let length = near.chars().count();
    if length <= MAX_LINE {
        return (near.to_owned(), column);
    }
    let start = column.saturating_sub(MAX_LINE / 2).min(length - MAX_LINE);
    let mut part: String = near.chars().skip(start).take(MAX_LINE).collect();
    let mut shift = 0;
    if low + start > 0 {
        part.insert_str(0, "... ");
        shift = 4;
    }
    if high < line.len() || start + MAX_LINE < length {
        part.push_str(" ...");
    }
    (part, column - start + shift)
}

struct Paint(Style);

impl Paint {
    fn set(&self, code: &str, text: &str) -> String {
        if self.0.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn red(&self, text: &str) -> String {
        self.set("1;31", text)
    }

    fn yellow(&self, text: &str) -> String {
        self.set("1;33", text)
    }

    fn blue(&self, text: &str) -> String {
        self.set("1;34", text)
    }

    fn bold(&self, text: &str) -> String {
        self.set("1", text)
    }
}

/// A finding with its place worked out, for machines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(serde::Serialize))]
pub struct Record {
    /// `BG` and four digits.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: String,
    /// One sentence.
    pub message: String,
    /// The file.
    pub file: String,
    /// Line, from 1; `None` when the finding is about the whole file.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// Line of the end.
    pub end_line: Option<usize>,
    /// Column behind the end.
    pub end_column: Option<usize>,
    /// The JSON pointer of the place.
    pub pointer: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Other places.
    pub notes: Vec<NoteRecord>,
}

/// Another place of a [`Record`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(serde::Serialize))]
pub struct NoteRecord {
    /// What stands there.
    pub message: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All findings with their places worked out.
#[must_use]
pub fn records(source: &Source, found: &Diagnostics) -> Vec<Record> {
    let root = if found.is_empty() {
        None
    } else {
        tree::parse(source, &mut Diagnostics::new())
    };
    let place = |span: Span| {
        let start = source.location(span.start);
        let end = source.location(span.end);
        (start, end)
    };
    found
        .iter()
        .map(|one| Record {
            code: one.code.as_str(),
            severity: one.severity.to_string(),
            message: one.message.clone(),
            file: source.name().to_owned(),
            line: one.span.map(|span| place(span).0.line),
            column: one.span.map(|span| place(span).0.column),
            end_line: one.span.map(|span| place(span).1.line),
            end_column: one.span.map(|span| place(span).1.column),
            pointer: one
                .span
                .zip(root.as_ref())
                .map(|(span, root)| tree::pointer_at(root, span)),
            help: one.help.clone(),
            notes: one
                .notes
                .iter()
                .map(|note| NoteRecord {
                    message: note.message.clone(),
                    line: source.location(note.span.start).line,
                    column: source.location(note.span.start).column,
                })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn a_secret_file_shows_keys_and_punctuation_only() {
        let line = r#"{"aws": {"secret_access_key": "wJal/rX+U=" "stage": v1}}"#;
        let source = Source::new("aws.config.json", line).secret();
        let found = Diagnostic::new(Code::BadSyntax, "a comma is missing here").at(Span::new(42, 43));
        let text = diagnostic(&source, &found, Style::default());
        assert!(
            text.contains(r#"{"aws": {"secret_access_key": "**********" "stage": **}}"#),
            "{text}"
        );
        assert!(!text.contains("wJal"));
    }

    #[test]
    fn words_of_the_file_do_not_reach_the_terminal_as_commands() {
        let text = r#"{"blueprint": {"name": "b", "resources": [{"name": "r", "methods": [
            {"path": "/a\u001b[2J\nb", "actions": [{"type": "\u001b[31mGET"}]}]}], "k\u0007": 1}}"#;
        let source = Source::new("routes.json", text);
        let found = crate::read_blueprint(&source, crate::Mode::Strict).diagnostics;
        assert_eq!(found.errors(), 3);
        for one in &found {
            let shown = diagnostic(&source, one, Style::default());
            assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown}");
            assert!(
                shown.lines().next().unwrap().len() < 100 && shown.lines().count() == 6,
                "{shown}"
            );
        }
    }

    #[test]
    fn a_minified_file_is_shown_around_the_caret() {
        let line = format!("{{\"a\": \"{}\", \"b\": x}}", "y".repeat(5000));
        let at = line.find("x}").unwrap();
        let source = Source::new("routes.json", line);
        let found = Diagnostic::new(Code::BadSyntax, "this is no JSON value").at(Span::new(at, at + 1));
        let text = diagnostic(&source, &found, Style::default());
        assert!(text.lines().all(|line| line.len() < MAX_LINE + 40), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let caret = lines[4].find('^').unwrap();
        assert_eq!(&lines[3][caret..=caret], "x");
    }

    #[test]
    fn colour_is_off_unless_asked_for() {
        let source = Source::new("routes.json", "{}");
        let found = Diagnostic::new(Code::NoRoutes, "none");
        assert!(!diagnostic(&source, &found, Style { color: false }).contains('\u{1b}'));
        assert!(diagnostic(&source, &found, Style { color: true }).contains('\u{1b}'));
    }

    #[test]
    fn records_carry_pointer_and_place() {
        let source = Source::new("routes.json", "{\"blueprint\":\n {\"nam\": 1}}");
        let found = crate::read_blueprint(&source, crate::Mode::Strict).diagnostics;
        let record = &records(&source, &found)[0];
        assert_eq!((record.line, record.column), (Some(2), Some(2)));
        assert_eq!(record.pointer.as_deref(), Some("/blueprint"));
    }
}
