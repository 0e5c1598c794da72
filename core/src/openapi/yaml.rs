//! The document as YAML 1.2 that YAML 1.1 readers take for the same.
//!
//! Block style for what people read line by line, flow style for small collections, double quotes for every
//! text that a reader might take for something else.
//!
//! `yaml_serde`, the maintained continuation of `serde_yaml`, would do but for two things, measured with its 0.10.7.
//! It writes for YAML 1.2: of 75 texts that are easily taken for something else, PyYAML, a reader of 1.1, takes 14 for
//! a boolean, a number, a date or an error (`yes`, `off`, `2026-11-22`, `1_000`, `12:30:45`, `=`). And a document of
//! 1,000 routes takes it 375 million instructions instead of 91 million, more than all the rest of `bluegate generate`.

use std::io::{self, Write};

/// A collection stays on its line up to this length. One that is not empty counts two more than it has.
const FLOW_LENGTH: usize = 110;

/// Longer keys need a question mark before them (YAML 1.2.2, 7.4.2: 1,024 characters, quotes and escapes included).
const MAX_SIMPLE_KEY: usize = 1000;

/// Bytes that are written at a time.
const CHUNK: usize = 64 * 1024;

/// JSON as YAML, in the order in which it is written. It has no spaces but one behind a comma or a colon.
pub(crate) fn of_json(json: &str) -> String {
    Writer::run(json, &mut |_| {})
}

/// Writes JSON as YAML without ever having the whole of it, which has twice to three times the bytes of the JSON.
pub(crate) fn write_json(json: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut written = Ok(());
    let rest = Writer::run(json, &mut |lines| {
        if lines.len() >= CHUNK {
            if written.is_ok() {
                written = out.write_all(lines.as_bytes());
            }
            lines.clear();
        }
    });
    written?;
    out.write_all(rest.as_bytes())
}

struct Writer<'a> {
    /// The JSON that is not written yet.
    rest: &'a str,
    text: String,
    /// Takes lines that are complete, or leaves them.
    take: &'a mut dyn FnMut(&mut String),
}

impl<'a> Writer<'a> {
    /// What was not taken.
    fn run(json: &'a str, take: &'a mut dyn FnMut(&mut String)) -> String {
        let mut writer = Self {
            rest: json,
            text: String::with_capacity(CHUNK),
            take,
        };
        if json.starts_with('{') && json != "{}" {
            writer.map(0);
        } else {
            writer.line("");
        }
        writer.text
    }

    fn peek(&self) -> Option<u8> {
        self.rest.bytes().next()
    }

    fn skip(&mut self) {
        let behind = self.rest.get(1..).unwrap_or_default();
        self.rest = behind.strip_prefix(' ').unwrap_or(behind);
    }

    /// Goes on to the next entry of a collection, or behind its end.
    fn next(&mut self) -> bool {
        let next = self.peek();
        if matches!(next, Some(b',' | b'}' | b']')) {
            self.skip();
        }
        !matches!(next, Some(b'}' | b']') | None)
    }

    fn map(&mut self, depth: usize) {
        self.skip();
        while self.next() {
            self.indent(depth);
            let start = self.text.len();
            self.scalar();
            if self.text.len() - start > MAX_SIMPLE_KEY {
                self.text.insert_str(start, "? ");
                self.text.push('\n');
                self.indent(depth);
            }
            self.text.push(':');
            self.skip();
            if !self.line(" ") {
                self.text.push('\n');
                self.block(depth + 1, depth);
            }
        }
    }

    fn list(&mut self, depth: usize) {
        self.skip();
        while self.next() {
            self.indent(depth);
            self.text.push_str("- ");
            if !self.line("") {
                self.block(depth + 1, depth + 1);
            }
        }
    }

    /// A collection with an entry a line.
    fn block(&mut self, map: usize, list: usize) {
        match self.peek() {
            Some(b'{') => self.map(map),
            _ => self.list(list),
        }
    }

    /// The first entry of what stands in a list stands behind its dash.
    fn indent(&mut self, depth: usize) {
        if !self.text.ends_with("- ") {
            for _ in 0..depth {
                self.text.push_str("  ");
            }
        }
    }

    /// The rest of a line: a scalar, or a collection that is empty or small. What is neither is left where it is.
    fn line(&mut self, lead: &str) -> bool {
        let (rest, length) = (self.rest, self.text.len());
        self.text.push_str(lead);
        let is_collection = matches!(self.peek(), Some(b'{' | b'['));
        let mut most = self.text.len() + FLOW_LENGTH;
        let fits = self.flow(&mut most) || !is_collection;
        if fits {
            self.text.push('\n');
            (self.take)(&mut self.text);
        } else {
            self.rest = rest;
            self.text.truncate(length);
        }
        fits
    }

    /// Writes a value in flow style as far as it may stand in one and the text gets no longer than `most`.
    fn flow(&mut self, most: &mut usize) -> bool {
        let (open, close) = match self.peek() {
            Some(b'{') => ('{', '}'),
            Some(b'[') => ('[', ']'),
            _ => return self.scalar() && self.text.len() <= *most,
        };
        self.text.push(open);
        self.skip();
        let start = self.text.len();
        while self.next() {
            if self.text.len() > start {
                self.text.push_str(", ");
            } else {
                *most = most.saturating_sub(2);
            }
            if open == '{' {
                if !self.scalar() {
                    return false;
                }
                self.text.push_str(": ");
                self.skip();
            }
            if !self.flow(most) {
                return false;
            }
        }
        self.text.push(close);
        self.text.len() <= *most
    }

