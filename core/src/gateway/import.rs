//! What API Gateway makes of a document
//! ([importing](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html),
//! [extensions](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html)).

use std::collections::BTreeMap;

use serde_json::Value;

use super::definition::{Definition, NONE};
use super::model::{
    Api, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, Model, RequestValidator, Resource,
    Texts,
};
use crate::blueprint::Verb;
use crate::openapi::{self, Document, Map, Operation, Parameter, SecurityScheme};

impl From<&Document> for Api {
    /// What an import makes of a document. Authorizers, validators and models go by their names; resources have no
    /// ids.
    ///
    /// ```
    /// use bluegate_core::gateway::Api;
    /// use bluegate_core::openapi::Document;
    ///
    /// let document: Document = r#"{"openapi": "3.0.1", "paths": {"/a/b": {"get": {"responses": {}}}}}"#.parse().unwrap();
    /// let api = Api::from(&document);
    /// let paths: Vec<&str> = api.resources.iter().map(|resource| resource.path.as_str()).collect();
    /// assert_eq!(paths, ["/", "/a", "/a/b"]);
    /// ```
    fn from(document: &Document) -> Self {
        let schemes = document.components.security_schemes.iter();
        let schemas = document.components.schemas.iter();
        Self {
            resources: resources(document),
            authorizers: schemes.filter_map(|(name, scheme)| authorizer(name, scheme)).collect(),
            models: schemas.map(|(name, schema)| model(name, schema)).collect(),
            validators: document
                .request_validators
                .iter()
                .map(|(name, checks)| RequestValidator {
                    id: name.to_owned(),
                    name: name.to_owned(),
                    body: checks.validate_request_body,
                    parameters: checks.validate_request_parameters,
                })
                .collect(),
            responses: document
                .gateway_responses
                .iter()
                .map(|(kind, response)| GatewayResponse {
                    kind: kind.to_owned(),
                    status_code: response.status_code.clone(),
                    parameters: texts(&response.response_parameters),
                    templates: texts(&response.response_templates),
                    is_default: false,
                })
                .collect(),
        }
    }
}

impl From<&Document> for Definition {
    /// What the API does that an import makes of a document.
    fn from(document: &Document) -> Self {
        Self::of(&Api::from(document))
    }
}

impl From<&GatewayResponse> for openapi::GatewayResponse {
    fn from(response: &GatewayResponse) -> Self {
        let map = |texts: &Texts| texts.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        Self {
            // Absent for a whole class, such as `DEFAULT_4XX`, unless somebody gave all of it one status.
            status_code: response.status_code.clone(),
            response_parameters: map(&response.parameters),
            response_templates: map(&response.templates),
            ..Self::default()
        }
    }
}

impl From<&Authorizer> for openapi::Authorizer {
    fn from(authorizer: &Authorizer) -> Self {
        Self {
            kind: authorizer.kind.to_lowercase(),
            authorizer_uri: authorizer.uri.clone(),
            provider_arns: authorizer.provider_arns.clone(),
            identity_source: authorizer.identity_source.clone(),
            identity_validation_expression: authorizer.validation.clone(),
            authorizer_credentials: authorizer.credentials.clone(),
            authorizer_result_ttl: authorizer.ttl.map(Value::from),
            ..Self::default()
        }
    }
}

impl From<&RequestValidator> for openapi::RequestValidator {
    fn from(validator: &RequestValidator) -> Self {
        Self {
            validate_request_body: validator.body,
            validate_request_parameters: validator.parameters,
            ..Self::default()
        }
    }
}

fn texts<T: AsRef<str>>(entries: &Map<T>) -> Texts {
    let entries = entries.iter();
    entries
        .map(|(key, value)| (key.to_owned(), value.as_ref().to_owned()))
        .collect()
}

