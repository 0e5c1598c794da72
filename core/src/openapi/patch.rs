//! What a file says raw: JSON merge patches ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)) on what is made of it.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::file::Raw;
use crate::value::value;

/// The same with a patch applied. What cannot be read again afterwards stays as it was.
pub(crate) fn patched<T: Serialize + DeserializeOwned>(made: T, patch: Option<&Raw>) -> T {
    let Some(patch) = patch else { return made };
    let Ok(mut tree) = serde_json::to_value(&made) else {
        return made;
    };
    merge(&mut tree, value(&patch.0));
    serde_json::from_value(tree).unwrap_or(made)
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            members.remove(&key);
        } else {
            merge(members.entry(key).or_insert(Value::Null), value);
        }
    }
}
