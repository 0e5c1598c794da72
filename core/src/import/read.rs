//! Reading a plain document: what is taken of it, and what is left and therefore told.

mod integration;
mod models;
mod operation;
mod security;

use super::api::{Api, Checks, Endpoint, GatewayResponse, Pairs};
use super::item::Item;
use super::plain;
use crate::blueprint::GATEWAY_RESPONSES;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::placeholder::placeholder;
use crate::span::Span;
use crate::tree::{Member, Node, Value};

use models::Models;

/// What every extension of API Gateway begins with.
const X: &str = "x-amazon-apigateway-";

/// References that lead to references end here.
const MAX_STEPS: usize = 32;

/// Reads the API of a plain document. Without a value there is an error among the findings.
pub(super) fn api(root: &Node<'static>, found: &mut Diagnostics) -> Option<Api> {
    let Value::Object(_) = &root.value else {
        found.push(
            Diagnostic::new(Code::ForeignDocument, format!("this is {}", root.value.kind()))
                .at(root.span)
                .with_help("name an OpenAPI document: an object with `openapi` or `swagger` and `paths`"),
        );
        return None;
    };
    let mut reader = Reader {
        root,
        models: Models::default(),
        checks: Vec::new(),
        place: String::new(),
        found: Diagnostics::new(),
    };
    let api = reader.document();
    found.extend(reader.found);
    api
}

/// What is known while a document is read.
struct Reader<'n> {
    root: &'n Node<'static>,
    models: Models,
    /// The validators by name.
    checks: Vec<(String, Checks)>,
    /// What findings about losses begin with: the operation that is being read.
    place: String,
    found: Diagnostics,
}

/// What holds for every operation that does not say otherwise.
struct Shared<'n> {
    security: Option<&'n Node<'static>>,
    checks: Option<Checks>,
    consumes: Vec<String>,
    produces: Vec<String>,
}

impl<'n> Reader<'n> {
    fn document(&mut self) -> Option<Api> {
        let mut document = Object::of(self.root);
        let version = ["openapi", "swagger"].map(|key| document.text(key, self));
        let Some(version) = version.into_iter().flatten().next() else {
            self.refuse(
                self.root.span.head(),
                "this is no OpenAPI document: it has neither `openapi` nor `swagger`",
                "name an OpenAPI 3 or Swagger 2.0 document, or the template that holds one",
            );
            return None;
        };
        if !["2", "3.0", "3.1"].iter().any(|known| version.starts_with(known)) {
            let message = format!("API Gateway does not read OpenAPI {version}");
            self.refuse(self.root.span.head(), &message, "export the document as OpenAPI 3.0");
            return None;
        }
        let mut components = document.object("components", self);
        let mut api = Api::default();
        let schemas = components.take("schemas").or_else(|| document.take("definitions"));
        api.models = self.models(schemas);
        for key in ["securitySchemes", "securityDefinitions"] {
            let holder = if key == "securitySchemes" {
                &mut components
            } else {
                &mut document
            };
            if let Some(node) = holder.take(key) {
                let schemes = self.schemes(node);
                api.schemes.extend(schemes);
            }
        }
        // What operations refer to was read with them.
        for key in [
            "parameters",
            "responses",
            "requestBodies",
            "headers",
            "examples",
            "x-amazon-apigateway-integrations",
        ] {
            components.take(key);
            document.take(key);
        }
        components.leave("components", self);
        self.settings(&mut document, &mut api);
        let shared = Shared {
            security: document.take("security"),
            checks: self.checks_of(document.take(&extension("request-validator"))),
            consumes: self.list(document.take("consumes")),
            produces: self.list(document.take("produces")),
        };
        let Some(paths) = document.take("paths") else {
            self.refuse(
                self.root.span.head(),
                "the document has no `paths`",
                "name the document that describes the API",
            );
            return None;
        };
        api.operations = self.operations(paths, &shared, &api.schemes);
        document.leave("the document", self);
        Some(api)
    }

