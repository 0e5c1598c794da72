//! Forms of bodies, and what they refer to.

use std::borrow::Cow;

use super::Resolver;
use crate::decode::{shortened, unknown_word, wrong_type};
use crate::diagnostic::Code;
use crate::file::{Bodies, Entries, ModelWord, Raw};
use crate::model_reference::{in_document, model_of};
use crate::span::{Span, Spanned};
use crate::tree::{Node, Value};

/// The models that every API has
/// ([models](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html)).
pub(crate) const BUILT_IN: [&str; 2] = ["Empty", "Error"];

/// Whether a model can have the name: letters and digits
/// ([known issues](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)).
pub(crate) fn is_model_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl Resolver<'_> {
    /// A model of the blueprint.
    pub(super) fn named_model(&mut self, name: &Spanned<String>, schema: Raw) -> (String, Raw) {
        if !is_model_name(name) {
            self.tell(
                Code::Model,
                name.span,
                format!("no model can be named `{}`", shortened(name)),
                "write letters and digits",
            );
        }
        // Nothing is known of a file that is not read.
        if !matches!(schema.0.value, Value::Object(_) | Value::Null) {
            let told = wrong_type(&schema.0, "a JSON Schema");
            let told = told.with_help("write one, such as `{\"type\": \"object\"}`");
            self.found.push(told);
        }
        self.check_schema(&schema);
        (name.value.clone(), self.schema(schema))
    }

    /// A JSON Schema whose references are those of the document.
    pub(super) fn schema(&mut self, mut schema: Raw) -> Raw {
        self.refer(&mut schema.0);
        schema
    }

    fn refer(&mut self, node: &mut Node<'static>) {
        match &mut node.value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.refer(item)),
            Value::Object(members) => {
                for member in members {
                    match &mut member.node.value {
                        Value::String(text) if member.key == "$ref" => {
                            if let Some(name) = model_of(text) {
                                self.check_model(name, member.node.span);
                                *text = Cow::Owned(in_document(name));
                            }
                        }
                        _ => self.refer(&mut member.node),
                    }
                }
            }
            _ => {}
        }
    }

    fn check_model(&mut self, name: &str, span: Span) {
        let models = self.file.models.as_ref();
        // The first part of a pointer into a model is the model.
        let name = name.split('/').next().unwrap_or_default();
        let is_known = BUILT_IN.contains(&name) || models.is_some_and(|models| models.get(name).is_some());
        if !is_known && !self.file.faulty.contains(&"models") {
            let names = models.iter().flat_map(|models| Entries::iter(models));
            let known: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
            let unknown = unknown_word("model", name, &known, span);
            self.once(if known.is_empty() {
                unknown.with_help("declare it in `models` of the blueprint, or write the JSON Schema here")
            } else {
                unknown
            });
        }
    }

    /// The form of a body.
    pub(super) fn model(&mut self, word: &ModelWord) -> ModelWord {
        match word {
            ModelWord::Named(name) => {
                self.check_model(name, name.span);
                word.clone()
            }
            ModelWord::Inline(schema) => {
                self.check_schema(schema);
                ModelWord::Inline(self.schema(schema.clone()))
            }
        }
    }

    /// Forms of bodies by media type.
    pub(super) fn bodies(&mut self, bodies: Option<&Bodies>) -> Vec<(String, ModelWord)> {
        let bodies = bodies.iter().flat_map(|bodies| &bodies.0);
        bodies
            .map(|(media, word)| (media.value.clone(), self.model(word)))
            .collect()
    }
}
