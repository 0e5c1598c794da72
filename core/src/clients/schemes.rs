//! How callers prove who they are, in words that clients understand.

use serde_json::Value;

use crate::blueprint::{Authorizer, Blueprint, Route};
use crate::file::{AuthorizerWord, KeySourceWord};
use crate::openapi::{self, API_KEY, Map, SIGV4, SecurityRequirement, SecurityScheme};

/// What signed requests are, for those who have no client that signs.
const SIGNED: &str = "A signature of the request with AWS credentials, Signature Version 4 \
                      (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html), for the service `execute-api`.";

/// The ways to prove who is calling.
pub(super) fn schemes(blueprint: &Blueprint) -> Map<SecurityScheme> {
    let mut schemes = Map::new();
    schemes.push(SIGV4, in_place("header", "Authorization", Some(SIGNED)));
    for authorizer in &blueprint.gateway.authorizers {
        schemes.push(authorizer.name.clone(), scheme(authorizer));
    }
    schemes.push(API_KEY, in_place("header", "x-api-key", None));
    schemes
}

fn in_place(location: &'static str, name: &str, description: Option<&str>) -> SecurityScheme {
    let mut scheme = SecurityScheme {
        kind: "apiKey".into(),
        name: name.to_owned().into(),
        location: location.into(),
        ..SecurityScheme::default()
    };
    if let Some(description) = description {
        scheme.others.insert("description", Value::from(description));
    }
    scheme
}

fn bearer(format: Option<&str>) -> SecurityScheme {
    let mut scheme = SecurityScheme {
        kind: "http".into(),
        ..SecurityScheme::default()
    };
    scheme.others.insert("scheme", Value::from("bearer"));
    if let Some(format) = format {
        scheme.others.insert("bearerFormat", Value::from(format));
    }
    scheme
}

fn scheme(authorizer: &Authorizer) -> SecurityScheme {
    let header = authorizer.header.as_str();
    let is_usual = header.eq_ignore_ascii_case("Authorization");
    let wants_bearer = authorizer
        .pattern
        .as_deref()
        .is_some_and(|pattern| pattern.trim_start_matches(['^', '(']).starts_with("Bearer"));
    match authorizer.kind {
        AuthorizerWord::Cognito if is_usual => bearer(Some("JWT")),
        AuthorizerWord::LambdaToken if is_usual && wants_bearer => bearer(None),
        AuthorizerWord::Cognito | AuthorizerWord::LambdaToken => in_place("header", header, None),
        AuthorizerWord::Lambda => {
            let places = authorizer.identity.iter().filter_map(|source| {
                let (place, name) = source.strip_prefix("method.request.")?.split_once('.')?;
                match place {
                    "header" => Some(("header", name)),
                    "querystring" => Some(("query", name)),
                    _ => None,
                }
            });
            let places: Vec<(&'static str, &str)> = places.collect();
            let all: Vec<String> = places.iter().map(|(place, name)| format!("{place} `{name}`")).collect();
            let (place, name) = places.first().copied().unwrap_or(("header", "Authorization"));
            match all.as_slice() {
                [_] => in_place(place, name, None),
                [] => in_place(place, name, Some("An authorizer looks at the request as a whole.")),
                all => in_place(
                    place,
                    name,
                    Some(&format!("An authorizer looks at {}.", all.join(", "))),
                ),
            }
        }
    }
}

/// What an operation asks of its callers. Scopes are a matter of tokens, and no scheme here has any.
pub(super) fn security(blueprint: &Blueprint, route: &Route) -> Vec<SecurityRequirement> {
    // Where an authorizer tells the key, callers send none.
    let needs_key = route.api_key && blueprint.gateway.api_key_source != Some(KeySourceWord::Authorizer);
    openapi::security(&route.authorization, &[], needs_key)
}
