//! JSON Schemas ([draft 2020-12](https://json-schema.org/draft/2020-12)) of the files, for editors.
//!
//! They are made of the same descriptions as the structs that the files are read into.

use serde_json::{Map, Value, json};

use crate::blueprint::{Manners, Verb};
use crate::converter::Converter;
use crate::file::{
    Amount, AuthorizationWord, AwsFile, Bodies, ByStage, Entries, FileText, FileValue, HeaderList, Limit, LogLevel,
    ModelWord, ParameterType, PolicyValue, Raw, RoutesFile, Secret, ValidateWord, VerbWord,
};
use crate::span::Spanned;

/// The schema of routes files.
///
/// ```
/// let schema = bluegate_core::schema::routes();
/// assert_eq!(schema["required"], serde_json::json!(["blueprint"]));
/// ```
#[must_use]
pub fn routes() -> Value {
    titled(RoutesFile::describe(), "bluegate routes file")
}

/// The schema of AWS files.
#[must_use]
pub fn aws() -> Value {
    titled(AwsFile::describe(), "bluegate AWS file")
}

/// The schema of types files.
#[cfg(feature = "types")]
#[must_use]
pub fn types() -> Value {
    titled(crate::types::TypesFile::describe(), "bluegate types file")
}

fn titled(schema: Value, title: &str) -> Value {
    let mut titled = Map::new();
    titled.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    titled.insert("title".to_owned(), json!(title));
    if let Value::Object(members) = schema {
        titled.extend(members);
    }
    Value::Object(titled)
}

/// What describes itself as a schema.
pub(crate) trait Describe {
    fn describe() -> Value;
}

/// A key of an object: its name, whether it is required, its documentation and its type.
pub(crate) type Field = (&'static str, bool, &'static [&'static str], fn() -> Value);

/// The schema of an object with these keys, those of its parts, and no others.
pub(crate) fn object(docs: &[&str], fields: &[Field], parts: &[fn() -> Value]) -> Value {
    let mut properties = Map::new();
    for part in parts {
        if let Value::Object(members) = &mut part()["properties"] {
            properties.append(members);
        }
    }
    for (key, required, docs, describe) in fields {
        let mut schema = if *required { describe() } else { nullable(describe()) };
        if let Value::Object(members) = &mut schema {
            members.insert("description".to_owned(), json!(prose(docs)));
        }
        properties.insert((*key).to_owned(), schema);
    }
    let required: Vec<&str> = fields.iter().filter(|field| field.1).map(|field| field.0).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("description".to_owned(), json!(prose(docs)));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    Value::Object(schema)
}

/// `null` is absent, everywhere.
fn nullable(mut schema: Value) -> Value {
    if let Value::Object(members) = &mut schema {
        match members.get_mut("type") {
            Some(Value::Array(kinds)) => kinds.push(json!("null")),
            Some(kind) => *kind = json!([kind, "null"]),
            None => {}
        }
        if let Some(Value::Array(words)) = members.get_mut("enum") {
            words.push(Value::Null);
        }
        if let Some(Value::Array(forms)) = members.get_mut("anyOf") {
            forms.push(json!({"type": "null"}));
        }
    }
    schema
}

fn prose(docs: &[&str]) -> String {
    let lines: Vec<&str> = docs.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}

/// Types whose schemas are one line.
macro_rules! describe {
    ($($type:ty: $schema:tt;)*) => {
        $(impl Describe for $type {
            fn describe() -> Value {
                json!($schema)
            }
        })*
    };
}

describe! {
    String: {"type": "string"};
    Secret: {"type": "string"};
    bool: {"type": "boolean"};
    f64: {"type": "number", "minimum": 0};
    u32: {"type": "integer", "minimum": 0, "maximum": u32::MAX};
    LogLevel: {"type": "string", "enum": LogLevel::ALL.map(LogLevel::as_str)};
    ValidateWord: {"enum": [true, false, "ALL", "BODY", "PARAMETERS", "NONE"]};
    Manners: {"type": "string", "enum": Manners::ALL.map(Manners::as_str)};
    // Editors offer the words; the names are those of the file's authorizers.
    AuthorizationWord: {"anyOf": [
        {"type": "string", "enum": AuthorizationWord::WORDS},
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"type": "string"}, "minItems": 2},
    ]};
    Amount: {"anyOf": [u32::describe(), {"type": "string", "pattern": "^\\$\\{var\\.[^}]+\\}$"}]};
    Raw: {"type": "object"};
    FileText: {"anyOf": [{"type": "string"}, file()]};
    // A text is a variable that stands for it.
    FileValue: {"anyOf": [{"type": "object"}, {"type": "string", "pattern": "\\$\\{"}]};
    PolicyValue: {"anyOf": [{"type": "object"}, {"type": "string"}]};
    ModelWord: {"type": ["string", "object"]};
    Bodies: {"type": ["string", "object"]};
    HeaderList: {"anyOf": [
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": Raw::describe()},
    ]};
    ByStage: {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]};
}

