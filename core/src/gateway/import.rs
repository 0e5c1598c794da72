//! What API Gateway makes of a document
//! ([importing](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html),
//! [extensions](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html)).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::definition::{Definition, NONE};
use super::model::{
    Api, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, MethodResponse, Model,
    RequestValidator, Resource, Texts, made_up,
};
use crate::blueprint::Verb;
use crate::openapi::{self, Document, Map, MediaType, Operation, Others, Parameter, SecurityScheme};

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
        let is_model = |schema: &openapi::Schema| !matches!(schema, openapi::Schema::Read(value) if !value.is_object());
        let schemas = schemas.filter(|(_, schema)| is_model(schema));
        let mut models: Vec<Model> = schemas.map(|(name, schema)| model(name, schema)).collect();
        Self {
            resources: resources(document, &mut models),
            authorizers: schemes.filter_map(|(name, scheme)| authorizer(name, scheme)).collect(),
            models,
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
        Self {
            has_binary: !document.binary_media_types.is_empty(),
            ..Self::of(&Api::from(document))
        }
    }
}

fn texts<T: AsRef<str>>(entries: &Map<T>) -> Texts {
    let entries = entries.iter();
    entries
        .map(|(key, value)| (key.to_owned(), value.as_ref().to_owned()))
        .collect()
}

/// The resources of the paths, and those on the way to them. Models of schemas without a name are added to `models`.
fn resources(document: &Document, models: &mut Vec<Model>) -> Vec<Resource> {
    let mut resources: BTreeMap<&str, BTreeMap<String, Method>> = BTreeMap::from([("/", BTreeMap::new())]);
    for (path, item) in document.paths.iter() {
        // No resource has a slash at its end.
        let path = match path.trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        for (end, _) in path.match_indices('/').skip(1) {
            resources.entry(&path[..end]).or_default();
        }
        let methods = resources.entry(path).or_default();
        for (key, operation) in item.operations.iter() {
            if let Some(verb) = Verb::of_document_key(key) {
                let method = method(document, operation, &item.parameters, models);
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

/// A part, or the one under `components` that it refers to.
fn referred<'a, T: Clone + DeserializeOwned>(document: &Document, part: &'a T, others: &Others) -> Cow<'a, T> {
    let target = others.get("$ref").and_then(Value::as_str);
    let name = target.and_then(|target| target.strip_prefix("#/components/")?.split_once('/'));
    let target = name.and_then(|(kind, name)| document.components.others.get(kind)?.get(name));
    let target = target.and_then(|target| T::deserialize(target).ok());
    target.map_or(Cow::Borrowed(part), Cow::Owned)
}

fn method(document: &Document, operation: &Operation, shared: &[Parameter], made: &mut Vec<Model>) -> Method {
    let body = operation.request_body.as_ref();
    let body = body.map(|body| referred(document, body, &body.others));
    // API Gateway takes statuses of three digits.
    let responses = operation.responses.iter().filter(|(status, _)| is_status(status));
    let responses = responses.map(|(status, response)| {
        let response = referred(document, response, &response.others);
        let headers = response.headers.iter();
        let response = MethodResponse {
            parameters: headers
                .map(|(name, _)| (format!("method.response.header.{name}"), false))
                .collect(),
            models: models(response.content.iter(), made),
        };
        (status.to_owned(), response)
    });
    let responses = responses.collect();
    let request_models = models(body.iter().flat_map(|body| body.content.iter()), made);
    let validator = operation
        .request_validator
        .as_ref()
        .or(document.request_validator.as_ref());
    let mut method = Method {
        authorization: Some(NONE.to_owned()),
        request_validator_id: validator
            .filter(|name| document.request_validators.get(name).is_some())
            .cloned(),
        request_parameters: shared
            .iter()
            .chain(&operation.parameters)
            .filter_map(|one| parameter(&referred(document, one, &one.others)))
            .collect(),
        request_models,
        operation_name: operation.operation_id.clone(),
        responses,
        integration: operation.integration.as_ref().map(integration),
        ..Method::default()
    };
    let security = operation.security.as_ref().or(document.security.as_ref());
    for (name, scopes) in security.into_iter().flatten().flat_map(Map::iter) {
        if let Some(scheme) = document.components.security_schemes.get(name) {
            secure(&mut method, name, scheme, scopes);
        }
    }
    if let Some(auth) = &operation.auth {
        method.authorization = Some(auth.kind.to_uppercase());
    }
    method
}

/// The header that brings API keys.
pub(super) const API_KEY: &str = "x-api-key";

/// The models of bodies. A schema that stands where it is used becomes one of those that were `made`.
fn models<'d>(bodies: impl Iterator<Item = (&'d str, &'d MediaType)>, made: &mut Vec<Model>) -> Texts {
    let named = bodies.filter_map(|(kind, body)| {
        let schema = body.schema.as_ref()?;
        let name = match schema.reference() {
            Some(name) => name.to_owned(),
            None => unnamed(schema, made),
        };
        Some((kind.to_owned(), name))
    });
    named.collect()
}

/// The name of the model that a schema without a name becomes: the same for the same schema.
fn unnamed(schema: &openapi::Schema, made: &mut Vec<Model>) -> String {
    let text = serde_json::to_string(schema).unwrap_or_default();
    let mut tries = 0;
    loop {
        let model = model(&made_up(&text, tries), schema);
        match made.iter().find(|other| other.name == model.name) {
            Some(other) if *other != model => tries += 1,
            Some(_) => return model.name,
            None => {
                made.push(model.clone());
                return model.name;
            }
        }
    }
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
        (None, None) if scheme.kind == "apiKey" && scheme.name.eq_ignore_ascii_case(API_KEY) => {
            method.api_key_required = true;
        }
        // What API Gateway does not know asks for nothing.
        (None, None) => {}
    }
}

fn authorizer(name: &str, scheme: &SecurityScheme) -> Option<Authorizer> {
    let details = scheme.authorizer.as_ref()?;
    let kind = details.kind.to_uppercase();
    let header = || (kind != "REQUEST").then(|| format!("method.request.header.{}", scheme.name));
    Some(Authorizer {
        id: name.to_owned(),
        name: name.to_owned(),
        auth_type: scheme.auth_type.as_deref().map(str::to_owned),
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

fn is_status(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn upper(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_uppercase)
}

#[cfg(test)]
mod tests;
