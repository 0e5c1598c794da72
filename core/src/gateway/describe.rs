//! The document that API Gateway makes of an API: the other way round of [`import`](super::import)
//! ([exporting](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html)).

use serde_json::{Value, json};

use super::definition::NONE;
use super::import::API_KEY;
use super::model::{
    Api, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, RequestValidator, Texts,
    refer_in_document,
};
use crate::blueprint::Verb;
use crate::model_reference::in_document;
use crate::openapi::{
    self, Document, Header, Map, MediaType, Operation, Parameter, PathItem, RequestBody, Response, Schema,
    SecurityScheme,
};

/// What the schemes of API keys and of signatures are called.
const KEYS: &str = "api_key";
const SIGV4: &str = "sigv4";

impl From<&Api> for Document {
    /// The document that describes an API. What it is called and where it answers is for whoever knows that.
    ///
    /// ```
    /// use bluegate_core::gateway::Api;
    /// use bluegate_core::openapi::Document;
    ///
    /// let text = r#"{"openapi": "3.0.1", "paths": {"/a": {"get": {"responses": {"200": {}}}}}}"#;
    /// let api = Api::from(&text.parse::<Document>().unwrap());
    /// assert_eq!(Api::from(&Document::from(&api)), api);
    /// ```
    fn from(api: &Api) -> Self {
        let mut document = Self {
            openapi: "3.0.1".into(),
            ..Self::default()
        };
        for resource in api.resources.iter().filter(|resource| !resource.methods.is_empty()) {
            let mut item = PathItem::default();
            for (verb, method) in &resource.methods {
                if let Some(verb) = Verb::ALL.into_iter().find(|known| known.as_str() == verb) {
                    item.operations.insert(verb.document_key(), operation(api, method));
                }
            }
            document.paths.insert(resource.path.clone(), item);
        }
        for model in &api.models {
            let schema = model.schema.as_deref().map(serde_json::from_str::<Value>);
            let mut schema = schema.and_then(Result::ok).unwrap_or_else(|| json!({}));
            refer_in_document(&mut schema);
            document
                .components
                .schemas
                .insert(model.name.clone(), Schema::Read(schema));
        }
        let methods = || api.resources.iter().flat_map(|resource| resource.methods.values());
        let schemes = &mut document.components.security_schemes;
        if methods().any(|method| method.authorization.as_deref() == Some("AWS_IAM")) {
            schemes.insert(SIGV4, scheme("Authorization", Some("awsSigv4")));
        }
        for authorizer in &api.authorizers {
            schemes.insert(authorizer.name.clone(), asked(authorizer));
        }
        if methods().any(|method| method.api_key_required) {
            schemes.insert(KEYS, scheme(API_KEY, None));
        }
        let validators = api.validators.iter();
        document.request_validators = validators.map(|one| (one.name.clone(), one.into())).collect();
        let custom = api.responses.iter().filter(|response| !response.is_default);
        document.gateway_responses = custom.map(|one| (one.kind.clone(), one.into())).collect();
        document
    }
}