    /// Writes a scalar, and tells whether it may stand in flow style: braces end plain text there.
    fn scalar(&mut self) -> bool {
        let Some(text) = self.rest.strip_prefix('"') else {
            let (word, rest) = self
                .rest
                .split_at(self.rest.find([',', '}', ']']).unwrap_or(self.rest.len()));
            self.text.push_str(word);
            self.rest = rest;
            return true;
        };
        let mut seen = 0;
        let is_no_plain = |byte: u8| {
            let class = CLASSES[usize::from(byte)];
            seen |= class;
            class == 0
        };
        let end = text.bytes().position(is_no_plain).unwrap_or(text.len());
        if text[end..].starts_with('"') && is_plain(&text[..end], seen & COLON > 0) {
            self.text.push_str(&text[..end]);
            self.rest = &text[end + 1..];
            return seen & BRACE == 0;
        }
        self.rest = self.quoted(text, end);
        true
    }

    /// Writes a text in double quotes, of which no quote stands before `from`, and returns what follows it. A text of JSON
    /// is one of YAML, but for what YAML 1.1 takes for a line break or does not print.
    fn quoted<'t>(&mut self, text: &'t str, from: usize) -> &'t str {
        let mut is_escaped = false;
        let is_end = |byte: u8| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        };
        let end = from + text.bytes().skip(from).position(is_end).unwrap_or(text.len() - from);
        let (text, rest) = text.split_at(end);
        self.text.push('"');
        if text.is_ascii() && !text.contains('\u{7f}') {
            self.text.push_str(text);
        } else {
            for c in text.chars() {
                if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') {
                    self.text.push_str(&format!("\\u{:04x}", u32::from(c)));
                } else {
                    self.text.push(c);
                }
            }
        }
        self.text.push('"');
        &rest[1..]
    }
}

/// What bytes are in plain text, which a document has megabytes of: 0 for those that it has not.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        classes[byte as usize] = match byte {
            b'/' | b'_' | b'-' | b'.' | b'$' | b'+' | b'(' | b')' | b' ' => OTHER,
            b':' => COLON,
            b'{' | b'}' => BRACE,
            _ if byte.is_ascii_alphanumeric() => OTHER,
            _ => 0,
        };
        byte += 1;
    }
    classes
};
const OTHER: u8 = 1;
const COLON: u8 = 2;
const BRACE: u8 = 4;

/// Whether every reader takes a text of such bytes for itself as it is.
fn is_plain(text: &str, has_colon: bool) -> bool {
    // Words that a reader of YAML 1.1 or 1.2 takes for a boolean or for nothing.
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];
    const LONGEST_WORD: usize = 5;
    let starts = |first: u8| first.is_ascii_alphabetic() || matches!(first, b'/' | b'_');
    text.bytes().next().is_some_and(starts)
        && !text.ends_with([':', ' '])
        && !(has_colon && text.contains(": "))
        && (text.len() > LONGEST_WORD || !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn yaml(value: &Value) -> String {
        super::of_json(&value.to_string())
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
            let value = json!({"k": text, "list": [text], "lists": [[text, [text]], [{text: [[text]]}]], "small": {"x": text}, "nested": {text: {"deep": [{"a": text, "b": {"c": [text]}}]}}});
            let written = yaml(&value);
            let read: Value =
                serde_yaml::from_str(&written).unwrap_or_else(|error| panic!("{text:?}: {error}\n{written}"));
            assert_eq!(read, value, "{text:?}\n{written}");
        }
    }

    #[test]
    fn what_is_written_in_pieces_is_the_same() {
        let many: Value = (0..3_000)
            .map(|number| {
                let item = json!({"name": format!("item {number}"), "list": [{"a": "x".repeat(200)}, ["y"]]});
                (format!("/items/{number}"), item)
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        for value in [json!({}), json!([1]), json!({"a": []}), many] {
            let json = value.to_string();
            let mut written = Vec::new();
            super::write_json(&json, &mut written).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), super::of_json(&json));
        }
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let full = json!({"a": ["x".repeat(super::CHUNK)], "b": ["y".repeat(super::CHUNK)]}).to_string();
        for room in [0, 10, super::CHUNK + 100] {
            let mut bytes = vec![0; room];
            assert!(super::write_json(&full, &mut bytes.as_mut_slice()).is_err(), "{room}");
        }
    }

    #[test]
    fn json_may_have_spaces_behind_commas_and_colons() {
        assert_eq!(
            super::of_json(r#"{"a": [1, "b, c"], "d": {"e": " f"}}"#),
            "a: [1, \"b, c\"]\nd: {e: \" f\"}\n"
        );
    }

    #[test]
    fn numbers_and_booleans_come_back_as_themselves() {
        let value =
            json!({"a": 1, "b": -1.5, "c": true, "d": null, "e": 0.1, "f": 1e300, "g": 9_223_372_036_854_775_807_i64});
        let read: Value = serde_yaml::from_str(&yaml(&value)).unwrap();
        assert_eq!(read, value);
    }
}
