//! From the SDK's types to ours, and patches the other way.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_apigateway::types as sdk;

use crate::api::{
    Access, Authorizer, Cache, Canary, GatewayResponse, Integration, IntegrationResponse, Method, MethodResponse,
    Model, Patch, PatchOp, RequestValidator, Resource, Texts,
};

/// Several operations answer with the same fields in types of their own.
macro_rules! rest_api {
    ($answer:expr, $operation:expr) => {{
        let answer = $answer;
        let endpoint = answer.endpoint_configuration;
        $crate::api::RestApi {
            id: present($operation, answer.id)?,
            name: answer.name.unwrap_or_default(),
            description: answer.description.filter(|text| !text.is_empty()),
            warnings: answer.warnings.unwrap_or_default(),
            binary_media_types: answer.binary_media_types.unwrap_or_default(),
            minimum_compression_size: answer.minimum_compression_size,
            api_key_source: answer.api_key_source.map(|source| source.as_str().to_owned()),
            endpoint_types: endpoint
                .iter()
                .flat_map(|endpoint| endpoint.types())
                .map(|kind| kind.as_str().to_owned())
                .collect(),
            vpc_endpoint_ids: endpoint
                .iter()
                .flat_map(|endpoint| endpoint.vpc_endpoint_ids())
                .cloned()
                .collect(),
            ip_address_type: endpoint
                .as_ref()
                .and_then(|endpoint| endpoint.ip_address_type())
                .map(|kind| kind.as_str().to_owned()),
            policy: answer.policy.filter(|text| !text.is_empty()),
            disable_execute_api_endpoint: answer.disable_execute_api_endpoint,
            security_policy: answer.security_policy.map(|policy| policy.as_str().to_owned()),
            endpoint_access_mode: answer.endpoint_access_mode.map(|mode| mode.as_str().to_owned()),
            tags: $crate::sdk::convert::texts(answer.tags),
            status: answer.api_status.map(|status| status.as_str().to_owned()),
            status_message: answer.api_status_message,
            answered: None,
        }
    }};
}

macro_rules! stage {
    ($answer:expr) => {{
        let answer = $answer;
        let cache = $crate::sdk::convert::cache(answer.cache_cluster_enabled, answer.cache_cluster_status.as_ref());
        let settings = $crate::sdk::stage_settings::Answered {
            description: answer.description.clone(),
            variables: answer.variables.clone(),
            tracing: answer.tracing_enabled,
            client_certificate: answer.client_certificate_id,
            cache,
            cache_size: answer.cache_cluster_size,
            access_log: answer.access_log_settings,
            methods: answer.method_settings,
        };
        $crate::api::Stage {
            settings: settings.settings(),
            tags: $crate::sdk::convert::texts(answer.tags),
            name: answer.stage_name.unwrap_or_default(),
            deployment_id: answer.deployment_id.filter(|id| !id.is_empty()),
            canary: answer.canary_settings.map($crate::sdk::convert::canary),
            cache,
            variables: $crate::sdk::convert::texts(answer.variables),
            description: answer.description,
            updated: answer.last_updated_date.map(|date| date.secs()),
        }
    }};
}

macro_rules! deployment {
    ($answer:expr, $operation:expr) => {{
        let answer = $answer;
        $crate::api::Deployment {
            id: present($operation, answer.id)?,
            description: answer.description,
            created: answer.created_date.map(|date| date.secs()),
            summary: answer.api_summary.map($crate::sdk::convert::summary),
        }
    }};
}

pub(super) use {deployment, rest_api, stage};

pub(super) fn texts(map: Option<HashMap<String, String>>) -> Texts {
    map.unwrap_or_default().into_iter().collect()
}

/// While a cache is being deleted, it still counts as enabled.
pub(super) fn cache(is_enabled: bool, status: Option<&sdk::CacheClusterStatus>) -> Cache {
    match status {
        Some(sdk::CacheClusterStatus::CreateInProgress) => Cache::Coming,
        Some(sdk::CacheClusterStatus::DeleteInProgress) => Cache::Going,
        Some(sdk::CacheClusterStatus::NotAvailable) => Cache::Off,
        _ if is_enabled => Cache::On,
        _ => Cache::Off,
    }
}

pub(super) fn canary(canary: sdk::CanarySettings) -> Canary {
    Canary {
        deployment_id: canary.deployment_id,
        percent: canary.percent_traffic,
        variable_overrides: texts(canary.stage_variable_overrides),
        use_stage_cache: canary.use_stage_cache,
    }
}

pub(super) fn summary(
    summary: HashMap<String, HashMap<String, sdk::MethodSnapshot>>,
) -> BTreeMap<String, BTreeMap<String, Access>> {
    let access = |snapshot: sdk::MethodSnapshot| Access {
        authorization: snapshot.authorization_type,
        api_key_required: snapshot.api_key_required,
    };
    summary
        .into_iter()
        .map(|(path, verbs)| (path, verbs.into_iter().map(|(verb, one)| (verb, access(one))).collect()))
        .collect()
}

