//! Cross-origin access: the preflight that the gateway answers itself, and the headers it sets.

use super::document::{
    GatewayResponse, Header, Integration, IntegrationResponse, Map, Operation, PlainSchema, Response, Schema,
};
use super::parameter;
use crate::blueprint::{Preflight, Verb};

pub(super) const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";

/// Any origin, as a static value of a parameter map.
pub(super) const ANY_ORIGIN: &str = "'*'";

/// Request headers that clients of API Gateway need.
pub(crate) const USUAL_HEADERS: [&str; 5] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
];

/// The OPTIONS operation that answers a preflight without reaching the service.
pub(super) fn preflight(preflight: &Preflight, operation_id: String) -> Operation {
    let methods: Vec<&str> = preflight.verbs.iter().copied().map(Verb::as_str).collect();
    // Those of the file are there once each.
    let own = preflight.allow_headers.iter().map(String::as_str);
    let own = own.filter(|header| !USUAL_HEADERS.iter().any(|usual| usual.eq_ignore_ascii_case(header)));
    let headers: Vec<&str> = USUAL_HEADERS.into_iter().chain(own).collect();
    let response_parameters = [
        (ALLOW_ORIGIN, ANY_ORIGIN.to_owned()),
        (ALLOW_METHODS, format!("'{}'", methods.join(","))),
        (ALLOW_HEADERS, format!("'{}'", headers.join(","))),
    ]
    .into_iter()
    .map(|(header, value)| (response_header(header), value))
    .collect();
    Operation {
        operation_id: Some(operation_id),
        summary: Some("CORS".to_owned()),
        parameters: parameter::declarations(&preflight.path),
        security: Some(Vec::new()),
        responses: Map::from_iter([(
            "200",
            Response {
                description: Some("OK".into()),
                headers: [ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS]
                    .into_iter()
                    .map(|header| (header, text_header()))
                    .collect(),
                ..Response::default()
            },
        )]),
        integration: Some(Integration {
            kind: "mock".into(),
            // The status in the template chooses the integration response.
            request_templates: Map::from_iter([("application/json", "{\"statusCode\": 200}".into())]),
            responses: Map::from_iter([(
                "default",
                IntegrationResponse {
                    status_code: "200".into(),
                    response_parameters,
                    ..IntegrationResponse::default()
                },
            )]),
            ..Integration::default()
        }),
        ..Operation::default()
    }
}

/// Without the header on the gateway's own answers, browsers hide a 403 or 504 from the page that asked.
pub(super) fn gateway_responses() -> Map<GatewayResponse> {
    ["DEFAULT_4XX", "DEFAULT_5XX"]
        .into_iter()
        .map(|name| {
            let parameter = format!("gatewayresponse.header.{ALLOW_ORIGIN}");
            (
                name,
                GatewayResponse {
                    response_parameters: Map::from_iter([(parameter, ANY_ORIGIN.to_owned())]),
                    ..GatewayResponse::default()
                },
            )
        })
        .collect()
}

/// The name of a response header in a parameter map.
pub(crate) fn response_header(name: &str) -> String {
    format!("method.response.header.{name}")
}

/// A header that holds text.
pub(crate) fn text_header() -> Header {
    Header {
        schema: Some(Schema::Plain(PlainSchema::of("string"))),
        ..Header::default()
    }
}
