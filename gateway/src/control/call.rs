//! A call of the control plane.

use bluegate_core::gateway::Texts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use time::OffsetDateTime;

use super::reply::Refusal;
use crate::plane::Credential;

/// A call that was let in: who makes it, where and when, and what it is about.
pub(crate) struct Call<'a> {
    pub(super) caller: &'a Credential,
    pub(super) region: &'a str,
    pub(super) now: OffsetDateTime,
    /// The name of the operation.
    pub(super) operation: &'static str,
    /// What the path names, from left to right.
    pub(super) parts: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    /// The media type that the caller wants.
    pub(super) accept: &'a str,
    pub(super) body: &'a [u8],
}

impl Call<'_> {
    /// What the path names at a place.
    pub(super) fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.query.iter().filter(move |(given, _)| given == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The body. Members that are null are as if they were not there.
    pub(super) fn input(&self) -> Result<Input, Refusal> {
        if self.body.is_empty() {
            return Ok(Input(Map::new()));
        }
        match serde_json::from_slice(self.body) {
            Ok(Json::Object(mut members)) => {
                members.retain(|_, value| !value.is_null());
                Ok(Input(members))
            }
            Ok(other) => Err(Refusal::serialization(unexpected(&other, "structure"))),
            Err(error) => Err(Refusal::serialization(format!("the body is no JSON: {error}"))),
        }
    }

    /// The operation as errors of validation name what it takes.
    pub(super) fn input_name(&self) -> String {
        let (first, rest) = self.operation.split_at(1);
        format!("{}{rest}Input", first.to_lowercase())
    }

    /// Seconds since 1970, as the API writes moments.
    pub(super) fn seconds(&self) -> i64 {
        self.now.unix_timestamp()
    }
}

/// The body of a call. Reading a member of another type is refused in the words of AWS.
#[derive(Debug, Clone, Default)]
pub(super) struct Input(pub(super) Map<String, Json>);

impl Input {
    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        self.0.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>, Refusal> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(Refusal::serialization(unexpected(other, "String"))),
        }
    }

    /// A text that has to be there, as `inputs` says.
    pub(super) fn given(&self, key: &str) -> Result<String, Refusal> {
        Ok(self.text(key)?.unwrap_or_default())
    }

    /// A text that says something.
    pub(super) fn word(&self, key: &str) -> Result<Option<String>, Refusal> {
        Ok(self.text(key)?.filter(|text| !text.is_empty()))
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, Refusal> {
        match self.get(key) {
            None => Ok(false),
            Some(Json::Bool(yes)) => Ok(*yes),
            Some(other) => Err(Refusal::serialization(unexpected(other, "Boolean"))),
        }
    }

    pub(super) fn texts(&self, key: &str) -> Result<Texts, Refusal> {
        let Some(value) = self.get(key) else {
            return Ok(Texts::new());
        };
        read(value.clone())
    }

    pub(super) fn list(&self, key: &str) -> Result<Vec<String>, Refusal> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        read(value.clone())
    }

    /// The whole as a part of an API.
    pub(super) fn part<T: DeserializeOwned>(self) -> Result<T, Refusal> {
        read(Json::Object(self.0))
    }
}

/// A part of an API from the members that AWS has for it. A text that is null is empty.
pub(super) fn read<T: DeserializeOwned>(mut value: Json) -> Result<T, Refusal> {
    if let Some(members) = value.as_object_mut() {
        for inner in members
            .values_mut()
            .filter_map(Json::as_object_mut)
            .flat_map(Map::values_mut)
        {
            if inner.is_null() {
                *inner = Json::String(String::new());
            }
        }
        if members.values().all(|value| value.is_null() || value.is_string()) {
            members
                .values_mut()
                .filter(|value| value.is_null())
                .for_each(|value| *value = Json::String(String::new()));
        }
    }
    serde_json::from_value(value).map_err(|error| Refusal::serialization(converted(&error.to_string())))
}

/// What AWS says of a value of another type.
pub(super) fn unexpected(value: &Json, wanted: &str) -> String {
    let class = match value {
        Json::Bool(_) => "class java.lang.Boolean",
        Json::Number(_) => "class com.amazon.coral.value.json.numbers.TruncatingBigNumber",
        Json::String(_) => "class java.lang.String",
        Json::Array(_) => return "Start of list found where not expected".to_owned(),
        Json::Object(_) => return "Start of structure or map found where not expected.".to_owned(),
        Json::Null => return "null found where not expected".to_owned(),
    };
    let article = if wanted == "String" || wanted == "Integer" {
        "an"
    } else {
        "a"
    };
    format!("{class} can not be converted to {article} {wanted}")
}

/// The same, of what the reader of JSON says.
fn converted(error: &str) -> String {
    let sample = match error {
        _ if error.contains("invalid type: boolean") => Json::Bool(true),
        _ if error.contains("invalid type: integer") || error.contains("invalid type: floating") => Json::from(1),
        _ if error.contains("invalid type: string") => Json::from(""),
        _ if error.contains("invalid type: sequence") => Json::Array(Vec::new()),
        _ if error.contains("invalid type: map") => Json::Object(Map::new()),
        _ => return error.to_owned(),
    };
    let wanted = match error {
        _ if error.contains("expected a string") => "String",
        _ if error.contains("expected a boolean") => "Boolean",
        _ if error.contains("expected i32") => "Integer",
        _ if error.contains("expected a sequence") => "List",
        _ => "Map",
    };
    unexpected(&sample, wanted)
}
