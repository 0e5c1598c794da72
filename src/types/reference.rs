//! References of schemas to models.

use std::collections::BTreeSet;

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
