//! Any JSON or YAML file as a plain value, and back.

#[cfg(feature = "types")]
use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::diagnostic::{Diagnostics, Outcome};
use crate::file::Raw;
use crate::source::Source;
#[cfg(feature = "types")]
use crate::span::Span;
use crate::tree::{self, Node};

/// Reads a file of any content, such as an OpenAPI document that somebody else wrote.
///
/// ```
/// use bluegate_core::{Source, read_value};
///
/// let source = Source::new("api.yml", "openapi: 3.0.1\npaths: {/a: {}}\n");
/// let value = read_value(&source).into_result().unwrap().0;
/// assert_eq!(value["openapi"], "3.0.1");
/// ```
#[must_use]
pub fn read_value(source: &Source) -> Outcome<Value> {
    let mut found = Diagnostics::new();
    let value = tree::parse(source, &mut found).map(|root| value(&root));
    Outcome {
        value,
        diagnostics: found.finish(),
    }
}

/// A part of a file as a plain value.
pub(crate) fn value(node: &Node<'_>) -> Value {
    match &node.value {
        tree::Value::Null => Value::Null,
        tree::Value::Bool(yes) => Value::Bool(*yes),
        // What is no number of JSON, such as an octal one of YAML, stays as it was written.
        tree::Value::Number(text) => text
            .parse::<Number>()
            .map_or_else(|_| Value::String(text.clone().into_owned()), Value::Number),
        tree::Value::String(text) => Value::String(text.clone().into_owned()),
        tree::Value::Array(items) => items.iter().map(value).collect(),
        tree::Value::Object(members) => {
            let entries = members
                .iter()
                .map(|member| (member.key.clone().into_owned(), value(&member.node)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// A value as a part of a file, as if it stood at a place.
#[cfg(feature = "types")]
pub(crate) fn raw(value: &Value, span: Span) -> Raw {
    fn node(value: &Value, span: Span) -> Node<'static> {
        let value = match value {
            Value::Null => tree::Value::Null,
            Value::Bool(yes) => tree::Value::Bool(*yes),
            Value::Number(number) => tree::Value::Number(Cow::Owned(number.to_string())),
            Value::String(text) => tree::Value::String(Cow::Owned(text.clone())),
            Value::Array(items) => tree::Value::Array(items.iter().map(|item| node(item, span)).collect()),
            Value::Object(members) => {
                let members = members.iter().map(|(key, value)| tree::Member {
                    key: Cow::Owned(key.clone()),
                    key_span: span,
                    node: node(value, span),
                });
                tree::Value::Object(members.collect())
            }
        };
        Node { span, value }
    }
    Raw(node(value, span))
}

impl Serialize for Raw {
    /// In the order of the file.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written(&self.0).serialize(serializer)
    }
}

/// A part of a file, to be written again.
struct Written<'a>(&'a Node<'a>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            tree::Value::Array(items) => serializer.collect_seq(items.iter().map(Written)),
            tree::Value::Object(members) => {
                serializer.collect_map(members.iter().map(|member| (&*member.key, Written(&member.node))))
            }
            _ => value(self.0).serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_value_is_read_from_json_and_yaml() {
        let expected = json!({"a": [1, 2.5, "x", null, true], "b": {"c": {}}});
        for (name, text) in [
            ("a.json", r#"{"a": [1, 2.5, "x", null, true], "b": {"c": {}}}"#),
            ("a.yaml", "a: [1, 2.5, x, null, true]\nb: {c: {}}\n"),
        ] {
            let read = read_value(&Source::new(name, text)).into_result().unwrap().0;
            assert_eq!(read, expected, "{name}");
        }
        assert!(read_value(&Source::new("a.json", "{")).diagnostics.has_errors());
    }
}
