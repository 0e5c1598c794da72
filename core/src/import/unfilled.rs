//! Texts that are no YAML or JSON before a tool has filled them in: `timeout: {{ seconds }}`, `%{ if public }`.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::placeholder::placeholder;
use crate::span::Span;

/// How directives of tools begin and end, and whose they are.
const DIRECTIVES: [(&str, &str, &str); 5] = [
    ("%{", "}", "Terraform"),
    ("{%", "%}", "its template engine"),
    ("{{", "}}", "its template engine"),
    ("<%", "%>", "its template engine"),
    ("::require::", "::", "its build"),
];

/// What reads the file that stands for a value: it is filled in as a placeholder is.
const REQUIRE: (&str, &str) = ("::require::", "::");

/// A text that can be read. No byte of it moved.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Readable {
    /// The text.
    pub(super) text: String,
    /// What stands at the place of each quoted value: where its quote is, and what was written.
    pub(super) values: BTreeMap<usize, String>,
    /// Directives that were taken out.
    pub(super) directives: Vec<Span>,
    has_tabs: bool,
}

impl Readable {
    /// Quotes placeholders that stand for a whole value, takes directives out, and makes spaces of tabs. `None` where
    /// there is nothing of that.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut made = Self {
            text: text.to_owned(),
            ..Self::default()
        };
        if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            made.json(text);
        } else {
            made.yaml(text);
        }
        (made.has_tabs || !made.values.is_empty() || !made.directives.is_empty()).then_some(made)
    }

    /// What is told of it.
    pub(super) fn findings(&self, original: &str) -> impl Iterator<Item = Diagnostic> {
        self.directives.iter().map(|span| {
            let written = original[span.start..span.end].lines().next().unwrap_or_default();
            let message = format!("`{written}` is left out: what it decides over is part of the API in any case");
            Diagnostic::new(Code::LostPart, message)
                .at(*span)
                .with_help("take out of the routes file what is not meant, or let the tool write the document first")
        })
    }

    /// Outside of the texts of JSON nothing but JSON may stand.
    fn json(&mut self, text: &str) {
        let mut at = 0;
        while let Some(next) = text[at..].chars().next() {
            at += match next {
                '"' => text_length(&text[at..]),
                _ => match (value(&text[at..]), directive(&text[at..])) {
                    (Some(length), _) => self.quote(text, at, length),
                    (None, Some(length)) => self.leave(text, at, length),
                    (None, None) => next.len_utf8(),
                },
            };
        }
    }

    fn yaml(&mut self, text: &str) {
        self.tabs();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let indent = line.len() - line.trim_start().len();
            if start + indent < self.done() {
                continue;
            }
            if let Some(length) = directive(&line[indent..]).or_else(|| directive(&text[start + indent..])) {
                let behind = text[start + indent + length..].split('\n').next().unwrap_or_default();
                if matches!(behind.trim(), "" | ",") {
                    self.leave(text, start + indent, length);
                    continue;
                }
            }
            self.values_of_line(text, start, line);
        }
    }

    /// YAML is indented with spaces. Tabs become as many of them where that leaves no doubt what belongs to what: in a
    /// text that is indented with nothing else, and before what stands in brackets.
    fn tabs(&mut self) {
        let indents = || {
            self.text
                .lines()
                .map(|line| line.split_at(line.len() - line.trim_start().len()))
        };
        let has_tabs_only = indents().all(|(indent, line)| line.is_empty() || !indent.contains(' '));
        let mut mended = String::with_capacity(self.text.len());
        for line in self.text.split_inclusive('\n') {
            let (indent, rest) = line.split_at(line.len() - line.trim_start_matches([' ', '\t']).len());
            let is_bracketed = rest.trim().is_empty() || rest.starts_with(['"', '{', '}', '[', ']']);
            let indent = if has_tabs_only || is_bracketed {
                indent.replace('\t', " ")
            } else {
                indent.to_owned()
            };
            mended.push_str(&indent);
            // A key is apart from its value by spaces.
            let key = rest.find(':').map_or(0, |at| at + 1);
            let apart = rest.len() - rest[key..].trim_start_matches('\t').len() - key;
            mended.push_str(&rest[..key]);
            mended.push_str(&" ".repeat(apart));
            mended.push_str(&rest[key + apart..]);
        }
        self.has_tabs = mended != self.text;
        self.text = mended;
    }

    /// Where the last directive ends.
    fn done(&self) -> usize {
        self.directives.last().map_or(0, |span| span.end)
    }

    /// Quotes what stands for a value in a line of YAML.
    fn values_of_line(&mut self, text: &str, start: usize, line: &str) {
        let line = line.trim_end();
        let mut is_flow = false;
        let mut at = 0;
        while let Some(next) = line[at..].chars().next() {
            let is_value = begins_value(&line[..at], is_flow);
            at += match next {
                '"' if is_value => text_length(&line[at..]),
                '\'' if is_value => line[at + 1..].find('\'').map_or(line.len() - at, |end| end + 2),
                _ if is_value && let Some(length) = value(&line[at..]) => {
                    let is_key = line[at + length..].trim_start().starts_with(':');
                    let whole = if is_flow || is_key { length } else { line.len() - at };
                    // What is read as it is needs no quotes.
                    let is_plain = !is_flow && !line[at..].starts_with(['{', '@', '%', ':', '#']);
                    if is_plain {
                        whole
                    } else {
                        self.quote(text, start + at, whole)
                    }
                }
                _ => {
                    is_flow |= is_value && matches!(next, '{' | '[');
                    next.len_utf8()
                }
            };
        }
    }

    /// Puts something that can be read in the place of a value.
    fn quote(&mut self, text: &str, at: usize, length: usize) -> usize {
        let stand_in = format!("\"{}\"", "_".repeat(length - 2));
        self.text.replace_range(at..at + length, &stand_in);
        self.values.insert(at, text[at..at + length].to_owned());
        length
    }

    /// Takes a directive out.
    fn leave(&mut self, text: &str, at: usize, length: usize) -> usize {
        let blank: String = text[at..at + length]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        self.text.replace_range(at..at + length, &blank);
        self.directives.push(Span::new(at, at + length));
        length
    }
}

