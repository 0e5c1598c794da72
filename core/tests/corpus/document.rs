//! Documents as values, read by another reader than the one that is tested.

use serde_json::{Map, Value, json};

/// A text without the directives of Terraform, and with quotes around files that a build reads.
pub(crate) fn finished(text: &str) -> String {
    let file = "::require::endpoint-request.json::";
    let mut text = text.replace(file, &format!("{file:?}"));
    while let Some(at) = text.find("%{") {
        let end = text[at..].find('}').map_or(text.len(), |end| at + end + 1);
        text.replace_range(at..end, "");
    }
    text
}

/// Reads a document. Functions of CloudFormation that make a text are the text.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}');
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return Ok(plain(value));
    }
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    value.apply_merge().map_err(|error| error.to_string())?;
    Ok(plain(json_of(value)))
}

/// The value with tags as objects and keys as texts.
fn json_of(value: serde_yaml::Value) -> Value {
    use serde_yaml::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(yes) => Value::Bool(yes),
        Yaml::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => items.into_iter().map(json_of).collect(),
        Yaml::Mapping(entries) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let key = match json_of(key) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (key, json_of(value))
            });
            Value::Object(entries.collect())
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            json!({ tag: json_of(tagged.value) })
        }
    }
}

/// The value with functions that make a text as the text that they make.
fn plain(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(entries) => {
            let entries: Map<String, Value> = entries.into_iter().map(|(key, value)| (key, plain(value))).collect();
            if entries.len() == 1
                && let Some((key, argument)) = entries.iter().next()
                && let Some(name) = function(key)
            {
                return match made(name, argument) {
                    Some(text) => Value::String(text),
                    None => json!({ format!("Fn::{name}"): argument }),
                };
            }
            Value::Object(entries)
        }
        other => other,
    }
}

fn function(key: &str) -> Option<&str> {
    match key {
        "Ref" => Some("Ref"),
        _ => key.strip_prefix("Fn::").or_else(|| key.strip_prefix('!')),
    }
}

fn made(function: &str, argument: &Value) -> Option<String> {
    let texts = |value: &Value| -> Option<Vec<String>> {
        value
            .as_array()?
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect()
    };
    match function {
        "Ref" => Some(format!("${{{}}}", argument.as_str()?)),
        "GetAtt" => match argument.as_str() {
            Some(name) => Some(format!("${{{name}}}")),
            None => Some(format!("${{{}}}", texts(argument)?.join("."))),
        },
        "Sub" => {
            let (text, names) = match argument {
                Value::Array(parts) => (parts.first()?.as_str()?, parts.get(1)),
                other => (other.as_str()?, None),
            };
            let mut text = text.to_owned();
            for (name, value) in names.and_then(Value::as_object).into_iter().flatten() {
                text = text.replace(&format!("${{{name}}}"), value.as_str()?);
            }
            Some(text.replace("${!", "${"))
        }
        "Join" => Some(texts(argument.get(1)?)?.join(argument.get(0)?.as_str()?)),
        _ => None,
    }
}

/// Whether a value is a function that nobody can compute.
pub(crate) fn is_function(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|entries| entries.len() == 1 && entries.keys().all(|key| key.starts_with("Fn::") || key == "Ref"))
}

/// What a reference within a document leads to.
pub(crate) fn follow<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    for _ in 0..32 {
        let target = value.get("$ref").and_then(Value::as_str);
        let Some(target) = target.and_then(|target| document.pointer(target.strip_prefix('#')?)) else {
            return value;
        };
        value = target;
    }
    value
}

/// A scalar as a text.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// The text under a key; empty if there is none.
pub(crate) fn text_at(value: &Value, key: &str) -> String {
    text(&value[key])
}

/// The keys and values under a key.
pub(crate) fn entries<'a>(value: &'a Value, key: &str) -> Vec<(&'a str, &'a Value)> {
    let object = value.get(key).and_then(Value::as_object);
    object
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
        .collect()
}

/// The items under a key.
pub(crate) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The media types of an operation of OpenAPI 2.0, which a whole document may name for all of them.
pub(crate) fn media_types(document: &Value, operation: &Value, key: &str) -> Vec<String> {
    let named = [operation, document].map(|holder| items(holder, key));
    match named.into_iter().find(|list| !list.is_empty()) {
        Some(named) => named.iter().map(text).collect(),
        None => vec!["application/json".to_owned()],
    }
}
