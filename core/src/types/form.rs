//! The forms of a schema: what a program writes of its types is JSON Schema 2020-12, and few take all of that.
//!
//! A form is never stricter than the schema: what it cannot say is left out, and told.

mod older;
mod pattern;

use serde_json::{Map, Value, json};

use self::pattern::is_portable;
use super::number::Bounds;
use crate::model_reference::{in_document, model_of};

/// A schema in another form.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// The schema. It refers to others as `#/components/schemas/NAME`.
    pub schema: Value,
    /// What of it the form cannot say: values that the schema refuses for it are taken.
    pub lost: Vec<Lost>,
}

/// A keyword that a form cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The schema that has it: a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub pointer: String,
    /// The keyword.
    pub keyword: String,
}

/// A schema as a model of API Gateway: JSON Schema draft 4, as far as documents of OpenAPI 3.0 may hold it and API Gateway
/// reads it ([models](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html),
/// [known issues](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)).
///
/// Formats of texts are left out, for the validator of API Gateway has its own mind about a `date-time`; those of whole
/// numbers become bounds.
///
/// ```
/// use bluegate_core::types::model;
/// use serde_json::json;
///
/// let schema = json!({"type": ["string", "null"], "format": "date"});
/// let converted = model(&schema);
/// assert_eq!(converted.schema, json!({"anyOf": [{"type": "string"}, {"enum": [null]}]}));
/// assert_eq!(converted.lost[0].keyword, "format");
/// ```
#[must_use]
pub fn model(schema: &Value) -> Converted {
    convert(schema, Form::Model)
}

/// A schema as OpenAPI 3.0.3 has it ([schema object](https://spec.openapis.org/oas/v3.0.3#schema-object)).
#[must_use]
pub fn openapi_3_0(schema: &Value) -> Converted {
    convert(schema, Form::OpenApi30)
}

/// A schema as OpenAPI 3.1 has it: JSON Schema 2020-12, whichever draft it was written in.
#[must_use]
pub fn openapi_3_1(schema: &Value) -> Converted {
    convert(schema, Form::OpenApi31)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Model,
    OpenApi30,
    OpenApi31,
}

fn convert(schema: &Value, form: Form) -> Converted {
    let mut convert = Convert {
        form,
        pointer: String::new(),
        lost: Vec::new(),
    };
    let schema = convert.schema(schema);
    let mut lost = convert.lost;
    // A schema of several types is looked at once a type.
    lost.dedup();
    Converted { schema, lost }
}

struct Convert {
    form: Form,
    pointer: String,
    lost: Vec<Lost>,
}

type Object = Map<String, Value>;

/// Keywords that say nothing of which values there are.
const ANNOTATIONS: [&str; 12] = [
    "title",
    "description",
    "default",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
    "discriminator",
    "$comment",
];

/// The formats of numbers that OpenAPI has ([data types](https://spec.openapis.org/oas/v3.0.3#data-types)).
const NUMBERS: [&str; 4] = ["int32", "int64", "float", "double"];

impl Convert {
    fn lose(&mut self, keyword: &str) {
        self.lost.push(Lost {
            pointer: self.pointer.clone(),
            keyword: keyword.to_owned(),
        });
    }

    /// A schema below a keyword.
    fn below(&mut self, keyword: &str, schema: &Value) -> Value {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(keyword);
        let converted = self.schema(schema);
        self.pointer.truncate(length);
        converted
    }

    fn schema(&mut self, schema: &Value) -> Value {
        match schema {
            Value::Bool(false) if self.form != Form::OpenApi31 => json!({"not": {}}),
            Value::Bool(false) => Value::Bool(false),
            Value::Object(members) if self.form == Form::OpenApi31 => Value::Object(self.newest(members)),
            Value::Object(members) => Value::Object(self.older(members)),
            _ => json!({}),
        }
    }

    fn schemas(&mut self, keyword: &str, schemas: &Value) -> Vec<Value> {
        let schemas = schemas.as_array().into_iter().flatten().enumerate();
        schemas
            .map(|(at, schema)| self.below(&format!("{keyword}/{at}"), schema))
            .collect()
    }