/// Whether a value begins behind what stands before it on its line.
fn begins_value(before: &str, is_flow: bool) -> bool {
    let trimmed = before.trim_end();
    let is_apart = trimmed.len() < before.len();
    match trimmed.chars().next_back() {
        None => true,
        Some(':' | '-') => is_apart,
        Some('{' | '[' | ',') => is_flow,
        Some(_) => false,
    }
}

/// The length of the value that a tool fills in, with which a text begins.
fn value(text: &str) -> Option<usize> {
    enclosed(text, REQUIRE.0, REQUIRE.1).or_else(|| Some(placeholder(text)?.len()))
}

/// The length of the directive that a text begins with.
fn directive(text: &str) -> Option<usize> {
    DIRECTIVES
        .iter()
        .find_map(|(open, close, _)| enclosed(text, open, close))
}

fn enclosed(text: &str, open: &str, close: &str) -> Option<usize> {
    let inner = text.strip_prefix(open)?;
    Some(open.len() + inner.find(close)? + close.len())
}

/// The length of the text in quotes that a text begins with.
fn text_length(text: &str) -> usize {
    let mut is_escaped = true;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Says that a text has to be filled in first, if that is why it cannot be read.
pub(super) fn refusal(text: &str, error: Option<Span>) -> Option<Diagnostic> {
    let near = error.map_or(text.len(), |span| span.end.max(span.start));
    let end = text[near..].find('\n').map_or(text.len(), |line| near + line);
    let (at, mark, tool) = DIRECTIVES
        .iter()
        .filter_map(|(mark, _, tool)| text[..end].rfind(mark).map(|at| (at, mark, tool)))
        .max_by_key(|(at, ..)| *at)?;
    let line = text[at..].split('\n').next().unwrap_or_default().trim_end();
    let is_near = text[at..end].matches('\n').count() < 2;
    is_near.then(|| {
        Diagnostic::new(
            Code::ForeignDocument,
            format!("this is no YAML or JSON before {tool} has filled in `{mark}`"),
        )
        .at(Span::new(at, at + line.len()))
        .with_help("let the tool write the document, and import what it writes")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readable(text: &str) -> Readable {
        let made = Readable::of(text).unwrap_or_else(|| panic!("{text} stays as it is"));
        assert_eq!(made.text.len(), text.len());
        made
    }

    #[test]
    fn a_placeholder_without_quotes_is_a_value() {
        for (text, value) in [
            ("{\"a\": ${x}, \"b\": 1}", "${x}"),
            ("{\"a\": [{{ x }}]}", "{{ x }}"),
            ("a: {{ x }}\n", "{{ x }}"),
            ("a: {{ host }}/users/{id}\n", "{{ host }}/users/{id}"),
            ("a: {b: ${x}, c: 1}\n", "${x}"),
            ("- {{ x }}\n", "{{ x }}"),
            ("{{ x }}:\n  a: 1\n", "{{ x }}"),
            ("- {{ x }}: []\n", "{{ x }}"),
            ("a: @@x@@\n", "@@x@@"),
            ("a: ::require::x.json::\n", "::require::x.json::"),
            ("{\"a\": <%= x %>}", "<%= x %>"),
        ] {
            let made = readable(text);
            assert_eq!(made.values.values().collect::<Vec<_>>(), [value], "{text}");
            assert_eq!(made.directives, [], "{text}");
        }
    }

    #[test]
    fn a_directive_is_taken_out_whatever_stands_around_it() {
        for (text, left) in [
            (
                "{\"a\": 1 %{ if x\n} , \"b\": 2 %{ endif }}",
                "{\"a\": 1        \n  , \"b\": 2           }",
            ),
            (
                "a: 1\n{{ range x }}\nb: 2\n{{ end }}\n",
                "a: 1\n             \nb: 2\n         \n",
            ),
            ("a: 1\n  {% if x %}\nb: 2\n", "a: 1\n            \nb: 2\n"),
        ] {
            let made = readable(text);
            assert_eq!((made.text.as_str(), made.values.len()), (left, 0));
            assert_eq!(made.findings(text).count(), made.directives.len());
        }
    }

    #[test]
    fn tabs_are_spaces_where_that_leaves_no_doubt() {
        for (text, mended) in [
            ("a:\n\tb:\n\t\tc: 1\n", Some("a:\n b:\n  c: 1\n")),
            (
                "a: {\n\t\"b\": 1\n}\nd:\n  e: 1\n",
                Some("a: {\n \"b\": 1\n}\nd:\n  e: 1\n"),
            ),
            ("a:\tb\n", Some("a: b\n")),
            ("a:\n  b: 1\n\tc: 1\n", None),
        ] {
            assert_eq!(Readable::of(text).map(|made| made.text).as_deref(), mended);
        }
    }

    #[test]
    fn what_stands_in_quotes_and_can_be_read_stays() {
        for text in [
            "{\"a\": \"${x} %{ if y }\"}",
            "a: ${x}\n",
            "a: 'it {{ x }}'\nb: it is {{ x }}\n",
            "a: {b: \"{{ x }}\"}\n",
        ] {
            assert_eq!(Readable::of(text), None, "{text}");
        }
    }
}
