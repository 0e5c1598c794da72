//! Schemas that refer to what the document does not have: a routes file refuses such a reference, and says it raw.

use crate::import::api::Operation;
use crate::import::item::{Entries, Item};
use crate::model_reference::{OF_DOCUMENT, OF_FILE};

/// A schema without the references that lead nowhere, and the merge patch that puts them back.
pub(super) fn split(schema: &Item) -> (Item, Option<Item>) {
    match schema {
        _ if leads_nowhere(schema) => (Item::Map(Vec::new()), Some(schema.clone())),
        Item::Map(entries) => {
            let (mut plain, mut patch) = (Vec::new(), Entries::default());
            for (key, value) in entries {
                let (value, put) = split(value);
                plain.push((key.clone(), value));
                patch.put(key, put);
            }
            (Item::Map(plain), Some(patch.item()).filter(|patch| !patch.is_empty()))
        }
        Item::List(items) => {
            let (plain, put): (Vec<Item>, Vec<Option<Item>>) = items.iter().map(split).unzip();
            // A merge patch replaces a list whole.
            let patch = put.iter().any(Option::is_some).then(|| of_document(schema));
            (Item::List(plain), patch)
        }
        other => (other.clone(), None),
    }
}

/// Whether a schema refers to something that is not there.
pub(super) fn is_open(schema: &Item) -> bool {
    split(schema).1.is_some()
}

/// What an operation takes and gives by such schemas, as a merge patch on it.
pub(super) fn patch(operation: &Operation) -> Entries {
    let content = |content: &[(String, Item)]| {
        let open = content.iter().filter(|(_, schema)| is_open(schema));
        let open = open.map(|(media, schema)| {
            let schema = ("schema".to_owned(), of_document(schema));
            (media.clone(), Item::Map(vec![schema]))
        });
        let mut entries = Entries::default();
        entries.fill("content", Item::Map(open.collect()));
        entries.item()
    };
    let mut patch = Entries::default();
    patch.fill("requestBody", content(&operation.body));
    let answers = operation.answers.iter();
    let answers = answers.map(|(status, answer)| (status.clone(), content(&answer.content)));
    let answers = answers.filter(|(_, content)| !content.is_empty());
    patch.fill("responses", Item::Map(answers.collect()));
    patch
}

/// A reference into the document that is none to a model of the file.
fn leads_nowhere(schema: &Item) -> bool {
    let reference = schema.get("$ref").and_then(Item::as_text);
    reference.is_some_and(|reference| reference.starts_with('#') && !reference.starts_with(OF_FILE))
}

/// A schema as it stands in a document.
fn of_document(schema: &Item) -> Item {
    match schema {
        Item::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let model = value.as_text().and_then(|text| text.strip_prefix(OF_FILE));
                let value = match model {
                    Some(name) if key == "$ref" => Item::text(format!("{OF_DOCUMENT}{name}")),
                    _ => of_document(value),
                };
                (key.clone(), value)
            });
            Item::Map(entries.collect())
        }
        Item::List(items) => Item::List(items.iter().map(of_document).collect()),
        other => other.clone(),
    }
}
