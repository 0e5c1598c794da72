//! What types say, as part of what a routes file says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::agree::{Side, apart, optional};
use super::models::{Models, needed, referred};
use super::{AnswerTypes, BodyTypes, HandlerTypes, Lost, ParameterTypes, Types, Validator, WRITE, model};
use crate::blueprint::{Blueprint, Contract, DeclaredAnswer, ParameterForm, RequestParameter, Route};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::file::{Entries, ModelWord, Raw, ValidateWord};
use crate::model_reference::OF_FILE;
use crate::openapi::parameter_schema;
use crate::resolve::{is_model_name, is_parameter_name};
use crate::span::{Span, Spanned};
use crate::value::{raw, value};

/// What schemas are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schemas {
    /// For API Gateway: [models](super::model) of JSON bodies, and what else it reads of an operation.
    Models,
    /// For readers: as they are written.
    Whole,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// What is wrong with the routes file.
    pub routes: Diagnostics,
    /// What is wrong with the types file.
    pub types: Diagnostics,
    /// What API Gateway cannot check of bodies that it is asked to check.
    pub unchecked: Vec<Unchecked>,
}

/// A part of a model that API Gateway does not check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchecked {
    /// The model.
    pub model: String,
    /// The part.
    pub lost: Lost,
}

impl Types {
    /// Adds to a blueprint what it does not say itself. What both say must not contradict each other.
    pub fn merge(&self, blueprint: &mut Blueprint, schemas: Schemas) -> Merged {
        let written = self.file.models.iter().flat_map(Entries::iter);
        let models = Models::of(written.map(|(name, schema)| (name.as_str(), value(&schema.value.0))));
        let said = blueprint.gateway.models.iter();
        let mut merge = Merge {
            types: self,
            schemas,
            said: said.map(|(name, schema)| (name.clone(), value(&schema.0))).collect(),
            drafts: drafts(&models.0),
            models,
            merged: Merged::default(),
        };
        merge.names(blueprint);
        merge.handlers(blueprint);
        merge.models(blueprint);
        merge.merged
    }
}

fn drafts(models: &BTreeMap<String, Value>) -> Validator {
    let models = models.iter();
    Validator::new(
        models
            .map(|(name, schema)| (name.clone(), model(schema).schema))
            .collect(),
    )
}

/// Headers that OpenAPI has other places for
/// ([parameter object](https://spec.openapis.org/oas/v3.0.3#parameter-object)).
const ELSEWHERE: [&str; 3] = ["accept", "authorization", "content-type"];

struct Merge<'a> {
    types: &'a Types,
    schemas: Schemas,
    /// The models of the routes file.
    said: BTreeMap<String, Value>,
    models: Models,
    /// The same, as API Gateway takes them.
    drafts: Validator,
    merged: Merged,
}

