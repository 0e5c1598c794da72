//! What an API does, as facts that can be compared: no ids, no order, no spelling of defaults.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::draft::DEFAULT_BODY;
use super::field::Field;
use super::model::{
    Access, Api, Authorizer, GatewayResponse, Integration, Method, Model, RequestValidator, Texts, is_made_up,
};
use crate::blueprint::{GATEWAY_RESPONSES, Verb};
use crate::digest::file_digest;

/// What is so about a route: fields and their values. A field that has its default value is absent.
pub type Facts = BTreeMap<Field, String>;

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
    /// The request validators that routes have, by name.
    pub validators: BTreeMap<String, Facts>,
    /// The schemas of models that have a name, by it. They do nothing but where a route checks bodies, and no digest
    /// knows of them.
    pub models: BTreeMap<String, Value>,
    /// Whether the API has binary media types: without any, bodies are texts as they are. A draft does not say so.
    pub has_binary: bool,
}

impl Definition {
    /// Of an API.
    #[must_use]
    pub fn of(api: &Api) -> Self {
        let ids = api.authorizers.iter().map(|one| (one.id.as_str(), one.name.as_str()));
        let authorizer_names: BTreeMap<&str, &str> = ids.collect();
        let ids = api.validators.iter().map(|one| (one.id.as_str(), one.name.as_str()));
        let validator_names: BTreeMap<&str, &str> = ids.collect();
        let unnamed = api.models.iter().filter(|model| is_made_up(&model.name));
        let unnamed: BTreeMap<&str, String> = unnamed
            .filter_map(|model| Some((model.name.as_str(), content(model)?)))
            .collect();
        let mut definition = Self::default();
        for resource in &api.resources {
            for (verb, method) in &resource.methods {
                let key = Key {
                    path: resource.path.clone(),
                    verb: verb.clone(),
                };
                let mut facts = facts(method, &resource.id);
                for (kind, model) in &method.request_models {
                    // API Gateway makes up another name by each import: the schema is what tells such models apart.
                    let called = match unnamed.get(model.as_str()) {
                        Some(schema) => schema,
                        None if is_made_up(model) => UNNAMED,
                        None => model,
                    };
                    facts.insert(Field::Body(kind.clone()), called.to_owned());
                }
                // An API refers by id, a document by name.
                for (field, id, names) in [
                    (Field::Authorizer, &method.authorizer_id, &authorizer_names),
                    (Field::RequestValidator, &method.request_validator_id, &validator_names),
                ] {
                    if let Some(id) = id {
                        let name = names.get(id.as_str()).copied().unwrap_or(id);
                        facts.insert(field, name.to_owned());
                    }
                }
                definition.routes.insert(key, facts);
            }
        }
        definition.authorizers = api
            .authorizers
            .iter()
            .map(|one| (one.name.clone(), authorizer_facts(one)))
            .collect();
        let used: BTreeSet<&String> = definition
            .routes
            .values()
            .filter_map(|facts| facts.get(&Field::RequestValidator))
            .collect();
        let used = api.validators.iter().filter(|one| used.contains(&one.name));
        definition.validators = used.map(|one| (one.name.clone(), validator_facts(one))).collect();
        let named = api.models.iter().filter(|model| !is_made_up(&model.name));
        let named = named.filter_map(|model| Some((model.name.clone(), model.in_document()?)));
        definition.models = named.collect();
        let custom = api.responses.iter().filter(|response| !response.is_default);
        definition.responses = custom
            .map(|response| (response.kind.clone(), response_facts(response)))
            .collect();
        definition
    }

    /// Of what a deployment says about who may call what: verbs by path. Nobody says how these are spelt, such as the key
    /// of what answers every verb.
    #[must_use]
    pub fn of_access(paths: &BTreeMap<String, BTreeMap<String, Access>>) -> Self {
        let mut definition = Self::default();
        for (path, verbs) in paths {
            for (verb, access) in verbs {
                let known = Verb::of_document_key(&verb.to_lowercase());
                let key = Key {
                    path: format!("/{}", path.trim_matches('/')),
                    verb: known.map_or_else(|| verb.to_uppercase(), |verb| verb.to_string()),
                };
                let facts = access_facts(access.authorization.as_deref(), access.api_key_required);
                definition.routes.insert(key, facts);
            }
        }
        definition
    }

