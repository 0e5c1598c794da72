//! What a service is told of who calls.

use std::collections::BTreeSet;

use super::call::{is_of_gateway, is_proxy, maps};
use super::{Facts, Field, one_case};

/// What a service is no longer told, or by a template that may say otherwise.
pub(super) fn tells_less(was: &Facts, is: &Facts, how: &mut Vec<String>) {
    if !(maps(is) || is_proxy(is)) {
        return;
    }
    let said = was.iter().filter_map(|(field, value)| match field {
        Field::Parameter(name) if is_of_gateway(value) => Some(one_case(name)),
        _ => None,
    });
    let said: BTreeSet<String> = said.collect();
    let had = overridden(was);
    let mut replaced = overridden(is).into_iter().filter(|name| !had.contains(name));
    // Of one that the template makes up itself nobody knows the name.
    if replaced.any(|name| said.contains(&name) || !said.is_empty() && !is_name(&name)) {
        how.push("lets a template replace what the gateway tells its service".to_owned());
    }
    // One that is told all of a request is told who makes it.
    if is.get(&Field::Integration).is_some_and(|kind| kind == "AWS_PROXY") {
        return;
    }
    let known: BTreeSet<String> = sent(is).flat_map(|(_, text)| callers(text)).collect();
    // Headers and parameters of the query that a client may say now are told by their names.
    let told = sent(was).filter(|(field, value)| match field {
        Field::Parameter(name) => name.starts_with(IN_PATH) && is_of_gateway(value),
        _ => true,
    });
    let lost: BTreeSet<String> = told.flat_map(|(_, text)| callers(text)).collect();
    how.extend(
        lost.difference(&known)
            .map(|what| format!("no longer tells its service the caller's `{what}`")),
    );
}

/// Parameters that fill a hole of the URL.
const IN_PATH: &str = "integration.request.path.";

/// What a service is sent besides what the client says: by templates, and by parameters.
fn sent(facts: &Facts) -> impl Iterator<Item = (&Field, &str)> {
    let uri = facts.get(&Field::IntegrationUri).map_or("", String::as_str);
    let is_sent = move |field: &Field| match field {
        Field::Template(_) => maps(facts),
        Field::Parameter(name) => match name.strip_prefix(IN_PATH) {
            Some(hole) => uri.contains(&format!("{{{hole}}}")),
            None => true,
        },
        _ => false,
    };
    let all = facts.iter().filter(move |(field, _)| is_sent(field));
    all.map(|(field, text)| (field, text.as_str()))
}

/// The places in a request to a service that templates replace, in one form
/// ([overrides](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html)).
fn overridden(facts: &Facts) -> BTreeSet<String> {
    const OVERRIDE: &str = "context.requestOverride.";
    let templates = facts.iter().filter(|(field, _)| matches!(field, Field::Template(_)));
    let texts = templates.filter(|_| maps(facts)).map(|(_, text)| in_dots(text));
    let found = texts.flat_map(|text| {
        let found = text.match_indices(OVERRIDE);
        let found = found.map(|(at, _)| {
            let rest = &text[at + OVERRIDE.len()..];
            let end = rest.find(|next: char| next.is_whitespace() || "=)'\"]}".contains(next));
            one_case(&format!("integration.request.{}", &rest[..end.unwrap_or(rest.len())]))
        });
        found.collect::<Vec<_>>()
    });
    found.collect()
}

/// Whether a place is spelt out.
fn is_name(place: &str) -> bool {
    !place.contains(['$', '[', '('])
}

/// What a text takes of who calls: `context.authorizer.…` and `context.identity.…`.
fn callers(text: &str) -> BTreeSet<String> {
    let text = in_dots(text);
    let found = ["context.authorizer.", "context.identity."]
        .into_iter()
        .flat_map(|begin| text.match_indices(begin));
    let found = found.map(|(at, _)| {
        let is_end = |next: char| !(next.is_ascii_alphanumeric() || "_.-:".contains(next));
        let length = text[at..].find(is_end).unwrap_or(text.len() - at);
        text[at..at + length].trim_end_matches(['.', '-', ':']).to_owned()
    });
    found.collect()
}

