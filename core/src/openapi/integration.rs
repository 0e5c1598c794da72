//! How the gateway reaches the service, and what becomes of its answers.

use serde_json::Value;

use super::cors::{self, TEXT, response_header, text_header};
use super::document::{Integration, IntegrationResponse, Map, Response, TlsConfig};
use super::security::number;
use super::status::{STATUSES, class};
use super::{Target, contract, parameter, reason};
use crate::blueprint::{self, Backend, Connection, Cors, Mapping, Route, Verb};
use crate::file::TransferWord;

/// The integration of a route.
pub(super) fn integration(route: &Route, target: &Target) -> Integration {
    let wanted = &route.integration;
    let (connection_type, connection_id, integration_target) = match &wanted.connection {
        Connection::Internet => (None, None, None),
        Connection::VpcLink { id, target } => (
            Some(wanted.connection.as_str().into()),
            Some(id.clone()),
            target.clone(),
        ),
    };
    let (http, lambda) = if wanted.proxy {
        ("http_proxy", "aws_proxy")
    } else {
        ("http", "aws")
    };
    let (kind, uri) = match &wanted.backend {
        Backend::Service => match target.service_invocation() {
            Some(uri) => (lambda, Some(uri)),
            None => (http, Some(target.uri(&route.path.backend))),
        },
        Backend::Http { url } => (http, Some(url.clone())),
        Backend::Function(function) => (lambda, Some(target.invocation(function))),
        Backend::AwsService { uri } => ("aws", Some(uri.clone())),
        Backend::Answer | Backend::Nobody => ("mock", None),
    };
    // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    let is_invoked = wanted.backend == Backend::Service && kind == lambda;
    let verb = if is_invoked { Verb::Post } else { wanted.verb };
    let path_parameters = match &wanted.backend {
        Backend::Service if is_invoked => Map::new(),
        Backend::Service => parameter::mappings(&route.path, None),
        _ => uri
            .as_ref()
            .map_or_else(Map::new, |uri| parameter::mappings(&route.path, Some(uri))),
    };
    let integration = Integration {
        kind: kind.into(),
        http_method: uri.is_some().then(|| verb.as_str().to_owned()),
        connection_type,
        connection_id,
        integration_target,
        request_parameters: path_parameters,
        responses: integration_responses(route, kind),
        content_handling: (kind == "mock").then(|| TEXT.to_owned()),
        uri,
        ..Integration::default()
    };
    match &wanted.mapping {
        Some(mapping) => mapped(integration, mapping),
        None => integration,
    }
}

/// Adds what most routes do without.
fn mapped(mut integration: Integration, mapping: &Mapping) -> Integration {
    for (to, from) in &mapping.parameters {
        integration.request_parameters.insert(to.clone(), from.clone());
    }
    let timeout = mapping.timeout.as_ref().map(number);
    if let Some(text @ Value::String(_)) = &timeout {
        integration.others.insert("timeoutInMillis", text.clone());
    }
    Integration {
        credentials: mapping.role.clone(),
        passthrough_behavior: mapping
            .passthrough
            .map(|word| word.as_str().to_ascii_lowercase().into()),
        content_handling: mapping.content_handling.map(|word| word.as_str().to_owned()),
        timeout_in_millis: timeout.and_then(|time| time.as_i64()),
        response_transfer_mode: mapping.streams.then(|| TransferWord::Stream.as_str().to_owned()),
        tls_config: mapping.skips_verification.then(|| TlsConfig {
            insecure_skip_verification: true,
            ..TlsConfig::default()
        }),
        cache_namespace: mapping.cache_namespace.clone(),
        cache_key_parameters: mapping.cache_keys.clone(),
        request_templates: texts(&mapping.templates),
        ..integration
    }
}

/// The integration responses that the file says.
fn declared(route: &Route) -> Option<&[(String, blueprint::IntegrationResponse)]> {
    route.integration.mapping.as_ref()?.responses.as_deref()
}

