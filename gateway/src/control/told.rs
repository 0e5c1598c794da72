//! The parts of an API, as they are told: as core writes them, with what AWS fills in.

use bluegate_core::gateway::{
    Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, MethodResponse, Model, Resource,
};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::reply::present;
use super::state::put;

/// A part of an API, without what has no value.
pub(super) fn plain(part: &impl Serialize) -> Json {
    present(serde_json::to_value(part).unwrap_or_default())
}

/// A resource, below which of the others it stands, and its methods if they are wanted.
pub(super) fn resource(one: &Resource, all: &[Resource], has_methods: bool) -> Json {
    let (parent, part) = one.path.rsplit_once('/').unwrap_or_default();
    let parent = if parent.is_empty() { "/" } else { parent };
    let parent = all.iter().find(|other| other.path == parent && other.path != one.path);
    let methods = one.methods.iter().map(|(verb, told)| {
        let told = if has_methods {
            method(verb, told, &one.id)
        } else {
            json!({})
        };
        (verb.clone(), told)
    });
    present(json!({
        "id": one.id,
        "parentId": parent.map(|one| &one.id),
        "pathPart": Some(part).filter(|part| !part.is_empty()),
        "path": one.path,
        "resourceMethods": methods.collect::<Map<_, _>>(),
    }))
}

pub(super) fn method(verb: &str, one: &Method, resource_id: &str) -> Json {
    let mut told = plain(one);
    put(&mut told, "httpMethod", json!(verb));
    if !one.responses.is_empty() {
        let responses = one.responses.iter();
        let responses: Map<_, _> = responses
            .map(|(status, one)| (status.clone(), method_response(status, one)))
            .collect();
        put(&mut told, "methodResponses", Json::Object(responses));
    }
    if let Some(one) = &one.integration {
        put(&mut told, "methodIntegration", integration(one, resource_id));
    }
    told
}

pub(super) fn method_response(status: &str, one: &MethodResponse) -> Json {
    let mut told = plain(one);
    put(&mut told, "statusCode", json!(status));
    told
}

pub(super) fn integration(one: &Integration, resource_id: &str) -> Json {
    let mut told = plain(&one.clone().told(resource_id));
    put(&mut told, "cacheKeyParameters", json!(one.cache_key_parameters));
    if !one.responses.is_empty() {
        let responses = one.responses.iter();
        let responses: Map<_, _> = responses
            .map(|(status, one)| (status.clone(), integration_response(status, one)))
            .collect();
        put(&mut told, "integrationResponses", Json::Object(responses));
    }
    told
}

pub(super) fn integration_response(status: &str, one: &IntegrationResponse) -> Json {
    let mut told = plain(one);
    put(&mut told, "statusCode", json!(status));
    told
}

pub(super) fn authorizer(one: &Authorizer) -> Json {
    plain(&one.clone().told())
}

/// A model. It has an id that nothing takes, and refers to others by their addresses.
pub(super) fn model(rest_api_id: &str, one: &Model) -> Json {
    let address = format!("https://apigateway.amazonaws.com/restapis/{rest_api_id}/models/");
    let schema = one.schema.as_deref().unwrap_or_default();
    let mut told = plain(one);
    let digest = bluegate_core::file_digest(&format!("{rest_api_id}/{}", one.name));
    put(&mut told, "id", json!(&digest[..6]));
    put(
        &mut told,
        "schema",
        json!(schema.replace("#/components/schemas/", &address)),
    );
    told
}

/// The gateway's own answer of a type.
pub(super) fn gateway_response(custom: &[GatewayResponse], kind: &str) -> Option<Json> {
    let one = GatewayResponse::told(custom, kind)?;
    let mut told = present(json!({"responseType": one.kind, "statusCode": one.status_code}));
    told["responseParameters"] = json!(one.parameters);
    told["responseTemplates"] = json!(one.templates);
    told["defaultResponse"] = json!(one.is_default);
    Some(told)
}