/// A text with `a['b']` as `a.b`.
fn in_dots(text: &str) -> String {
    text.replace("['", ".").replace("[\"", ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/json";

    fn facts(kind: &str, pairs: &[(Field, &str)]) -> Facts {
        let mut facts: Facts = pairs.iter().map(|(k, v)| (k.clone(), (*v).to_owned())).collect();
        facts.insert(Field::Integration, kind.to_owned());
        facts
    }

    fn template(text: &str) -> (Field, &str) {
        (Field::Template(JSON.into()), text)
    }

    fn parameter<'a>(place: &str, value: &'a str) -> (Field, &'a str) {
        (Field::Parameter(format!("integration.request.{place}")), value)
    }

    fn told(was: &Facts, is: &Facts) -> Vec<String> {
        let mut how = Vec::new();
        tells_less(was, is, &mut how);
        how
    }

    const LOST: [&str; 1] = ["no longer tells its service the caller's `context.authorizer.claims.sub`"];
    const REPLACED: [&str; 1] = ["lets a template replace what the gateway tells its service"];
    const SUB: &str = "context.authorizer.claims.sub";

    #[test]
    fn a_template_that_no_longer_tells_a_service_who_calls_is_told() {
        let by_gateway = facts(
            "HTTP",
            &[template(r#"{"user": "$context.authorizer.claims.sub", "id": 1}"#)],
        );
        let by_client = facts("HTTP", &[template(r#"{"user": $input.json('$.user'), "id": 1}"#)]);
        assert_eq!(told(&by_gateway, &by_client), LOST);
        assert_eq!(told(&by_client, &by_gateway), [""; 0]);
        let in_brackets = facts("HTTP", &[template(r#"{"user": "$context.authorizer.claims['sub']"}"#)]);
        assert_eq!(told(&by_gateway, &in_brackets), [""; 0]);
        let in_header = facts("HTTP", &[parameter("header.X-User", SUB)]);
        assert_eq!(told(&by_gateway, &in_header), [""; 0]);
        assert_eq!(told(&by_gateway, &facts("AWS_PROXY", &[])), [""; 0]);
        assert_eq!(told(&by_gateway, &facts("MOCK", &[])), [""; 0]);
    }

    #[test]
    fn what_an_answer_tells_its_caller_no_service_hears() {
        let answer = (
            Field::AnswerTemplate("200".into(), JSON.into()),
            r#"{"you": "$context.authorizer.claims.sub"}"#,
        );
        let with = |text| facts("HTTP", &[template(text), answer.clone()]);
        let was = with(r#"{"u": "$context.authorizer.claims.sub"}"#);
        assert_eq!(told(&was, &with("$input.json('$.u')")), LOST);
        assert_eq!(told(&was, &was), [""; 0]);
    }

    #[test]
    fn a_part_of_the_path_that_no_longer_says_who_calls_is_told_of_proxies_too() {
        let of = |kind, uri, place, value| facts(kind, &[(Field::IntegrationUri, uri), parameter(place, value)]);
        let id = "method.request.querystring.id";
        for kind in ["HTTP_PROXY", "HTTP"] {
            let was = of(kind, "https://b/u/{user}", "path.user", SUB);
            assert_eq!(told(&was, &of(kind, "https://b/u/{id}", "path.id", id)), LOST);
            assert_eq!(told(&was, &of(kind, "https://b/u", "path.user", SUB)), LOST, "no hole");
            assert_eq!(told(&was, &of(kind, "https://b/u/{sub}", "path.sub", SUB)), [""; 0]);
            assert_eq!(told(&was, &of(kind, "https://b/u", "header.X-User", SUB)), [""; 0]);
            assert_eq!(told(&was, &facts("AWS_PROXY", &[])), [""; 0]);
        }
    }

    #[test]
    fn a_template_may_not_replace_a_header_that_the_gateway_says() {
        let said = parameter("header.X-User", SUB);
        let with = |kind, text| facts(kind, &[said.clone(), template(text)]);
        let plain = with("HTTP", "{}");
        let trace = "#set($context.requestOverride.header.X-Trace = 1)";
        let user = r#"#set($context.requestOverride.header.X-User = $input.params("user"))"#;
        let both = format!("{trace}{user}");
        for (was, is) in [
            (&plain, with("HTTP", user)),
            (&facts("HTTP_PROXY", std::slice::from_ref(&said)), with("HTTP", user)),
            (&with("HTTP", trace), with("HTTP", &both)),
            (
                &plain,
                with("HTTP", "#set($context.requestOverride.header['x-user'] = 1)"),
            ),
            (&plain, with("HTTP", "#set($context.requestOverride.header[$name] = 1)")),
        ] {
            assert_eq!(told(was, &is), REPLACED, "{is:?}");
            assert_eq!(told(&is, was), [""; 0], "{is:?}");
            assert_eq!(told(&is, &is), [""; 0]);
        }
        assert_eq!(told(&plain, &with("HTTP", trace)), [""; 0]);
        // A proxy runs no template.
        assert_eq!(told(&plain, &with("HTTP_PROXY", user)), [""; 0]);
        let nothing = facts("HTTP", &[template("{}")]);
        assert_eq!(told(&nothing, &facts("HTTP", &[template(user)])), [""; 0]);
    }
}