    /// A digest that changes whenever the API does something else, and with nothing else: `1:` and 32 digits. What
    /// stands before the colon is the scheme; digests of two schemes say nothing about each other.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("{SCHEME}:{}", short_digest(&self.canonical()))
    }

    /// Whether a digest can be compared with those that this version makes.
    #[must_use]
    pub fn is_comparable(digest: &str) -> bool {
        digest.split_once(':').is_some_and(|(scheme, _)| scheme == SCHEME)
    }

    /// What is digested. A new field, and a new kind of part, leave it as it is for every API that has none of it.
    fn canonical(&self) -> String {
        let routes = self.routes.iter();
        let mut lines: Vec<_> = routes
            .map(|(key, facts)| (["route", &key.path, &key.verb], coded(facts)))
            .collect();
        for (kind, named) in [
            ("authorizer", &self.authorizers),
            ("response", &self.responses),
            ("validator", &self.validators),
        ] {
            lines.extend(named.iter().map(|(name, facts)| ([kind, name, ""], coded(facts))));
        }
        serde_json::to_string(&lines).unwrap_or_default()
    }
}

/// The scheme of the digests: what [`Definition::canonical`] writes, and the codes of the fields.
const SCHEME: &str = "1";

/// Facts as a digest knows them.
fn coded(facts: &Facts) -> Vec<([&str; 3], &str)> {
    let mut coded: Vec<_> = facts
        .iter()
        .map(|(field, value)| (field.code(), value.as_str()))
        .collect();
    coded.sort_unstable();
    coded
}

/// The first half of a SHA-256 digest, in hexadecimal digits: enough to tell accidents apart.
#[must_use]
pub fn short_digest(text: &str) -> String {
    let mut digits = file_digest(text);
    digits.truncate(digits.len() / 2);
    digits
}

/// A short digest of a gateway response: what tells it from an edited one.
#[must_use]
pub fn response_digest(response: &GatewayResponse) -> String {
    short_digest(&serde_json::json!(coded(&response_facts(response))).to_string())
}

/// What is so about a gateway response.
fn response_facts(response: &GatewayResponse) -> Facts {
    let mut facts = Facts::new();
    let status = response.status_code.as_deref();
    set(
        &mut facts,
        Field::Status,
        status.filter(|status| Some(*status) != default_status(&response.kind)),
    );
    all(&mut facts, Field::Header, &response.parameters);
    // API Gateway fills in the default body and status of a response whose headers are customised.
    for (kind, template) in &response.templates {
        if template != DEFAULT_BODY {
            facts.insert(Field::Body(kind.clone()), template.clone());
        }
    }
    facts
}

/// The status of a gateway response that nobody customised.
fn default_status(kind: &str) -> Option<&'static str> {
    let known = GATEWAY_RESPONSES.iter().find(|(known, _)| *known == kind);
    known.and_then(|(_, status)| *status)
}

/// What a model without a name is called when nobody tells its schema.
const UNNAMED: &str = "a model without a name";

/// The schema of a model, in one form.
fn content(model: &Model) -> Option<String> {
    Some(sorted_json(model.in_document()?).to_string())
}

fn authorizer_facts(authorizer: &Authorizer) -> Facts {
    let mut facts = Facts::new();
    set(&mut facts, Field::Type, Some(&authorizer.kind));
    set(&mut facts, Field::Function, authorizer.uri.as_deref());
    set(&mut facts, Field::IdentitySource, authorizer.identity_source.as_deref());
    // One that is shown the request has no token to look at.
    let pattern = authorizer
        .validation
        .as_deref()
        .filter(|_| authorizer.kind != "REQUEST");
    set(&mut facts, Field::IdentityPattern, pattern);
    set(&mut facts, Field::Credentials, authorizer.credentials.as_deref());
    if let Some(seconds) = authorizer.ttl.filter(|&seconds| seconds != 300) {
        facts.insert(Field::Holds, format!("{seconds} s"));
    }
    for arn in &authorizer.provider_arns {
        facts.insert(Field::Provider(arn.clone()), "yes".to_owned());
    }
    facts
}

fn validator_facts(validator: &RequestValidator) -> Facts {
    let checks = [("body", validator.body), ("parameters", validator.parameters)];
    let checks = checks.into_iter().filter(|(_, is_checked)| *is_checked);
    checks
        .map(|(what, _)| (Field::Checks(what.to_owned()), "yes".to_owned()))
        .collect()
}

