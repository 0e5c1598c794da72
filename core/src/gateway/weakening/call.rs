//! How a route calls what answers it, and what it trusts on the way there.

use std::collections::BTreeMap;

use super::super::exposure::is_public;
use super::{Facts, Field, one_case};

/// The credentials of an integration that calls as its caller
/// ([x-amazon-apigateway-integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html)).
const CALLER: &str = ":iam::*:user/*";

/// What a route trusts that it did not before.
pub(super) fn trusts_more(was: &Facts, is: &Facts, how: &mut Vec<String>) {
    if is.contains_key(&Field::CertificateCheck) && !was.contains_key(&Field::CertificateCheck) {
        how.push("takes any certificate of its service".to_owned());
    }
    let ways = (Way::of(was), Way::of(is));
    if let (Some(Way::Encrypted), Some(Way::Plain | Way::Linked)) | (Some(Way::Linked | Way::Aws), Some(Way::Plain)) =
        ways
    {
        how.push("calls its service without encryption".to_owned());
    }
    if is_named_by_client(is) && !is_named_by_client(was) {
        how.push("lets the client say which host is called".to_owned());
    }
    if let (Some(old), Some(new)) = (account(was), account(is))
        && old != new
    {
        how.push(format!("calls a function of the account {new}, and not of {old}"));
    }
    roles(was, is, how);
    let now = parameters(is);
    for (name, _) in parameters(was).values().filter(|(_, value)| is_of_gateway(value)) {
        let is_of_client = match now.get(&one_case(name)) {
            Some((_, value)) => value.starts_with("method.request."),
            // A proxy passes it through.
            None => {
                let is_passed = ["integration.request.header.", "integration.request.querystring."];
                let is_proxy = is.get(&Field::Integration).is_some_and(|kind| kind == "HTTP_PROXY");
                is_proxy && is_passed.iter().any(|kind| name.starts_with(kind))
            }
        };
        if is_of_client {
            how.push(format!("lets the client say {name}"));
        }
    }
}

fn roles(was: &Facts, is: &Facts, how: &mut Vec<String>) {
    let is_caller = |role: &str| role.ends_with(CALLER);
    match (was.get(&Field::Credentials), is.get(&Field::Credentials)) {
        (Some(old), Some(new)) if is_caller(old) && !is_caller(new) => {
            how.push("no longer calls its service as the caller".to_owned());
        }
        (Some(old), None) if is_caller(old) && is.contains_key(&Field::Integration) => {
            how.push("no longer calls its service as the caller".to_owned());
        }
        // That it is lent to everybody says all of it.
        (Some(old), Some(new)) if old != new && !is_caller(new) && !is_public(is) => {
            how.push(format!("calls its service with the role {new}, and not with {old}"));
        }
        _ => {}
    }
}

/// The way to a service.
enum Way {
    /// Anybody on the way may read what goes over it, or so it may be: a variable names the scheme.
    Plain,
    /// The same, but through a VPC link.
    Linked,
    /// A service of AWS.
    Aws,
    Encrypted,
}

impl Way {
    /// `None` when nothing is called.
    fn of(facts: &Facts) -> Option<Self> {
        let uri = facts.get(&Field::IntegrationUri)?.to_ascii_lowercase();
        let is_linked = facts.get(&Field::Connection).is_some_and(|kind| kind == "VPC_LINK");
        Some(if uri.starts_with("https://") {
            Self::Encrypted
        } else if !uri.starts_with("http") && !uri.starts_with("${") {
            Self::Aws
        } else if is_linked {
            Self::Linked
        } else {
            Self::Plain
        })
    }
}

/// Whether the host that is called is told by the client: a hole of the URL ahead of its path.
fn is_named_by_client(facts: &Facts) -> bool {
    let uri = facts.get(&Field::IntegrationUri).map_or("", String::as_str);
    let Some((_, rest)) = uri.split_once("://") else {
        return false;
    };
    let host = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
    let mut holes = host.match_indices('{').filter(|(at, _)| !host[..*at].ends_with('$'));
    holes.any(|(at, _)| {
        let hole = host[at + 1..].split('}').next().unwrap_or_default();
        let filled = facts.get(&Field::Parameter(format!("integration.request.path.{hole}")));
        filled.is_none_or(|value| value.starts_with("method.request."))
    })
}

/// The account of the function that is called, if it is told.
fn account(facts: &Facts) -> Option<&str> {
    let (_, function) = facts.get(&Field::IntegrationUri)?.split_once("/functions/arn:")?;
    let account = function.split(':').nth(3)?;
    account.bytes().all(|digit| digit.is_ascii_digit()).then_some(account)
}

/// What is sent besides the body: by places in one form, the place as it is written, and its value.
fn parameters(facts: &Facts) -> BTreeMap<String, (&String, &String)> {
    let parameters = facts.iter().filter_map(|(field, value)| match field {
        Field::Parameter(name) => Some((one_case(name), (name, value))),
        _ => None,
    });
    parameters.collect()
}

/// Whether the gateway knows a value better than its client: who calls, and what is fixed.
pub(super) fn is_of_gateway(value: &str) -> bool {
    value.starts_with("context.") || value.starts_with("stageVariables.") || value.starts_with('\'')
}

/// Whether bodies pass through templates, if there are some.
pub(super) fn maps(facts: &Facts) -> bool {
    facts
        .get(&Field::Integration)
        .is_some_and(|kind| matches!(kind.as_str(), "AWS" | "HTTP"))
}

