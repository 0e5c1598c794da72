//! What an import makes of a document, and a patch of a setting.

use std::collections::BTreeMap;

use bluegate_core::Verb;
use serde_json::Value;

use crate::api::{
    Authorizer, Cause, GatewayResponse, Integration, IntegrationResponse, Method, MethodResponse, Model, Patch,
    PatchOp, RequestValidator, Resource, RestApi, Texts,
};

use super::api::FakeApi;
use super::refusal::refused;

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn texts(value: Option<&Value>) -> Texts {
    let entries = value.and_then(Value::as_object).into_iter().flatten();
    entries
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn list(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

impl FakeApi {
    /// Overwrites the draft with a document.
    ///
    /// # Panics
    ///
    /// When the document is no JSON: it is the mistake of a test.
    pub fn put(&mut self, document: &str) {
        import(self, document).expect("a document");
    }
}

/// Overwrites: what the document does not carry is reset.
pub(super) fn import(api: &mut FakeApi, document: &str) -> Result<(), Cause> {
    let root: Value = serde_json::from_str(document).map_err(|_| refused("Invalid OpenAPI input."))?;
    api.document = Some(document.to_owned());
    api.resources = resources(&root);
    api.authorizers = authorizers(&root);
    api.responses = responses(&root);
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    api.models = schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| Model {
            name: name.clone(),
            content_type: Some("application/json".to_owned()),
            description: text(schema, "description"),
            schema: Some(schema.to_string()),
        })
        .collect();
    let validators = root
        .get("x-amazon-apigateway-request-validators")
        .and_then(Value::as_object);
    api.validators = validators
        .into_iter()
        .flatten()
        .map(|(name, checks)| RequestValidator {
            id: format!("id:{name}"),
            name: name.clone(),
            body: checks["validateRequestBody"] == true,
            parameters: checks["validateRequestParameters"] == true,
        })
        .collect();
    let before = std::mem::take(&mut api.api);
    let extension = |name: &str| root.get(format!("x-amazon-apigateway-{name}"));
    let endpoint = root.pointer("/servers/0/x-amazon-apigateway-endpoint-configuration");
    api.api = RestApi {
        id: before.id,
        name: text(&root["info"], "title").unwrap_or_default(),
        description: text(&root["info"], "description"),
        binary_media_types: list(extension("binary-media-types")),
        minimum_compression_size: extension("minimum-compression-size")
            .and_then(Value::as_i64)
            .and_then(|size| i32::try_from(size).ok()),
        api_key_source: extension("api-key-source")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or(Some("HEADER".to_owned())),
        policy: extension("policy").map(escaped),
        vpc_endpoint_ids: list(endpoint.and_then(|endpoint| endpoint.get("vpcEndpointIds"))),
        disable_execute_api_endpoint: endpoint
            .and_then(|endpoint| endpoint.get("disableExecuteApiEndpoint"))
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        security_policy: extension("security-policy")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or(Some("TLS_1_0".to_owned())),
        endpoint_access_mode: extension("endpoint-access-mode")
            .and_then(Value::as_str)
            .map(str::to_owned),
        // No document has it.
        ip_address_type: before.ip_address_type.map(|_| "ipv4".to_owned()),
        // An import does not change the kind of endpoint, nor tags.
        endpoint_types: before.endpoint_types,
        tags: before.tags,
        ..RestApi::default()
    };
    Ok(())
}

/// API Gateway answers with the policy as an escaped string.
pub(super) fn escaped(policy: &Value) -> String {
    policy.to_string().replace('"', "\\\"")
}

fn responses(root: &Value) -> Vec<GatewayResponse> {
    let entries = root.get("x-amazon-apigateway-gateway-responses");
    let entries = entries.and_then(Value::as_object).into_iter().flatten();
    entries
        .map(|(kind, value)| GatewayResponse {
            kind: kind.clone(),
            status_code: text(value, "statusCode"),
            parameters: texts(value.get("responseParameters")),
            templates: texts(value.get("responseTemplates")),
            is_default: false,
        })
        .collect()
}

fn resources(root: &Value) -> Vec<Resource> {
    let mut resources: BTreeMap<String, BTreeMap<String, Method>> = BTreeMap::new();
    resources.insert("/".to_owned(), BTreeMap::new());
    let paths = root["paths"].as_object();
    for (path, item) in paths.into_iter().flatten() {
        // Every path in between is a resource too.
        for (end, _) in path.match_indices('/').skip(1) {
            resources.entry(path[..end].to_owned()).or_default();
        }
        let methods = resources.entry(path.clone()).or_default();
        for (verb, operation) in item.as_object().into_iter().flatten() {
            let Some(verb) = Verb::of_document_key(verb) else {
                continue;
            };
            methods.insert(verb.as_str().to_owned(), method(root, path, operation));
        }
    }
    resources
        .into_iter()
        .map(|(path, methods)| Resource {
            id: resource_id(&path),
            path,
            methods,
        })
        .collect()
}

fn schemes(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let schemes = root.pointer("/components/securitySchemes");
    schemes.and_then(Value::as_object).into_iter().flatten()
}

fn authorizers(root: &Value) -> Vec<Authorizer> {
    let with_one = schemes(root).filter_map(|(name, scheme)| {
        let authorizer = scheme.get("x-amazon-apigateway-authorizer")?;
        let header = || Some(format!("method.request.header.{}", scheme["name"].as_str()?));
        Some(Authorizer {
            id: format!("id:{name}"),
            name: name.clone(),
            kind: text(authorizer, "type").unwrap_or_default().to_uppercase(),
            auth_type: text(scheme, "x-amazon-apigateway-authtype"),
            uri: text(authorizer, "authorizerUri"),
            provider_arns: list(authorizer.get("providerARNs")),
            identity_source: text(authorizer, "identitySource").or_else(header),
            validation: text(authorizer, "identityValidationExpression"),
            credentials: text(authorizer, "authorizerCredentials"),
            ttl: authorizer["authorizerResultTtlInSeconds"]
                .as_i64()
                .and_then(|seconds| i32::try_from(seconds).ok())
                .or(Some(300)),
        })
    });
    with_one.collect()
}

/// Who may call a method, by the schemes that it names.
fn secured(root: &Value, operation: &Value, method: &mut Method) {
    let required = operation.pointer("/security/0").and_then(Value::as_object);
    method.authorization = Some("NONE".to_owned());
    for (name, scopes) in required.into_iter().flatten() {
        let scheme = schemes(root)
            .find(|(known, _)| *known == name)
            .map(|(_, scheme)| scheme);
        let kind = scheme.and_then(|scheme| text(scheme, "x-amazon-apigateway-authtype"));
        let authorization = match kind.as_deref() {
            Some("awsSigv4") => "AWS_IAM",
            Some("cognito_user_pools") => "COGNITO_USER_POOLS",
            Some(_) => "CUSTOM",
            None => {
                method.api_key_required = true;
                continue;
            }
        };
        method.authorization = Some(authorization.to_owned());
        if authorization != "AWS_IAM" {
            method.authorizer_id = Some(format!("id:{name}"));
            method.authorization_scopes = list(Some(scopes));
        }
    }
}

/// The models of bodies; API Gateway makes one of a schema that has no name.
fn bodies(operation: &Value) -> Texts {
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
    let schemas = content.into_iter().flatten().filter_map(|(kind, body)| {
        let name = match body.get("schema")?.get("$ref") {
            Some(name) => name.as_str()?.rsplit('/').next()?.to_owned(),
            None => "MODEL1a2b3c".to_owned(),
        };
        Some((kind.clone(), name))
    });
    schemas.collect()
}

fn method(root: &Value, path: &str, operation: &Value) -> Method {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let validator = "x-amazon-apigateway-request-validator";
    let mut method = Method {
        request_validator_id: text(operation, validator)
            .or_else(|| text(root, validator))
            .map(|name| format!("id:{name}")),
        request_parameters: parameters
            .filter_map(|parameter| {
                let place = match parameter["in"].as_str()? {
                    "query" => "querystring",
                    place => place,
                };
                let name = format!("method.request.{place}.{}", parameter["name"].as_str()?);
                Some((name, parameter["required"] == true))
            })
            .collect(),
        request_models: bodies(operation),
        responses: answers
            .map(|(status, answer)| {
                let headers = answer["headers"].as_object().into_iter().flatten();
                let parameters = headers.map(|(name, _)| (format!("method.response.header.{name}"), false));
                let response = MethodResponse {
                    parameters: parameters.collect(),
                    models: Texts::new(),
                };
                (status.clone(), response)
            })
            .collect(),
        integration: operation
            .get("x-amazon-apigateway-integration")
            .map(|value| integration(path, value)),
        ..Method::default()
    };
    secured(root, operation, &mut method);
    method
}

fn resource_id(path: &str) -> String {
    format!("id:{path}")
}

fn integration(path: &str, value: &Value) -> Integration {
    let mut responses = BTreeMap::new();
    for (pattern, answer) in value["responses"].as_object().into_iter().flatten() {
        responses.insert(
            text(answer, "statusCode").unwrap_or_default(),
            IntegrationResponse {
                selection_pattern: (pattern != "default").then(|| pattern.clone()),
                parameters: texts(answer.get("responseParameters")),
                templates: texts(answer.get("responseTemplates")),
                content_handling: text(answer, "contentHandling"),
            },
        );
    }
    Integration {
        kind: text(value, "type").unwrap_or_default().to_uppercase(),
        http_method: text(value, "httpMethod"),
        uri: text(value, "uri"),
        connection_type: text(value, "connectionType"),
        connection_id: text(value, "connectionId"),
        integration_target: text(value, "integrationTarget"),
        credentials: text(value, "credentials"),
        request_parameters: texts(value.get("requestParameters")),
        request_templates: texts(value.get("requestTemplates")),
        passthrough_behavior: text(value, "passthroughBehavior")
            .map(|behavior| behavior.to_uppercase())
            .or(Some("WHEN_NO_MATCH".to_owned())),
        content_handling: text(value, "contentHandling"),
        timeout_in_millis: value["timeoutInMillis"]
            .as_i64()
            .and_then(|time| i32::try_from(time).ok())
            .or(Some(29_000)),
        response_transfer_mode: text(value, "responseTransferMode"),
        skips_verification: value["tlsConfig"]["insecureSkipVerification"] == true,
        cache_namespace: text(value, "cacheNamespace").or_else(|| Some(resource_id(path))),
        cache_key_parameters: list(value.get("cacheKeyParameters")),
        responses,
    }
}

pub(super) fn patch(api: &mut RestApi, patch: &Patch) -> Result<(), Cause> {
    let value = patch.value.clone().unwrap_or_default();
    let pointed = |prefix: &str| {
        let name = patch.path.strip_prefix(prefix)?;
        Some(name.replace("~1", "/").replace("~0", "~"))
    };
    match (patch.op, patch.path.as_str()) {
        (PatchOp::Replace, "/name") => api.name = value,
        (PatchOp::Replace, "/description") if value.is_empty() => {
            return Err(refused("Description cannot be an empty string"));
        }
        (PatchOp::Replace, "/description") => api.description = Some(value),
        (PatchOp::Remove, "/description") => api.description = None,
        (PatchOp::Replace, "/apiKeySource") => api.api_key_source = Some(value),
        (PatchOp::Replace, "/disableExecuteApiEndpoint") => api.disable_execute_api_endpoint = value == "true",
        (PatchOp::Replace, "/securityPolicy") => api.security_policy = Some(value),
        (PatchOp::Replace, "/endpointAccessMode") => {
            api.endpoint_access_mode = Some(value).filter(|mode| !mode.is_empty());
        }
        (PatchOp::Replace, "/endpointConfiguration/ipAddressType") => api.ip_address_type = Some(value),
        (PatchOp::Replace, "/minimumCompressionSize") => api.minimum_compression_size = value.parse().ok(),
        (PatchOp::Replace, "/policy") => {
            api.policy = match serde_json::from_str::<Value>(&value) {
                Ok(policy) => Some(escaped(&policy)),
                Err(_) if value.is_empty() => None,
                Err(_) => return Err(refused("Invalid policy document")),
            };
        }
        (PatchOp::Add, "/endpointConfiguration/vpcEndpointIds") => api.vpc_endpoint_ids.push(value),
        (PatchOp::Remove, "/endpointConfiguration/vpcEndpointIds") => api.vpc_endpoint_ids.retain(|id| *id != value),
        (op, path) => match (op, pointed("/binaryMediaTypes/")) {
            (PatchOp::Add, Some(kind)) => api.binary_media_types.push(kind),
            (PatchOp::Remove, Some(kind)) => api.binary_media_types.retain(|known| *known != kind),
            _ => return Err(refused(&format!("Invalid patch path {path}"))),
        },
    }
    Ok(())
}
