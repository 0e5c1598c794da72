//! What a stage may serve, computed from the fake and the document alone: nothing of the plan is used.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::api::Resource;
use crate::fake::Snapshot;

/// Everything that a caller of a stage, or its owner, may notice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Serving {
    resources: BTreeMap<String, Resource>,
    responses: BTreeMap<String, GatewayResponse>,
    settings: Settled,
}

/// The settings of an API, in one form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settled {
    name: String,
    description: String,
    policy: Option<Value>,
    binary: BTreeSet<String>,
    compression: Option<i32>,
    key_source: String,
    endpoints: BTreeSet<String>,
    off: bool,
    tls: (Option<String>, Option<String>),
    ip: Option<String>,
    kinds: Vec<String>,
    tags: Texts,
}

pub(super) fn settled(api: &RestApi) -> Settled {
    let policy = api.policy.as_deref().filter(|text| !text.is_empty());
    let mut tags = api.tags.clone();
    tags.remove(Lock::TAG);
    Settled {
        name: api.name.clone(),
        description: api.description.clone().unwrap_or_default(),
        policy: policy.map(|text| serde_json::from_str(&text.replace("\\\"", "\"")).expect("a policy")),
        binary: api.binary_media_types.iter().cloned().collect(),
        compression: api.minimum_compression_size,
        key_source: api.api_key_source.clone().unwrap_or_else(|| "HEADER".into()),
        endpoints: api.vpc_endpoint_ids.iter().cloned().collect(),
        off: api.disable_execute_api_endpoint,
        tls: (
            api.security_policy.clone().filter(|policy| policy != "TLS_1_0"),
            api.endpoint_access_mode.clone().filter(|mode| mode != "BASIC"),
        ),
        ip: api.ip_address_type.clone().filter(|kind| kind != "ipv4"),
        kinds: api.endpoint_types.clone(),
        tags,
    }
}

fn serving(resources: &[Resource], responses: &[GatewayResponse], api: &RestApi) -> Serving {
    Serving {
        resources: routes(resources),
        // What is so by default need not be said, and is told all the same.
        responses: GatewayResponse::all_told(responses)
            .into_iter()
            .filter(|one| !one.is_default)
            .map(|one| (one.kind.clone(), one))
            .collect(),
        settings: Settled {
            // Of these a deployment takes no snapshot that anybody could notice.
            ip: None,
            name: String::new(),
            description: String::new(),
            tags: Texts::new(),
            ..settled(api)
        },
    }
}

pub(super) fn served(one: &Snapshot) -> Serving {
    serving(&one.resources, &one.responses, &one.api)
}

/// The routes of an API or of a deployment. A path without methods is nobody's route.
pub(super) fn routes(resources: &[Resource]) -> BTreeMap<String, Resource> {
    let routes = resources.iter().filter(|one| !one.methods.is_empty());
    routes.map(|one| (one.path.clone(), one.clone())).collect()
}

/// What a stage serves.
pub(super) fn live(api: &FakeApi, stage: &str) -> Option<Serving> {
    api.live(stage).map(served)
}

/// What the draft would serve.
pub(super) fn draft(api: &FakeApi) -> Serving {
    serving(&api.resources, &api.responses, &api.api)
}

/// The models and request validators that somebody made.
pub(super) fn kept(api: &FakeApi, document: &Document) -> BTreeMap<String, String> {
    let ours = |name: &str| document.components.schemas.get(name).is_some();
    let models = api.models.iter().filter(|one| !ours(&one.name)).map(|one| {
        let schema: Value = serde_json::from_str(one.schema.as_deref().unwrap_or("null")).expect("a schema");
        (format!("model {}", one.name), schema.to_string())
    });
    let validators = api.validators.iter();
    let validators = validators.map(|one| {
        (
            format!("validator {}", one.name),
            format!("{} {}", one.body, one.parameters),
        )
    });
    models.chain(validators).collect()
}

/// What API Gateway makes of a document.
pub(super) fn imported(document: &Document) -> FakeApi {
    let mut imported = FakeApi::default();
    imported.put(&document.to_json());
    imported
}

/// What the stage is to serve: the routes and gateway responses of the document, and all else as it is, but for the
/// gateway responses that the document before it brought.
pub(super) fn wanted(before: &FakeApi, document: &Document, brought: &[GatewayResponse]) -> Serving {
    let imported = imported(document);
    let mut responses = before.responses.clone();
    responses.retain(|one| !brought.contains(one));
    responses.retain(|one| !imported.responses.iter().any(|ours| ours.kind == one.kind));
    responses.extend(imported.responses);
    serving(&imported.resources, &responses, &before.api)
}

/// The settings afterwards.
pub(super) fn wanted_settings(before: &FakeApi, document: &Document, name: Option<&str>) -> Settled {
    let mut settings = settled(&before.api);
    if let Some(name) = name {
        name.clone_into(&mut settings.name);
    }
    if let Some(description) = &document.info.description {
        settings.description.clone_from(description);
    }
    settings
}
