//! From the blueprint to the document.

use std::collections::HashMap;

use super::document::{
    Components, Document, GatewayResponse, Info, Map, Operation, PathItem, RequestValidator, Schema,
};
use super::patch::patched;
use super::{Target, contract, cors, integration, parameter, security};
use crate::blueprint::{self, Backend, Blueprint, Gateway, Route, Verb};
use crate::file::ValidateWord;
use crate::value::value;

/// The document of an API.
///
/// ```
/// use bluegate_core::{Mode, Source, openapi, read_blueprint};
///
/// let source = Source::new(
///     "routes.json",
///     r#"{"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [
///         {"path": "/users/{id}", "actions": [{"type": "GET", "authorization": "AWS_IAM"}]}
///     ]}]}}"#,
/// );
/// let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
/// let document = openapi::document(&blueprint, &openapi::Target::default());
/// let operation = document.paths.get("/users/{id}").unwrap().operations.get("get").unwrap();
/// assert_eq!(operation.operation_id.as_deref(), Some("get_users_id"));
/// assert_eq!(operation.parameters[0].name, "id");
/// assert_eq!(document.to_json(), openapi::document(&blueprint, &openapi::Target::default()).to_json());
/// ```
#[must_use]
pub fn document(blueprint: &Blueprint, target: &Target) -> Document {
    let said = blueprint.title.as_deref();
    let title = said
        .filter(|title| !title.is_empty())
        .or(target.name())
        .or(said)
        .unwrap_or(&blueprint.name)
        .to_owned();
    let gateway = &blueprint.gateway;
    let endpoint = target.endpoint();
    let document = Document {
        openapi: "3.0.1".into(),
        info: Info {
            title,
            description: blueprint.description.clone(),
            ..Info::default()
        },
        servers: vec![target.server()],
        paths: paths(blueprint, target),
        components: Components {
            schemas: models(gateway),
            security_schemes: security::schemes(blueprint, target),
            ..Components::default()
        },
        gateway_responses: gateway_responses(blueprint),
        request_validators: validators(blueprint),
        policy: gateway.policy.as_ref().map(|policy| value(&policy.0)),
        binary_media_types: gateway.binary_media_types.clone(),
        minimum_compression_size: gateway
            .minimum_compression_size
            .and_then(|size| i32::try_from(size).ok()),
        api_key_source: gateway.api_key_source.map(|word| word.as_str().to_owned()),
        security_policy: endpoint.security_policy.clone(),
        endpoint_access_mode: endpoint.access_mode.map(|word| word.as_str().to_owned()),
        ..Document::default()
    };
    patched(document, gateway.patch.as_ref()).versioned(blueprint.version.as_deref())
}

fn models(gateway: &Gateway) -> Map<Schema> {
    let models = gateway.models.iter();
    models
        .map(|(name, schema)| (name.clone(), Schema::Written(schema.clone())))
        .collect()
}

/// What the gateway answers by itself: what the file says, and where it says nothing what browsers need to show it to a
/// page.
fn gateway_responses(blueprint: &Blueprint) -> Map<GatewayResponse> {
    let said = &blueprint.gateway.responses;
    let of_cors = cors::gateway_responses(blueprint);
    let of_cors = of_cors
        .iter()
        .filter(|(kind, _)| said.iter().all(|(said, _)| said != kind));
    let mut responses: Map<GatewayResponse> = of_cors
        .map(|(kind, response)| (kind.to_owned(), response.clone()))
        .collect();
    for (kind, response) in said {
        // One that says nothing is as API Gateway has it by itself.
        if *response != blueprint::GatewayResponse::default() {
            responses.push(
                kind.clone(),
                GatewayResponse {
                    status_code: response.status.clone(),
                    response_parameters: response.parameters.iter().cloned().collect(),
                    response_templates: integration::texts(&response.templates),
                    ..GatewayResponse::default()
                },
            );
        }
    }
    responses
}

/// The validators that operations name.
fn validators(blueprint: &Blueprint) -> Map<RequestValidator> {
    let used = |word| {
        let mut contracts = blueprint.routes.iter().filter_map(|route| route.contract.as_ref());
        contracts.any(|contract| contract.validate == word)
    };
    let words = [ValidateWord::All, ValidateWord::Body, ValidateWord::Parameters];
    let words = words.into_iter().filter(|word| used(*word));
    let validators = words.filter_map(|word| {
        let checks = RequestValidator {
            validate_request_body: word != ValidateWord::Parameters,
            validate_request_parameters: word != ValidateWord::Body,
            ..RequestValidator::default()
        };
        Some((contract::validator(word)?, checks))
    });
    validators.collect()
}

fn paths(blueprint: &Blueprint, target: &Target) -> Map<PathItem> {
    let mut paths: Map<PathItem> = Map::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut place_of = |path, paths: &mut Map<PathItem>| {
        *places.entry(path).or_insert_with(|| {
            paths.push(str::to_owned(path), PathItem::default());
            paths.len() - 1
        })
    };
    for route in &blueprint.routes {
        let place = place_of(route.path.gateway.as_str(), &mut paths);
        paths
            .at(place)
            .operations
            .push(route.verb.document_key(), operation(route, target));
    }
    for preflight in &blueprint.preflights {
        let place = place_of(preflight.path.gateway.as_str(), &mut paths);
        paths
            .at(place)
            .operations
            .push(Verb::Options.document_key(), cors::preflight(preflight));
    }
    paths
}

pub(crate) fn operation(route: &Route, target: &Target) -> Operation {
    let summary = route
        .docs
        .summary
        .clone()
        .unwrap_or_else(|| format!("{} {}", route.verb, route.path.gateway));
    let mut operation = Operation {
        operation_id: Some(route.docs.operation_id.clone()),
        summary: Some(summary),
        description: route.docs.description.clone(),
        tags: route.docs.tags.clone(),
        parameters: parameter::declarations(&route.path),
        security: Some(security::security(&route.authorization, &route.scopes, route.api_key)),
        responses: integration::responses(route),
        integration: (route.integration.backend != Backend::Nobody).then(|| integration::integration(route, target)),
        ..Operation::default()
    };
    if let Some(contract) = &route.contract {
        contract::describe(&mut operation, contract);
    }
    if let Some(mapping) = &route.integration.mapping {
        contract::declare_read(&mut operation, mapping);
    }
    let patch = route.contract.as_ref().and_then(|contract| contract.patch.as_ref());
    patched(operation, patch)
}

#[cfg(test)]
mod tests;
