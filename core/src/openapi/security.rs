//! Who may call, as documents say it.

use serde_json::Value;

use super::Target;
use super::document::{self, Map, SecurityRequirement, SecurityScheme};
use crate::blueprint::{Authorization, Authorizer, Blueprint, Route, SIGNATURE};
use crate::file::{Amount, AuthorizerWord};

/// The name under which operations refer to signed requests.
pub(crate) const SIGV4: &str = "sigv4";

/// The name under which operations refer to API keys.
pub(crate) const API_KEY: &str = "api_key";

/// The ways to prove who is calling that an API has.
pub(super) fn schemes(blueprint: &Blueprint, target: &Target) -> Map<SecurityScheme> {
    let is_signed = |route: &Route| match &route.authorization {
        Authorization::AwsIam => true,
        Authorization::Authorizers(names) => names.iter().any(|name| name == SIGNATURE),
        Authorization::Public => false,
    };
    let mut schemes = if blueprint.routes.iter().any(is_signed) {
        signed_requests()
    } else {
        Map::new()
    };
    for authorizer in &blueprint.gateway.authorizers {
        schemes.push(authorizer.name.clone(), scheme(authorizer, target));
    }
    if blueprint.routes.iter().any(|route| route.api_key) {
        schemes.push(API_KEY, in_header("x-api-key"));
    }
    schemes
}

fn in_header(name: impl Into<std::borrow::Cow<'static, str>>) -> SecurityScheme {
    SecurityScheme {
        kind: "apiKey".into(),
        name: name.into(),
        location: "header".into(),
        ..SecurityScheme::default()
    }
}

/// Requests signed with AWS credentials, as API Gateway names them.
pub(crate) fn signed_requests() -> Map<SecurityScheme> {
    Map::from_iter([(
        SIGV4,
        SecurityScheme {
            auth_type: Some("awsSigv4".into()),
            ..in_header("Authorization")
        },
    )])
}

fn scheme(authorizer: &Authorizer, target: &Target) -> SecurityScheme {
    let (auth_type, kind) = match authorizer.kind {
        AuthorizerWord::Cognito => ("cognito_user_pools", "cognito_user_pools"),
        AuthorizerWord::Lambda => ("custom", "request"),
        AuthorizerWord::LambdaToken => ("custom", "token"),
    };
    // What a request authorizer looks at stands in its sources; without one header there it looks at none.
    let header = match authorizer.kind {
        AuthorizerWord::Lambda => "Unused",
        _ => &authorizer.header,
    };
    let function = authorizer.function.as_deref();
    let details = document::Authorizer {
        kind: kind.to_owned(),
        authorizer_uri: function.map(|function| target.invocation(function)),
        provider_arns: authorizer.user_pools.clone(),
        identity_source: (!authorizer.identity.is_empty()).then(|| authorizer.identity.join(", ")),
        identity_validation_expression: authorizer.pattern.clone(),
        authorizer_credentials: authorizer.role.clone(),
        authorizer_result_ttl: Some(number(&authorizer.ttl)),
        ..document::Authorizer::default()
    };
    SecurityScheme {
        auth_type: Some(auth_type.into()),
        authorizer: Some(details),
        ..in_header(header.to_owned())
    }
}

/// A number, if it is one: a value of a variable may be filled in by another tool.
pub(super) fn number(amount: &Amount) -> Value {
    amount
        .number()
        .map_or_else(|| Value::from(amount.to_string()), Value::from)
}

/// The security of an operation. A public one says so: what an absent key means differs between importers.
pub(crate) fn security(authorization: &Authorization, scopes: &[String], api_key: bool) -> Vec<SecurityRequirement> {
    let mut requirements: Vec<SecurityRequirement> = match authorization {
        Authorization::Public => Vec::new(),
        Authorization::AwsIam => vec![Map::from_iter([(SIGV4, Vec::new())])],
        Authorization::Authorizers(names) => names
            .iter()
            .map(|name| match name.as_str() {
                SIGNATURE => Map::from_iter([(SIGV4.to_owned(), Vec::new())]),
                name => Map::from_iter([(name.to_owned(), scopes.to_vec())]),
            })
            .collect(),
    };
    if api_key {
        match requirements.first_mut() {
            Some(first) => first.push(API_KEY, Vec::new()),
            None => requirements.push(Map::from_iter([(API_KEY, Vec::new())])),
        }
    }
    requirements
}