fn integration_responses(route: &Route, kind: &str) -> Map<IntegrationResponse> {
    let Some(declared) = declared(route) else {
        return match kind {
            "http" => passed_through(route),
            "aws" => Map::from_iter([("default", answer("200", route))]),
            _ => Map::new(),
        };
    };
    let written = declared.iter().map(|(pattern, response)| {
        let written = IntegrationResponse {
            status_code: response.status.clone().into(),
            response_parameters: response.parameters.iter().cloned().collect(),
            response_templates: texts(&response.templates),
            content_handling: response.content_handling.map(|word| word.as_str().to_owned()),
            ..IntegrationResponse::default()
        };
        (pattern.clone(), written)
    });
    written.collect()
}

/// The answers that an operation declares: those of the file, and where it says nothing of them those that API Gateway
/// needs to know of.
pub(super) fn responses(route: &Route) -> Map<Response> {
    let answers = route.contract.iter().flat_map(|contract| &contract.answers);
    let mut responses: Map<Response> = answers
        .map(|(status, answer)| (status.clone(), contract::answer(status, answer)))
        .collect();
    let integration = &route.integration;
    if integration.proxy || integration.backend == Backend::Nobody {
        if responses.is_empty() {
            // The service's own answer, whatever its status and headers.
            return Map::from_iter([("200", response("200"))]);
        }
        return responses;
    }
    let reaches_http = matches!(integration.backend, Backend::Service | Backend::Http { .. });
    let made: Vec<&str> = cors_headers(route).map(|(header, _)| header).collect();
    let declared = declared(route);
    let needed: Vec<(&str, Vec<&str>)> = match declared {
        None if reaches_http => STATUSES.iter().map(|(status, _)| (*status, made.clone())).collect(),
        None => vec![("200", made)],
        Some(declared) => declared
            .iter()
            .map(|(_, response)| (response.status.as_str(), response.headers().collect()))
            .collect(),
    };
    let is_said = declared.is_some() && !responses.is_empty();
    for (status, headers) in needed {
        if responses.get(status).is_none() && !is_said {
            responses.push(status.to_owned(), response(status));
        }
        if let Some(response) = responses.get_mut(status) {
            for header in headers {
                if response.headers.get(header).is_none() {
                    response.headers.push(header.to_owned(), text_header());
                }
            }
        }
    }
    responses
}

fn response(status: &str) -> Response {
    Response {
        description: Some(reason(status).into()),
        ..Response::default()
    }
}

/// Texts by media type.
pub(super) fn texts<T: From<String>>(texts: &[(String, String)]) -> Map<T> {
    texts
        .iter()
        .map(|(media, text)| (media.clone(), text.clone().into()))
        .collect()
}

/// The headers for pages of other origins on answers that pass: where several may call, nothing names the one that asked.
fn cors_headers(route: &Route) -> impl Iterator<Item = (&'static str, String)> {
    let cors = route.cors.as_deref();
    let cors = cors.filter(|cors| cors::static_origin(cors).is_some());
    cors.into_iter().flat_map(Cors::answer_headers)
}

fn answer(status_code: &'static str, route: &Route) -> IntegrationResponse {
    let headers = cors_headers(route);
    IntegrationResponse {
        status_code: status_code.into(),
        response_parameters: headers
            .map(|(header, value)| (response_header(header), format!("'{value}'")))
            .collect(),
        ..IntegrationResponse::default()
    }
}

/// The service's status stays what it is. Without this every answer would be a 200.
fn passed_through(route: &Route) -> Map<IntegrationResponse> {
    let answer = |status| answer(status, route);
    // API Gateway keeps one integration response a status, so the catch-alls are those of 200, 400 and 500.
    let mut responses = Map::new();
    responses.push("default", answer("200"));
    for (status, _) in STATUSES
        .iter()
        .filter(|(status, _)| !["200", "400", "500"].contains(status))
    {
        responses.push(*status, answer(status));
    }
    responses.push(class('4'), answer("400"));
    responses.push(class('5'), answer("500"));
    responses
}