fn operation(api: &Api, method: &Method) -> Operation {
    let by_id = |id: &Option<String>| id.clone().unwrap_or_default();
    let validator = by_id(&method.request_validator_id);
    let validator = api.validators.iter().find(|one| one.id == validator);
    let mut security: Vec<Map<Vec<String>>> = Vec::new();
    match method.authorization.as_deref() {
        None | Some(NONE) => {}
        Some("AWS_IAM") => security.push(Map::from_iter([(SIGV4, Vec::new())])),
        Some(_) => {
            let id = by_id(&method.authorizer_id);
            let authorizer = api.authorizers.iter().find(|one| one.id == id);
            let name = authorizer.map_or(id.clone(), |one| one.name.clone());
            security.push(Map::from_iter([(name, method.authorization_scopes.clone())]));
        }
    }
    if method.api_key_required {
        security.push(Map::from_iter([(KEYS, Vec::new())]));
    }
    let content = content(&method.request_models);
    Operation {
        operation_id: method.operation_name.clone(),
        parameters: method.request_parameters.iter().filter_map(parameter).collect(),
        request_body: (!content.is_empty()).then(|| RequestBody {
            content,
            others: required(),
        }),
        security: (!security.is_empty()).then_some(security),
        responses: method
            .responses
            .iter()
            .map(|(status, response)| {
                let headers = response.parameters.keys();
                let headers = headers.filter_map(|name| name.strip_prefix("method.response.header."));
                let made = Response {
                    description: Some(format!("{status} response").into()),
                    headers: headers
                        .map(|name| {
                            let header = Header {
                                schema: Some(text()),
                                ..Header::default()
                            };
                            (name.to_owned(), header)
                        })
                        .collect(),
                    content: self::content(&response.models),
                    ..Response::default()
                };
                (status.clone(), made)
            })
            .collect(),
        request_validator: validator.map(|one| one.name.clone()),
        integration: method.integration.as_ref().map(Into::into),
        ..Operation::default()
    }
}

fn required() -> openapi::Others {
    let mut others = openapi::Others::default();
    others.insert("required", json!(true));
    others
}

fn text() -> Schema {
    Schema::Read(json!({"type": "string"}))
}

fn content(models: &Texts) -> Map<MediaType> {
    let entries = models.iter().map(|(kind, name)| {
        let media = MediaType {
            schema: Some(Schema::Read(json!({"$ref": in_document(name)}))),
            ..MediaType::default()
        };
        (kind.clone(), media)
    });
    entries.collect()
}

fn parameter((name, is_required): (&String, &bool)) -> Option<Parameter> {
    let (place, name) = name.strip_prefix("method.request.")?.split_once('.')?;
    Some(Parameter {
        name: name.to_owned(),
        location: if place == "querystring" {
            "query".into()
        } else {
            place.to_owned().into()
        },
        required: *is_required,
        schema: Some(text()),
        ..Parameter::default()
    })
}

fn scheme(header: &str, auth_type: Option<&str>) -> SecurityScheme {
    SecurityScheme {
        kind: "apiKey".into(),
        name: header.to_owned().into(),
        location: "header".into(),
        auth_type: auth_type.map(|kind| kind.to_owned().into()),
        ..SecurityScheme::default()
    }
}

/// The scheme of an authorizer. Of one that is asked with several things, the header is none.
fn asked(authorizer: &Authorizer) -> SecurityScheme {
    let header = authorizer
        .identity_source
        .as_deref()
        .and_then(|source| source.strip_prefix("method.request.header."));
    let header = header.filter(|_| authorizer.kind != "REQUEST").unwrap_or("Unused");
    let kind = match authorizer.kind.as_str() {
        "COGNITO_USER_POOLS" => "cognito_user_pools",
        _ => authorizer.auth_type.as_deref().unwrap_or("custom"),
    };
    SecurityScheme {
        authorizer: Some(authorizer.into()),
        ..scheme(header, Some(kind))
    }
}

