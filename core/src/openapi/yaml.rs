//! The document as YAML 1.2 that YAML 1.1 readers take for the same.
//!
//! Block style for what people read line by line, flow style for small collections, double quotes for every
//! text that a reader might take for something else.
//!
//! `yaml_serde`, the maintained continuation of `serde_yaml`, would do but for two things, measured with its 0.10.7.
//! It writes for YAML 1.2: of 75 texts that are easily taken for something else, PyYAML, a reader of 1.1, takes 14 for
//! a boolean, a number, a date or an error (`yes`, `off`, `2026-11-22`, `1_000`, `12:30:45`, `=`). And a document of
//! 1,000 routes takes it 375 million instructions instead of 91 million, more than all the rest of `bluegate generate`.

mod build;

use std::cell::RefCell;

use serde::Serialize;

use build::{Builder, Error};

/// A collection stays on its line up to this length.
const FLOW_LENGTH: usize = 110;

/// Longer keys need a question mark before them (YAML 1.2.2, 7.4.2: 1,024 characters, quotes and escapes included).
const MAX_SIMPLE_KEY: usize = 1000;

/// A document as YAML.
pub(super) fn to_string<T: Serialize>(value: &T) -> Result<String, Error> {
    let scalars = RefCell::new(String::new());
    let tree = value.serialize(Builder { scalars: &scalars })?;
    let scalars = scalars.into_inner();
    let mut writer = Writer {
        text: String::with_capacity(scalars.len() * 2),
        scalars: &scalars,
    };
    match &tree {
        Tree::Map(entries) if !entries.is_empty() => writer.map(entries, 0),
        other => {
            writer.flow(other);
            writer.text.push('\n');
        }
    }
    Ok(writer.text)
}

/// A value as it will be written. Scalars stand one behind the other in a text of their own, so that a value costs no
/// allocation.
#[derive(Debug)]
enum Tree {
    Scalar(Scalar),
    List(Vec<Tree>),
    Map(Vec<(Scalar, Tree)>),
}

/// Where a scalar stands in the text of all scalars. It is written as it stands there.
#[derive(Debug, Clone, Copy)]
struct Scalar {
    start: usize,
    end: usize,
}

struct Writer<'a> {
    text: String,
    scalars: &'a str,
}

impl Writer<'_> {
    fn map(&mut self, entries: &[(Scalar, Tree)], depth: usize) {
        for (number, (key, value)) in entries.iter().enumerate() {
            // The first key of a list's entry stands behind its dash.
            if number > 0 || !self.text.ends_with("- ") {
                self.indent(depth);
            }
            if key.end - key.start > MAX_SIMPLE_KEY {
                self.text.push_str("? ");
                self.scalar(*key);
                self.text.push('\n');
                self.indent(depth);
            } else {
                self.scalar(*key);
            }
            self.text.push(':');
            self.value(value, depth);
        }
    }

    fn value(&mut self, value: &Tree, depth: usize) {
        match value {
            Tree::Map(entries) if !self.fits_a_line(value) => {
                self.text.push('\n');
                self.map(entries, depth + 1);
            }
            Tree::List(items) if !self.fits_a_line(value) => {
                self.text.push('\n');
                for item in items {
                    self.indent(depth);
                    self.text.push_str("- ");
                    match item {
                        Tree::Map(entries) if !self.fits_a_line(item) => self.map(entries, depth + 1),
                        _ => {
                            self.flow(item);
                            self.text.push('\n');
                        }
                    }
                }
            }
            _ => {
                self.text.push(' ');
                self.flow(value);
                self.text.push('\n');
            }
        }
    }

    fn scalar(&mut self, scalar: Scalar) {
        self.text.push_str(&self.scalars[scalar.start..scalar.end]);
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.text.push_str("  ");
        }
    }

    /// Whether a value is written in flow style: a scalar, or a collection that is empty or small.
    fn fits_a_line(&self, value: &Tree) -> bool {
        match value {
            Tree::Scalar(_) => true,
            Tree::List(_) | Tree::Map(_) => self.flow_length(value, FLOW_LENGTH).is_some(),
        }
    }

    /// The length of a value in flow style, if it may stand in one and is no longer than `most`.
    fn flow_length(&self, value: &Tree, most: usize) -> Option<usize> {
        let length = match value {
            Tree::Scalar(scalar) => self.scalar_length(*scalar, most)?,
            Tree::List(items) => {
                let mut length = 2;
                for item in items {
                    length += 2 + self.flow_length(item, most.checked_sub(length)?)?;
                }
                length
            }
            Tree::Map(entries) => {
                let mut length = 2;
                for (key, item) in entries {
                    length += self.scalar_length(*key, most)? + 4;
                    length += self.flow_length(item, most.checked_sub(length)?)?;
                }
                length
            }
        };
        (length <= most).then_some(length)
    }

    /// The length of a scalar that may stand in flow style: braces, brackets and commas end plain text there.
    fn scalar_length(&self, scalar: Scalar, most: usize) -> Option<usize> {
        let length = scalar.end - scalar.start;
        if length > most {
            return None;
        }
        let text = &self.scalars.as_bytes()[scalar.start..scalar.end];
        let plain = |byte: &u8| !matches!(byte, b'{' | b'}' | b'[' | b']' | b',');
        (text.first() == Some(&b'"') || text.iter().all(plain)).then_some(length)
    }

    fn flow(&mut self, value: &Tree) {
        match value {
            Tree::Scalar(scalar) => self.scalar(*scalar),
            Tree::List(items) => {
                self.text.push('[');
                for (number, item) in items.iter().enumerate() {
                    if number > 0 {
                        self.text.push_str(", ");
                    }
                    self.flow(item);
                }
                self.text.push(']');
            }
            Tree::Map(entries) => {
                self.text.push('{');
                for (number, (key, item)) in entries.iter().enumerate() {
                    if number > 0 {
                        self.text.push_str(", ");
                    }
                    self.scalar(*key);
                    self.text.push_str(": ");
                    self.flow(item);
                }
                self.text.push('}');
            }
        }
    }
}