/// Whether requests and answers pass as they are.
pub(super) fn is_proxy(facts: &Facts) -> bool {
    facts
        .get(&Field::Integration)
        .is_some_and(|kind| matches!(kind.as_str(), "AWS_PROXY" | "HTTP_PROXY"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMBDA: &str =
        "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:aws:lambda:r:111111111111:function:f";
    const OTHER: &str =
        "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:aws:lambda:r:222222222222:function:f";

    fn route(kind: &str, uri: &str, more: &[(Field, &str)]) -> Facts {
        let mut facts = Facts::from([
            (Field::Authorization, "AWS_IAM".to_owned()),
            (Field::Integration, kind.to_owned()),
            (Field::IntegrationUri, uri.to_owned()),
        ]);
        facts.extend(more.iter().map(|(field, value)| (field.clone(), (*value).to_owned())));
        facts
    }

    fn told(was: &Facts, is: &Facts) -> Vec<String> {
        let mut how = Vec::new();
        trusts_more(was, is, &mut how);
        how
    }

    fn parameter(place: &str) -> Field {
        Field::Parameter(format!("integration.request.{place}"))
    }

    #[test]
    fn a_service_that_is_called_in_the_open_is_told_and_one_behind_a_link_only_where_it_was_encrypted() {
        let linked = [(Field::Connection, "VPC_LINK")];
        let open = ["calls its service without encryption"];
        let plain = route("HTTP_PROXY", "HTTP://b.example.com", &[]);
        for (was, is, is_told) in [
            (route("HTTP_PROXY", "https://b.example.com", &[]), &plain, true),
            (route("AWS_PROXY", LAMBDA, &[]), &plain, true),
            (route("HTTP_PROXY", "http://b", &linked), &plain, true),
            (
                route("HTTP_PROXY", "https://b", &[]),
                &route("HTTP_PROXY", "${stageVariables.url}", &[]),
                true,
            ),
            (
                route("HTTP_PROXY", "https://b", &linked),
                &route("HTTP_PROXY", "http://b", &linked),
                true,
            ),
            (
                route("AWS_PROXY", LAMBDA, &[]),
                &route("HTTP_PROXY", "http://b", &linked),
                false,
            ),
            (
                route("HTTP_PROXY", "https://b", &[]),
                &route("AWS_PROXY", LAMBDA, &[]),
                false,
            ),
            (plain.clone(), &plain, false),
        ] {
            assert_eq!(told(&was, is) == open, is_told, "{was:?} {is:?}");
        }
        let mock = Facts::from([(Field::Integration, "MOCK".to_owned())]);
        assert_eq!(told(&plain, &mock), [""; 0]);
        assert_eq!(told(&mock, &plain), [""; 0]);
    }

    #[test]
    fn a_host_that_the_client_says_another_account_and_another_role_are_told() {
        let fixed = route(
            "HTTP",
            "https://b.example.com/{id}",
            &[(parameter("path.id"), "method.request.path.id")],
        );
        let said = [(parameter("path.host"), "method.request.header.Host")];
        let named = route("HTTP", "https://{host}/a", &said);
        assert_eq!(told(&fixed, &named), ["lets the client say which host is called"]);
        assert_eq!(told(&named, &fixed), [""; 0]);
        let of_gateway = [(parameter("path.host"), "stageVariables.host")];
        assert_eq!(told(&fixed, &route("HTTP", "https://{host}/a", &of_gateway)), [""; 0]);
        assert_eq!(
            told(&fixed, &route("HTTP", "https://${stageVariables.host}/a", &[])),
            [""; 0]
        );
        let (one, other) = (route("AWS_PROXY", LAMBDA, &[]), route("AWS_PROXY", OTHER, &[]));
        let account = "calls a function of the account 222222222222, and not of 111111111111";
        assert_eq!(told(&one, &other), [account]);
        assert_eq!(
            told(&one, &route("AWS_PROXY", &LAMBDA.replace(":f", ":g"), &[])),
            [""; 0]
        );
        let with = |role: &'static str| route("AWS", "arn:aws:apigateway:r:s3:path/b", &[(Field::Credentials, role)]);
        let (reader, admin, caller) = (
            "arn:aws:iam::1:role/r",
            "arn:aws:iam::1:role/admin",
            "arn:aws:iam::*:user/*",
        );
        let role = format!("calls its service with the role {admin}, and not with {reader}");
        assert_eq!(told(&with(reader), &with(admin)), [role]);
        assert_eq!(told(&with(reader), &with(caller)), [""; 0]);
        assert_eq!(
            told(&with(caller), &with(admin)),
            ["no longer calls its service as the caller"]
        );
        assert_eq!(
            told(&with(reader), &route("AWS", "arn:aws:apigateway:r:s3:path/b", &[])),
            [""; 0]
        );
    }

    #[test]
    fn a_header_that_the_gateway_said_is_the_same_however_it_is_spelt() {
        let said = [(parameter("header.X-User"), "context.authorizer.sub")];
        let was = route("HTTP", "https://b", &said);
        let lower = |value: &'static str| route("HTTP", "https://b", &[(parameter("header.x-user"), value)]);
        let by_client = lower("method.request.header.x-user");
        assert_eq!(
            told(&was, &by_client),
            ["lets the client say integration.request.header.X-User"]
        );
        assert_eq!(told(&was, &lower("context.authorizer.sub")), [""; 0]);
        let passes = route("HTTP_PROXY", "https://b", &[]);
        assert_eq!(
            told(&was, &passes),
            ["lets the client say integration.request.header.X-User"]
        );
        assert_eq!(told(&was, &route("HTTP", "https://b", &[])), [""; 0]);
    }
}
