//! What an API does, as facts that can be compared: no ids, no order, no spelling of defaults.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::api::{GatewayResponse, Integration, Method, Resource, Texts};

use super::reading::Reading;

/// What is so about a route: fields and their values. A field that has its default value is absent.
pub type Facts = BTreeMap<String, String>;

/// A verb on a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The path.
    pub path: String,
    /// The verb.
    pub verb: String,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.verb, self.path)
    }
}

/// The field that says who may call.
pub const AUTHORIZATION: &str = "authorization";
/// The field that says whether a key is needed.
pub const API_KEY: &str = "API key";
/// The authorization of a route that everybody may call.
pub const NONE: &str = "NONE";

/// What an API does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// The routes.
    pub routes: BTreeMap<Key, Facts>,
    /// The authorizers by name.
    pub authorizers: BTreeMap<String, Facts>,
    /// The customised answers of the gateway itself, by type.
    pub responses: BTreeMap<String, Facts>,
}

impl Definition {
    /// Of an API as it was read.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let authorizers: BTreeMap<&str, &str> = reading
            .authorizers
            .iter()
            .map(|one| (one.id.as_str(), one.name.as_str()))
            .collect();
        let validators: BTreeMap<&str, &str> = reading
            .validators
            .iter()
            .map(|one| (one.id.as_str(), one.name.as_str()))
            .collect();
        let mut definition = Self::of_parts(&reading.resources, &reading.responses, &|method, facts| {
            if let Some(id) = &method.authorizer_id {
                let name = authorizers.get(id.as_str()).copied().unwrap_or(id);
                facts.insert("authorizer".into(), name.to_owned());
            }
            if let Some(id) = &method.request_validator_id {
                let name = validators.get(id.as_str()).copied().unwrap_or(id);
                facts.insert("request validator".into(), name.to_owned());
            }
        });
        for authorizer in &reading.authorizers {
            definition
                .authorizers
                .insert(authorizer.name.clone(), authorizer.facts());
        }
        definition
    }

    /// Of paths and gateway responses. `references` adds what a method refers to.
    pub(super) fn of_parts(
        resources: &[Resource],
        responses: &[GatewayResponse],
        references: &dyn Fn(&Method, &mut Facts),
    ) -> Self {
        let mut definition = Self::default();
        for resource in resources {
            for (verb, method) in &resource.methods {
                let key = Key {
                    path: resource.path.clone(),
                    verb: verb.clone(),
                };
                let mut facts = facts(method);
                references(method, &mut facts);
                definition.routes.insert(key, facts);
            }
        }
        for response in responses.iter().filter(|response| !response.is_default) {
            let facts = response_facts(response);
            definition.responses.insert(response.kind.clone(), facts);
        }
        definition
    }

    /// A digest that changes whenever the API does something else.
    #[must_use]
    pub fn digest(&self) -> String {
        let routes: Vec<(&Key, &Facts)> = self.routes.iter().collect();
        let text = serde_json::json!([routes, self.authorizers, self.responses]).to_string();
        digest(&text)
    }
}

/// What is so about a gateway response, but for its status.
pub(super) fn response_facts(response: &GatewayResponse) -> Facts {
    let mut facts = Facts::new();
    all(&mut facts, "header", &response.parameters);
    // API Gateway fills in the default body and status of a response whose headers are customised.
    for (kind, template) in &response.templates {
        if template != DEFAULT_BODY {
            facts.insert(format!("body {kind}"), template.clone());
        }
    }
    facts
}

/// The body of a gateway response that nobody customised, as recorded of AWS.
const DEFAULT_BODY: &str = "{\"message\":$context.error.messageString}";