impl Merge<'_> {
    /// Two schemas of one name have to be one.
    fn names(&mut self, blueprint: &Blueprint) {
        for (name, schema) in self.types.file.models.iter().flat_map(Entries::iter) {
            if !is_model_name(name) {
                self.merged.types.push(
                    Diagnostic::new(Code::Model, format!("no model can be named `{}`", name.value))
                        .at(name.span)
                        .with_help("rename the type in its schema: letters and digits"),
                );
            }
            let said = blueprint.gateway.models.iter().find(|(said, _)| *said == name.value);
            if let Some((_, said)) = said {
                let typed = self.models.0.get(&name.value).cloned().unwrap_or_default();
                let what = format!("the model `{}`", name.value);
                self.compare(&what, None, (said.span(), &value(&said.0)), (schema.span, &typed));
            }
        }
    }

    fn handlers(&mut self, blueprint: &mut Blueprint) {
        let types = self.types;
        let mut served = BTreeSet::new();
        let mut unknown = Vec::new();
        let resources = &blueprint.resources;
        for route in &mut blueprint.routes {
            let Some(handler) = &route.handler else { continue };
            let Some(resource) = resources.get(route.resource) else {
                continue;
            };
            let id = format!("{}::{handler}", resource.name);
            match types.file.handlers.as_ref().and_then(|handlers| handlers.get(&id)) {
                Some(handler) => self.route(route, &id, handler),
                None if !served.contains(&id) => unknown.push((id.clone(), route.span.head())),
                None => {}
            }
            served.insert(id);
        }
        let file = types.source.name();
        let what = |id: &str| format!("the handler `{id}` is not in {file}");
        self.merged.routes.extend(stale(&unknown, what));
        let written = types.file.handlers.iter().flat_map(Entries::iter);
        let unserved: Vec<(String, Span)> = written
            .filter(|(id, _)| !served.contains(&id.value))
            .map(|(id, _)| (id.value.clone(), id.span))
            .collect();
        let what = |id: &str| format!("no route is served by the handler `{id}`");
        self.merged.types.extend(stale(&unserved, what));
    }

    fn route(&mut self, route: &mut Route, id: &str, types: &HandlerTypes) {
        if route.docs.summary.is_none() {
            route.docs.summary.clone_from(&types.summary);
        }
        if route.docs.description.is_none() {
            route.docs.description.clone_from(&types.description);
        }
        let mut contract = route
            .contract
            .take()
            .map_or_else(Contract::default, |contract| *contract);
        self.unread(&contract.query, types, id);
        self.parameters(&mut contract.query, types.query.as_ref(), id, "query parameter", false);
        self.parameters(&mut contract.headers, types.headers.as_ref(), id, "header", true);
        if let Some(body) = &types.body {
            self.body(&mut contract, body, id, route.span);
        }
        for (status, answer) in types.answers.iter().flat_map(Entries::iter) {
            self.answer(&mut contract, status, answer, id);
        }
        if matches!(contract.validate, ValidateWord::All | ValidateWord::Body) && self.schemas == Schemas::Models {
            self.unchecked(&contract);
        }
        route.contract = (contract != Contract::default()).then(|| Box::new(contract));
    }

    fn parameters(
        &mut self,
        said: &mut Vec<RequestParameter>,
        types: Option<&Entries<ParameterTypes>>,
        id: &str,
        what: &str,
        are_headers: bool,
    ) {
        for (name, parameter) in types.into_iter().flat_map(Entries::iter) {
            let is_same = |one: &&mut RequestParameter| match are_headers {
                true => one.name.eq_ignore_ascii_case(name),
                false => one.name == name.value,
            };
            let schema = parameter.schema.as_ref().map(|schema| value(&schema.0));
            let schema = self.models.whole(None, schema.unwrap_or(Value::Bool(true)));
            let is_required = parameter.required.unwrap_or(false);
            if let Some(one) = said.iter_mut().find(is_same) {
                if one.description.is_none() {
                    one.description.clone_from(&parameter.description);
                }
                let what = format!("the {what} `{}`", name.value);
                if one.required && !is_required {
                    self.contradict(
                        format!("{what} is required, and `{id}` does without it"),
                        one.span,
                        name.span,
                    );
                }
                if one.is_optional && is_required {
                    let message = format!("{what} may be left out, and `{id}` needs it");
                    self.contradict(message, one.span, name.span);
                }
                one.required |= self.asks_for(is_required, &schema);
                let said = match &one.form {
                    ParameterForm::Typed(converter) => parameter_schema(converter),
                    ParameterForm::Schema(schema) => value(&schema.0),
                };
                let span = parameter.schema.as_ref().map_or(name.span, Raw::span);
                self.compare(&what, Some(id), (one.span, &said), (span, &schema));
            } else if self.is_declared(name, are_headers) {
                let form = ParameterForm::Schema(self.form(&schema, name.span));
                said.push(RequestParameter {
                    name: name.value.clone(),
                    required: self.asks_for(is_required, &schema),
                    is_optional: false,
                    description: parameter.description.clone(),
                    form,
                    span: name.span,
                });
            }
        }
    }

    /// What requests must have of the query string, and a handler whose type reads it does not read. Headers may be there for
    /// layers and authorizers.
    fn unread(&mut self, said: &[RequestParameter], types: &HandlerTypes, id: &str) {
        let Some(read) = types.query.as_ref().filter(|_| types.unknown.is_none()) else {
            return;
        };
        let is_unread = |one: &&RequestParameter| one.required && read.get(&one.name).is_none();
        for one in said.iter().filter(is_unread) {
            let message = format!(
                "the query parameter `{}` is required, and `{id}` does not read it",
                one.name
            );
            self.contradict(message, one.span, types.span);
        }
    }

    /// Whether a document can declare a parameter of the name.
    fn is_declared(&self, name: &str, is_header: bool) -> bool {
        if is_header && ELSEWHERE.iter().any(|other| name.eq_ignore_ascii_case(other)) {
            return false;
        }
        self.schemas == Schemas::Whole || is_parameter_name(name)
    }

    /// Whether requests must have a parameter. To API Gateway a blank value is none: where the type takes one, by itself or
    /// in a list, the service looks.
    fn asks_for(&self, is_required: bool, schema: &Value) -> bool {
        let draft = model(schema).schema;
        let takes_blank = || {
            [json!(""), json!([""])].iter().any(|blank| {
                let problems = self.drafts.validate(&draft, blank);
                problems.is_ok_and(|problems| problems.is_empty())
            })
        };
        is_required && (self.schemas == Schemas::Whole || !takes_blank())
    }

    /// The schema of a parameter or a header of an answer. API Gateway keeps no more than a type of it.
    fn form(&self, schema: &Value, span: Span) -> Raw {
        if self.schemas == Schemas::Whole {
            return raw(schema, span);
        }
        let draft = model(schema).schema;
        let is_plain = draft.get("type").is_some()
            && !["items", "properties", "allOf", "not"]
                .iter()
                .any(|key| draft.get(key).is_some());
        raw(&if is_plain { draft } else { json!({"type": "string"}) }, span)
    }

    fn body(&mut self, contract: &mut Contract, types: &BodyTypes, id: &str, route: Span) {
        let is_required = types.required.unwrap_or(true);
        let content = types.content.iter().flat_map(Entries::iter);
        if contract.bodies.is_empty() {
            contract.body_required = is_required;
            contract.body_description.clone_from(&types.description);
            for (media, schema) in content {
                let body = self.content(media, &schema.value, is_required);
                contract
                    .bodies
                    .extend(body.map(|(media, word)| (media, self.named(word, id))));
            }
            return;
        }
        contract.body_required = is_required;
        let known: Vec<&str> = content.map(|(media, _)| media.as_str()).collect();
        for (media, said) in &contract.bodies {
            let span = match said {
                ModelWord::Named(name) => name.span,
                ModelWord::Inline(schema) => schema.span(),
            };
            let span = if span == Span::default() { route } else { span };
            let typed = types
                .content
                .as_ref()
                .and_then(|content| content.0.iter().find(|(known, _)| known.value == *media));
            match typed {
                Some((_, schema)) => {
                    let typed = self.models.whole(None, value(&schema.value.0));
                    let said = said_schema(said);
                    let what = format!("the body `{media}`");
                    self.compare(&what, Some(id), (span, &said), (schema.span, &typed));
                    let one = self.said_side(&said);
                    if let Some(name) = optional(one, self.typed_side(&typed)) {
                        let message = format!("{what} may be without `{name}`, and the type of `{id}` needs it");
                        self.contradict(message, span, schema.span);
                    }
                }
                None if known.is_empty() => {}
                None => {
                    let message = format!(
                        "`{id}` takes no body of the type `{media}`, but `{}`",
                        known.join("`, `")
                    );
                    self.contradict(message, span, types.span);
                }
            }
        }
    }

    fn answer(&mut self, contract: &mut Contract, status: &Spanned<String>, types: &AnswerTypes, id: &str) {
        let place = contract.answers.iter().position(|(said, _)| *said == status.value);
        let place = place.unwrap_or_else(|| {
            contract.answers.push((status.value.clone(), DeclaredAnswer::default()));
            contract.answers.len() - 1
        });
        let Some((_, answer)) = contract.answers.get_mut(place) else {
            return;
        };
        if answer.description.is_none() {
            answer.description.clone_from(&types.description);
        }
        for (name, form) in types.headers.iter().flat_map(Entries::iter) {
            if !answer.headers.iter().any(|(said, _)| said.eq_ignore_ascii_case(name)) {
                let schema = self.models.whole(None, value(&form.value.0));
                answer
                    .headers
                    .push((name.value.clone(), Some(self.form(&schema, form.span))));
            }
        }
        let says_bodies = !answer.bodies.is_empty();
        let is_whole = self.schemas == Schemas::Whole;
        for (media, schema) in types.content.iter().flat_map(Entries::iter) {
            if !says_bodies {
                let body = self.content(media, &schema.value, true);
                answer
                    .bodies
                    .extend(body.filter(|(_, word)| is_whole || !is_scalar(word)));
            } else if let Some((_, said)) = answer.bodies.iter().find(|(said, _)| *said == media.value) {
                let typed = self.models.whole(None, value(&schema.value.0));
                let what = format!("the answer {} `{}`", status.value, media.value);
                self.compare(
                    &what,
                    Some(id),
                    (answer.span, &said_schema(said)),
                    (schema.span, &typed),
                );
            }
        }
    }

    /// A body of a media type, if the document has it.
    fn content(&mut self, media: &Spanned<String>, schema: &Raw, is_required: bool) -> Option<(String, ModelWord)> {
        let schema_value = self.models.whole(None, value(&schema.0));
        let reference =
            referred(&schema_value).map(|name| ModelWord::Named(Spanned::new(name.to_owned(), schema.span())));
        if self.schemas == Schemas::Whole {
            let word = reference.unwrap_or_else(|| ModelWord::Inline(raw(&schema_value, schema.span())));
            return Some((media.value.clone(), word));
        }
        // API Gateway takes every body that has a model for JSON.
        if !is_json(media) {
            return None;
        }
        let draft = model(&schema_value).schema;
        let says_something = ["$ref", "type", "anyOf", "allOf", "enum", "properties"]
            .iter()
            .any(|key| draft.get(key).is_some());
        if !says_something {
            return None;
        }
        let word = match reference {
            Some(named) if is_required => named,
            _ if is_required => ModelWord::Inline(raw(&draft, schema.span())),
            // It takes an empty body for an object without properties.
            _ => {
                let nothing = json!({"type": "object", "maxProperties": 0});
                ModelWord::Inline(raw(&json!({"anyOf": [draft, nothing]}), schema.span()))
            }
        };
        Some((media.value.clone(), word))
    }

    /// A body as a model with a name: of a schema that stands in an operation itself it is not known what API Gateway makes.
    fn named(&mut self, word: ModelWord, id: &str) -> ModelWord {
        let ModelWord::Inline(schema) = &word else { return word };
        if self.schemas == Schemas::Whole {
            return word;
        }
        let words = id.split(|sign: char| !sign.is_ascii_alphanumeric());
        let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
        let name: String = words.filter(|word| !word.is_empty()).map(capital).collect();
        let name = self.models.add(&format!("{name}Body"), value(&schema.0));
        ModelWord::Named(Spanned::new(name, schema.span()))
    }

    fn said_side<'a>(&'a self, schema: &'a Value) -> Side<'a> {
        Side {
            schema,
            models: &self.said,
        }
    }

    fn typed_side<'a>(&'a self, schema: &'a Value) -> Side<'a> {
        Side {
            schema,
            models: &self.models.0,
        }
    }

    fn compare(&mut self, what: &str, id: Option<&str>, said: (Span, &Value), typed: (Span, &Value)) {
        if let Some(pointer) = apart(self.said_side(said.1), self.typed_side(typed.1)) {
            let at = if pointer.is_empty() {
                String::new()
            } else {
                format!(" at `{pointer}`")
            };
            let of = id.map_or_else(String::new, |id| format!(" of `{id}`"));
            self.contradict(
                format!("{what} has values{at} that the type{of} does not take"),
                said.0,
                typed.0,
            );
        }
    }

    fn contradict(&mut self, message: String, said: Span, typed: Span) {
        let source = &self.types.source;
        let place = format!("{}:{}", source.name(), source.location(typed.start));
        self.merged.routes.push(
            Diagnostic::new(Code::TypesConflict, message).at(said).with_help(format!(
                "the type's is at {place}: remove this one or correct it, or correct the type and write the file anew"
            )),
        );
    }

    /// Adds the models that the routes file does not have itself.
    fn models(&mut self, blueprint: &mut Blueprint) {
        let place = self
            .types
            .file
            .models
            .as_ref()
            .map(|_| self.types.file.span)
            .unwrap_or_default();
        for (name, schema) in &self.models.0 {
            if self.said.contains_key(name) {
                continue;
            }
            let schema = match self.schemas {
                Schemas::Models => raw(&model(schema).schema, place),
                Schemas::Whole => raw(schema, place),
            };
            blueprint.gateway.models.push((name.clone(), schema));
        }
    }

    /// What of the models of a body is not checked.
    fn unchecked(&mut self, contract: &Contract) {
        let mut names = Vec::new();
        for (_, body) in &contract.bodies {
            needed(&said_schema(body), &self.models.0, &mut names);
        }
        for name in names {
            let Some(schema) = self.models.0.get(&name).filter(|_| !self.said.contains_key(&name)) else {
                continue;
            };
            for lost in model(schema).lost {
                let one = Unchecked {
                    model: name.clone(),
                    lost,
                };
                if !self.merged.unchecked.contains(&one) {
                    self.merged.unchecked.push(one);
                }
            }
        }
    }
}

