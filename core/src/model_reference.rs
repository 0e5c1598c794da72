//! References of schemas to models: `{"$ref": "#/components/schemas/Book"}`.
//!
//! The one place that knows how they begin, and how a schema is searched for them.

/// What they begin with in a routes file and in what the Rust types say.
pub(crate) const OF_FILE: &str = "#/models/";

/// What they begin with in a document.
pub(crate) const OF_DOCUMENT: &str = "#/components/schemas/";

/// The name of the model that a reference leads to, wherever it stands.
pub(crate) fn model_of(reference: &str) -> Option<&str> {
    reference
        .strip_prefix(OF_FILE)
        .or_else(|| reference.strip_prefix(OF_DOCUMENT))
}

/// The reference of a document to a model.
pub(crate) fn in_document(model: &str) -> String {
    format!("{OF_DOCUMENT}{model}")
}

/// Lets the references of a schema, or of a whole document, lead to where `target` says; those of which it says nothing
/// stay.
#[cfg(feature = "openapi")]
pub(crate) fn redirect(schema: &mut serde_json::Value, target: &impl Fn(&str) -> Option<String>) {
    use serde_json::Value;

    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, target)),
        Value::Object(members) => {
            for (keyword, value) in members {
                match value {
                    Value::String(reference) if keyword == "$ref" => {
                        if let Some(target) = target(reference) {
                            *reference = target;
                        }
                    }
                    value => redirect(value, target),
                }
            }
        }
        _ => {}
    }
}