    /// What holds for the API as a whole.
    fn settings(&mut self, document: &mut Object<'n>, api: &mut Api) {
        let mut info = document.object("info", self);
        api.title = info.text("title", self).unwrap_or_default();
        api.version = info.text("version", self);
        // As it is: API Gateway keeps the line break at its end.
        let description = info.take("description").and_then(plain::scalar);
        api.description = description.filter(|text| !text.trim().is_empty());
        info.leave("info", self);
        for (name, node) in entries(document.take(&extension("request-validators"))) {
            let mut validator = Object::of(node);
            let checks = Checks {
                body: validator.is_on("validateRequestBody", self),
                parameters: validator.is_on("validateRequestParameters", self),
            };
            self.checks.push((name.to_owned(), checks));
            validator.leave("a request validator", self);
        }
        api.policy = document.take(&extension("policy")).map(Self::policy);
        api.binary_media_types = self.media_types(document.take(&extension("binary-media-types")));
        api.minimum_compression_size = document.text(&extension("minimum-compression-size"), self);
        api.api_key_source = document.text(&extension("api-key-source"), self);
        api.security_policy = document.text(&extension("security-policy"), self);
        api.access_mode = document.text(&extension("endpoint-access-mode"), self);
        for (kind, node) in entries(document.take(&extension("gateway-responses"))) {
            if !GATEWAY_RESPONSES.iter().any(|(known, _)| *known == kind) {
                self.ignore(
                    node.span.head(),
                    &format!("there is no gateway response of the type `{kind}`"),
                );
                continue;
            }
            let mut response = Object::of(node);
            let made = GatewayResponse {
                status: response.text("statusCode", self),
                parameters: self.pairs(response.take("responseParameters")),
                templates: self.templates(response.take("responseTemplates")),
            };
            response.leave("a gateway response", self);
            api.gateway_responses.push((kind.to_owned(), made));
        }
        let endpoint = document.take(&extension("endpoint-configuration"));
        self.endpoint(endpoint, &mut api.endpoint);
        for server in items(document.take("servers")) {
            let mut server = Object::of(server);
            let endpoint = server.take(&extension("endpoint-configuration"));
            self.endpoint(endpoint, &mut api.endpoint);
            server.leave("a server", self);
        }
        let documentation = extension("documentation");
        api.raw.extend(
            document
                .take(&documentation)
                .map(|node| (documentation, Item::of(node))),
        );
    }

    /// Binary media types; a placeholder may stand for one.
    fn media_types(&mut self, node: Option<&Node<'static>>) -> Vec<String> {
        let mut types = self.list(node);
        let is_none = |text: &String| !text.contains('/') && placeholder(text).is_none();
        if let Some(node) = node.filter(|node| matches!(node.value, Value::String(_))) {
            let message = "the binary media types are a text that a tool fills in: it stands there as one of them";
            self.lose(node.span.head(), message);
        }
        if let (Some(node), Some(text)) = (node, types.iter().find(|text| is_none(text))) {
            self.ignore(node.span.head(), &format!("`{text}` is no media type"));
        }
        types.retain(|text| !is_none(text));
        types
    }

    fn endpoint(&mut self, node: Option<&'n Node<'static>>, endpoint: &mut Endpoint) {
        endpoint.span = node.map_or(endpoint.span, |node| node.span.head());
        for (key, node) in entries(node) {
            match key {
                "types" => endpoint.types = self.list(Some(node)),
                "vpcEndpointIds" => endpoint.vpc_endpoint_ids = self.list(Some(node)),
                "disableExecuteApiEndpoint" => endpoint.is_disabled = is_true(node),
                _ => {
                    let text = self.text(node, key);
                    endpoint.others.push((key.to_owned(), text));
                }
            }
        }
    }

    /// A policy that stands there as a text is the object that the text is.
    fn policy(node: &Node<'static>) -> Item {
        match Item::of(node) {
            Item::Text(text) => match serde_json::from_str::<serde_json::Value>(&text) {
                Ok(value) if value.is_object() => Item::from(value),
                _ => Item::Text(text),
            },
            policy => policy,
        }
    }

    /// The checks of a validator by its name.
    fn checks_of(&mut self, name: Option<&Node<'static>>) -> Option<Checks> {
        let node = name?;
        let name = plain::scalar(node)?;
        let known = self.checks.iter().find(|(known, _)| *known == name);
        let known = known.map(|(_, checks)| *checks);
        if known.is_none() {
            let message = format!("no request validator is called `{name}`, so that nothing is checked");
            self.ignore(node.span, &message);
        }
        Some(known.unwrap_or_default())
    }

    /// The node that a reference within the document leads to.
    fn follow(&self, node: &'n Node<'static>) -> &'n Node<'static> {
        let mut node = node;
        for _ in 0..MAX_STEPS {
            let Some(target) = reference(node).and_then(|reference| self.at(reference)) else {
                return node;
            };
            node = target;
        }
        node
    }

    /// What a pointer within the document leads to.
    fn at(&self, reference: &str) -> Option<&'n Node<'static>> {
        let mut node = self.root;
        for part in reference.strip_prefix("#/")?.split('/') {
            let part = crate::pointer::unescape(part);
            let Value::Object(members) = &node.value else {
                return None;
            };
            node = &members.iter().find(|member| member.key == part)?.node;
        }
        Some(node)
    }

