//! Whether two schemas allow the same, each in its document.

use std::collections::HashSet;

use serde_json::Value;

use super::document::follow;

/// What API Gateway does not keep in a model, or keeps without a use.
const DROPPED: [&str; 18] = [
    "title",
    "id",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
    "discriminator",
    "nullable",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "$schema",
    "$id",
    "definitions",
];

/// A schema with its document.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'a>(pub(crate) &'a Value, pub(crate) &'a Value);

impl Schema<'_> {
    /// Whether it says anything.
    pub(crate) fn is_empty(self) -> bool {
        let value = follow(self.0, self.1);
        value
            .as_object()
            .is_some_and(|entries| entries.keys().all(|key| is_dropped(key)))
    }

    /// Whether another one says the same. What is being compared already is taken for equal.
    pub(crate) fn is_same(self, other: Schema<'_>, seen: &mut HashSet<(usize, usize)>) -> bool {
        let (one, two) = (follow(self.0, self.1), follow(other.0, other.1));
        if !seen.insert((std::ptr::from_ref(one) as usize, std::ptr::from_ref(two) as usize)) {
            return true;
        }
        let nested = |one, two, seen: &mut _| Schema(self.0, one).is_same(Schema(other.0, two), seen);
        match (one, two) {
            (Value::Array(ones), Value::Array(twos)) => {
                ones.len() == twos.len() && ones.iter().zip(twos).all(|(one, two)| nested(one, two, seen))
            }
            (Value::Object(ones), Value::Object(twos)) => {
                let of = |entries: &serde_json::Map<String, Value>| -> Vec<String> {
                    let kept = entries
                        .iter()
                        .filter(|(key, value)| !is_dropped(key) && !says_nothing(key, value));
                    kept.map(|(key, _)| key.clone()).collect()
                };
                let (mut mine, mut theirs) = (of(ones), of(twos));
                mine.sort();
                theirs.sort();
                mine == theirs
                    && mine.iter().all(|key| match key.as_str() {
                        "properties" | "patternProperties" => {
                            let (one, two) = (&ones[key], &twos[key]);
                            let (Some(ones), Some(twos)) = (one.as_object(), two.as_object()) else {
                                return one == two;
                            };
                            ones.len() == twos.len()
                                && ones
                                    .iter()
                                    .all(|(name, one)| twos.get(name).is_some_and(|two| nested(one, two, seen)))
                        }
                        "required" | "enum" | "type" => sorted(&ones[key]) == sorted(&twos[key]),
                        _ => nested(&ones[key], &twos[key], seen),
                    })
            }
            (Value::Number(one), Value::Number(two)) => one.as_f64() == two.as_f64(),
            _ => one == two,
        }
    }
}

fn is_dropped(key: &str) -> bool {
    DROPPED.contains(&key) || key.starts_with("x-")
}

/// What is so without being said.
fn says_nothing(key: &str, value: &Value) -> bool {
    let formats = [
        "int32", "int64", "float", "double", "decimal", "password", "byte", "binary",
    ];
    match key {
        "format" => value.as_str().is_some_and(|format| formats.contains(&format)),
        "additionalProperties" => *value == Value::Bool(true),
        "uniqueItems" => *value == Value::Bool(false),
        "properties" | "required" => {
            value.as_object().is_some_and(serde_json::Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
        }
        _ => false,
    }
}

fn sorted(value: &Value) -> Vec<String> {
    let mut texts: Vec<String> = match value {
        Value::Array(items) => items.iter().map(ToString::to_string).collect(),
        other => vec![other.to_string()],
    };
    texts.sort();
    texts
}
