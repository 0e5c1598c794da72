//! What there is: stages with their routes, and who may call them.

use std::sync::Arc;

use bluegate_core::gateway::{Method, VERBS};
use bluegate_core::openapi::Document;
use serde_json::{Value as Json, json};
use time::OffsetDateTime;

use crate::plane::{ApiKey, Credential, Stage};

/// What a gateway is at a moment.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The stages that answer.
    pub stages: Vec<Shown>,
    /// Who may sign.
    pub credentials: Vec<Credential>,
    /// The API keys.
    pub keys: Vec<ApiKey>,
    /// What time it is for the gateway.
    pub now: OffsetDateTime,
}

/// A stage.
#[derive(Debug, Clone)]
pub struct Shown {
    /// How it answers.
    pub stage: Arc<Stage>,
    /// What stands before its paths, without a slash at the end.
    pub prefix: String,
    /// The name of its API.
    pub title: String,
    /// What it was made of; without it, its API is described.
    pub document: Option<Arc<Document>>,
}

impl Overview {
    /// For the page. Values of keys and secrets are not in it.
    pub(super) fn told(&self) -> Json {
        json!({
            "verbs": VERBS,
            "signers": self.credentials.iter().map(|one| &one.access_key).collect::<Vec<_>>(),
            "keys": self.keys.iter().map(|key| json!({"id": key.id, "name": key.name})).collect::<Vec<_>>(),
            "stages": self.stages.iter().map(Shown::told).collect::<Vec<_>>(),
        })
    }
}

impl Shown {
    /// The document, as JSON.
    pub(super) fn document(&self) -> String {
        match &self.document {
            Some(document) => document.to_json_pretty(),
            None => Document::from(self.stage.api()).to_json_pretty(),
        }
    }

    fn told(&self) -> Json {
        let api = self.stage.api();
        let resources = api.resources.iter();
        let routes = resources.flat_map(|resource| {
            let methods = resource.methods.iter();
            methods.map(|(verb, method)| self.route(&resource.path, verb, method))
        });
        json!({
            "api": self.stage.rest_api_id,
            "title": self.title,
            "name": self.stage.name,
            "prefix": self.prefix,
            "routes": routes.collect::<Vec<_>>(),
        })
    }

    fn route(&self, path: &str, verb: &str, method: &Method) -> Json {
        let mut authorizers = self.stage.api().authorizers.iter();
        let authorizer = authorizers.find(|one| Some(&one.id) == method.authorizer_id.as_ref());
        let integration = method.integration.as_ref();
        let required = |place: &str| -> Vec<&str> {
            let parameters = method
                .request_parameters
                .iter()
                .filter(|(_, is_required)| **is_required);
            let sources = parameters.filter_map(|(source, _)| source.strip_prefix("method.request."));
            sources
                .filter_map(|source| source.strip_prefix(place)?.strip_prefix('.'))
                .collect()
        };
        json!({
            "path": path,
            "verb": verb,
            "access": method.authorization.as_deref().unwrap_or("NONE"),
            "authorizer": authorizer.map(|one| &one.name),
            "scopes": method.authorization_scopes,
            "api_key": method.api_key_required,
            "integration": integration.map_or("-", |one| one.kind.as_str()),
            "target": integration.and_then(|one| one.uri.as_ref()),
            "query": required("querystring"),
            "headers": required("header"),
        })
    }
}