    fn table(&mut self, keyword: &str, table: &Value) -> Value {
        let entries = table.as_object().into_iter().flatten();
        let entries = entries.map(|(name, schema)| {
            let token = crate::pointer::escape(name);
            (name.clone(), self.below(&format!("{keyword}/{token}"), schema))
        });
        Value::Object(entries.collect())
    }

    /// The bounds of numbers. Those of formats that OpenAPI has are left to it.
    fn bounds_of(&self, members: &Object, are_whole: bool) -> Bounds {
        let format = members.get("format").and_then(Value::as_str);
        let is_known = self.form != Form::Model && format.is_some_and(|format| NUMBERS.contains(&format));
        match are_whole && !is_known {
            true => Bounds::of_integer(members),
            false => Bounds::of(members),
        }
    }

    /// JSON Schema 2020-12. What OpenAPI 3.0 and draft 4 spell differently may stand in routes files.
    fn newest(&mut self, members: &Object) -> Object {
        let mut made = Object::new();
        let is_tuple = members.get("items").is_some_and(Value::is_array);
        for (keyword, value) in members {
            let (keyword, value) = match (keyword.as_str(), value) {
                ("$ref", Value::String(reference)) => (
                    "$ref",
                    model_of(reference).map_or_else(|| value.clone(), |name| in_document(name).into()),
                ),
                ("properties" | "patternProperties" | "$defs" | "dependentSchemas", table) => {
                    (keyword.as_str(), self.table(keyword, table))
                }
                ("items", list @ Value::Array(_)) => ("prefixItems", Value::Array(self.schemas("items", list))),
                ("additionalItems", rest) if is_tuple => ("items", self.below("additionalItems", rest)),
                ("allOf" | "anyOf" | "oneOf" | "prefixItems", list) => {
                    (keyword.as_str(), Value::Array(self.schemas(keyword, list)))
                }
                (
                    "items"
                    | "additionalProperties"
                    | "not"
                    | "if"
                    | "then"
                    | "else"
                    | "contains"
                    | "propertyNames"
                    | "unevaluatedProperties"
                    | "unevaluatedItems",
                    schema,
                ) => (keyword.as_str(), self.below(keyword, schema)),
                ("example", example) => ("examples", json!([example])),
                ("required", names) => ("required", each_once(names)),
                // Of ECMA 262, which those of Rust need not be.
                ("pattern", pattern) if !pattern.as_str().is_some_and(is_portable) => {
                    self.lose("pattern");
                    continue;
                }
                ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "nullable", _) => continue,
                _ => (keyword.as_str(), value.clone()),
            };
            made.insert(keyword.to_owned(), value);
        }
        let are_whole = match members.get("type") {
            Some(Value::Array(kinds)) => kinds.contains(&json!("integer")) && !kinds.contains(&json!("number")),
            kind => kind == Some(&json!("integer")),
        };
        let bounds = self.bounds_of(members, are_whole);
        for (bound, inclusive, exclusive) in [
            (bounds.least, "minimum", "exclusiveMinimum"),
            (bounds.most, "maximum", "exclusiveMaximum"),
        ] {
            if let Some(bound) = bound {
                let keyword = if bound.is_exclusive { exclusive } else { inclusive };
                made.insert(keyword.to_owned(), Value::Number(bound.value));
            }
        }
        if members.get("nullable") == Some(&Value::Bool(true)) {
            if let Some(Value::String(kind)) = made.get("type") {
                made.insert("type".to_owned(), json!([kind, "null"]));
            }
            if let Some(Value::Array(values)) = made.get_mut("enum")
                && !values.contains(&Value::Null)
            {
                values.push(Value::Null);
            }
        }
        made
    }
}

/// The names that are required. What is flattened into a type may name one again, and a schema must not.
fn each_once(names: &Value) -> Value {
    let mut once = Vec::new();
    for name in names.as_array().into_iter().flatten() {
        if !once.contains(name) {
            once.push(name.clone());
        }
    }
    Value::Array(once)
}

#[cfg(test)]
mod tests;
