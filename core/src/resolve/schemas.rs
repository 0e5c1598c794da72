//! What API Gateway reads of the JSON Schemas of bodies: draft 4, in a document of OpenAPI
//! ([models](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html),
//! [important notes](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)).

use super::Resolver;
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Raw;
use crate::model_reference::model_of;
use crate::span::Span;
use crate::tree::{Node, Value, nearest};

/// What a keyword holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Schema,
    /// A list of schemas.
    Schemas,
    /// Schemas by name.
    Table,
    /// A schema, or whether there may be more.
    More,
    /// A schema, or a list of them.
    Items,
    /// For each name a schema or a list of names.
    Dependencies,
    /// A type, or a list of types.
    Kinds,
    Reference,
    Names,
    Values,
    Number,
    Count,
    Flag,
    Text,
    Anything,
}

/// The keywords of draft 4 ([schema](https://json-schema.org/draft-04/schema)) that API Gateway reads in a document.
const KEYWORDS: [(&str, Holds); 32] = [
    ("$ref", Holds::Reference),
    ("$schema", Holds::Text),
    ("id", Holds::Text),
    ("title", Holds::Text),
    ("description", Holds::Text),
    ("default", Holds::Anything),
    ("type", Holds::Kinds),
    ("format", Holds::Text),
    ("enum", Holds::Values),
    ("multipleOf", Holds::Number),
    ("minimum", Holds::Number),
    ("maximum", Holds::Number),
    ("exclusiveMaximum", Holds::Flag),
    ("minLength", Holds::Count),
    ("maxLength", Holds::Count),
    ("pattern", Holds::Text),
    ("items", Holds::Items),
    ("additionalItems", Holds::More),
    ("minItems", Holds::Count),
    ("maxItems", Holds::Count),
    ("uniqueItems", Holds::Flag),
    ("properties", Holds::Table),
    ("patternProperties", Holds::Table),
    ("additionalProperties", Holds::More),
    ("required", Holds::Names),
    ("minProperties", Holds::Count),
    ("maxProperties", Holds::Count),
    ("dependencies", Holds::Dependencies),
    ("allOf", Holds::Schemas),
    ("anyOf", Holds::Schemas),
    ("oneOf", Holds::Schemas),
    ("not", Holds::Schema),
];

/// The types of draft 4.
const KINDS: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

const FOR_READERS: &str = "remove it: types of handlers carry it to the document for clients";
const LATER: &str = "remove it: the service checks the rest of the body";
const AS_MODEL: &str = "write what it refers to in `models` of the blueprint, and `{\"$ref\": \"#/models/NAME\"}` here";

/// What API Gateway refuses in a model or leaves out of it, and what to write in its place.
const FOREIGN: [(&str, &str); 34] = [
    ("exclusiveMinimum", "write `minimum`, with the next number"),
    ("nullable", "write `{\"anyOf\": [{…}, {\"enum\": [null]}]}`"),
    ("const", "write `\"enum\": […]` with the one value"),
    ("definitions", AS_MODEL),
    ("$defs", AS_MODEL),
    ("$id", "remove it: a model goes by its name"),
    ("$anchor", AS_MODEL),
    ("$dynamicAnchor", AS_MODEL),
    ("$dynamicRef", AS_MODEL),
    ("$recursiveAnchor", AS_MODEL),
    ("$recursiveRef", AS_MODEL),
    ("$vocabulary", LATER),
    ("$comment", "write `description`"),
    ("example", FOR_READERS),
    ("examples", FOR_READERS),
    ("deprecated", FOR_READERS),
    ("readOnly", FOR_READERS),
    ("writeOnly", FOR_READERS),
    ("xml", FOR_READERS),
    ("externalDocs", FOR_READERS),
    ("discriminator", FOR_READERS),
    ("prefixItems", "write `items`, with a schema that all items fit"),
    ("contains", LATER),
    ("minContains", LATER),
    ("maxContains", LATER),
    (
        "propertyNames",
        "write `patternProperties`, and `\"additionalProperties\": false`",
    ),
    ("dependentRequired", "write `dependencies`"),
    ("dependentSchemas", "write `dependencies`"),
    ("unevaluatedProperties", "write `\"additionalProperties\": false`"),
    ("unevaluatedItems", LATER),
    ("if", "write `oneOf`"),
    ("then", "write `oneOf`"),
    ("else", "write `oneOf`"),
    ("contentEncoding", LATER),
];

