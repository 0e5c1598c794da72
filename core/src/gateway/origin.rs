//! Which pages of other origins may call.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Facts, Key};
use super::field::Field;

/// Any origin.
const ANY: &str = "*";

/// Routes of paths that were there before, which pages of more origins may call afterwards, and of which origin.
#[must_use]
pub fn widened_origins(before: &Definition, after: &Definition) -> BTreeMap<Key, String> {
    let mut widened = BTreeMap::new();
    for (key, facts) in &after.routes {
        let was = before.routes.get(key).map(origins).unwrap_or_default();
        let is = origins(facts);
        let is_there = before.routes.keys().any(|known| known.path == key.path);
        if is_there && !was.contains(ANY) && !is.is_subset(&was) {
            let new: Vec<&str> = is.difference(&was).map(String::as_str).collect();
            widened.insert(key.clone(), new.join(", "));
        }
    }
    widened
}

/// What of them protects less than before, in words: pages of an origin more, where some could call already or may send
/// credentials, and credentials of pages that sent none. That a path is opened to pages at all is none of these.
#[must_use]
pub fn weakened_origins(before: &Definition, after: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    let none = Facts::new();
    let routes = after.routes.iter().map(|(key, facts)| {
        let was = before.routes.get(key).unwrap_or(&none);
        let is_there = before.routes.keys().any(|known| known.path == key.path);
        (key.to_string(), is_there.then_some(was), facts)
    });
    let responses = after.responses.iter().map(|(kind, facts)| {
        let was = before.responses.get(kind);
        (format!("the gateway response {kind}"), was, facts)
    });
    for (what, was, is) in routes.chain(responses) {
        let Some(was) = was else { continue };
        let (then, now) = (origins(was), origins(is));
        let new: Vec<&str> = now.difference(&then).map(String::as_str).collect();
        let is_open = then.contains(ANY) || new.is_empty();
        if !is_open && (!then.is_empty() || sends_credentials(is)) {
            found.push(format!(
                "{what} may be called by pages of the origin {}",
                new.join(", ")
            ));
        } else if sends_credentials(is) && !sends_credentials(was) && !then.is_empty() {
            found.push(format!("{what} lets pages of other origins send credentials"));
        }
    }
    found
}

/// The origins that answers name: each by itself, or those that a template holds the one against that asks.
fn origins(facts: &Facts) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (field, value) in facts {
        if field.sets_header(ALLOW_ORIGIN) {
            found.insert(value.trim_matches('\'').to_owned());
        } else if matches!(field, Field::AnswerTemplate(..)) && value.contains(ALLOW_ORIGIN) {
            let texts = value.split(['"', '\'']).skip(1).step_by(2);
            let origins = texts.filter(|text| *text == ANY || text.contains("://"));
            found.extend(origins.map(str::to_owned));
        }
    }
    found
}

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";

fn sends_credentials(facts: &Facts) -> bool {
    let mut found = facts
        .iter()
        .filter(|(field, _)| field.sets_header("Access-Control-Allow-Credentials"));
    found.any(|(_, value)| value.trim_matches('\'').eq_ignore_ascii_case("true"))
}

/// Whether answers let pages of any origin send credentials: browsers refuse it, and whoever widens the origin later
/// opens it to everybody.
fn opens_credentials(facts: &Facts) -> bool {
    sends_credentials(facts) && origins(facts).contains(ANY)
}

