//! References of schemas to models.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What one begins with.
pub(super) const REFERENCE: &str = "#/models/";

/// The models that a schema refers to.
pub(super) fn references(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    fn look(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                found.extend(
                    reference
                        .and_then(|reference| reference.strip_prefix(REFERENCE))
                        .map(str::to_owned),
                );
                members.values().for_each(|value| look(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| look(item, found)),
            _ => {}
        }
    }
    look(schema, &mut found);
    found
}

/// The model that a schema is, if it refers to one.
pub(super) fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(REFERENCE)
}

/// A schema whose references spell the names of models as they are: schemars writes them for a URL, `Gr%C3%B6%C3%9Fe` of
/// `Größe`.
pub(super) fn decoded(schema: &Value) -> Value {
    map_references(schema, REFERENCE, &|name| {
        let name = percent_decode_str(name).decode_utf8_lossy();
        name.replace("~1", "/").replace("~0", "~")
    })
}

/// A schema whose references, which start so, are to other names.
pub(super) fn map_references(schema: &Value, start: &str, new: &dyn Fn(&str) -> String) -> Value {
    match schema {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let reference = value.as_str().and_then(|text| text.strip_prefix(start));
                let value = match reference {
                    Some(name) if key == "$ref" => Value::String(format!("{REFERENCE}{}", new(name))),
                    _ => map_references(value, start, new),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(|item| map_references(item, start, new)).collect(),
        other => other.clone(),
    }
}
