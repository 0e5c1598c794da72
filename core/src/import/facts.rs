//! What API Gateway makes of an API, as facts that can be compared: not how it is spelt, and nothing that has no effect.

use std::collections::BTreeMap;

use super::api::{Api, Authorizer, AuthorizerKind, Checks, Integration, Kind, Operation, Pairs, Proof};
use super::item::Item;
use super::preflight::{self, Preflight};
use crate::blueprint::Verb;
use crate::model_reference::OF_FILE;
use crate::span::Span;

/// What a fact is about: the operation, the matter, and which one of its kind.
type Key = (String, &'static str, String);

/// The facts of an API.
#[derive(Debug, Default)]
pub(super) struct Facts {
    known: BTreeMap<Key, String>,
    /// Where operations stand, and matters of the whole API.
    places: BTreeMap<String, Span>,
}

/// A fact that two APIs do not share.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// Where the operation stands; the start of the document for what is about all of it.
    pub(super) span: Span,
    pub(super) message: String,
}

impl Facts {
    pub(super) fn of(api: &Api) -> Self {
        let mut facts = Self::default();
        facts.settings(api);
        for operation in &api.operations {
            let place = format!("{} {}", operation.verb, operation.path);
            facts.places.insert(place.clone(), operation.span);
            Of {
                place,
                facts: &mut facts,
                api,
            }
            .operation(operation);
        }
        facts
    }

    fn put(&mut self, place: &str, matter: &'static str, detail: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.known.insert((place.to_owned(), matter, detail.to_owned()), value);
        }
    }

    fn settings(&mut self, api: &Api) {
        self.put("", "title", "", &api.title);
        let mut binary = api.binary_media_types.clone();
        binary.sort();
        binary.dedup();
        self.put("", "binary media types", "", binary.join(" "));
        let settings = [
            ("compression", &api.minimum_compression_size),
            ("security policy", &api.security_policy),
            ("endpoint access mode", &api.access_mode),
        ];
        for (matter, value) in settings {
            self.put("", matter, "", value.clone().unwrap_or_default());
        }
        let source = api.api_key_source.as_deref().unwrap_or("HEADER");
        self.put("", "API key source", "", source.to_uppercase());
        let endpoint = &api.endpoint;
        self.put(
            "",
            "endpoint",
            "disabled",
            if endpoint.is_disabled { "yes" } else { "" },
        );
        self.places.insert("endpoint".into(), endpoint.span);
        for (key, value) in &endpoint.others {
            self.put("", "endpoint", key, value);
        }
        self.put("", "endpoint", "types", endpoint.types.join(" "));
        self.put("", "endpoint", "VPC endpoints", endpoint.vpc_endpoint_ids.join(" "));
        self.put("", "policy", "", api.policy.as_ref().map(canonical).unwrap_or_default());
        for (key, value) in &api.raw {
            self.put("", "extension", key, canonical(value));
        }
        for (name, schema) in &api.models {
            self.put("", "model", name, canonical(schema));
        }
        for (kind, response) in &api.gateway_responses {
            let place = |what: &str| format!("{kind} {what}");
            self.put(
                "",
                "gateway response",
                &place("status"),
                response.status.clone().unwrap_or_default(),
            );
            for (name, value) in &response.parameters {
                self.put("", "gateway response", &place(&name.to_lowercase()), value);
            }
            for (media, text) in &response.templates {
                self.put("", "gateway response", &place(media), template(text));
            }
        }
    }

    /// What is not the same in another API, which is the one that came back of this one. What only the other API has of
    /// the things that generated documents add by themselves is no difference.
    pub(super) fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut keys: Vec<&Key> = self.known.keys().chain(other.known.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let (place, matter, detail) = key;
            let (before, after) = (self.known.get(key), other.known.get(key));
            let is_made = match *matter {
                // Models of schemas that stood in an operation.
                "model" => before.is_none(),
                _ => false,
            };
            if before == after || is_made {
                continue;
            }
            let show =
                |value: Option<&String>| value.map_or("nothing".to_owned(), |value| format!("`{}`", shortened(value)));
            let what = [place.as_str(), matter, detail]
                .into_iter()
                .filter(|part| !part.is_empty());
            let what: Vec<&str> = what.collect();
            let why = match *matter {
                "method response" if detail.ends_with(" headers") && after.is_some() => {
                    ": API Gateway refuses a header that is mapped and not declared"
                }
                "request parameter" if before.is_none() => {
                    ": API Gateway refuses a parameter that is mapped and not declared"
                }
                _ => "",
            };
            differences.push(Difference {
                span: self
                    .places
                    .get(place)
                    .or(self.places.get(*matter))
                    .copied()
                    .unwrap_or_default(),
                message: format!(
                    "{}: {} comes over as {}{why}",
                    what.join(" "),
                    show(before),
                    show(after)
                ),
            });
        }
        differences
    }
}