impl From<&Integration> for openapi::Integration {
    fn from(integration: &Integration) -> Self {
        let map = |texts: &Texts| texts.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let lower = |text: &Option<String>| text.as_deref().map(str::to_lowercase);
        let responses = integration.responses.iter().map(|(status, response)| {
            let pattern = response.selection_pattern.clone().filter(|pattern| !pattern.is_empty());
            let made = openapi::IntegrationResponse {
                status_code: status.clone().into(),
                ..response.into()
            };
            (pattern.unwrap_or_else(|| "default".to_owned()), made)
        });
        Self {
            kind: integration.kind.to_lowercase().into(),
            http_method: integration.http_method.clone(),
            uri: integration.uri.clone(),
            connection_type: integration
                .connection_type
                .clone()
                .filter(|kind| kind != "INTERNET")
                .map(Into::into),
            connection_id: integration.connection_id.clone(),
            integration_target: integration.integration_target.clone(),
            credentials: integration.credentials.clone(),
            passthrough_behavior: Some(
                lower(&integration.passthrough_behavior)
                    .unwrap_or_else(|| "when_no_match".to_owned())
                    .into(),
            ),
            content_handling: integration.content_handling.clone(),
            timeout_in_millis: integration
                .timeout_in_millis
                .filter(|time| *time != 29_000)
                .map(i64::from),
            response_transfer_mode: integration.response_transfer_mode.clone(),
            tls_config: integration.skips_verification.then(|| openapi::TlsConfig {
                insecure_skip_verification: true,
                ..openapi::TlsConfig::default()
            }),
            cache_namespace: integration.cache_namespace.clone(),
            cache_key_parameters: integration.cache_key_parameters.clone(),
            request_parameters: map(&integration.request_parameters),
            request_templates: integration
                .request_templates
                .iter()
                .map(|(kind, template)| (kind.clone(), template.clone().into()))
                .collect(),
            responses: responses.collect(),
            ..Self::default()
        }
    }
}

impl From<&IntegrationResponse> for openapi::IntegrationResponse {
    fn from(response: &IntegrationResponse) -> Self {
        let entries = |texts: &Texts| texts.clone().into_iter();
        Self {
            response_parameters: entries(&response.parameters).collect(),
            response_templates: entries(&response.templates)
                .map(|(kind, template)| (kind, template.into()))
                .collect(),
            content_handling: response.content_handling.clone(),
            ..Self::default()
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::{BasePath, to_swagger};

    fn shop() -> Document {
        let text = json!({
            "openapi": "3.0.1", "info": {"title": "shop", "version": "1"},
            "paths": {
                "/books/{id}": {
                    "get": {
                        "operationId": "show",
                        "parameters": [{"name": "id", "in": "path", "required": true}, {"name": "q", "in": "query"}],
                        "responses": {"200": {"headers": {"ETag": {}}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}},
                        "security": [{"staff": []}, {"api_key": []}],
                        "x-amazon-apigateway-request-validator": "all",
                        "x-amazon-apigateway-integration": {
                            "type": "http", "httpMethod": "GET", "uri": "http://a.example", "timeoutInMillis": 5000,
                            "passthroughBehavior": "when_no_match",
                            "requestParameters": {"integration.request.path.id": "method.request.path.id"},
                            "tlsConfig": {"insecureSkipVerification": true},
                            "responses": {"4..": {"statusCode": "400"}, "default": {"statusCode": "200", "responseTemplates": {"text/plain": "x"}}},
                        },
                    },
                    "x-amazon-apigateway-any-method": {
                        "security": [{"sigv4": []}],
                        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                        "x-amazon-apigateway-integration": {"type": "mock", "passthroughBehavior": "never"},
                    },
                },
            },
            "components": {
                "schemas": {"Book": {"type": "object", "properties": {"by": {"$ref": "#/components/schemas/Author"}}}, "Author": {"type": "string"}},
                "securitySchemes": {
                    "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
                    "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                    "staff": {"type": "apiKey", "name": "Token", "in": "header", "x-amazon-apigateway-authtype": "custom",
                              "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "arn:f", "authorizerResultTtlInSeconds": 60}},
                },
            },
            "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true, "validateRequestParameters": true}},
            "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.A": "'b'"}}},
        });
        Document::read(&text.to_string(), BasePath::Ignore).unwrap()
    }

    #[test]
    fn an_api_that_is_described_and_imported_again_is_the_same() {
        let api = Api::from(&shop());
        let described = Document::from(&api);
        assert_eq!(Api::from(&described), api);
        let swagger = to_swagger(serde_json::to_value(&described).unwrap()).to_string();
        assert!(!swagger.contains("#/components"), "{swagger}");
        let back = Api::from(&Document::read(&swagger, BasePath::Ignore).unwrap());
        assert_eq!(back, api);
    }
}
