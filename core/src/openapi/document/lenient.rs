//! What people write and API Gateway takes.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

/// A text, also one that looks like a number: YAML has statuses without quotes.
pub(super) fn text<'de, D: Deserializer<'de>, T: From<String> + Default>(deserializer: D) -> Result<T, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(T::default()),
        Value::String(text) => Ok(text.into()),
        Value::Number(number) => Ok(number.to_string().into()),
        other => Err(D::Error::custom(format!("{other} is neither text nor a number"))),
    }
}

/// A list; a key without a value is one that is not there.
pub(super) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