/// Appends a text as it stands in a document: plain where every reader takes it for this text, else in double quotes.
fn quote(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Control characters, and what YAML 1.1 takes for a line break or does not print.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn is_plain(text: &str) -> bool {
    // Words that a reader of YAML 1.1 or 1.2 takes for a boolean or for nothing.
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];
    const LONGEST_WORD: usize = 5;
    let bytes = text.as_bytes();
    let starts = bytes
        .first()
        .is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'/' || byte == b'_');
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_-.${}+() :".contains(byte);
    starts
        && bytes.iter().all(fits)
        && !bytes.windows(2).any(|pair| pair == b": ")
        && !matches!(bytes.last(), Some(b':' | b' '))
        && (bytes.len() > LONGEST_WORD || !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn yaml(value: &Value) -> String {
        super::to_string(value).unwrap()
    }

    #[test]
    fn collections_are_blocks_and_small_maps_are_lines() {
        let value = json!({
            "a": {"type": "string"},
            "b": [{"name": "id", "schema": {"type": "integer"}}, {"name": "x"}],
            "c": [],
            "d": {},
            "e": ["x", "z"],
        });
        assert_eq!(
            yaml(&value),
            "a: {type: string}\nb: [{name: id, schema: {type: integer}}, {name: x}]\nc: []\nd: {}\ne: [x, z]\n"
        );
    }

    #[test]
    fn every_text_comes_back_as_itself() {
        let texts = [
            "",
            " ",
            "yes",
            "No",
            "on",
            "null",
            "~",
            "1",
            "1.5",
            "0x1f",
            "1e3",
            "2026-11-22",
            "a: b",
            "a #b",
            "#a",
            "- a",
            "'*'",
            "\"",
            "\\",
            "{a}",
            "/users/{id}",
            "/files/{name+}",
            "https://x.y:80/{z}",
            "a,b",
            "[a]",
            "é",
            "日本",
            "\u{0}",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "line\nbreak",
            "tab\t",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "?",
            ": ",
            "a:",
            "=",
            "<<",
            "{\"statusCode\": 200}",
            "4(?!00|01)\\d{2}",
            "0o7",
            "1_000",
            "12:30:45",
            ".inf",
            "NaN",
            "-",
            "--- a",
            "...",
            "😀",
        ];
        for text in texts {
            let value = json!({"k": text, "list": [text], "small": {"x": text}, "nested": {text: {"deep": [{"a": text, "b": {"c": [text]}}]}}});
            let written = yaml(&value);
            let read: Value =
                serde_yaml::from_str(&written).unwrap_or_else(|error| panic!("{text:?}: {error}\n{written}"));
            assert_eq!(read, value, "{text:?}\n{written}");
        }
    }

    #[test]
    fn numbers_and_booleans_come_back_as_themselves() {
        let value =
            json!({"a": 1, "b": -1.5, "c": true, "d": null, "e": 0.1, "f": 1e300, "g": 9_223_372_036_854_775_807_i64});
        let read: Value = serde_yaml::from_str(&yaml(&value)).unwrap();
        assert_eq!(read, value);
    }
}