/// The resources of the paths, and those on the way to them.
fn resources(document: &Document) -> Vec<Resource> {
    let mut resources: BTreeMap<&str, BTreeMap<String, Method>> = BTreeMap::from([("/", BTreeMap::new())]);
    for (path, item) in document.paths.iter() {
        for (end, _) in path.match_indices('/').skip(1) {
            resources.entry(&path[..end]).or_default();
        }
        let methods = resources.entry(path).or_default();
        for (key, operation) in item.operations.iter() {
            if let Some(verb) = Verb::of_document_key(key) {
                let method = method(document, operation, &item.parameters);
                methods.insert(verb.as_str().to_owned(), method);
            }
        }
    }
    let resources = resources.into_iter().map(|(path, methods)| Resource {
        id: String::new(),
        path: path.to_owned(),
        methods,
    });
    resources.collect()
}

/// The model of a schema that stands where it is used: API Gateway makes up a name.
const UNNAMED: &str = "a model without a name";

fn method(document: &Document, operation: &Operation, shared: &[Parameter]) -> Method {
    let models = operation.request_body.iter().flat_map(|body| body.content.iter());
    let responses = operation.responses.iter().map(|(status, response)| {
        let headers = response.headers.iter();
        let mut headers: Vec<String> = headers
            .map(|(name, _)| format!("method.response.header.{name}"))
            .collect();
        headers.sort();
        (status.to_owned(), headers)
    });
    let validator = operation
        .request_validator
        .as_ref()
        .or(document.request_validator.as_ref());
    let mut method = Method {
        authorization: Some(NONE.to_owned()),
        request_validator_id: validator.cloned(),
        request_parameters: shared
            .iter()
            .chain(&operation.parameters)
            .filter_map(parameter)
            .collect(),
        request_models: models
            .filter_map(|(kind, body)| {
                let schema = body.schema.as_ref()?;
                Some((kind.to_owned(), schema.reference().unwrap_or(UNNAMED).to_owned()))
            })
            .collect(),
        responses: responses.collect(),
        integration: operation.integration.as_ref().map(integration),
        ..Method::default()
    };
    for (name, scopes) in operation.security.iter().flatten().flat_map(Map::iter) {
        if let Some(scheme) = document.components.security_schemes.get(name) {
            secure(&mut method, name, scheme, scopes);
        }
    }
    if let Some(auth) = &operation.auth {
        method.authorization = Some(auth.kind.to_uppercase());
    }
    method
}

fn secure(method: &mut Method, name: &str, scheme: &SecurityScheme, scopes: &[String]) {
    let kind = scheme.auth_type.as_deref().map(str::to_uppercase);
    match (kind.as_deref(), authorizer(name, scheme)) {
        (Some("AWSSIGV4"), _) => method.authorization = Some("AWS_IAM".to_owned()),
        (_, Some(authorizer)) => {
            let is_pool = authorizer.kind == "COGNITO_USER_POOLS";
            method.authorization = Some(if is_pool { "COGNITO_USER_POOLS" } else { "CUSTOM" }.to_owned());
            method.authorizer_id = Some(name.to_owned());
            method.authorization_scopes = scopes.to_vec();
        }
        (Some(_), None) => method.authorization = kind,
        (None, None) => method.api_key_required = true,
    }
}

fn authorizer(name: &str, scheme: &SecurityScheme) -> Option<Authorizer> {
    let details = scheme.authorizer.as_ref()?;
    let kind = details.kind.to_uppercase();
    let header = || (kind != "REQUEST").then(|| format!("method.request.header.{}", scheme.name));
    Some(Authorizer {
        id: name.to_owned(),
        name: name.to_owned(),
        uri: details.authorizer_uri.clone(),
        provider_arns: details.provider_arns.clone(),
        identity_source: details.identity_source.clone().or_else(header),
        validation: details.identity_validation_expression.clone(),
        credentials: details.authorizer_credentials.clone(),
        ttl: details.authorizer_result_ttl.as_ref().and_then(seconds),
        kind,
    })
}

/// A number of seconds, whoever wrote it as a text.
fn seconds(value: &Value) -> Option<i32> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_i64().and_then(|seconds| i32::try_from(seconds).ok()),
    }
}