fn set(facts: &mut Facts, field: Field, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        facts.insert(field, value.to_owned());
    }
}

fn all(facts: &mut Facts, field: impl Fn(String) -> Field, values: &Texts) {
    for (name, value) in values {
        set(facts, field(name.clone()), Some(value));
    }
}

/// Templates of JSON differ in spaces only.
fn template(text: &str) -> String {
    serde_json::from_str(text).map_or_else(|_| text.trim().to_owned(), |json| sorted_json(json).to_string())
}

/// The same value with its keys in order, in whichever order serde_json was told to keep them.
#[must_use]
pub fn sorted_json(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted_json).collect(),
        Value::Object(entries) => {
            let entries: BTreeMap<String, Value> = entries
                .into_iter()
                .map(|(key, value)| (key, sorted_json(value)))
                .collect();
            entries.into_iter().collect()
        }
        other => other,
    }
}

fn access_facts(authorization: Option<&str>, api_key_required: bool) -> Facts {
    let mut facts = Facts::from([(Field::Authorization, authorization.unwrap_or(NONE).to_owned())]);
    if api_key_required {
        facts.insert(Field::ApiKey, "required".into());
    }
    facts
}

fn facts(method: &Method, resource_id: &str) -> Facts {
    let mut facts = access_facts(method.authorization.as_deref(), method.api_key_required);
    set(&mut facts, Field::Scopes, Some(&method.authorization_scopes.join(" ")));
    for (name, required) in &method.request_parameters {
        let value = if *required { "required" } else { "optional" };
        facts.insert(Field::Takes(name.clone()), value.into());
    }
    for (status, response) in &method.responses {
        let headers: Vec<&str> = response.parameters.keys().map(String::as_str).collect();
        facts.insert(Field::Declares(status.clone()), headers.join(", "));
    }
    if let Some(integration) = &method.integration {
        add_integration(&mut facts, integration, resource_id);
    }
    facts
}

fn add_integration(facts: &mut Facts, integration: &Integration, resource_id: &str) {
    set(facts, Field::Integration, Some(&integration.kind));
    // A mock reaches nobody, whatever verb an emulator writes down for it.
    if integration.kind != "MOCK" {
        set(facts, Field::IntegrationVerb, integration.http_method.as_deref());
    }
    for (field, value, default) in [
        (Field::IntegrationUri, &integration.uri, ""),
        (Field::Connection, &integration.connection_type, "INTERNET"),
        (Field::IntegrationTarget, &integration.integration_target, ""),
        (Field::Credentials, &integration.credentials, ""),
        (Field::Passthrough, &integration.passthrough_behavior, "WHEN_NO_MATCH"),
        (Field::ContentHandling, &integration.content_handling, ""),
        (Field::ResponseTransfer, &integration.response_transfer_mode, "BUFFERED"),
        // By default answers are kept under the resource's own id.
        (Field::CacheNamespace, &integration.cache_namespace, resource_id),
    ] {
        set(facts, field, value.as_deref().filter(|value| *value != default));
    }
    if facts.contains_key(&Field::Connection) {
        set(facts, Field::VpcLink, integration.connection_id.as_deref());
    }
    if integration.skips_verification {
        facts.insert(Field::CertificateCheck, "off".to_owned());
    }
    if let Some(time) = integration.timeout_in_millis.filter(|&time| time != 29_000) {
        facts.insert(Field::Timeout, format!("{time} ms"));
    }
    for parameter in &integration.cache_key_parameters {
        facts.insert(Field::CacheKey(parameter.clone()), "yes".to_owned());
    }
    all(facts, Field::Parameter, &integration.request_parameters);
    for (kind, text) in &integration.request_templates {
        set(facts, Field::Template(kind.clone()), Some(&template(text)));
    }
    for (status, response) in &integration.responses {
        let pattern = response
            .selection_pattern
            .as_deref()
            .filter(|pattern| !pattern.is_empty());
        facts.insert(Field::Answers(status.clone()), pattern.unwrap_or("default").to_owned());
        all(
            facts,
            |header| Field::Answer(status.clone(), header),
            &response.parameters,
        );
        let handling = response.content_handling.as_deref();
        set(facts, Field::AnswerContentHandling(status.clone()), handling);
        for (kind, text) in &response.templates {
            let field = Field::AnswerTemplate(status.clone(), kind.clone());
            set(facts, field, Some(&template(text)));
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
