//! What API Gateway makes of a document, written a second time: by what is in the document, and not by what bluegate
//! understands of it.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::document::{entries, follow, is_function, items, media_types, text, text_at};
use super::schema::Schema;

const X: &str = "x-amazon-apigateway-";
pub(crate) const VERBS: [&str; 8] = [
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "x-amazon-apigateway-any-method",
];
/// Headers that every client of API Gateway may send.
const USUAL: [&str; 5] = [
    "content-type",
    "x-amz-date",
    "authorization",
    "x-api-key",
    "x-amz-security-token",
];

/// What is compared: as a text, or as a schema.
pub(crate) enum Fact<'a> {
    Text(String),
    Schema(Schema<'a>),
}

/// The facts of a document, each with the place and the matter that it is about.
pub(crate) struct Facts<'a> {
    pub(crate) document: &'a Value,
    pub(crate) facts: BTreeMap<String, Fact<'a>>,
    pub(crate) has_binary: bool,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(document: &'a Value) -> Self {
        let mut facts = Self {
            document,
            facts: BTreeMap::new(),
            has_binary: !items(document, &format!("{X}binary-media-types")).is_empty(),
        };
        facts.api();
        for (path, item) in entries(document, "paths") {
            let item = follow(document, item);
            if !path.starts_with('/') || item.get("$ref").is_some() {
                continue;
            }
            let path = if path == "/" { path } else { path.trim_end_matches('/') };
            for verb in VERBS {
                if let Some(operation) = item.get(verb) {
                    let place = format!("{} {path}", verb.trim_start_matches(X));
                    facts.operation(&place, verb, follow(document, operation), item);
                }
            }
        }
        facts
    }

    /// What the other one, which came back of this one, says differently.
    pub(crate) fn differences(&self, other: &Facts<'_>) -> Vec<String> {
        let mut keys: Vec<&String> = self.facts.keys().chain(other.facts.keys()).collect();
        keys.sort();
        keys.dedup();
        let is_open = self
            .facts
            .iter()
            .any(|(key, fact)| key.ends_with("CORS origin") && matches!(fact, Fact::Text(text) if text == "*"));
        let mut seen = HashSet::new();
        let differs = |key: &&String| match (self.facts.get(*key), other.facts.get(*key)) {
            (Some(Fact::Text(one)), Some(Fact::Text(two))) => one != two,
            (Some(Fact::Schema(one)), Some(Fact::Schema(two))) => !one.is_same(*two, &mut seen),
            // Browsers hide answers without it.
            (None, Some(Fact::Text(text))) => {
                !(is_open && text == "'*'" && key.ends_with("XX gatewayresponse.header.access-control-allow-origin"))
            }
            _ => true,
        };
        keys.into_iter().filter(differs).cloned().collect()
    }

    pub(crate) fn put(&mut self, key: String, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.insert(key, Fact::Text(value));
        }
    }

    fn api(&mut self) {
        let document = self.document;
        self.put("title".into(), text_at(&document["info"], "title"));
        self.put(
            "binary".into(),
            sorted(items(document, &format!("{X}binary-media-types")).iter().map(text)),
        );
        for name in ["minimum-compression-size", "security-policy", "endpoint-access-mode"] {
            self.put(name.into(), text_at(document, &format!("{X}{name}")));
        }
        let source = text_at(document, &format!("{X}api-key-source")).to_uppercase();
        self.put(
            "key source".into(),
            if source == "HEADER" { String::new() } else { source },
        );
        for holder in std::iter::once(document).chain(items(document, "servers")) {
            for (key, value) in entries(holder, &format!("{X}endpoint-configuration")) {
                if *value != Value::Bool(false) {
                    self.put(format!("endpoint {key}"), value.to_string());
                }
            }
        }
        let policy = &document[format!("{X}policy")];
        let policy = policy
            .as_str()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(policy.clone());
        self.put(
            "policy".into(),
            if policy.is_null() {
                String::new()
            } else {
                policy.to_string()
            },
        );
        for (kind, response) in entries(document, &format!("{X}gateway-responses")) {
            self.put(
                format!("gateway response {kind} status"),
                text_at(response, "statusCode"),
            );
            for (name, value) in entries(response, "responseParameters") {
                self.put(format!("gateway response {kind} {}", name.to_lowercase()), text(value));
            }
            for (media, value) in entries(response, "responseTemplates") {
                self.put(format!("gateway response {kind} {media}"), template(value));
            }
        }
    }

    fn operation(&mut self, place: &str, verb: &str, operation: &'a Value, item: &'a Value) {
        self.put(place.into(), "there");
        self.callers(place, operation);
        let required = self.parameters(place, operation, item);
        let has_model = self.bodies(place, operation, item);
        let integration = follow(self.document, &operation[format!("{X}integration")]);
        let kind = text_at(integration, "type").to_lowercase();
        let allows = |response: &Value| {
            let mut names = entries(response, "responseParameters").into_iter();
            names.any(|(name, _)| name.to_lowercase().contains(".access-control-allow-"))
        };
        let is_preflight = verb == "options"
            && kind == "mock"
            && entries(integration, "responses")
                .iter()
                .any(|(_, response)| allows(response));
        let name = operation
            .get(format!("{X}request-validator"))
            .or_else(|| self.document.get(format!("{X}request-validator")));
        if let Some(name) = name.map(text) {
            let validator = &self.document[format!("{X}request-validators")][name];
            for (key, matters) in [
                ("validateRequestBody", has_model),
                ("validateRequestParameters", required),
            ] {
                if text_at(validator, key) == "true" && (matters || !is_preflight) {
                    self.put(format!("{place} {key}"), "on");
                }
            }
        }
        if is_preflight {
            return self.preflight(place, integration, item);
        }
        self.integration(place, verb, &kind, integration);
        if !kind.ends_with("_proxy") && !kind.is_empty() {
            self.answers(place, operation);
        }
    }

    fn callers(&mut self, place: &str, operation: &Value) {
        let document = self.document;
        let asked = operation.get("security").or_else(|| document.get("security"));
        let (mut who, mut scopes) = (Vec::new(), Vec::new());
        for requirement in asked.and_then(Value::as_array).into_iter().flatten() {
            for (name, wanted) in requirement.as_object().into_iter().flatten() {
                let scheme = document["components"]["securitySchemes"]
                    .get(name)
                    .or_else(|| document["securityDefinitions"].get(name));
                let Some(scheme) = scheme else { continue };
                let details = &scheme[format!("{X}authorizer")];
                let header = text_at(scheme, "name").to_lowercase();
                let caller = if !details.is_null() {
                    let (caller, is_pool) = authorizer(scheme, details, &header);
                    scopes.extend(wanted.as_array().into_iter().flatten().map(text).filter(|_| is_pool));
                    caller
                } else if text_at(scheme, &format!("{X}authtype")).eq_ignore_ascii_case("awssigv4") {
                    "AWS_IAM".to_owned()
                } else if header == "x-api-key" && text_at(scheme, "type").eq_ignore_ascii_case("apiKey") {
                    self.put(format!("{place} API key"), "required");
                    continue;
                } else {
                    continue;
                };
                if !who.contains(&caller) {
                    who.push(caller);
                }
            }
        }
        match text_at(&operation[format!("{X}auth")], "type").to_uppercase().as_str() {
            "AWS_IAM" if !who.iter().any(|caller| caller == "AWS_IAM") => who.push("AWS_IAM".into()),
            "NONE" if !who.is_empty() => who.push("NONE".into()),
            _ => {}
        }
        self.put(format!("{place} callers"), who.join("; "));
        self.put(format!("{place} scopes"), sorted(scopes));
    }

    /// Whether one is required.
    fn parameters(&mut self, place: &str, operation: &Value, item: &Value) -> bool {
        let mut found = BTreeMap::new();
        for parameter in items(item, "parameters").iter().chain(items(operation, "parameters")) {
            let parameter = follow(self.document, parameter);
            let name = text_at(parameter, "name");
            match text_at(parameter, "in").as_str() {
                "query" => found.insert(format!("query {name}"), text_at(parameter, "required") == "true"),
                "header" => found.insert(
                    format!("header {}", name.to_lowercase()),
                    text_at(parameter, "required") == "true",
                ),
                _ => None,
            };
        }
        for (name, required) in &found {
            self.put(
                format!("{place} parameter {name}"),
                if *required { "required" } else { "optional" },
            );
        }
        found.values().any(|required| *required)
    }

    /// Whether there is a model.
    fn bodies(&mut self, place: &str, operation: &'a Value, item: &'a Value) -> bool {
        let document = self.document;
        let mut found: Vec<(String, &Value)> = Vec::new();
        for (media, content) in entries(follow(document, &operation["requestBody"]), "content") {
            found.extend(content.get("schema").map(|schema| (media.to_lowercase(), schema)));
        }
        for parameter in items(item, "parameters").iter().chain(items(operation, "parameters")) {
            let parameter = follow(document, parameter);
            if text_at(parameter, "in") == "body"
                && let Some(schema) = parameter.get("schema")
            {
                let media = media_types(document, operation, "consumes");
                found.extend(media.into_iter().map(|media| (media.to_lowercase(), schema)));
            }
        }
        found.retain(|(_, schema)| !Schema(document, schema).is_empty());
        let any = !found.is_empty();
        for (media, schema) in found {
            self.facts
                .insert(format!("{place} body {media}"), Fact::Schema(Schema(document, schema)));
        }
        any
    }

    fn preflight(&mut self, place: &str, integration: &Value, item: &Value) {
        let template = text_at(&integration["requestTemplates"], "application/json");
        let wanted: String = template.chars().filter(char::is_ascii_digit).take(3).collect();
        let responses = entries(integration, "responses");
        let by = |pattern: &str| responses.iter().find(|(known, _)| *known == pattern);
        let Some((_, response)) = by(&wanted).or_else(|| by("default")).or_else(|| responses.first()) else {
            return;
        };
        self.put(
            format!("{place} CORS status"),
            text_at(response, "statusCode").chars().take(1).collect::<String>(),
        );
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in entries(response, "responseParameters") {
            let name = name.to_lowercase().replace("method.response.header.", "");
            headers.insert(name, text(value).trim_matches('\'').trim_matches('"').trim().to_owned());
        }
        let mut take = |name: &str| headers.remove(&format!("access-control-{name}")).unwrap_or_default();
        let (origin, credentials, methods) = (take("allow-origin"), take("allow-credentials"), take("allow-methods"));
        let (allowed, age, exposed) = (take("allow-headers"), take("max-age"), take("expose-headers"));
        self.put(format!("{place} CORS origin"), origin);
        let with_credentials = credentials.eq_ignore_ascii_case("true");
        self.put(
            format!("{place} CORS credentials"),
            if with_credentials { "yes" } else { "" },
        );
        let has = |verb: &&str| item.get(verb.to_lowercase()).is_some() || item.get(VERBS[7]).is_some();
        let needed = ["DELETE", "PATCH", "PUT"].into_iter().filter(has);
        let named: Vec<String> = methods
            .to_uppercase()
            .split(|c: char| !c.is_ascii_alphabetic() && c != '*')
            .map(str::to_owned)
            .collect();
        let all = named.iter().any(|word| word == "*") && !with_credentials;
        let verbs: Vec<&str> = needed
            .filter(|verb| all || named.iter().any(|word| word == verb))
            .collect();
        self.put(
            format!("{place} CORS methods"),
            if methods.contains("${") {
                methods.clone()
            } else {
                verbs.join(" ")
            },
        );
        let list = |text: &str| -> Vec<String> {
            text.split(',')
                .map(|word| word.trim().to_lowercase())
                .filter(|word| !word.is_empty())
                .collect()
        };
        self.put(
            format!("{place} CORS headers"),
            sorted(
                list(&allowed)
                    .into_iter()
                    .filter(|name| !USUAL.contains(&name.as_str())),
            ),
        );
        self.put(format!("{place} CORS max-age"), age);
        self.put(format!("{place} CORS exposed"), sorted(list(&exposed)));
        for (name, value) in headers {
            if !["content-type", "content-length"].contains(&name.as_str()) {
                self.put(format!("{place} CORS {name}"), value);
            }
        }
        for (_, value) in entries(response, "responseTemplates") {
            let text = text(value);
            if text.contains("#set") || text.contains("responseOverride") {
                self.put(format!("{place} CORS template"), text);
            }
        }
    }
}

