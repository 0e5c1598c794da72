//! How the gateway reaches the service, and what becomes of its answers.

use super::cors::{ALLOW_ORIGIN, ANY_ORIGIN, response_header, text_header};
use super::document::{Integration, IntegrationResponse, Map, Response};
use super::status::{STATUSES, class};
use super::{Target, parameter, reason};
use crate::blueprint::{Connection, Route};

/// The integration of a route.
pub(super) fn integration(route: &Route, target: &Target) -> Integration {
    let (connection_type, connection_id) = match &route.integration.connection {
        Connection::Internet => (None, None),
        Connection::VpcLink { id } => (Some(route.integration.connection.as_str().into()), Some(id.clone())),
    };
    Integration {
        kind: if route.integration.proxy { "http_proxy" } else { "http" }.into(),
        http_method: Some(route.verb.as_str().to_owned()),
        uri: Some(target.uri(&route.path.backend)),
        connection_type,
        connection_id,
        request_parameters: parameter::mappings(&route.path),
        responses: if route.integration.proxy {
            Map::new()
        } else {
            passed_through(route)
        },
        ..Integration::default()
    }
}

/// The answers that an operation declares.
pub(super) fn responses(route: &Route) -> Map<Response> {
    if route.integration.proxy {
        // The service's own answer, whatever its status and headers.
        return Map::from_iter([("200", response("200", false))]);
    }
    let cors = route.cors.is_some();
    STATUSES
        .iter()
        .map(|(status, _)| (*status, response(status, cors)))
        .collect()
}

fn response(status: &str, cors: bool) -> Response {
    let mut headers = Map::new();
    if cors {
        headers.push(ALLOW_ORIGIN, text_header());
    }
    Response {
        description: Some(reason(status).into()),
        headers,
        ..Response::default()
    }
}

/// The service's status stays what it is. Without this every answer would be a 200.
fn passed_through(route: &Route) -> Map<IntegrationResponse> {
    let answer = |status_code: &'static str| {
        let mut response_parameters = Map::new();
        if route.cors.is_some() {
            response_parameters.push(response_header(ALLOW_ORIGIN), ANY_ORIGIN.to_owned());
        }
        IntegrationResponse {
            status_code: status_code.into(),
            response_parameters,
            ..IntegrationResponse::default()
        }
    };
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