pub(super) fn resource(resource: sdk::Resource) -> Resource {
    Resource {
        id: resource.id.unwrap_or_default(),
        path: resource.path.unwrap_or_default(),
        methods: resource
            .resource_methods
            .unwrap_or_default()
            .into_iter()
            .map(|(verb, one)| (verb, method(one)))
            .collect(),
    }
}

fn method(method: sdk::Method) -> Method {
    let response = |response: sdk::MethodResponse| MethodResponse {
        parameters: response.response_parameters.unwrap_or_default().into_iter().collect(),
        models: texts(response.response_models),
    };
    Method {
        authorization: method.authorization_type,
        authorizer_id: method.authorizer_id,
        authorization_scopes: method.authorization_scopes.unwrap_or_default(),
        api_key_required: method.api_key_required.unwrap_or_default(),
        request_validator_id: method.request_validator_id,
        request_parameters: method.request_parameters.unwrap_or_default().into_iter().collect(),
        request_models: texts(method.request_models),
        operation_name: method.operation_name,
        responses: method
            .method_responses
            .unwrap_or_default()
            .into_iter()
            .map(|(status, one)| (status, response(one)))
            .collect(),
        integration: method.method_integration.map(integration),
    }
}

fn integration(integration: sdk::Integration) -> Integration {
    let response = |response: sdk::IntegrationResponse| IntegrationResponse {
        selection_pattern: response.selection_pattern,
        parameters: texts(response.response_parameters),
        templates: texts(response.response_templates),
        content_handling: response.content_handling.map(|kind| kind.as_str().to_owned()),
    };
    Integration {
        // An emulator answers as it was written in the document.
        kind: integration
            .r#type
            .map(|kind| kind.as_str().to_uppercase())
            .unwrap_or_default(),
        http_method: integration.http_method,
        uri: integration.uri,
        connection_type: integration.connection_type.map(|kind| kind.as_str().to_owned()),
        connection_id: integration.connection_id,
        integration_target: integration.integration_target,
        credentials: integration.credentials,
        request_parameters: texts(integration.request_parameters),
        request_templates: texts(integration.request_templates),
        passthrough_behavior: integration.passthrough_behavior,
        content_handling: integration.content_handling.map(|kind| kind.as_str().to_owned()),
        timeout_in_millis: Some(integration.timeout_in_millis).filter(|&time| time > 0),
        response_transfer_mode: integration.response_transfer_mode.map(|mode| mode.as_str().to_owned()),
        skips_verification: integration.tls_config.is_some_and(|tls| tls.insecure_skip_verification),
        cache_namespace: integration.cache_namespace,
        cache_key_parameters: integration.cache_key_parameters.unwrap_or_default(),
        responses: integration
            .integration_responses
            .unwrap_or_default()
            .into_iter()
            .map(|(status, one)| (status, response(one)))
            .collect(),
    }
}

pub(super) fn authorizer(authorizer: sdk::Authorizer) -> Authorizer {
    Authorizer {
        id: authorizer.id.unwrap_or_default(),
        name: authorizer.name.unwrap_or_default(),
        kind: authorizer
            .r#type
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default(),
        auth_type: authorizer.auth_type,
        uri: authorizer.authorizer_uri,
        provider_arns: authorizer.provider_arns.unwrap_or_default(),
        identity_source: authorizer.identity_source,
        validation: authorizer.identity_validation_expression,
        credentials: authorizer.authorizer_credentials,
        ttl: authorizer.authorizer_result_ttl_in_seconds,
    }
}

pub(super) fn model(model: sdk::Model) -> Model {
    Model {
        name: model.name.unwrap_or_default(),
        content_type: model.content_type,
        description: model.description.filter(|text| !text.is_empty()),
        schema: model.schema,
    }
}

pub(super) fn request_validator(validator: sdk::RequestValidator) -> RequestValidator {
    RequestValidator {
        id: validator.id.unwrap_or_default(),
        name: validator.name.unwrap_or_default(),
        body: validator.validate_request_body,
        parameters: validator.validate_request_parameters,
    }
}

pub(super) fn gateway_response(response: sdk::GatewayResponse) -> GatewayResponse {
    GatewayResponse {
        kind: response
            .response_type
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default(),
        status_code: response.status_code,
        parameters: texts(response.response_parameters),
        templates: texts(response.response_templates),
        is_default: response.default_response,
    }
}

pub(super) fn patch_operations(patches: &[Patch]) -> Vec<sdk::PatchOperation> {
    patches
        .iter()
        .map(|patch| {
            let operation = sdk::PatchOperation::builder()
                .op(match patch.op {
                    PatchOp::Add => sdk::Op::Add,
                    PatchOp::Replace => sdk::Op::Replace,
                    PatchOp::Remove => sdk::Op::Remove,
                    PatchOp::Copy => sdk::Op::Copy,
                })
                .path(&patch.path);
            let value = patch.value.clone();
            match patch.op {
                PatchOp::Copy => operation.set_from(value),
                _ => operation.set_value(value),
            }
            .build()
        })
        .collect()
}