    /// A value as a text. A function that knows it only when its stack is made stays as it is written.
    fn text(&mut self, node: &Node<'static>, key: &str) -> String {
        if let Some(text) = plain::scalar(node) {
            return text.trim().to_owned();
        }
        let text = Item::of(node).compact();
        if plain::is_function(node) {
            let message =
                format!("a function decides about `{key}`: its text stands there until a variable says a value");
            self.lose(node.span.head(), &message);
        }
        text
    }

    fn list(&mut self, node: Option<&Node<'static>>) -> Vec<String> {
        let texts = match node {
            None => return Vec::new(),
            Some(Node {
                value: Value::Array(items),
                ..
            }) => items.iter().map(|item| self.text(item, "list")).collect(),
            Some(node) => vec![self.text(node, "list")],
        };
        let texts: Vec<String> = texts;
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }

    fn pairs(&mut self, node: Option<&Node<'static>>) -> Pairs {
        let mut pairs = Pairs::new();
        for (name, node) in entries(node) {
            let text = self.text(node, name);
            pairs.push((name.trim().to_owned(), text));
        }
        pairs
    }

    /// Templates by media type. An empty one is none.
    fn templates(&mut self, node: Option<&Node<'static>>) -> Pairs {
        let mut pairs = Pairs::new();
        for (media, node) in entries(node) {
            let text = match &node.value {
                Value::Null => continue,
                Value::String(text) => text.replace("\r\n", "\n"),
                _ => self.text(node, media),
            };
            if !text.trim().is_empty() {
                pairs.push((media.trim().to_owned(), text));
            }
        }
        pairs
    }

    /// Tells that something does not come over.
    fn lose(&mut self, span: Span, message: &str) {
        let message = format!("{}{message}", self.place);
        self.found.push(Diagnostic::new(Code::LostPart, message).at(span));
    }

    /// Tells that something means nothing to API Gateway and is left out.
    fn ignore(&mut self, span: Span, message: &str) {
        self.found.push(Diagnostic::new(Code::IgnoredPart, message).at(span));
    }

    fn refuse(&mut self, span: Span, message: &str, help: &str) {
        let message = format!("{}{message}", self.place);
        self.found
            .push(Diagnostic::new(Code::ForeignDocument, message).at(span).with_help(help));
    }
}

/// The key of an extension.
fn extension(name: &str) -> String {
    format!("{X}{name}")
}

/// The target of a reference.
fn reference<'n>(node: &'n Node<'static>) -> Option<&'n str> {
    match &node.value {
        Value::Object(members) => match &members.iter().find(|member| member.key == "$ref")?.node.value {
            Value::String(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn members<'n>(node: Option<&'n Node<'static>>) -> &'n [Member<'static>] {
    match node {
        Some(Node {
            value: Value::Object(members),
            ..
        }) => members,
        _ => &[],
    }
}

/// The keys and values of an object.
fn entries<'n>(node: Option<&'n Node<'static>>) -> impl Iterator<Item = (&'n str, &'n Node<'static>)> {
    members(node).iter().map(|member| (&*member.key, &member.node))
}

/// The items of a list.
fn items<'n>(node: Option<&'n Node<'static>>) -> &'n [Node<'static>] {
    match node {
        Some(Node {
            value: Value::Array(items),
            ..
        }) => items,
        _ => &[],
    }
}

fn is_true(node: &Node<'static>) -> bool {
    plain::scalar(node).is_some_and(|text| text.trim().eq_ignore_ascii_case("true"))
}

/// An object that is being read: what is not taken is told when it is left.
struct Object<'n> {
    members: Vec<&'n Member<'static>>,
}

impl<'n> Object<'n> {
    fn of(node: &'n Node<'static>) -> Self {
        Self {
            members: members(Some(node)).iter().collect(),
        }
    }

    fn take(&mut self, key: &str) -> Option<&'n Node<'static>> {
        let index = self.members.iter().position(|member| member.key == key)?;
        let node = &self.members.remove(index).node;
        (node.value != Value::Null).then_some(node)
    }

    fn object(&mut self, key: &str, reader: &Reader<'n>) -> Object<'n> {
        let node = self.take(key).map(|node| reader.follow(node));
        Object {
            members: members(node).iter().collect(),
        }
    }

    fn text(&mut self, key: &str, reader: &mut Reader<'_>) -> Option<String> {
        let text = self.take(key).map(|node| reader.text(node, key))?;
        (!text.is_empty()).then_some(text)
    }

    fn is_on(&mut self, key: &str, _reader: &Reader<'_>) -> bool {
        self.take(key).is_some_and(is_true)
    }

    /// Tells what nobody took.
    fn leave(self, owner: &str, reader: &mut Reader<'_>) {
        for member in self.members {
            let message = format!("API Gateway ignores `{}` of {owner}", member.key);
            reader.ignore(member.key_span, &message);
        }
    }
}