impl<T: Describe> Describe for Spanned<T> {
    fn describe() -> Value {
        T::describe()
    }
}

impl<T: Describe> Describe for Limit<T> {
    fn describe() -> Value {
        json!({"anyOf": [T::describe(), {"type": "string", "enum": [Self::UNLIMITED]}]})
    }
}

impl<T: Describe> Describe for Entries<T> {
    fn describe() -> Value {
        json!({"type": "object", "additionalProperties": nullable(T::describe())})
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn describe() -> Value {
        json!({"type": "array", "items": T::describe()})
    }
}

impl Describe for VerbWord {
    fn describe() -> Value {
        // Editors offer the capitals; other spellings are read, with a warning.
        let verbs = Verb::ALL.map(Verb::as_str);
        let any_case: Vec<String> = verbs.iter().map(|verb| in_any_case(verb)).collect();
        json!({"anyOf": [
            {"type": "string", "enum": verbs},
            {"type": "string", "pattern": format!("^({}|x-amazon-apigateway-any-method)$", any_case.join("|"))},
        ]})
    }
}

/// A regular expression for a word in any case. The dialect of JSON Schema has no flag for it.
fn in_any_case(word: &str) -> String {
    word.chars()
        .map(|c| format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()))
        .collect()
}

/// The path of a file in place of what stands in it.
fn file() -> Value {
    json!({
        "type": "object",
        "properties": {"file": {"type": "string", "description": "A path, relative to the routes file."}},
        "required": ["file"],
        "additionalProperties": false,
    })
}

impl Describe for ParameterType {
    fn describe() -> Value {
        let names = Converter::NAMES.join("|");
        json!({
            "type": "string",
            "pattern": format!("^\\s*({names})\\s*(\\(.*\\))?\\s*$"),
            "examples": ["int", "int(min=1,max=5)", "string(length=3)", "any(red,green)", "uuid", "path"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_refuses_unknown_keys_and_says_what_its_keys_are() {
        fn walk(schema: &Value) {
            if schema.get("properties").is_some() {
                assert_eq!(schema["additionalProperties"], json!(false));
                for (key, property) in schema["properties"].as_object().unwrap() {
                    assert!(!property["description"].as_str().unwrap().is_empty(), "{key}");
                    walk(property);
                }
            }
            if let Some(items) = schema.get("items") {
                walk(items);
            }
        }
        walk(&routes());
        walk(&aws());
        #[cfg(feature = "types")]
        walk(&types());
    }

    #[test]
    fn a_policy_may_be_a_text_and_a_model_only_a_variable() {
        let blueprint = &routes()["properties"]["blueprint"]["properties"];
        let fits = |schema: &Value, value: &Value| jsonschema::is_valid(schema, value);
        let models = &blueprint["models"];
        for (text, is_model) in [("{\"Statement\": []}", false), ("${var.it}", true)] {
            assert!(fits(&blueprint["policy"], &json!(text)), "{text}");
            assert_eq!(fits(models, &json!({"Book": text})), is_model, "{text}");
        }
        assert!(fits(&blueprint["policy"], &json!({"Statement": []})));
        assert!(!fits(&blueprint["policy"], &json!(1)));
    }

    #[test]
    fn optional_keys_may_be_null() {
        let action = &routes()["properties"]["blueprint"]["properties"]["resources"]["items"]["properties"]["methods"]
            ["items"]["properties"]["actions"]["items"];
        assert_eq!(action["required"], json!(["type"]));
        assert_eq!(action["properties"]["handler"]["type"], json!(["string", "null"]));
        let authorization = action["properties"]["authorization"]["anyOf"].as_array().unwrap();
        assert_eq!(authorization.last(), Some(&json!({"type": "null"})));
        for (key, kinds) in [
            ("openapi", json!(["object", "null"])),
            ("body", json!(["string", "object", "null"])),
        ] {
            assert_eq!(action["properties"][key]["type"], kinds, "{key}");
        }
    }
}
