//! How a route calls what answers it, and what it trusts on the way there.

use super::{Facts, Field};

/// The credentials of an integration that calls as its caller
/// ([x-amazon-apigateway-integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html)).
const CALLER: &str = ":iam::*:user/*";

/// What a route trusts that it did not before.
pub(super) fn trusts_more(was: &Facts, is: &Facts, how: &mut Vec<String>) {
    if is.contains_key(&Field::CertificateCheck) && !was.contains_key(&Field::CertificateCheck) {
        how.push("takes any certificate of its service".to_owned());
    }
    let begins = |facts: &Facts, scheme| {
        facts
            .get(&Field::IntegrationUri)
            .is_some_and(|uri| uri.starts_with(scheme))
    };
    if begins(was, "https://") && begins(is, "http://") {
        how.push("calls its service without encryption".to_owned());
    }
    let is_caller = |facts: &Facts| {
        facts
            .get(&Field::Credentials)
            .is_some_and(|role| role.ends_with(CALLER))
    };
    if is_caller(was) && !is_caller(is) && is.contains_key(&Field::Integration) {
        how.push("no longer calls its service as the caller".to_owned());
    }
    for (field, value) in was {
        let Field::Parameter(name) = field else { continue };
        if is_of_gateway(value) && is_of_client(name, is) {
            how.push(format!("lets the client say {name}"));
        }
    }
}

/// Whether the gateway knows a value better than its client: who calls, and what is fixed.
fn is_of_gateway(value: &str) -> bool {
    value.starts_with("context.") || value.starts_with("stageVariables.") || value.starts_with('\'')
}

/// Whether a header or a word of the query comes from the client: by a mapping, or since a proxy passes it through.
fn is_of_client(name: &str, facts: &Facts) -> bool {
    match facts.get(&Field::Parameter(name.to_owned())) {
        Some(value) => value.starts_with("method.request."),
        None => {
            let is_passed = ["integration.request.header.", "integration.request.querystring."];
            let is_proxy = facts.get(&Field::Integration).is_some_and(|kind| kind == "HTTP_PROXY");
            is_proxy && is_passed.iter().any(|kind| name.starts_with(kind))
        }
    }
}

/// Whether bodies pass through templates, if there are some.
pub(super) fn has_templates(facts: &Facts) -> bool {
    facts
        .get(&Field::Integration)
        .is_some_and(|kind| matches!(kind.as_str(), "AWS" | "HTTP"))
}