/// One finding for all handlers that one of the files does not know: one run of a test mends it.
fn stale(handlers: &[(String, Span)], what: impl Fn(&str) -> String) -> Diagnostics {
    let Some((first, span)) = handlers.first() else {
        return Diagnostics::new();
    };
    let found = Diagnostic::new(Code::StaleTypes, what(first))
        .at(*span)
        .with_help(format!("write the file anew: {WRITE}"));
    let more = handlers.len() - 1;
    let found = match handlers.last() {
        Some((_, last)) if more > 0 => found.with_note(format!("so it is with {more} more, down to this one"), *last),
        _ => found,
    };
    found.into()
}

/// Whether a schema without a name is of a text, a number or the like: nobody asks for a model of such an answer.
fn is_scalar(word: &ModelWord) -> bool {
    let ModelWord::Inline(schema) = word else { return false };
    let schema = value(&schema.0);
    schema["type"].is_string() && schema["type"] != "object" && schema["type"] != "array"
}

fn said_schema(said: &ModelWord) -> Value {
    match said {
        ModelWord::Named(name) => json!({"$ref": format!("{OF_FILE}{}", name.value)}),
        ModelWord::Inline(schema) => value(&schema.0),
    }
}

/// Whether bodies of a media type are JSON: `application/json` and what ends with `+json`
/// ([RFC 6839](https://www.rfc-editor.org/rfc/rfc6839#section-3.1)).
#[must_use]
pub fn is_json(media: &str) -> bool {
    let plain = media.split(';').next().unwrap_or_default().trim();
    plain.eq_ignore_ascii_case("application/json") || plain.to_ascii_lowercase().ends_with("+json")
}

#[cfg(test)]
mod tests;
