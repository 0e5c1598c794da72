//! What differs between two definitions, and what of it is a matter of security.

use std::collections::BTreeMap;

use serde::Serialize;

use super::definition::{Definition, Facts, Key};
use super::effect;
use super::field::Field;

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The field.
    pub field: String,
    /// Its value before; `None` for the default or nothing.
    pub from: Option<String>,
    /// Its value after.
    pub to: Option<String>,
}

/// A route that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The route.
    #[serde(flatten)]
    pub route: Key,
    /// Its fields that change.
    pub changes: Vec<Change>,
}

/// What differs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Routes that there are only afterwards.
    pub added: Vec<Key>,
    /// Routes that there are only before.
    pub removed: Vec<Key>,
    /// Routes that change.
    pub changed: Vec<Changed>,
}

impl Difference {
    /// From one definition to another: what somebody notices. What is declared and has no effect, such as the answers
    /// of a proxy, is no difference.
    #[must_use]
    pub fn between(before: &Definition, after: &Definition) -> Self {
        let only = |these: &Definition, those: &Definition| -> Vec<Key> {
            let keys = these.routes.keys().filter(|key| !those.routes.contains_key(key));
            keys.cloned().collect()
        };
        let has_binary = before.has_binary || after.has_binary;
        let changed = after.routes.iter().filter_map(|(key, facts)| {
            let was = effect::of_route(before, key, before.routes.get(key)?, has_binary);
            let changes = changes(&was, &effect::of_route(after, key, facts, has_binary));
            (!changes.is_empty()).then(|| Changed {
                route: key.clone(),
                changes,
            })
        });
        Self {
            added: only(after, before),
            removed: only(before, after),
            changed: changed.collect(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// The fields in which facts differ.
#[must_use]
pub fn changes(before: &Facts, after: &Facts) -> Vec<Change> {
    let fields: std::collections::BTreeSet<&Field> = before.keys().chain(after.keys()).collect();
    fields
        .into_iter()
        .filter(|field| before.get(*field) != after.get(*field))
        .map(|field| Change {
            field: field.to_string(),
            from: before.get(field).map(|value| shown(field, value)),
            to: after.get(field).map(|value| shown(field, value)),
        })
        .collect()
}

/// A value for people. A user and a password before the host of a URL are nobody's to read.
fn shown(field: &Field, value: &str) -> String {
    if *field == Field::IntegrationUri
        && let Some((scheme, rest)) = value.split_once("://")
        && let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()))
        && let Some((_, host)) = authority.rsplit_once('@')
    {
        return format!("{scheme}://[hidden]@{host}{path}");
    }
    value.to_owned()
}

/// The same definition with nothing but who may call.
#[must_use]
pub fn access_only(definition: &Definition) -> Definition {
    definition.only(Field::is_access)
}

/// Routes of paths that were there before, which pages of more origins may call afterwards, and of which origin.
#[must_use]
pub fn widened_origins(before: &Definition, after: &Definition) -> BTreeMap<Key, String> {
    let origin = |facts: &Facts| {
        facts
            .iter()
            .find(|(field, _)| field.sets_header("Access-Control-Allow-Origin"))
            .map(|(_, value)| value.clone())
    };
    let was_there = |key: &Key| before.routes.keys().any(|known| known.path == key.path);
    let mut widened = BTreeMap::new();
    for (key, facts) in &after.routes {
        let Some(now) = origin(facts) else { continue };
        let was = before.routes.get(key).and_then(origin);
        let is_wider = was.is_none() || (now == "'*'" && was.as_deref() != Some("'*'"));
        if is_wider && was_there(key) {
            widened.insert(key.clone(), now);
        }
    }
    widened
}

/// Whether answers let pages of any origin send credentials: browsers refuse it, and whoever widens the origin later
/// opens it to everybody.
fn opens_credentials(facts: &Facts) -> bool {
    let says = |header: &str, value: &str| {
        let mut found = facts.iter().filter(|(field, _)| field.sets_header(header));
        found.any(|(_, found)| found.trim_matches('\'').eq_ignore_ascii_case(value))
    };
    says("Access-Control-Allow-Origin", "*") && says("Access-Control-Allow-Credentials", "true")
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

    type Pairs<'a> = &'a [(Field, &'a str)];

    fn definition(routes: &[(&str, &str, Pairs<'_>)]) -> Definition {
        let mut definition = Definition::default();
        for (verb, path, facts) in routes {
            let key = Key {
                path: (*path).to_owned(),
                verb: (*verb).to_owned(),
            };
            let facts = facts.iter().map(|(k, v)| (k.clone(), (*v).to_owned())).collect();
            definition.routes.insert(key, facts);
        }
        definition
    }

    const SIGNED: Pairs<'_> = &[(Field::Authorization, "AWS_IAM")];
    const OPEN: Pairs<'_> = &[(Field::Authorization, NONE)];
    const KEYED: Pairs<'_> = &[(Field::Authorization, NONE), (Field::ApiKey, "required")];

    #[test]
    fn changes_name_the_field_and_both_values() {
        let difference = Difference::between(
            &definition(&[("GET", "/a", SIGNED), ("GET", "/gone", OPEN)]),
            &definition(&[("GET", "/a", KEYED), ("GET", "/new", OPEN)]),
        );
        assert_eq!(difference.added[0].to_string(), "GET /new");
        assert_eq!(difference.removed[0].to_string(), "GET /gone");
        let changes = &difference.changed[0].changes;
        assert_eq!(changes[0].field, "API key");
        assert_eq!((&changes[0].from, changes[0].to.as_deref()), (&None, Some("required")));
        assert_eq!(changes[1].from.as_deref(), Some("AWS_IAM"));
    }

    #[test]
    fn a_change_shows_no_password_of_a_url() {
        let with = |uri: &str| Facts::from([(Field::IntegrationUri, uri.to_owned())]);
        for (uri, told) in [
            ("https://me:hush@b.example:80/a@b", "https://[hidden]@b.example:80/a@b"),
            ("https://me:h@ush@b.example", "https://[hidden]@b.example"),
            ("https://b.example/a@b", "https://b.example/a@b"),
            ("arn:aws:sqs:eu-west-1:1:q", "arn:aws:sqs:eu-west-1:1:q"),
        ] {
            let changes = changes(&Facts::new(), &with(uri));
            assert_eq!(changes[0].to.as_deref(), Some(told));
        }
    }

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
}
