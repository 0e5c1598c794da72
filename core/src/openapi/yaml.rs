//! The document as YAML 1.2 that YAML 1.1 readers take for the same.
//!
//! Block style for what people read line by line, flow style for small collections, double quotes for every
//! text that a reader might take for something else.

use serde::ser::{self, Serialize};

/// A collection stays on its line up to this length.
const FLOW_LENGTH: usize = 110;

/// Longer keys need a question mark before them (YAML 1.2.2, 7.4.2: 1,024 characters, quotes and escapes included).
const MAX_SIMPLE_KEY: usize = 1000;

/// A document as YAML.
pub(super) fn to_string<T: Serialize>(value: &T) -> Result<String, Error> {
    let mut text = String::new();
    match value.serialize(Builder)? {
        Tree::Map(entries) if !entries.is_empty() => write_map(&entries, 0, &mut text),
        other => {
            write_flow(&other, &mut text);
            text.push('\n');
        }
    }
    Ok(text)
}

/// A value as it will be written.
#[derive(Debug)]
enum Tree {
    /// Written as it is.
    Plain(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

fn write_map(entries: &[(String, Tree)], depth: usize, text: &mut String) {
    for (number, (key, value)) in entries.iter().enumerate() {
        // The first key of a list's entry stands behind its dash.
        if number > 0 || !text.ends_with("- ") {
            indent(depth, text);
        }
        if key.len() > MAX_SIMPLE_KEY {
            text.push_str("? ");
            text.push_str(key);
            text.push('\n');
            indent(depth, text);
        } else {
            text.push_str(key);
        }
        text.push(':');
        write_value(value, depth, text);
    }
}

fn write_value(value: &Tree, depth: usize, text: &mut String) {
    match value {
        Tree::Map(entries) if !fits_a_line(value) => {
            text.push('\n');
            write_map(entries, depth + 1, text);
        }
        Tree::List(items) if !fits_a_line(value) => {
            text.push('\n');
            for item in items {
                indent(depth, text);
                text.push_str("- ");
                match item {
                    Tree::Map(entries) if !fits_a_line(item) => write_map(entries, depth + 1, text),
                    _ => {
                        write_flow(item, text);
                        text.push('\n');
                    }
                }
            }
        }
        _ => {
            text.push(' ');
            write_flow(value, text);
            text.push('\n');
        }
    }
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// Whether a value is written in flow style: a plain value, or a collection that is empty or small.
fn fits_a_line(value: &Tree) -> bool {
    match value {
        Tree::Plain(_) => true,
        Tree::List(_) | Tree::Map(_) => flow_length(value, FLOW_LENGTH).is_some(),
    }
}

/// The length of a value in flow style, if it may stand in one and is no longer than `most`.
fn flow_length(value: &Tree, most: usize) -> Option<usize> {
    let length = match value {
        // Braces, brackets and commas end plain text in flow style.
        Tree::Plain(text) => {
            (text.starts_with('"') || !text.contains(['{', '}', '[', ']', ','])).then_some(text.len())?
        }
        Tree::List(items) => {
            let mut length = 2;
            for item in items {
                length += 2 + flow_length(item, most.checked_sub(length)?)?;
            }
            length
        }
        Tree::Map(entries) => {
            let mut length = 2;
            for (key, item) in entries {
                let quoted_key = key.starts_with('"') || !key.contains(['{', '}', '[', ']', ',']);
                length += quoted_key.then_some(key.len())? + 4;
                length += flow_length(item, most.checked_sub(length)?)?;
            }
            length
        }
    };
    (length <= most).then_some(length)
}

fn write_flow(value: &Tree, text: &mut String) {
    match value {
        Tree::Plain(plain) => text.push_str(plain),
        Tree::List(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push_str(", ");
                }
                write_flow(item, text);
            }
            text.push(']');
        }
        Tree::Map(entries) => {
            text.push('{');
            for (number, (key, item)) in entries.iter().enumerate() {
                if number > 0 {
                    text.push_str(", ");
                }
                text.push_str(key);
                text.push_str(": ");
                write_flow(item, text);
            }
            text.push('}');
        }
    }
}

/// A text as it stands in a document: plain where every reader takes it for this text, else in double quotes.
fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // Control characters, and what YAML 1.1 takes for a line break or does not print.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn is_plain(text: &str) -> bool {
    // Words that a reader of YAML 1.1 or 1.2 takes for a boolean or for nothing.
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];
    let mut characters = text.chars();
    let starts = matches!(characters.next(), Some(c) if c.is_ascii_alphabetic() || c == '/' || c == '_');
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_-.${}+() ".contains(c) || c == ':';
    starts
        && characters.all(fits)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Makes a [`Tree`] of a value.
struct Builder;

/// Serialising fails for keys that are no text, and for what documents do not hold.
#[derive(Debug)]
pub(super) struct Error(String);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

fn unsupported<T>(what: &str) -> Result<T, Error> {
    Err(Error(format!("documents hold no {what}")))
}

struct List(Vec<Tree>);

struct Entries {
    entries: Vec<(String, Tree)>,
    key: Option<String>,
}

macro_rules! plain {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<Tree, Error> { Ok(Tree::Plain(value.to_string())) })*
    };
}

impl ser::Serializer for Builder {
    type Ok = Tree;
    type Error = Error;
    type SerializeSeq = List;
    type SerializeTuple = ser::Impossible<Tree, Error>;
    type SerializeTupleStruct = ser::Impossible<Tree, Error>;
    type SerializeTupleVariant = ser::Impossible<Tree, Error>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = ser::Impossible<Tree, Error>;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_f32(self, value: f32) -> Result<Tree, Error> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<Tree, Error> {
        // The debug form keeps the point, which YAML 1.1 needs to see a number.
        Ok(Tree::Plain(format!("{value:?}")))
    }

    fn serialize_char(self, value: char) -> Result<Tree, Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Tree, Error> {
        Ok(Tree::Plain(quoted(value)))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Tree, Error> {
        unsupported("bytes")
    }

    fn serialize_none(self) -> Result<Tree, Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, Error> {
        Ok(Tree::Plain("null".to_owned()))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Tree, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Tree, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Tree, Error> {
        unsupported("variants with values")
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, Error> {
        Ok(List(Vec::with_capacity(length.unwrap_or(0))))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        unsupported("tuples")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        unsupported("tuples")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unsupported("variants with values")
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Entries, Error> {
        Ok(Entries {
            entries: Vec::with_capacity(length.unwrap_or(0)),
            key: None,
        })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unsupported("variants with values")
    }
}

impl ser::SerializeSeq for List {
    type Ok = Tree;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(Builder)?);
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::List(self.0))
    }
}

impl ser::SerializeMap for Entries {
    type Ok = Tree;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        match key.serialize(Builder)? {
            Tree::Plain(key) => {
                self.key = Some(key);
                Ok(())
            }
            Tree::List(_) | Tree::Map(_) => unsupported("keys that are no text"),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let value = value.serialize(Builder)?;
        let key = self
            .key
            .take()
            .ok_or_else(|| Error("a value came before its key".to_owned()))?;
        self.entries.push((key, value));
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::Map(self.entries))
    }
}

impl ser::SerializeStruct for Entries {
    type Ok = Tree;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.entries.push((quoted(key), value.serialize(Builder)?));
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::Map(self.entries))
    }
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
