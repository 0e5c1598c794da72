//! Paths and what stands on them.

use super::{Object, Reader, Shared, entries, extension, items, members};
use crate::blueprint::Verb;
use crate::import::api::{Answer, Operation, Parameter, Scheme};
use crate::import::item::{Entries, Item};
use crate::import::plain;
use crate::placeholder::has_placeholder;
use crate::resolve::is_parameter_name;
use crate::tree::{Member, Node, Value};

impl<'n> Reader<'n> {
    pub(super) fn operations(
        &mut self,
        paths: &'n Node<'static>,
        shared: &Shared<'n>,
        schemes: &[Scheme],
    ) -> Vec<Operation> {
        let mut operations: Vec<Operation> = Vec::new();
        for member in members(Some(paths)) {
            if !member.key.starts_with('/') {
                let key = &member.key;
                if key.starts_with("x-") {
                    self.ignore(member.key_span, &format!("`{key}` is no path"));
                } else {
                    let message = format!(
                        "`{key}` is left out, for a path starts with a slash: write `/{key}` in the document if API Gateway serves it"
                    );
                    self.lose(member.key_span, &message);
                }
                continue;
            }
            let path = match member.key.trim_end_matches('/') {
                "" => "/",
                path => path,
            };
            let node = self.follow(&member.node);
            if super::reference(node).is_some() || plain::is_function(node) || !matches!(node.value, Value::Object(_)) {
                let message = format!("the operations of the path `{path}` are not in this document");
                self.lose(member.key_span, &message);
                continue;
            }
            let mut item = Object::of(node);
            let parameters = items(item.take("parameters"));
            for verb in Verb::ALL {
                let Some(key) = item.key_of(verb.document_key()) else {
                    continue;
                };
                self.place = format!("{verb} {path}: ");
                item.take(verb.document_key());
                let node = self.follow(&key.node);
                if node.value == Value::Null {
                    self.lose(
                        key.key_span,
                        "nothing is said of the operation: it is one without an integration",
                    );
                }
                if plain::is_function(node) || !matches!(node.value, Value::Object(_) | Value::Null) {
                    self.lose(key.key_span, "the operation is not in this document");
                    continue;
                }
                if operations.iter().any(|other| other.path == path && other.verb == verb) {
                    let message = "the operation stands on the path with and without a slash at its end";
                    self.lose(key.key_span, message);
                    continue;
                }
                let operation = self.operation(path, verb, key, node, parameters, shared, schemes);
                operations.push(operation);
            }
            self.place.clear();
            item.leave("a path", self);
        }
        operations
    }