fn model(name: &str, schema: &openapi::Schema) -> Model {
    let schema = serde_json::to_value(schema).unwrap_or_default();
    Model {
        name: name.to_owned(),
        content_type: Some("application/json".to_owned()),
        description: schema
            .get("description")
            .and_then(|text| text.as_str())
            .map(str::to_owned),
        schema: Some(schema.to_string()),
    }
}

fn parameter(parameter: &Parameter) -> Option<(String, bool)> {
    let place = match &*parameter.location {
        "query" => "querystring",
        place @ ("path" | "header") => place,
        // Cookies are not taken, bodies are models.
        _ => return None,
    };
    let name = format!("method.request.{place}.{}", parameter.name);
    Some((name, parameter.required || place == "path"))
}

fn integration(integration: &openapi::Integration) -> Integration {
    // API Gateway keeps one answer per status: the last one of the document.
    let responses = integration.responses.iter().map(|(pattern, response)| {
        let made = IntegrationResponse {
            selection_pattern: (pattern != "default").then(|| pattern.to_owned()),
            parameters: texts(&response.response_parameters),
            templates: texts(&response.response_templates),
            content_handling: upper(response.content_handling.as_deref()),
        };
        (response.status_code.clone().into_owned(), made)
    });
    Integration {
        kind: integration.kind.to_uppercase(),
        http_method: integration.http_method.clone(),
        uri: integration.uri.clone(),
        connection_type: upper(integration.connection_type.as_deref()),
        connection_id: integration.connection_id.clone(),
        integration_target: integration.integration_target.clone(),
        credentials: integration.credentials.clone(),
        request_parameters: texts(&integration.request_parameters),
        request_templates: texts(&integration.request_templates),
        passthrough_behavior: upper(integration.passthrough_behavior.as_deref()),
        content_handling: upper(integration.content_handling.as_deref()),
        timeout_in_millis: integration.timeout_in_millis.and_then(|time| i32::try_from(time).ok()),
        response_transfer_mode: upper(integration.response_transfer_mode.as_deref()),
        skips_verification: integration
            .tls_config
            .as_ref()
            .is_some_and(|tls| tls.insecure_skip_verification),
        cache_namespace: integration.cache_namespace.clone(),
        cache_key_parameters: integration.cache_key_parameters.clone(),
        responses: responses.collect(),
    }
}

