//! Objects as API Gateway tells them: what has no value is left out.

use serde_json::{Value as Json, json};

use super::Texts;

/// Sets a member, or removes it when the value is null.
pub fn put(told: &mut Json, key: &str, value: Json) {
    match told.as_object_mut() {
        Some(object) if value.is_null() => drop(object.remove(key)),
        Some(object) => drop(object.insert(key.to_owned(), value)),
        None => *told = json!({key: value}),
    }
}

/// Changes an object within another one, which may not be there yet.
pub fn inner(told: &mut Json, key: &str, change: impl FnOnce(&mut Json)) {
    let mut object = told.get(key).cloned().unwrap_or_else(|| json!({}));
    change(&mut object);
    put(told, key, object);
}

/// A text of an object; empty if there is none.
#[must_use]
pub fn text<'j>(told: &'j Json, key: &str) -> &'j str {
    told.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// The texts of an object.
#[must_use]
pub fn texts(value: Option<&Json>) -> Texts {
    let entries = value.and_then(Json::as_object).into_iter().flatten();
    entries
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// The texts of a list.
#[must_use]
pub fn strings(value: &Json) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Json::as_str).map(str::to_owned).collect()
}

/// An object without the members that have no value.
#[must_use]
pub fn present(mut object: Json) -> Json {
    if let Some(entries) = object.as_object_mut() {
        entries.retain(|_, value| match value {
            Json::Null => false,
            Json::Array(items) => !items.is_empty(),
            Json::Object(entries) => !entries.is_empty(),
            _ => true,
        });
    }
    object
}
