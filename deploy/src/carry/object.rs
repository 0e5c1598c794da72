//! Objects in a document.

use serde_json::{Map, Value, json};

/// An object in another one. What stands there and is none gives way.
pub(super) fn member<'a>(parent: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let value = parent.entry(name).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("made one above")
}
