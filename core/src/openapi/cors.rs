//! Cross-origin access: the preflight that the gateway answers itself, and the headers it sets.

use super::document::{
    GatewayResponse, Header, Integration, IntegrationResponse, Map, Operation, PlainSchema, Response, Schema,
};
use super::parameter;
use crate::blueprint::{Blueprint, Cors, Preflight, Verb};

pub(super) const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const MAX_AGE: &str = "Access-Control-Max-Age";
const VARY: &str = "Vary";
const ORIGIN: &str = "Origin";

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

/// Request headers that clients of API Gateway need.
pub(crate) const USUAL_HEADERS: [&str; 5] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
];

/// The OPTIONS operation that answers a preflight without reaching the service.
pub(super) fn preflight(preflight: &Preflight) -> Operation {
    let methods: Vec<&str> = preflight.verbs.iter().copied().map(Verb::as_str).collect();
    // Those of the file are there once each.
    let own = preflight.allow_headers.iter().map(String::as_str);
    let own = own.filter(|header| !USUAL_HEADERS.iter().any(|usual| usual.eq_ignore_ascii_case(header)));
    let headers: Vec<&str> = USUAL_HEADERS.into_iter().chain(own).collect();
    let cors = &*preflight.cors;
    // Where several may call, the template below names the one that asks in place of the first.
    let first = cors.origins.first().map(|origin| format!("'{origin}'"));
    let mut values = vec![
        (ALLOW_ORIGIN, first.unwrap_or_else(|| ANY_ORIGIN.to_owned())),
        (ALLOW_METHODS, format!("'{}'", methods.join(","))),
        (ALLOW_HEADERS, format!("'{}'", headers.join(","))),
    ];
    if cors.credentials {
        values.push((ALLOW_CREDENTIALS, "'true'".to_owned()));
    }
    if let Some(seconds) = cors.max_age {
        values.push((MAX_AGE, format!("'{seconds}'")));
    }
    let mut response_templates = Map::new();
    if cors.origins.len() > 1 {
        values.push((VARY, format!("'{ORIGIN}'")));
        response_templates.push("application/json", origin_template(&cors.origins).into());
    }
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
                    response_templates,
                    ..IntegrationResponse::default()
                },
            )]),
            ..Integration::default()
        }),
        ..Operation::default()
    }
}

/// Names the origin that asks, if it may call. Names of headers come in any case
/// ([overrides](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html)).
fn origin_template(origins: &[String]) -> String {
    let is_one: Vec<String> = origins
        .iter()
        .map(|origin| format!("$origin == \"{origin}\""))
        .collect();
    format!(
        "#set($origin = $input.params().header.get(\"{ORIGIN}\"))\n\
         #if(!$origin || $origin == \"\")#set($origin = $input.params().header.get(\"origin\"))#end\n\
         #if({})#set($context.responseOverride.header.{ALLOW_ORIGIN} = $origin)#end\n",
        is_one.join(" || ")
    )
}

/// Without the header on the gateway's own answers, browsers hide a 403 or 504 from the page that asked.
pub(super) fn gateway_responses(blueprint: &Blueprint) -> Map<GatewayResponse> {
    let of_routes = blueprint.routes.iter().filter_map(|route| route.cors.as_deref());
    let of_preflights = blueprint.preflights.iter().map(|preflight| &*preflight.cors);
    let mut all: Vec<&Cors> = of_routes.chain(of_preflights).collect();
    all.dedup_by(|one, other| std::ptr::eq(*one, *other));
    let Some(first) = all.first() else {
        return Map::new();
    };
    let is_one = all.iter().all(|cors| cors.origins == first.origins);
    let any = all.iter().find(|cors| cors.origins.is_empty());
    let Some(origin) = static_origin(any.unwrap_or(first)).filter(|_| any.is_some() || is_one) else {
        return Map::new();
    };
    let header = |name| format!("gatewayresponse.header.{name}");
    let mut parameters = Map::from_iter([(header(ALLOW_ORIGIN), origin)]);
    if is_one && first.origins.len() == 1 && all.iter().all(|cors| cors.credentials) {
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
