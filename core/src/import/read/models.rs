//! Schemas and the names of models.

use super::{Reader, entries, reference};
use crate::import::item::Item;
use crate::model_reference::{OF_DOCUMENT, OF_FILE};
use crate::resolve::BUILT_IN_MODELS;
use crate::tree::{Node, Value};

/// What references to models begin with in Swagger 2.0.
const DEFINITIONS: &str = "#/definitions/";

/// Schemas that are written out in each other end here.
const MAX_DEPTH: usize = 60;

/// The models of a document, each by its name there and the one that API Gateway takes.
#[derive(Debug, Default)]
pub(super) struct Models {
    names: Vec<(String, String)>,
}

impl Models {
    /// The name of the model that a reference means.
    fn of(&self, reference: &str) -> Option<&str> {
        let name = [OF_DOCUMENT, DEFINITIONS]
            .iter()
            .find_map(|prefix| reference.strip_prefix(prefix))?;
        let known = self.names.iter().find(|(known, _)| known == name);
        known.map(|(_, name)| name.as_str())
    }
}

impl Reader<'_> {
    /// The models, with names that API Gateway takes: letters and digits.
    pub(super) fn models(&mut self, schemas: Option<&Node<'static>>) -> Vec<(String, Item)> {
        let is_schema = |node: &Node<'static>| matches!(node.value, Value::Object(_));
        for (name, node) in entries(schemas) {
            if !is_schema(node) {
                self.ignore(
                    node.span.head(),
                    &format!("the schema `{name}` is none: it is {}", node.value.kind()),
                );
                continue;
            }
            let short: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            let short = if short.is_empty() { "Model".to_owned() } else { short };
            let mut unique = short.clone();
            let mut number = 1;
            while self.models.names.iter().any(|(_, taken)| *taken == unique) {
                number += 1;
                unique = format!("{short}{number}");
            }
            self.models.names.push((name.to_owned(), unique));
        }
        let mut models = Vec::new();
        let schemas = entries(schemas).filter(|(_, node)| is_schema(node));
        for (index, (_, node)) in schemas.enumerate() {
            let (told, name) = self.models.names[index].clone();
            self.place = format!("the model `{told}`: ");
            let schema = self.schema(node, 0);
            models.push((name, schema));
        }
        self.place.clear();
        models
    }

    /// A schema with the names of models that a routes file knows.
    pub(super) fn schema(&mut self, node: &Node<'static>, depth: usize) -> Item {
        if let Some(reference) = reference(node) {
            if let Some(name) = self.models.of(reference) {
                let mut entries = vec![("$ref".into(), Item::text(format!("{OF_FILE}{name}")))];
                // What stands beside a reference says nothing, and is told to readers.
                let beside = super::members(Some(node))
                    .iter()
                    .filter(|one| depth > 0 && one.key != "$ref");
                entries.extend(beside.map(|one| (one.key.to_string(), Item::of(&one.node))));
                return Item::Map(entries);
            }
            match self.at(reference) {
                Some(target) if depth < MAX_DEPTH => return self.schema(target, depth + 1),
                None if let Some(name) = built_in(reference) => {
                    // A document of OpenAPI 3 refers to it in the same words.
                    if reference.starts_with(DEFINITIONS) {
                        let message = format!(
                            "the schema `{reference}` is not in this document: the model of this name that every API has stands there"
                        );
                        self.lose(node.span.head(), &message);
                    }
                    return Item::Map(vec![("$ref".into(), Item::text(format!("{OF_FILE}{name}")))]);
                }
                None if reference.starts_with('#') => {
                    let message =
                        format!("the schema `{reference}` is not in this document: what refers to it is said raw");
                    self.lose(node.span.head(), &message);
                    return Item::Map(vec![("$ref".into(), Item::text(reference))]);
                }
                _ if reference.starts_with('#') => {
                    let message = format!("the schema `{reference}` has no end: any value fits in its place");
                    self.lose(node.span.head(), &message);
                    return Item::Map(Vec::new());
                }
                _ => {
                    let message =
                        format!("API Gateway does not read the schema `{reference}`, which is in another file");
                    self.ignore(node.span.head(), &message);
                    return Item::of(node);
                }
            }
        }
        match &node.value {
            Value::Array(items) => Item::List(items.iter().map(|item| self.schema(item, depth + 1)).collect()),
            Value::Object(members) => {
                let mut entries = Vec::new();
                for member in members {
                    let value = self.schema(&member.node, depth + 1);
                    entries.push((member.key.to_string(), value));
                }
                Item::Map(entries)
            }
            _ => Item::of(node),
        }
    }
}

/// The model that every API has and a reference means.
fn built_in(reference: &str) -> Option<&'static str> {
    let name = [OF_DOCUMENT, DEFINITIONS]
        .iter()
        .find_map(|prefix| reference.strip_prefix(prefix))?;
    BUILT_IN_MODELS.into_iter().find(|known| *known == name)
}
