//! The document as YAML 1.2 that YAML 1.1 readers take for the same.
//!
//! Block style for what people read line by line, flow style for small collections, double quotes for every
//! text that a reader might take for something else.
//!
//! `yaml_serde`, the maintained continuation of `serde_yaml`, would do but for two things, measured with its 0.10.7.
//! It writes for YAML 1.2: of 75 texts that are easily taken for something else, PyYAML, a reader of 1.1, takes 14 for
//! a boolean, a number, a date or an error (`yes`, `off`, `2026-11-22`, `1_000`, `12:30:45`, `=`). And a document of
//! 1,000 routes takes it 375 million instructions instead of 91 million, more than all the rest of `bluegate generate`.

use std::borrow::Cow;

use crate::tree::{self, Member, Node, Value};

/// A collection stays on its line up to this length.
const FLOW_LENGTH: usize = 110;

/// Longer keys need a question mark before them (YAML 1.2.2, 7.4.2: 1,024 characters, quotes and escapes included).
const MAX_SIMPLE_KEY: usize = 1000;

/// JSON as YAML, in the order in which it is written. What is nested deeper than any document stays as it is, for JSON is
/// YAML too.
pub(crate) fn of_json(json: String) -> String {
    let Some(mut root) = tree::of_json(&json) else {
        return json;
    };
    quote_all(&mut root);
    let mut text = String::with_capacity(json.len() * 2);
    match &root.value {
        Value::Object(members) if !members.is_empty() => map(&mut text, members, 0),
        other => line(&mut text, other),
    }
    text
}

fn map(text: &mut String, members: &[Member<'_>], depth: usize) {
    for (number, Member { key, node, .. }) in members.iter().enumerate() {
        // The first key of a list's entry stands behind its dash.
        if number > 0 || !text.ends_with("- ") {
            indent(text, depth);
        }
        if key.len() > MAX_SIMPLE_KEY {
            text.push_str("? ");
            text.push_str(key);
            text.push('\n');
            indent(text, depth);
        } else {
            text.push_str(key);
        }
        text.push(':');
        value(text, &node.value, depth);
    }
}

fn value(text: &mut String, value: &Value<'_>, depth: usize) {
    match value {
        Value::Object(members) if !fits_a_line(value) => {
            text.push('\n');
            map(text, members, depth + 1);
        }
        Value::Array(items) if !fits_a_line(value) => {
            text.push('\n');
            for item in items {
                indent(text, depth);
                text.push_str("- ");
                match &item.value {
                    Value::Object(members) if !fits_a_line(&item.value) => map(text, members, depth + 1),
                    item => line(text, item),
                }
            }
        }
        _ => {
            text.push(' ');
            line(text, value);
        }
    }
}

fn indent(text: &mut String, depth: usize) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

/// Whether a value is written in flow style: a scalar, or a collection that is empty or small.
fn fits_a_line(value: &Value<'_>) -> bool {
    flow_length(value, FLOW_LENGTH).is_some() || !matches!(value, Value::Array(_) | Value::Object(_))
}

/// The length of a value in flow style, if it may stand in one and is no longer than `most`.
fn flow_length(value: &Value<'_>, most: usize) -> Option<usize> {
    let mut length = 2;
    match value {
        Value::Array(items) => {
            for item in items {
                length += 2 + flow_length(&item.value, most.checked_sub(length)?)?;
            }
        }
        Value::Object(members) => {
            for Member { key, node, .. } in members {
                length += scalar_length(key)? + 4;
                length += flow_length(&node.value, most.checked_sub(length)?)?;
            }
        }
        other => length = scalar_length(scalar(other))?,
    }
    (length <= most).then_some(length)
}

/// The length of a scalar that may stand in flow style: braces, brackets and commas end plain text there.
fn scalar_length(text: &str) -> Option<usize> {
    let plain = |byte: u8| !matches!(byte, b'{' | b'}' | b'[' | b']' | b',');
    (text.len() <= FLOW_LENGTH && (text.starts_with('"') || text.bytes().all(plain))).then_some(text.len())
}

/// The rest of a line in flow style.
fn line(text: &mut String, value: &Value<'_>) {
    flow(text, value);
    text.push('\n');
}

fn flow(text: &mut String, value: &Value<'_>) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                text.push_str(if number > 0 { ", " } else { "" });
                flow(text, &item.value);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (number, Member { key, node, .. }) in members.iter().enumerate() {
                text.push_str(if number > 0 { ", " } else { "" });
                text.push_str(key);
                text.push_str(": ");
                flow(text, &node.value);
            }
            text.push('}');
        }
        other => text.push_str(scalar(other)),
    }
}

fn scalar<'a>(value: &'a Value<'_>) -> &'a str {
    match value {
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(text) | Value::String(text) => text,
        Value::Null | Value::Array(_) | Value::Object(_) => "null",
    }
}

/// Puts every text and key as it is written.
fn quote_all(node: &mut Node<'_>) {
    match &mut node.value {
        Value::String(text) => quote(text),
        Value::Array(items) => items.iter_mut().for_each(quote_all),
        Value::Object(members) => {
            for member in members {
                quote(&mut member.key);
                quote_all(&mut member.node);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text stands plain where every reader takes it for this text, else in double quotes.
fn quote(text: &mut Cow<'_, str>) {
    if is_plain(text) {
        return;
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
    *text = Cow::Owned(quoted);
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
        super::of_json(value.to_string())
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
