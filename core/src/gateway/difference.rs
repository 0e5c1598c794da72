//! What differs between two definitions, and what of it is a matter of security.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::NONE;
    use crate::gateway::definition::tests::{Pairs, definition};

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
}