/// The facts of one operation.
struct Of<'a> {
    place: String,
    facts: &'a mut Facts,
    api: &'a Api,
}

impl Of<'_> {
    fn put(&mut self, matter: &'static str, detail: &str, value: impl Into<String>) {
        self.facts.put(&self.place, matter, detail, value);
    }

    fn operation(&mut self, operation: &Operation) {
        self.put("operation", "", "there");
        let who = operation.authorization.iter().map(|name| self.caller(name));
        let who: Vec<String> = who.collect();
        self.put("authorization", "", who.join(", "));
        let mut scopes = operation.scopes.clone();
        scopes.sort();
        self.put("scopes", "", scopes.join(" "));
        self.put("API key", "", if operation.api_key { "required" } else { "" });
        for (kind, list) in [("query", &operation.query), ("header", &operation.headers)] {
            for parameter in list {
                let name = if kind == "header" {
                    parameter.name.to_lowercase()
                } else {
                    parameter.name.clone()
                };
                let value = if parameter.required { "required" } else { "optional" };
                self.put("request parameter", &format!("{kind} {name}"), value);
            }
        }
        for (media, schema) in &operation.body {
            let schema = self.schema(schema);
            self.put("request model", &media.to_lowercase(), schema);
        }
        let preflight = Preflight::of(operation);
        let checks = if preflight.is_some() {
            preflight::checks(operation)
        } else {
            operation.checks
        };
        self.checks(checks);
        if let Some(preflight) = &preflight {
            return self.preflight(operation, preflight);
        }
        let Some(integration) = &operation.integration else {
            return;
        };
        self.integration(operation, integration);
        if !integration.kind.is_proxy() {
            self.answers(operation);
        }
    }

    fn checks(&mut self, checks: Checks) {
        self.put("validator", "body", if checks.body { "on" } else { "" });
        self.put("validator", "parameters", if checks.parameters { "on" } else { "" });
    }

    /// Who is asked, by what it is and not by its name.
    fn caller(&self, name: &str) -> String {
        let scheme = self.api.schemes.iter().find(|scheme| scheme.name == name);
        match scheme.map(|scheme| &scheme.proof) {
            Some(Proof::Authorizer(authorizer)) => authorizer_text(authorizer),
            _ => name.to_owned(),
        }
    }

    /// A schema; one that is nothing but a model that somebody made of it is written out.
    fn schema(&self, schema: &Item) -> String {
        if let Item::Map(entries) = schema
            && let [(key, Item::Text(reference))] = entries.as_slice()
            && key == "$ref"
            && let Some(name) = reference.strip_prefix(OF_FILE)
            && let Some((_, model)) = self.api.models.iter().find(|(known, _)| known == name)
        {
            return canonical(model);
        }
        canonical(schema)
    }

    fn preflight(&mut self, operation: &Operation, preflight: &Preflight) {
        let others = self.api.operations.iter().filter(|other| other.path == operation.path);
        let verbs: Vec<Verb> = others
            .map(|other| other.verb)
            .filter(|verb| *verb != Verb::Options)
            .collect();
        self.put("CORS", "status", format!("{:.1}xx", preflight.status));
        self.put("CORS", "origin", preflight.origin.clone().unwrap_or_default());
        self.put("CORS", "credentials", if preflight.credentials { "yes" } else { "" });
        let methods = if preflight.methods.contains(['$', '{']) {
            preflight.methods.clone()
        } else {
            preflight.allowed(&verbs).join(" ")
        };
        self.put("CORS", "methods", methods);
        let mut headers: Vec<String> = preflight.headers.iter().map(|name| name.to_lowercase()).collect();
        headers.sort();
        headers.dedup();
        self.put("CORS", "headers", headers.join(" "));
        self.put("CORS", "max-age", preflight.max_age.clone().unwrap_or_default());
        let mut exposed: Vec<String> = preflight.exposed.iter().map(|name| name.to_lowercase()).collect();
        exposed.sort();
        self.put("CORS", "exposed headers", exposed.join(" "));
        for (name, value) in &preflight.others {
            self.put("CORS", name, value);
        }
        for text in &preflight.logic {
            self.put("CORS", "template", template(text));
        }
    }

    fn integration(&mut self, operation: &Operation, integration: &Integration) {
        let name = Kind::ALL.iter().find(|(_, kind)| *kind == integration.kind);
        self.put("integration", "type", name.map_or("", |(name, _)| name));
        let kind = integration.kind;
        if kind != Kind::Mock {
            self.call(operation, integration);
        }
        if !self.api.binary_media_types.is_empty() {
            self.put(
                "content handling",
                "",
                integration.content_handling.clone().unwrap_or_default(),
            );
        }
        if kind.is_proxy() {
            return;
        }
        for (media, text) in &integration.templates {
            self.put("request template", &media.to_lowercase(), template(text));
        }
        let passthrough = integration.passthrough.as_deref().unwrap_or("WHEN_NO_MATCH");
        self.put("passthrough", "", passthrough);
        for (pattern, response) in &integration.responses {
            let place = |what: &str| format!("{pattern} {what}");
            let status = response.status.as_deref().unwrap_or("none");
            self.put("integration response", &place("status"), status);
            for (name, value) in small(&response.parameters) {
                self.put("integration response", &place(&name), value);
            }
            for (media, text) in &response.templates {
                self.put("integration response", &place(media), template(text));
            }
            if !self.api.binary_media_types.is_empty() {
                let handling = response.content_handling.clone().unwrap_or_default();
                self.put("integration response", &place("content handling"), handling);
            }
        }
    }

    /// What is called, and how.
    fn call(&mut self, operation: &Operation, integration: &Integration) {
        let verb = integration.verb.as_deref().unwrap_or_default();
        let any = integration.kind.is_http() && verb == "ANY" && operation.verb != Verb::Any;
        self.put("httpMethod", "", if any { operation.verb.as_str() } else { verb });
        let mut uri = integration.uri.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_whole = integration.kind.is_http() && uri.starts_with("${") && uri.find('}') == Some(uri.len() - 1);
        for (name, value) in small(&integration.parameters) {
            if let Some(hole) = name.strip_prefix("integration.request.path.") {
                let hole = format!("{{{hole}}}");
                let marked = format!("${hole}");
                if uri.replace(&marked, "").contains(&hole) {
                    let guarded = uri.replace(&marked, "\u{0}").replace(&hole, &format!("{{={value}}}"));
                    uri = guarded.replace('\u{0}', &marked);
                    continue;
                }
                if !is_whole {
                    continue;
                }
            }
            self.put("mapping", &name, value);
        }
        // `https://host/` is `https://host`.
        if let Some(bare) = uri.strip_suffix('/')
            && bare.matches('/').count() == 2
            && bare.contains("://")
        {
            uri = bare.to_owned();
        }
        self.put("uri", "", uri);
        self.put("credentials", "role", integration.role.clone().unwrap_or_default());
        self.put(
            "timeout",
            "",
            integration.timeout.clone().unwrap_or_else(|| "29000".into()),
        );
        let keys = integration.cache_keys.iter().map(|key| (key.clone(), String::new()));
        let keys = small(&keys.collect());
        let mut keys: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        self.put("cache", "keys", keys.join(" "));
        self.put(
            "cache",
            "namespace",
            integration.cache_namespace.clone().unwrap_or_default(),
        );
        self.put(
            "tls",
            "",
            if integration.skips_verification {
                "any certificate"
            } else {
                ""
            },
        );
        let transfer = integration.transfer.as_deref().filter(|mode| *mode != "BUFFERED");
        self.put("transfer", "", transfer.unwrap_or_default());
        if integration.kind.is_http() {
            self.put(
                "connection",
                "vpc link",
                integration.vpc_link.clone().unwrap_or_default(),
            );
            self.put(
                "connection",
                "integration target",
                integration.target.clone().unwrap_or_default(),
            );
        }
    }

    fn answers(&mut self, operation: &Operation) {
        for (status, answer) in &operation.answers {
            self.put("method response", status, "there");
            let mut headers: Vec<String> = answer.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
            headers.sort();
            self.put("method response", &format!("{status} headers"), headers.join(" "));
            for (media, schema) in &answer.content {
                let schema = self.schema(schema);
                self.put(
                    "method response",
                    &format!("{status} model {}", media.to_lowercase()),
                    schema,
                );
            }
        }
    }
}

