//! The parts of an API, as they are told.

use std::collections::BTreeMap;

use bluegate_core::GATEWAY_RESPONSES;
use bluegate_core::gateway::{Integration, IntegrationResponse, Method};
use serde_json::{Value as Json, json};

use super::state::{RestApi, present};
use super::{Answered, items, reply};
use crate::plane::Failure;

/// The settings of an account that nobody changed.
pub(super) fn account() -> Answered {
    Ok(reply(
        200,
        json!({
            "throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0},
            "features": ["UsagePlans"],
            "apiKeyVersion": "4",
        }),
    ))
}

/// Every VPC link is there: what it leads to is called, or what `--vpc-links` names.
pub(super) fn vpc_link(id: &str) -> Answered {
    Ok(reply(
        200,
        json!({"id": id, "name": id, "targetArns": [], "status": "AVAILABLE"}),
    ))
}

pub(super) fn resources(api: &RestApi, has_methods: bool) -> Answered {
    let resources = &api.draft.api.resources;
    let told = resources.iter().map(|resource| {
        let (parent, part) = resource.path.rsplit_once('/').unwrap_or_default();
        let parent = if parent.is_empty() { "/" } else { parent };
        let parent = resources
            .iter()
            .find(|one| one.path == parent && one.path != resource.path);
        let methods = resource.methods.iter().map(|(verb, method)| {
            let method = if has_methods {
                method_told(verb, method, &resource.id)
            } else {
                json!({})
            };
            (verb.clone(), method)
        });
        present([
            ("id", json!(resource.id)),
            ("parentId", json!(parent.map(|one| &one.id))),
            ("pathPart", if part.is_empty() { Json::Null } else { json!(part) }),
            ("path", json!(resource.path)),
            ("resourceMethods", Json::Object(methods.collect())),
        ])
    });
    Ok(items(told.collect()))
}

fn method_told(verb: &str, method: &Method, resource_id: &str) -> Json {
    let responses = method.responses.iter().map(|(status, headers)| {
        let headers: BTreeMap<&str, bool> = headers.iter().map(|name| (name.as_str(), false)).collect();
        let told = present([("statusCode", json!(status)), ("responseParameters", json!(headers))]);
        (status.clone(), told)
    });
    present([
        ("httpMethod", json!(verb)),
        ("authorizationType", json!(method.authorization)),
        ("authorizerId", json!(method.authorizer_id)),
        ("authorizationScopes", json!(method.authorization_scopes)),
        ("apiKeyRequired", json!(method.api_key_required)),
        ("requestValidatorId", json!(method.request_validator_id)),
        ("requestParameters", json!(method.request_parameters)),
        ("requestModels", json!(method.request_models)),
        ("methodResponses", Json::Object(responses.collect())),
        (
            "methodIntegration",
            method
                .integration
                .as_ref()
                .map_or(Json::Null, |one| integration(one, resource_id)),
        ),
    ])
}

fn integration(one: &Integration, resource_id: &str) -> Json {
    let responses = one.responses.iter().map(|(status, response)| {
        let IntegrationResponse {
            selection_pattern,
            parameters,
            templates,
            content_handling,
        } = response;
        let told = present([
            ("statusCode", json!(status)),
            ("selectionPattern", json!(selection_pattern)),
            ("responseParameters", json!(parameters)),
            ("responseTemplates", json!(templates)),
            ("contentHandling", json!(content_handling)),
        ]);
        (status.clone(), told)
    });
    let tls = one
        .skips_verification
        .then(|| json!({"insecureSkipVerification": true}));
    let mut told = present([
        ("type", json!(one.kind)),
        ("httpMethod", json!(one.http_method)),
        ("uri", json!(one.uri)),
        ("connectionType", json!(one.connection_type)),
        ("connectionId", json!(one.connection_id)),
        ("integrationTarget", json!(one.integration_target)),
        ("credentials", json!(one.credentials)),
        ("requestParameters", json!(one.request_parameters)),
        ("requestTemplates", json!(one.request_templates)),
        (
            "passthroughBehavior",
            json!(one.passthrough_behavior.as_deref().unwrap_or("WHEN_NO_MATCH")),
        ),
        ("contentHandling", json!(one.content_handling)),
        ("timeoutInMillis", json!(one.timeout_in_millis.unwrap_or(29_000))),
        ("responseTransferMode", json!(one.response_transfer_mode)),
        ("tlsConfig", json!(tls)),
        (
            "cacheNamespace",
            json!(one.cache_namespace.as_deref().unwrap_or(resource_id)),
        ),
        ("integrationResponses", Json::Object(responses.collect())),
    ]);
    told["cacheKeyParameters"] = json!(one.cache_key_parameters);
    told
}

pub(super) fn authorizers(api: &RestApi) -> Answered {
    let told = api.draft.api.authorizers.iter().map(|one| {
        present([
            ("id", json!(one.id)),
            ("name", json!(one.name)),
            ("type", json!(one.kind)),
            ("authorizerUri", json!(one.uri)),
            ("providerARNs", json!(one.provider_arns)),
            ("identitySource", json!(one.identity_source)),
            ("identityValidationExpression", json!(one.validation)),
            ("authorizerCredentials", json!(one.credentials)),
            ("authorizerResultTtlInSeconds", json!(one.ttl)),
        ])
    });
    Ok(items(told.collect()))
}

pub(super) fn models(api: &RestApi) -> Answered {
    let told = api.draft.api.models.iter().map(|model| {
        present([
            ("id", json!(model.name)),
            ("name", json!(model.name)),
            ("contentType", json!(model.content_type)),
            ("description", json!(model.description)),
            ("schema", json!(model.schema)),
        ])
    });
    Ok(items(told.collect()))
}

pub(super) fn validators(api: &RestApi) -> Answered {
    let told = api.draft.api.validators.iter().map(|one| {
        json!({
            "id": one.id,
            "name": one.name,
            "validateRequestBody": one.body,
            "validateRequestParameters": one.parameters,
        })
    });
    Ok(items(told.collect()))
}

/// The gateway's own answers: those that were customised, and the others as they are.
pub(super) fn responses(api: &RestApi) -> Answered {
    let custom = &api.draft.api.responses;
    let told = custom.iter().map(|one| {
        let mut told = present([
            ("responseType", json!(one.kind)),
            (
                "statusCode",
                json!(one.status_code.as_deref().or(Failure::default_status(&one.kind))),
            ),
        ]);
        told["responseParameters"] = json!(one.parameters);
        told["responseTemplates"] = match one.templates.is_empty() {
            true => json!({"application/json": Failure::DEFAULT_TEMPLATE}),
            false => json!(one.templates),
        };
        told["defaultResponse"] = json!(false);
        told
    });
    let rest = GATEWAY_RESPONSES
        .iter()
        .filter(|(kind, _)| custom.iter().all(|one| one.kind != *kind));
    let rest = rest.map(|(kind, status)| {
        let mut told = present([("responseType", json!(kind)), ("statusCode", json!(status))]);
        told["responseParameters"] = json!({});
        told["responseTemplates"] = json!({"application/json": Failure::DEFAULT_TEMPLATE});
        told["defaultResponse"] = json!(true);
        told
    });
    Ok(items(told.chain(rest).collect()))
}
