//! Paths and their operations.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap as _, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::part::{is_default, part};
use super::{Integration, Map, Others};
use crate::blueprint::Verb;
use crate::file::Raw;

/// What there is on a path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PathItem {
    /// Operations by verb in small letters, or `x-amazon-apigateway-any-method`.
    pub operations: Map<Operation>,
    /// Parameters of all operations.
    pub parameters: Vec<Parameter>,
    /// What else was written.
    pub others: Others,
}

impl Serialize for PathItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parameters = usize::from(!self.parameters.is_empty());
        let mut map =
            serializer.serialize_map(Some(self.operations.len() + parameters + self.others.iter().count()))?;
        if parameters > 0 {
            map.serialize_entry("parameters", &self.parameters)?;
        }
        for (verb, operation) in self.operations.iter() {
            map.serialize_entry(verb, operation)?;
        }
        for (key, value) in self.others.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for PathItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = PathItem;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path item")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<PathItem, A::Error> {
                let mut item = PathItem::default();
                while let Some(key) = access.next_key::<String>()? {
                    if Verb::of_document_key(&key).is_some() {
                        item.operations.push(key, access.next_value()?);
                    } else if key == "parameters" {
                        item.parameters = access.next_value()?;
                    } else {
                        item.others.insert(key, access.next_value()?);
                    }
                }
                Ok(item)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// Schemes that all have to be met, each with its scopes.
pub type SecurityRequirement = Map<Vec<String>>;

part! {
    /// One verb on one path.
    pub struct Operation {
        /// Unique in the document.
        optional operation_id("operationId"): Option<String>,
        /// One line.
        optional summary("summary"): Option<String>,
        /// More, as Markdown.
        optional description("description"): Option<String>,
        /// Groups for documentation.
        list tags("tags"): Vec<String>,
        /// Its parameters.
        list parameters("parameters"): Vec<Parameter>,
        /// The bodies that it takes.
        optional request_body("requestBody"): Option<RequestBody>,
        /// Who may call it. Empty: everybody.
        optional security("security"): Option<Vec<SecurityRequirement>>,
        /// Answers by status.
        always responses("responses"): Map<Response>,
        /// Who may call it, in the words of API Gateway: stronger than `security`.
        optional auth("x-amazon-apigateway-auth"): Option<Auth>,
        /// What of a request is checked: the name of a validator.
        optional request_validator("x-amazon-apigateway-request-validator"): Option<String>,
        /// How the gateway reaches the service.
        optional integration("x-amazon-apigateway-integration"): Option<Integration>,
    }
}

part! {
    /// Who may call an operation
    /// ([x-amazon-apigateway-auth](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-auth.html)).
    pub struct Auth {
        /// `NONE` or `AWS_IAM`.
        always kind("type"): String,
    }
}

part! {
    /// A parameter, or a reference to one.
    pub struct Parameter {
        /// Its name.
        optional name("name"): String,
        /// `path`, `query`, `header` or `cookie`.
        optional location("in"): Cow<'static, str>,
        /// Whether a request must have it. One in the path always is.
        optional required("required"): bool,
        /// What values it takes.
        optional schema("schema"): Option<Schema>,
    }
}

part! {
    /// The bodies that an operation takes.
    pub struct RequestBody {
        /// The bodies by media type.
        optional content("content"): Map<MediaType>,
    }
}

part! {
    /// An answer.
    pub struct Response {
        /// What it means.
        optional description("description"): Option<Cow<'static, str>>,
        /// Its headers.
        optional headers("headers"): Map<Header>,
        /// Its bodies by media type.
        optional content("content"): Map<MediaType>,
    }
}

part! {
    /// A header of a [`Response`].
    pub struct Header {
        /// What values it takes.
        optional schema("schema"): Option<Schema>,
    }
}

part! {
    /// A body of a [`Response`] or of a request.
    pub struct MediaType {
        /// What it holds.
        optional schema("schema"): Option<Schema>,
    }
}

/// What values there are.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Schema {
    /// One that says no more than routes files do.
    Plain(PlainSchema),
    /// One of a routes file, in its order.
    Written(Raw),
    /// Any other.
    Read(Value),
}

impl Schema {
    /// The name of the schema under `components` that it refers to.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        let reference = match self {
            Self::Plain(schema) => schema.reference.as_deref()?,
            Self::Written(_) => return None,
            Self::Read(value) => value.get("$ref")?.as_str()?,
        };
        reference.rsplit('/').next()
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(PlainSchema::deserialize(&value).map_or_else(|_| Self::Read(value), Self::Plain))
    }
}

/// The schema of a value that stands in a path or a header.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlainSchema {
    /// A title.
    #[serde(skip_serializing_if = "is_default")]
    pub title: Option<Cow<'static, str>>,
    /// `string`, `integer`, `number` or `object`.
    #[serde(rename = "type", skip_serializing_if = "is_default")]
    pub kind: Option<Cow<'static, str>>,
    /// `int64`, `double` or `uuid`.
    #[serde(skip_serializing_if = "is_default")]
    pub format: Option<Cow<'static, str>>,
    /// The least value.
    #[serde(skip_serializing_if = "is_default")]
    pub minimum: Option<Number>,
    /// The greatest value.
    #[serde(skip_serializing_if = "is_default")]
    pub maximum: Option<Number>,
    /// The least number of characters.
    #[serde(rename = "minLength", skip_serializing_if = "is_default")]
    pub min_length: Option<u32>,
    /// The greatest number of characters.
    #[serde(rename = "maxLength", skip_serializing_if = "is_default")]
    pub max_length: Option<u32>,
    /// A regular expression that values match.
    #[serde(skip_serializing_if = "is_default")]
    pub pattern: Option<String>,
    /// The values.
    #[serde(rename = "enum", skip_serializing_if = "is_default")]
    pub values: Vec<String>,
    /// A schema under `components`.
    #[serde(rename = "$ref", skip_serializing_if = "is_default")]
    pub reference: Option<Cow<'static, str>>,
}

impl PlainSchema {
    /// The schema of a type.
    pub(crate) fn of(kind: &'static str) -> Self {
        Self {
            kind: Some(kind.into()),
            ..Self::default()
        }
    }
}

/// A bound of a [`PlainSchema`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// Any other.
    Float(f64),
}