/// An authorizer by what it is, and whether it is a user pool.
fn authorizer(scheme: &Value, details: &Value, header: &str) -> (String, bool) {
    if is_function(details) {
        return (details.to_string(), false);
    }
    let pools = match &details["providerARNs"] {
        Value::Array(pools) => sorted(pools.iter().map(text)),
        other => text(other),
    };
    let auth_type = text_at(scheme, &format!("{X}authtype")).to_lowercase();
    let kind = match text_at(details, "type").to_lowercase().as_str() {
        "" if !pools.is_empty() || auth_type == "cognito_user_pools" => "cognito_user_pools".to_owned(),
        "" => "token".to_owned(),
        kind => kind.to_owned(),
    };
    let ttl = text_at(details, "authorizerResultTtlInSeconds");
    let ttl = if ttl.is_empty() { "300".to_owned() } else { ttl };
    let pattern = text_at(details, "identityValidationExpression");
    let (uri, role) = (
        text_at(details, "authorizerUri"),
        text_at(details, "authorizerCredentials"),
    );
    let caller = match kind.as_str() {
        "cognito_user_pools" => format!("{kind} {pools} {header} {pattern} {ttl}"),
        "request" => {
            let sources = text_at(details, "identitySource");
            let sources = sorted(
                sources
                    .split(',')
                    .map(|source| small(source.trim()))
                    .filter(|source| !source.is_empty()),
            );
            format!("{kind} {uri} {sources} {ttl} {role}")
        }
        _ => format!("{kind} {uri} {header} {pattern} {ttl} {role}"),
    };
    (caller, kind == "cognito_user_pools")
}

/// Names of headers in small letters.
pub(crate) fn small(text: &str) -> String {
    let is_place = text.starts_with("integration.") || text.starts_with("method.");
    if is_place && text.contains(".header.") {
        text.to_lowercase()
    } else {
        text.to_owned()
    }
}

/// A template: JSON as JSON, else without spaces at the ends of its lines.
pub(crate) fn template(value: &Value) -> String {
    let text = text(value);
    match serde_json::from_str::<Value>(&text) {
        Ok(value) => value.to_string(),
        Err(_) => text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"),
    }
}

pub(crate) fn sorted(texts: impl IntoIterator<Item = String>) -> String {
    let mut texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.sort();
    texts.dedup();
    texts.join(" ")
}