    #[allow(clippy::too_many_arguments)]
    fn operation(
        &mut self,
        path: &str,
        verb: Verb,
        key: &Member<'static>,
        node: &'n Node<'static>,
        parameters: &'n [Node<'static>],
        shared: &Shared<'n>,
        schemes: &[Scheme],
    ) -> Operation {
        let mut object = Object::of(node);
        let requirements = object.take("security").or(shared.security);
        let older = object.take(&extension("auth"));
        let asked = self.asked(requirements, older, schemes);
        let validator = object.take(&extension("request-validator"));
        let checks = self.checks_of(validator).or(shared.checks).unwrap_or_default();
        let consumes = some(self.list(object.take("consumes")), &shared.consumes);
        let produces = some(self.list(object.take("produces")), &shared.produces);
        let mut operation = Operation {
            path: path.to_owned(),
            verb,
            span: key.key_span,
            authorization: asked.authorization,
            scopes: asked.scopes,
            api_key: asked.api_key,
            checks,
            path_parameters: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
            answers: Vec::new(),
            integration: None,
            summary: object.text("summary", self),
            description: object.text("description", self),
            tags: self.list(object.take("tags")),
            operation_id: object.text("operationId", self),
            is_deprecated: object.is_on("deprecated", self),
        };
        let own = items(object.take("parameters"));
        for node in parameters.iter().chain(own) {
            self.parameter(node, &consumes, &mut operation);
        }
        if let Some(body) = object.take("requestBody") {
            self.body(body, &mut operation);
        }
        for (status, node) in entries(object.take("responses")) {
            let node = self.follow(node);
            if status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()) {
                let answer = self.answer(node, &produces);
                operation.answers.push((status.to_owned(), answer));
            } else if !status.starts_with("x-") {
                let message = format!("API Gateway ignores the answer `{status}`: it takes statuses of three digits");
                self.ignore(node.span.head(), &message);
            }
        }
        if let Some(node) = object.take(&extension("integration")) {
            operation.integration = self.integration(node);
        }
        object.leave("an operation", self);
        operation
    }

    fn parameter(&mut self, node: &'n Node<'static>, consumes: &[String], operation: &mut Operation) {
        let node = self.follow(node);
        let mut object = Object::of(node);
        let location = object.text("in", self).unwrap_or_default();
        let Some(name) = object.text("name", self) else {
            let message = match super::reference(node) {
                Some(reference) => format!("the parameter `{reference}` is not in this document"),
                None => "a parameter has no name".to_owned(),
            };
            return self.lose(node.span.head(), &message);
        };
        if location == "body" {
            if let Some(schema) = object.take("schema") {
                let schema = self.schema(schema, 0);
                let media = if consumes.is_empty() {
                    &["application/json".to_owned()]
                } else {
                    consumes
                };
                for media in media {
                    put(&mut operation.body, media.trim(), schema.clone());
                }
            }
            return object.leave("a body", self);
        }
        let list = match location.as_str() {
            "path" => &mut operation.path_parameters,
            "query" => &mut operation.query,
            "header" => &mut operation.headers,
            _ => {
                let message = format!("API Gateway ignores parameters in `{location}`");
                return self.ignore(node.span.head(), &message);
            }
        };
        if matches!(location.as_str(), "query" | "header") && !is_parameter_name(&name) {
            let message = format!(
                "API Gateway refuses a parameter of the name `{name}`: it is left out, and a proxy passes it on all the same"
            );
            return self.lose(node.span.head(), &message);
        }
        // What stands at the operation counts before what stands at its path.
        let is_header = location == "header";
        list.retain(|other| other.name != name && !(is_header && other.name.eq_ignore_ascii_case(&name)));
        let mut parameter = Parameter {
            name,
            required: object.is_on("required", self),
            description: object.text("description", self),
            schema: object.take("schema").map(|node| self.schema(node, 0)),
        };
        if parameter.schema.is_none() {
            // In Swagger 2.0 the keys of the schema stand beside the name.
            let mut schema = Entries::default();
            for key in [
                "type",
                "format",
                "enum",
                "items",
                "pattern",
                "minimum",
                "maximum",
                "minLength",
                "maxLength",
                "default",
            ] {
                schema.put(key, object.take(key).map(|node| self.schema(node, 0)));
            }
            parameter.schema = (!schema.0.is_empty()).then(|| schema.item());
        }
        object.leave("a parameter", self);
        match location.as_str() {
            "path" => operation.path_parameters.push(parameter),
            "query" => operation.query.push(parameter),
            _ => operation.headers.push(parameter),
        }
    }

    fn body(&mut self, node: &'n Node<'static>, operation: &mut Operation) {
        let node = self.follow(node);
        if let Some(reference) = super::reference(node) {
            let message = format!("the body `{reference}` is not in this document");
            return self.lose(node.span.head(), &message);
        }
        let mut object = Object::of(node);
        for (media, schema) in self.content(object.take("content")) {
            put(&mut operation.body, &media, schema);
        }
        object.leave("a body", self);
    }

    /// The schemas of a body by media type.
    fn content(&mut self, node: Option<&'n Node<'static>>) -> Vec<(String, Item)> {
        let mut content = Vec::new();
        for (media, node) in entries(node) {
            if !media.contains('/') && !has_placeholder(media) {
                let message = format!("`{media}` is no media type: its model does not come over");
                self.lose(node.span.head(), &message);
                continue;
            }
            let mut object = Object::of(node);
            if let Some(schema) = object.take("schema") {
                content.push((media.trim().to_owned(), self.schema(schema, 0)));
            }
            object.leave("a media type", self);
        }
        content
    }

    fn answer(&mut self, node: &'n Node<'static>, produces: &[String]) -> Answer {
        let mut object = Object::of(node);
        let mut answer = Answer {
            description: object.text("description", self),
            ..Answer::default()
        };
        for (name, node) in entries(object.take("headers")) {
            let mut header = Object::of(self.follow(node));
            let schema = header.take("schema").map(|node| self.schema(node, 0));
            let schema = schema.or_else(|| {
                let kind = header.text("type", self)?;
                Some(Item::Map(vec![("type".into(), Item::text(kind))]))
            });
            header.leave("a header", self);
            answer.headers.push((name.to_owned(), schema));
        }
        answer.content = self.content(object.take("content"));
        if let Some(schema) = object.take("schema") {
            let schema = self.schema(schema, 0);
            let produces = if produces.is_empty() {
                &["application/json".to_owned()]
            } else {
                produces
            };
            for media in produces {
                put(&mut answer.content, media.trim(), schema.clone());
            }
        }
        object.leave("an answer", self);
        answer
    }
}

impl<'n> Object<'n> {
    /// The member of a key, which stays.
    fn key_of(&self, key: &str) -> Option<&'n Member<'static>> {
        self.members.iter().copied().find(|member| member.key == key)
    }
}

/// The list, or another one if it is empty.
fn some(list: Vec<String>, otherwise: &[String]) -> Vec<String> {
    if list.is_empty() { otherwise.to_owned() } else { list }
}

/// Adds a schema that says something, in the place of one for the same media type.
fn put(list: &mut Vec<(String, Item)>, media: &str, schema: Item) {
    if schema.is_empty() {
        return;
    }
    list.retain(|(known, _)| !known.eq_ignore_ascii_case(media));
    list.push((media.to_owned(), schema));
}