impl Resolver<'_> {
    /// Tells what of the form of a body does not reach API Gateway.
    pub(super) fn check_schema(&mut self, schema: &Raw) {
        let mut pointer = String::new();
        self.check_node(&schema.0, &mut pointer);
    }

    fn lost(&mut self, span: Span, pointer: &str, message: &str, help: impl Into<String>) {
        let place = match pointer {
            "" => String::new(),
            pointer => format!("{}: ", shortened(pointer)),
        };
        let found = Diagnostic::new(Code::LostKeyword, format!("{place}{message}"));
        self.found.push(found.at(span).with_help(help));
    }

    /// What holds for a keyword or a reference wherever it stands is told once.
    fn is_news(&mut self, word: &str) -> bool {
        self.told_keywords.insert(word.to_owned())
    }

    fn check_node(&mut self, node: &Node<'_>, pointer: &mut String) {
        let Value::Object(members) = &node.value else {
            return;
        };
        for member in members {
            let keyword: &str = &member.key;
            if let Some((_, help)) = FOREIGN.iter().find(|(foreign, _)| *foreign == keyword) {
                if self.is_news(keyword) {
                    let message = format!("API Gateway refuses `{keyword}` in a model, or leaves it out");
                    self.lost(member.key_span, pointer, &message, *help);
                }
                continue;
            }
            match KEYWORDS.iter().find(|(known, _)| *known == keyword) {
                Some((_, holds)) => self.check_keyword(keyword, *holds, &member.node, pointer),
                None if keyword.starts_with("x-") => {}
                None => {
                    if self.is_news(keyword) {
                        let help = match nearest(keyword, KEYWORDS.map(|(known, _)| known)) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => {
                                "remove it: API Gateway refuses a model with a keyword that it does not know".into()
                            }
                        };
                        let message = format!("JSON Schema has no keyword `{}`", shortened(keyword));
                        self.lost(member.key_span, pointer, &message, help);
                    }
                }
            }
        }
    }

    fn check_keyword(&mut self, keyword: &str, holds: Holds, node: &Node<'_>, pointer: &mut String) {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(keyword);
        if let Some(expected) = self.check_value(keyword, holds, node, pointer) {
            let message = format!("expected {expected}, found {}", node.value.kind());
            self.lost(
                node.span,
                pointer,
                &message,
                "write what JSON Schema of draft 4 has there",
            );
        }
        pointer.truncate(length);
    }

    /// What should stand there, if something else does.
    fn check_value(
        &mut self,
        keyword: &str,
        holds: Holds,
        node: &Node<'_>,
        pointer: &mut String,
    ) -> Option<&'static str> {
        match (holds, &node.value) {
            // A variable, or what was filled in for it.
            (Holds::Number | Holds::Count | Holds::Flag, Value::String(text)) if text.contains("${") => {}
            (Holds::Anything, _)
            | (Holds::Number, Value::Number(_))
            | (Holds::Flag | Holds::More, Value::Bool(_))
            | (Holds::Values, Value::Array(_)) => {}
            (Holds::Count, Value::Number(digits)) if digits.parse::<u64>().is_ok() => {}
            (Holds::Text, Value::String(text)) => {
                if keyword == "$schema" && !text.contains("draft-04") && self.is_news(keyword) {
                    let message = "API Gateway reads models as draft 4";
                    let help = "write `http://json-schema.org/draft-04/schema#`, or remove it";
                    self.lost(node.span, pointer, message, help);
                }
            }
            (Holds::Reference, Value::String(text)) => {
                let is_model = model_of(text).is_some() || text.contains("/models/");
                if !is_model && !text.contains("${") && self.is_news(text) {
                    let message = format!("`{}` is no model of the API", shortened(text));
                    self.lost(node.span, pointer, &message, AS_MODEL);
                }
            }
            (Holds::Kinds, Value::String(kind)) => self.check_kind(kind, node.span, pointer),
            (Holds::Kinds, Value::Array(kinds)) => {
                for kind in kinds {
                    match &kind.value {
                        Value::String(word) => self.check_kind(word, kind.span, pointer),
                        _ => return Some("names of types"),
                    }
                }
            }
            (Holds::Names, Value::Array(names)) => {
                let is_name = |name: &Node<'_>| matches!(name.value, Value::String(_));
                return (!names.iter().all(is_name)).then_some("a list of names");
            }
            (Holds::Schema | Holds::More | Holds::Items, Value::Object(_)) => self.check_node(node, pointer),
            (Holds::Schemas | Holds::Items, Value::Array(schemas)) => {
                for (number, schema) in schemas.iter().enumerate() {
                    self.check_below(&number.to_string(), schema, pointer);
                }
            }
            (Holds::Table, Value::Object(members)) => {
                for member in members {
                    self.check_below(&member.key, &member.node, pointer);
                }
            }
            (Holds::Dependencies, Value::Object(members)) => {
                for member in members {
                    if !matches!(member.node.value, Value::Array(_)) {
                        self.check_below(&member.key, &member.node, pointer);
                    }
                }
            }
            (holds, _) => return Some(holds.expected()),
        }
        None
    }

    fn check_below(&mut self, token: &str, node: &Node<'_>, pointer: &mut String) {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&crate::pointer::escape(token));
        match node.value {
            Value::Object(_) => self.check_node(node, pointer),
            _ => {
                let message = format!("expected a JSON Schema, found {}", node.value.kind());
                self.lost(node.span, pointer, &message, "write `{}` for whatever there may be");
            }
        }
        pointer.truncate(length);
    }

    fn check_kind(&mut self, kind: &str, span: Span, pointer: &str) {
        if KINDS.contains(&kind) || kind.contains("${") {
            return;
        }
        let help = match nearest(kind, KINDS) {
            Some(near) => format!("did you mean `{near}`? The types are {}", KINDS.join(", ")),
            None => format!("the types are {}", KINDS.join(", ")),
        };
        self.lost(
            span,
            pointer,
            &format!("`{}` is no type of JSON Schema", shortened(kind)),
            help,
        );
    }
}

impl Holds {
    fn expected(self) -> &'static str {
        match self {
            Self::Schema => "a JSON Schema",
            Self::Schemas => "a list of JSON Schemas",
            Self::Table => "JSON Schemas by name",
            Self::More => "`false` or a JSON Schema",
            Self::Items => "a JSON Schema or a list of them",
            Self::Dependencies => "names or a JSON Schema by name",
            Self::Kinds => "a type",
            Self::Reference => "a reference",
            Self::Names => "a list of names",
            Self::Values => "a list of values",
            Self::Number => "a number",
            Self::Count => "a whole number from 0 on",
            Self::Flag => "`true` or `false`",
            Self::Text | Self::Anything => "a string",
        }
    }
}