fn upper(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_uppercase)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gateway::{Field, Key};

    fn imported(document: serde_json::Value) -> Definition {
        Definition::from(&serde_json::from_value::<Document>(document).expect("a document"))
    }

    #[test]
    fn who_may_call_is_read_from_every_kind_of_scheme() {
        let function = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations";
        let document = json!({
            "paths": {"/a": {
                "get": {"security": [{"sigv4": []}, {"api_key": []}]},
                "post": {"security": [{"staff": []}]},
                "put": {"security": [{"pool": ["a/read", "a/write"]}]},
                "delete": {"x-amazon-apigateway-auth": {"type": "NONE"}},
                "parameters": [],
            }},
            "components": {"securitySchemes": {
                "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header",
                          "x-amazon-apigateway-authtype": "awsSigv4"},
                "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                "staff": {"type": "apiKey", "name": "Token", "in": "header", "x-amazon-apigateway-authtype": "custom",
                          "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": function}},
                "pool": {"type": "apiKey", "name": "Authorization", "in": "header",
                         "x-amazon-apigateway-authtype": "cognito_user_pools",
                         "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:p"]}},
            }},
        });
        let definition = imported(document);
        let of = |verb: &str, field: Field| {
            let key = Key {
                path: "/a".into(),
                verb: verb.into(),
            };
            definition.routes[&key].get(&field).cloned().unwrap_or_default()
        };
        assert_eq!(
            (of("GET", Field::Authorization), of("GET", Field::ApiKey)),
            ("AWS_IAM".into(), "required".into())
        );
        assert_eq!(
            (of("POST", Field::Authorization), of("POST", Field::Authorizer)),
            ("CUSTOM".into(), "staff".into())
        );
        assert_eq!(of("PUT", Field::Authorization), "COGNITO_USER_POOLS");
        assert_eq!(of("PUT", Field::Scopes), "a/read a/write");
        assert_eq!(of("DELETE", Field::Authorization), "NONE");
        assert_eq!(definition.authorizers.len(), 2);
        assert_eq!(
            definition.authorizers["staff"][&Field::IdentitySource],
            "method.request.header.Token"
        );
    }

    #[test]
    fn an_integration_is_read_down_to_its_cache() {
        let definition = imported(json!({"paths": {"/a": {"get": {"x-amazon-apigateway-integration": {
            "type": "http", "httpMethod": "GET", "uri": "https://a.example",
            "connectionType": "VPC_LINK", "connectionId": "v2", "integrationTarget": "arn:balancer",
            "tlsConfig": {"insecureSkipVerification": true},
            "responseTransferMode": "STREAM",
            "contentHandling": "CONVERT_TO_TEXT",
            "cacheNamespace": "shared",
            "cacheKeyParameters": ["method.request.querystring.q"],
            "responses": {"default": {"statusCode": 200, "contentHandling": "CONVERT_TO_BINARY"}},
        }}}}}));
        let facts = definition.routes.values().next().unwrap();
        let facts: Vec<String> = facts.iter().map(|(field, value)| format!("{field}: {value}")).collect();
        assert_eq!(
            facts,
            [
                "VPC link: v2",
                "answer content handling 200: CONVERT_TO_BINARY",
                "answers 200: default",
                "authorization: NONE",
                "cache key method.request.querystring.q: yes",
                "cache namespace: shared",
                "certificate check: off",
                "connection: VPC_LINK",
                "content handling: CONVERT_TO_TEXT",
                "integration: HTTP",
                "integration target: arn:balancer",
                "integration URI: https://a.example",
                "integration verb: GET",
                "response transfer: STREAM",
            ]
        );
    }

    #[test]
    fn models_validators_and_shared_parameters_are_read() {
        let document: Document = serde_json::from_value(json!({
            "paths": {"/a/{id}": {
                "parameters": [{"name": "id", "in": "path"}, {"name": "q", "in": "query", "required": true}],
                "post": {
                    "parameters": [{"name": "session", "in": "cookie"}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
                },
            }},
            "components": {"schemas": {"Book": {"type": "object", "description": "What is sold."}}},
            "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true}},
            "x-amazon-apigateway-request-validator": "all",
        }))
        .unwrap();
        let api = Api::from(&document);
        assert_eq!(api.models[0].description.as_deref(), Some("What is sold."));
        assert!(api.validators[0].body && !api.validators[0].parameters);
        let definition = Definition::of(&api);
        let facts: Vec<String> = definition
            .routes
            .values()
            .flatten()
            .map(|(field, _)| field.to_string())
            .collect();
        assert_eq!(
            facts,
            [
                "authorization",
                "body application/json",
                "request validator",
                "takes method.request.path.id",
                "takes method.request.querystring.q",
            ]
        );
    }

    #[test]
    fn an_export_as_recorded_of_aws_has_no_facts_that_are_defaults() {
        let document = json!({"openapi": "3.0.1", "paths": {"/pets/{petId}": {"get": {
            "parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "200 response", "content": {}}},
            "x-amazon-apigateway-integration": {
                "httpMethod": "GET",
                "uri": "http://petstore-demo-endpoint.execute-api.com/petstore/pets/{id}",
                "responses": {"default": {"statusCode": "200"}},
                "requestParameters": {"integration.request.path.id": "method.request.path.petId"},
                "passthroughBehavior": "when_no_match",
                "type": "http",
            },
        }}}, "components": {}});
        let definition = imported(document);
        let facts = definition.routes.values().next().unwrap();
        let fields: Vec<String> = facts.keys().map(ToString::to_string).collect();
        assert_eq!(
            fields,
            [
                "answers 200",
                "authorization",
                "declares 200",
                "integration",
                "integration URI",
                "integration verb",
                "parameter integration.request.path.id",
                "takes method.request.path.petId"
            ]
        );
    }
}