fn authorizer_text(authorizer: &Authorizer) -> String {
    let header = authorizer.header.to_lowercase();
    let pattern = authorizer.pattern.as_deref().unwrap_or_default();
    let role = authorizer.role.as_deref().unwrap_or_default();
    let ttl = authorizer.ttl.as_deref().unwrap_or("300");
    match &authorizer.kind {
        AuthorizerKind::Cognito { pools } => {
            let mut pools = pools.clone();
            pools.sort();
            format!("cognito {} {header} {pattern} {ttl}", pools.join(" "))
        }
        AuthorizerKind::Token { uri } => format!("token {uri} {header} {pattern} {ttl} {role}"),
        AuthorizerKind::Request { uri } => {
            let sources = authorizer.identity.iter().map(|source| (source.clone(), String::new()));
            let sources = small(&sources.collect());
            let mut sources: Vec<&str> = sources.iter().map(|(source, _)| source.as_str()).collect();
            sources.sort_unstable();
            format!("request {uri} {} {ttl} {role}", sources.join(" "))
        }
    }
}

/// Names of headers in small letters, on both sides.
fn small(pairs: &Pairs) -> Pairs {
    let lower = |text: &str| {
        let at = text.find(".header.").or_else(|| text.find(".multivalueheader."));
        match at {
            Some(_) if text.starts_with("integration.") || text.starts_with("method.") => text.to_lowercase(),
            _ => text.to_owned(),
        }
    };
    pairs.iter().map(|(name, value)| (lower(name), lower(value))).collect()
}

/// A template: JSON as JSON, else without spaces at the ends of its lines.
fn template(text: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => canonical(&Item::from(value)),
        Err(_) => text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n"),
    }
}

/// A value with its keys in order and its numbers in one spelling.
fn canonical(item: &Item) -> String {
    sorted(item).compact()
}

fn sorted(item: &Item) -> Item {
    match item {
        Item::Number(digits) => Item::Number(
            digits
                .parse::<f64>()
                .map_or_else(|_| digits.clone(), |number| number.to_string()),
        ),
        Item::List(items) => Item::List(items.iter().map(sorted).collect()),
        Item::Map(entries) => {
            let mut entries: Vec<(String, Item)> = entries
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Item::Map(entries)
        }
        other => other.clone(),
    }
}

/// The start of a long text.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