/// Routes and gateway responses that allow the origin `*` with credentials, and did not before.
#[must_use]
pub fn open_credentials(before: &Definition, after: &Definition) -> Vec<String> {
    let routes = after.routes.iter().filter(|(key, facts)| {
        let was = before.routes.get(key).is_some_and(opens_credentials);
        opens_credentials(facts) && !was
    });
    let responses = after.responses.iter().filter(|(kind, facts)| {
        let was = before.responses.get(*kind).is_some_and(opens_credentials);
        opens_credentials(facts) && !was
    });
    let responses = responses.map(|(kind, _)| format!("the gateway response {kind}"));
    routes.map(|(key, _)| key.to_string()).chain(responses).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::NONE;
    use crate::gateway::definition::tests::{Pairs, definition};

    const OPEN: Pairs<'_> = &[(Field::Authorization, NONE)];

    #[test]
    fn credentials_of_any_origin_are_found_on_routes_and_gateway_responses() {
        let answer = |header: &str| Field::Answer("200".into(), format!("method.response.header.{header}"));
        let open = [
            (answer("Access-Control-Allow-Origin"), "'*'"),
            (answer("access-control-allow-credentials"), "'true'"),
        ];
        let after = definition(&[("OPTIONS", "/a", &open), ("OPTIONS", "/b", &open[..1])]);
        assert_eq!(open_credentials(&Definition::default(), &after), ["OPTIONS /a"]);
        assert!(open_credentials(&after, &after).is_empty(), "it was so before");
        let header = |header: &str| Field::Header(format!("gatewayresponse.header.{header}"));
        let facts = [
            (header("Access-Control-Allow-Origin"), "'*'".to_owned()),
            (header("Access-Control-Allow-Credentials"), "'true'".to_owned()),
        ];
        let after = Definition {
            responses: BTreeMap::from([("DEFAULT_4XX".to_owned(), facts.into())]),
            ..Definition::default()
        };
        assert_eq!(
            open_credentials(&Definition::default(), &after),
            ["the gateway response DEFAULT_4XX"]
        );
    }

    #[test]
    fn an_origin_widens_from_one_or_none_to_any() {
        let header = "method.response.header.Access-Control-Allow-Origin";
        let origin = |value| [(Field::Answer("200".into(), header.into()), value)];
        let (any, one) = (origin("'*'"), origin("'https://a.example'"));
        let after = definition(&[("OPTIONS", "/a", &any)]);
        for (before, widens) in [
            (definition(&[("OPTIONS", "/a", &one)]), true),
            (definition(&[("GET", "/a", OPEN)]), true),
            (definition(&[("OPTIONS", "/a", &any)]), false),
            (Definition::default(), false),
        ] {
            assert_eq!(!widened_origins(&before, &after).is_empty(), widens, "{before:?}");
        }
    }

    #[test]
    fn an_origin_more_is_weaker_and_one_less_is_not() {
        let answer = |header: &str| {
            Field::Answer(
                "200".into(),
                format!("method.response.header.Access-Control-Allow-{header}"),
            )
        };
        let template = |origins: &[&str]| {
            let is_one: Vec<String> = origins.iter().map(|one| format!("$origin == \"{one}\"")).collect();
            let text = format!(
                "#set($origin = $input.params().header.get(\"Origin\"))\n\
                 #if({})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end",
                is_one.join(" || ")
            );
            (Field::AnswerTemplate("200".into(), "application/json".into()), text)
        };
        let of = |facts: &[(Field, String)]| Definition {
            routes: BTreeMap::from([(
                Key {
                    path: "/a".into(),
                    verb: "OPTIONS".into(),
                },
                facts.iter().cloned().collect(),
            )]),
            ..Definition::default()
        };
        let origin = |text: &str| (answer("Origin"), format!("'{text}'"));
        let credentials = (answer("Credentials"), "'true'".to_owned());
        let one = of(&[origin("https://a.example")]);
        for (before, after, told) in [
            (
                &one,
                of(&[origin("https://b.example")]),
                "OPTIONS /a may be called by pages of the origin https://b.example",
            ),
            (
                &one,
                of(&[origin("*")]),
                "OPTIONS /a may be called by pages of the origin *",
            ),
            (
                &one,
                of(&[template(&["https://a.example", "https://b.example"])]),
                "OPTIONS /a may be called by pages of the origin https://b.example",
            ),
            (
                &one,
                of(&[origin("https://a.example"), credentials.clone()]),
                "OPTIONS /a lets pages of other origins send credentials",
            ),
        ] {
            assert_eq!(weakened_origins(before, &after), [told]);
        }
        let many = of(&[template(&["https://a.example", "https://b.example"])]);
        for (before, after) in [
            (&many, &one),
            (&one, &one),
            (&of(&[origin("*")]), &one),
            (&of(&[]), &many),
        ] {
            assert_eq!(weakened_origins(before, after), [""; 0], "{after:?}");
        }
        // A path that pages could not call, and the cookies of their users with it.
        assert_eq!(
            weakened_origins(&of(&[]), &of(&[origin("https://a.example"), credentials])).len(),
            1
        );
        assert!(weakened_origins(&Definition::default(), &many).is_empty());
    }
}
