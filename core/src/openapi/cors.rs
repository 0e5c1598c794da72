//! Cross-origin access: the preflight that the gateway answers itself, and the headers it sets.

use super::document::{
    GatewayResponse, Header, Integration, IntegrationResponse, Map, Operation, PlainSchema, Response, Schema,
};
use super::parameter;
pub(super) use crate::blueprint::ALLOW_ORIGIN;
use crate::blueprint::{ALLOW_CREDENTIALS, Blueprint, Cors, Preflight};

/// What a mock makes of a request: in an API with binary types it would be bytes, which no template reads.
pub(super) const TEXT: &str = "CONVERT_TO_TEXT";

/// Any origin, as a static value of a parameter map.
const ANY_ORIGIN: &str = "'*'";

/// The origin that the gateway can name without a look at the request. Where several may call, who asks decides.
pub(super) fn static_origin(cors: &Cors) -> Option<String> {
    match cors.origins.as_slice() {
        [] => Some(ANY_ORIGIN.to_owned()),
        [one] => Some(format!("'{one}'")),
        _ => None,
    }
}

/// The OPTIONS operation that answers a preflight without reaching the service.
pub(super) fn preflight(preflight: &Preflight) -> Operation {
    let quoted = |(header, value): (&'static str, String)| (header, format!("'{value}'"));
    let values: Vec<(&str, String)> = preflight.headers().into_iter().map(quoted).collect();
    let template = preflight.cors.origin_template();
    let response_templates = template.map(|template| ("application/json", template.into()));
    Operation {
        operation_id: Some(preflight.operation_id.clone()),
        summary: Some("CORS".to_owned()),
        parameters: parameter::declarations(&preflight.path),
        security: Some(Vec::new()),
        responses: Map::from_iter([(
            "200",
            Response {
                description: Some("OK".into()),
                headers: values.iter().map(|(header, _)| (*header, text_header())).collect(),
                ..Response::default()
            },
        )]),
        integration: Some(Integration {
            kind: "mock".into(),
            content_handling: Some(TEXT.to_owned()),
            // The status in the template chooses the integration response.
            request_templates: Map::from_iter([("application/json", "{\"statusCode\": 200}".into())]),
            responses: Map::from_iter([(
                "default",
                IntegrationResponse {
                    status_code: "200".into(),
                    response_parameters: values
                        .into_iter()
                        .map(|(header, value)| (response_header(header), value))
                        .collect(),
                    response_templates: response_templates.into_iter().collect(),
                    ..IntegrationResponse::default()
                },
            )]),
            ..Integration::default()
        }),
        ..Operation::default()
    }
}

/// Without the header on the gateway's own answers, browsers hide a 403 or 504 from the page that asked.
pub(super) fn gateway_responses(blueprint: &Blueprint) -> Map<GatewayResponse> {
    let Some(cors) = blueprint.cors_of_refusals() else {
        return Map::new();
    };
    let Some(origin) = static_origin(cors) else {
        return Map::new();
    };
    let header = |name| format!("gatewayresponse.header.{name}");
    let mut parameters = Map::from_iter([(header(ALLOW_ORIGIN), origin)]);
    if cors.origins.len() == 1 && blueprint.all_cors().iter().all(|cors| cors.credentials) {
        parameters.push(header(ALLOW_CREDENTIALS), "'true'".to_owned());
    }
    ["DEFAULT_4XX", "DEFAULT_5XX"]
        .into_iter()
        .map(|name| {
            let response = GatewayResponse {
                response_parameters: parameters.clone(),
                ..GatewayResponse::default()
            };
            (name, response)
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
