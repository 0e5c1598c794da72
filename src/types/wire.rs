//! How values travel: as JSON, or as names and texts, as those of query strings and forms are.

use std::fmt::Display;

use axum::extract::Query;
use axum::http::Uri;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::sample::number_of;

/// What reads a value that came in a request.
pub trait Wire {
    /// Whether it is names and texts.
    const IS_TEXT: bool;

    /// Reads a value. `has_lists`: of names that stand there more than once, all texts count, as with axum-extra.
    ///
    /// # Errors
    ///
    /// What the extractor says to it.
    fn read<T: DeserializeOwned>(value: &Value, has_lists: bool) -> Result<T, String>;
}

/// JSON.
#[derive(Debug)]
pub struct Json;

impl Wire for Json {
    const IS_TEXT: bool = false;

    /// From text, as a body is.
    fn read<T: DeserializeOwned>(value: &Value, _: bool) -> Result<T, String> {
        serde_json::from_str(&value.to_string()).map_err(said)
    }
}

/// Query strings and forms.
#[derive(Debug)]
pub struct Text;

impl Wire for Text {
    const IS_TEXT: bool = true;

    /// By the extractor of query strings: that of forms reads in the same way.
    fn read<T: DeserializeOwned>(value: &Value, has_lists: bool) -> Result<T, String> {
        let uri: Uri = format!("/?{}", query(value)).parse().map_err(said)?;
        #[cfg(feature = "axum-extra")]
        if has_lists {
            let read = axum_extra::extract::Query::try_from_uri(&uri);
            return read.map(|axum_extra::extract::Query(read)| read).map_err(said);
        }
        debug_assert!(!has_lists, "axum reads no lists");
        Query::try_from_uri(&uri).map(|Query(read)| read).map_err(said)
    }
}

fn said(error: impl Display) -> String {
    error.to_string()
}

/// A query string: each member of an object by name, each item of a list by itself.
pub(super) fn query(value: &Value) -> String {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        pairs.extend(
            items
                .iter()
                .map(|item| format!("{}={}", encoded(name), encoded(&text(item)))),
        );
    }
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    bytes.collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value as names and texts say it: what is null is not there, and neither is a list of nothing.
pub(super) fn said_in_text(value: Value) -> Value {
    let is_there = |value: &Value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
    match value {
        Value::Object(members) => members.into_iter().filter(|(_, value)| is_there(value)).collect(),
        other => other,
    }
}

/// All that the texts of a value may mean: one member after the other as a text, as the number or the truth that the
/// text spells, and as a list of either.
pub(super) fn readings(value: &Value) -> Vec<Value> {
    let mut found = vec![value.clone()];
    for (name, member) in value.as_object().into_iter().flatten() {
        let as_read = match member {
            Value::Array(items) => items.iter().map(read).collect::<Option<Vec<_>>>().map(Value::Array),
            one => read(one),
        };
        let as_text = match member {
            Value::Array(items) => items.iter().map(text).collect(),
            one => Value::String(text(one)),
        };
        let with = |member: Value| {
            let mut members: Map<String, Value> = value.as_object().cloned().unwrap_or_default();
            members.insert(name.clone(), member);
            Value::Object(members)
        };
        for member in [Some(as_text), as_read].into_iter().flatten() {
            // What stands there once may be a list of one.
            if !member.is_array() {
                found.push(with(Value::Array(vec![member.clone()])));
            }
            found.push(with(member));
        }
    }
    found
}

/// The number or the truth that a text spells.
fn read(value: &Value) -> Option<Value> {
    let text = text(value);
    serde_json::from_str(&text)
        .ok()
        .or_else(|| text.parse().ok().map(number_of))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_written_as_callers_write_query_strings() {
        let value = json!({"a b": "ä&=", "list": [1, "x"], "nothing": [], "none": null, "number": 1.5});
        assert_eq!(
            query(&said_in_text(value)),
            "a%20b=%C3%A4%26%3D&list=1&list=x&number=1.5"
        );
    }

    #[test]
    fn texts_are_read_as_axum_reads_them() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Filter {
            page: u8,
            name: Option<String>,
        }
        let read = |value: &Value| Text::read::<Filter>(value, false);
        let expected = Filter {
            page: 2,
            name: Some("a b".to_owned()),
        };
        assert_eq!(read(&json!({"page": 2, "name": "a b"})).unwrap(), expected);
        assert!(read(&json!({"page": 256})).is_err());
        assert!(read(&json!({"page": [1, 2]})).is_err());
    }

    #[test]
    fn a_text_may_mean_itself_and_what_it_is_in_json() {
        let found = readings(&json!({"a": "1"}));
        assert!(found.contains(&json!({"a": 1})) && found.contains(&json!({"a": "1"})));
        assert!(readings(&json!({"a": ".5"})).contains(&json!({"a": 0.5})));
        let found = readings(&json!({"a": ["x", 1], "b": ["1", 2]}));
        assert!(found.contains(&json!({"a": ["x", "1"], "b": ["1", 2]})), "{found:?}");
        assert!(found.contains(&json!({"a": ["x", 1], "b": [1, 2]})), "{found:?}");
        let found = readings(&json!({"a": true}));
        assert!(found.contains(&json!({"a": true})) && found.contains(&json!({"a": "true"})));
    }
}