/// The first half of a SHA-256 digest, in hexadecimal digits: enough to tell accidents apart.
pub(crate) fn digest(text: &str) -> String {
    let mut digits = String::with_capacity(32);
    for byte in &Sha256::digest(text)[..16] {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn set(facts: &mut Facts, field: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        facts.insert(field.to_owned(), value.to_owned());
    }
}

fn all(facts: &mut Facts, field: &str, values: &Texts) {
    for (name, value) in values {
        set(facts, &format!("{field} {name}"), Some(value));
    }
}

/// Templates of JSON differ in spaces only.
fn template(text: &str) -> String {
    serde_json::from_str::<serde_json::Value>(text).map_or_else(|_| text.trim().to_owned(), |json| json.to_string())
}

fn facts(method: &Method) -> Facts {
    let mut facts = Facts::new();
    let authorization = method.authorization.as_deref().unwrap_or(NONE);
    facts.insert(AUTHORIZATION.into(), authorization.to_owned());
    if method.api_key_required {
        facts.insert(API_KEY.into(), "required".into());
    }
    set(&mut facts, "scopes", Some(&method.authorization_scopes.join(" ")));
    for (name, required) in &method.request_parameters {
        let value = if *required { "required" } else { "optional" };
        facts.insert(format!("takes {name}"), value.into());
    }
    all(&mut facts, "body", &method.request_models);
    for (status, headers) in &method.responses {
        facts.insert(format!("declares {status}"), headers.join(", "));
    }
    if let Some(integration) = &method.integration {
        add_integration(&mut facts, integration);
    }
    facts
}

fn add_integration(facts: &mut Facts, integration: &Integration) {
    let unless = |value: &Option<String>, default: &str| value.clone().filter(|value| value != default);
    set(facts, "integration", Some(&integration.kind));
    // A mock reaches nobody, whatever verb an emulator writes down for it.
    if integration.kind != "MOCK" {
        set(facts, "integration verb", integration.http_method.as_deref());
    }
    set(facts, "integration URI", integration.uri.as_deref());
    let connection = unless(&integration.connection_type, "INTERNET");
    set(facts, "connection", connection.as_deref());
    if connection.is_some() {
        set(facts, "VPC link", integration.connection_id.as_deref());
    }
    set(facts, "credentials", integration.credentials.as_deref());
    let passthrough = unless(&integration.passthrough_behavior, "WHEN_NO_MATCH");
    set(facts, "passthrough", passthrough.as_deref());
    set(facts, "content handling", integration.content_handling.as_deref());
    if let Some(time) = integration.timeout_in_millis.filter(|&time| time != 29_000) {
        facts.insert("timeout".into(), format!("{time} ms"));
    }
    all(facts, "parameter", &integration.request_parameters);
    for (kind, text) in &integration.request_templates {
        set(facts, &format!("template {kind}"), Some(&template(text)));
    }
    for (status, response) in &integration.responses {
        let pattern = response
            .selection_pattern
            .as_deref()
            .filter(|pattern| !pattern.is_empty());
        facts.insert(format!("answers {status}"), pattern.unwrap_or("default").to_owned());
        all(facts, &format!("answer {status}"), &response.parameters);
        for (kind, text) in &response.templates {
            set(
                facts,
                &format!("answer {status} template {kind}"),
                Some(&template(text)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::api::IntegrationResponse;

    /// The method of a mocked preflight, as recorded of AWS.
    fn recorded() -> Method {
        Method {
            authorization: Some("NONE".into()),
            responses: BTreeMap::from([(
                "200".into(),
                vec!["method.response.header.Access-Control-Allow-Origin".into()],
            )]),
            integration: Some(Integration {
                kind: "MOCK".into(),
                passthrough_behavior: Some("WHEN_NO_MATCH".into()),
                timeout_in_millis: Some(29_000),
                request_templates: Texts::from([("application/json".into(), "{\"statusCode\":200}".into())]),
                responses: BTreeMap::from([(
                    "200".into(),
                    IntegrationResponse {
                        parameters: Texts::from([(
                            "method.response.header.Access-Control-Allow-Origin".into(),
                            "'*'".into(),
                        )]),
                        ..IntegrationResponse::default()
                    },
                )]),
                ..Integration::default()
            }),
            ..Method::default()
        }
    }

    #[test]
    fn defaults_that_aws_writes_down_are_no_facts() {
        let mut plain = recorded();
        let integration = plain.integration.as_mut().unwrap();
        integration.passthrough_behavior = None;
        integration.timeout_in_millis = None;
        integration
            .request_templates
            .insert("application/json".into(), "{\"statusCode\": 200}".into());
        plain.authorization = None;
        assert_eq!(facts(&plain), facts(&recorded()));
    }

    #[test]
    fn the_digest_knows_every_fact_and_no_order() {
        let of = |change: &dyn Fn(&mut Method)| {
            let mut method = recorded();
            change(&mut method);
            let resource = Resource {
                id: String::new(),
                path: "/a".into(),
                methods: BTreeMap::from([("GET".into(), method)]),
            };
            Definition::of_parts(&[resource], &[], &|_, _| {}).digest()
        };
        let same = of(&|_| {});
        assert_eq!(same, of(&|method| method.authorization = None));
        assert_ne!(same, of(&|method| method.authorization = Some("AWS_IAM".into())));
        assert_ne!(same, of(&|method| method.api_key_required = true));
        assert_ne!(
            same,
            of(&|method| method.integration.as_mut().unwrap().uri = Some("x".into()))
        );
    }

    #[test]
    fn a_gateway_response_is_customised_by_what_differs_from_the_default() {
        let response = GatewayResponse {
            kind: "DEFAULT_4XX".into(),
            parameters: Texts::from([("gatewayresponse.header.foo".into(), "'bar'".into())]),
            templates: Texts::from([("application/json".into(), DEFAULT_BODY.into())]),
            ..GatewayResponse::default()
        };
        let default = GatewayResponse {
            kind: "ACCESS_DENIED".into(),
            is_default: true,
            ..GatewayResponse::default()
        };
        let definition = Definition::of_parts(&[], &[response, default], &|_, _| {});
        assert_eq!(definition.responses.len(), 1);
        assert_eq!(
            definition.responses["DEFAULT_4XX"],
            Facts::from([("header gatewayresponse.header.foo".into(), "'bar'".into())])
        );
    }
}
