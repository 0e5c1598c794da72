//! What API Gateway makes of our document.

use std::collections::BTreeMap;

use super::definition::Definition;
use super::model::{GatewayResponse, Integration, IntegrationResponse, Method, Resource, Texts};
use crate::openapi::{self, Document};

/// The facts of the document, as they will be read back.
#[must_use]
pub fn desired(document: &Document) -> Definition {
    Definition::of_parts(&resources(document), &[], &[], &responses(document))
}

fn responses(document: &Document) -> Vec<GatewayResponse> {
    document
        .gateway_responses
        .iter()
        .map(|(kind, response)| GatewayResponse {
            kind: kind.to_owned(),
            parameters: texts(response.response_parameters.iter()),
            ..GatewayResponse::default()
        })
        .collect()
}

fn texts<'a, V: AsRef<str> + 'a>(entries: impl Iterator<Item = (&'a str, &'a V)>) -> Texts {
    entries
        .map(|(key, value)| (key.to_owned(), value.as_ref().to_owned()))
        .collect()
}

fn resources(document: &Document) -> Vec<Resource> {
    document
        .paths
        .iter()
        .map(|(path, item)| Resource {
            id: String::new(),
            path: path.to_owned(),
            methods: item
                .iter()
                .map(|(verb, operation)| (verb_of(verb), method(document, operation)))
                .collect(),
        })
        .collect()
}

fn verb_of(key: &str) -> String {
    match key {
        "x-amazon-apigateway-any-method" => "ANY".to_owned(),
        key => key.to_uppercase(),
    }
}

fn method(document: &Document, operation: &openapi::Operation) -> Method {
    Method {
        authorization: Some(authorization(document, operation)),
        request_parameters: operation
            .parameters
            .iter()
            .map(|parameter| (format!("method.request.path.{}", parameter.name), parameter.required))
            .collect(),
        responses: operation
            .responses
            .iter()
            .map(|(status, response)| {
                let mut headers: Vec<String> = response
                    .headers
                    .iter()
                    .map(|(name, _)| format!("method.response.header.{name}"))
                    .collect();
                headers.sort();
                (status.to_owned(), headers)
            })
            .collect(),
        integration: Some(integration(&operation.integration)),
        ..Method::default()
    }
}

fn authorization(document: &Document, operation: &openapi::Operation) -> String {
    let scheme = operation
        .security
        .iter()
        .flatten()
        .flat_map(|requirement| requirement.iter())
        .find_map(|(name, _)| document.components.security_schemes.get(name));
    match scheme.map(|scheme| scheme.auth_type) {
        None => "NONE".to_owned(),
        Some("awsSigv4") => "AWS_IAM".to_owned(),
        Some(other) => other.to_uppercase(),
    }
}

fn integration(integration: &openapi::Integration) -> Integration {
    // API Gateway keeps one answer per status: the last one of the document.
    let mut responses = BTreeMap::new();
    for (pattern, response) in integration.responses.iter() {
        responses.insert(
            response.status_code.to_owned(),
            IntegrationResponse {
                selection_pattern: (pattern != "default").then(|| pattern.to_owned()),
                parameters: texts(response.response_parameters.iter()),
                templates: texts(response.response_templates.iter()),
            },
        );
    }
    Integration {
        kind: integration.kind.to_uppercase(),
        http_method: integration.http_method.clone(),
        uri: integration.uri.clone(),
        connection_type: integration.connection_type.map(str::to_owned),
        connection_id: integration.connection_id.clone(),
        request_parameters: texts(integration.request_parameters.iter()),
        request_templates: texts(integration.request_templates.iter()),
        responses,
        passthrough_behavior: integration.passthrough_behavior.map(str::to_uppercase),
        ..Integration::default()
    }
}
