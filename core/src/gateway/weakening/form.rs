//! Whether a form of bodies lets more pass than the one before it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::model_reference::model_of;

/// Steps after which two forms are too large to be held against each other.
const PATIENCE: usize = 20_000;
/// So deep in each other, whoever looks at them would run out of stack.
const DEPTH: usize = 100;

/// Formats of texts that JSON Schema has
/// ([draft 4](https://datatracker.ietf.org/doc/html/draft-fge-json-schema-validation-00#section-7.3)).
const FORMATS: [&str; 6] = ["date-time", "email", "hostname", "ipv4", "ipv6", "uri"];

/// A JSON Schema of draft 4, with what it may refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    schema: &'a Json,
    root: &'a Json,
    models: &'a BTreeMap<String, Json>,
}

impl<'a> Form<'a> {
    pub(super) fn new(schema: &'a Json, models: &'a BTreeMap<String, Json>) -> Self {
        let root = schema;
        Self { schema, root, models }
    }

    /// A part of it.
    fn part(self, schema: &'a Json) -> Self {
        Self { schema, ..self }
    }

    fn get(self, key: &str) -> Option<&'a Json> {
        self.schema.get(key)
    }

    fn member(self, table: &str, name: &str) -> Option<Self> {
        Some(self.part(self.get(table)?.get(name)?))
    }

    fn names(self, table: &str) -> impl Iterator<Item = &'a String> {
        let members = self.get(table).and_then(Json::as_object);
        members.into_iter().flatten().map(|(name, _)| name)
    }

    fn list(self, key: &str) -> impl Iterator<Item = Self> {
        let items = self.get(key).and_then(Json::as_array);
        items.into_iter().flatten().map(move |item| self.part(item))
    }

    /// Whether a keyword lists a value.
    fn lists(self, key: &str, value: &Json) -> bool {
        self.list(key).any(|item| item.schema == value)
    }

    /// What it refers to, if it is a reference; `None` for what is not there.
    fn resolved(mut self) -> Option<Self> {
        for _ in 0..64 {
            let Some(reference) = self.get("$ref").and_then(Json::as_str) else {
                return Some(self);
            };
            let inside = reference
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer));
            self = match (inside, model_of(reference)) {
                (Some(schema), _) => self.part(schema),
                (None, Some(name)) => Self::new(self.models.get(name)?, self.models),
                (None, None) => return None,
            };
        }
        None
    }

    /// The kinds of values that it takes; `None` for all.
    fn kinds(self) -> Option<Vec<&'a str>> {
        let mut kinds: Vec<&str> = match self.get("type")? {
            Json::String(kind) => vec![kind],
            kinds => kinds.as_array()?.iter().filter_map(Json::as_str).collect(),
        };
        if self.get("nullable") == Some(&Json::Bool(true)) {
            kinds.push("null");
        }
        Some(kinds)
    }
}

/// Whether one form may take a value that another one does not. What cannot be told is taken for more.
pub(super) fn takes_more(was: Form<'_>, is: Form<'_>) -> bool {
    let is_same = was.schema == is.schema && was.models == is.models;
    let mut comparison = Comparison::default();
    !is_same && !comparison.is_within(is, was)
}

#[derive(Default)]
struct Comparison {
    /// The pairs that are being looked at: a form may be part of itself.
    open: Vec<(*const Json, *const Json)>,
    steps: usize,
}

impl Comparison {
    /// Whether all that the first takes the second takes too.
    fn is_within(&mut self, is: Form<'_>, was: Form<'_>) -> bool {
        let (Some(is), Some(was)) = (is.resolved(), was.resolved()) else {
            return is.schema == was.schema;
        };
        self.steps += 1;
        let pair = (std::ptr::from_ref(is.schema), std::ptr::from_ref(was.schema));
        if self.open.contains(&pair) {
            return true;
        }
        if self.steps > PATIENCE || self.open.len() > DEPTH {
            return false;
        }
        self.open.push(pair);
        let keywords = was.schema.as_object().into_iter().flatten();
        let mut keywords = keywords.map(|(key, _)| key.as_str());
        let is_within = keywords.all(|key| {
            self.keeps(key, is, was)
                || is
                    .list("allOf")
                    .any(|one| one.resolved().is_some_and(|one| self.keeps(key, one, was)))
        });
        self.open.pop();
        is_within
    }

    /// Whether the first demands all that the second does with one of its keywords.
    fn keeps(&mut self, key: &str, is: Form<'_>, was: Form<'_>) -> bool {
        let number = |form: Form<'_>| form.get(key).and_then(Json::as_f64);
        let is_true = |form: Form<'_>, key: &str| form.get(key) == Some(&Json::Bool(true));
        match key {
            "type" => is_of_kinds(is, was),
            "enum" => is.get(key).is_some() && is.list(key).all(|one| was.lists(key, one.schema)),
            "required" => was.list(key).all(|name| is.lists(key, name.schema)),
            "minLength" | "minItems" | "minProperties" => number(is).unwrap_or(0.) >= number(was).unwrap_or(0.),
            "maxLength" | "maxItems" | "maxProperties" => {
                number(is).unwrap_or(f64::INFINITY) <= number(was).unwrap_or(f64::INFINITY)
            }
            "minimum" | "maximum" => {
                let exclusive = if key == "minimum" {
                    "exclusiveMinimum"
                } else {
                    "exclusiveMaximum"
                };
                let (Some(now), Some(then)) = (number(is), number(was)) else {
                    return number(was).is_none();
                };
                let is_tighter = if key == "minimum" { now > then } else { now < then };
                let is_as_tight = is.get(key) == was.get(key) && (is_true(is, exclusive) || !is_true(was, exclusive));
                is_tighter || is_as_tight
            }
            "uniqueItems" => is_true(is, key) || !is_true(was, key),
            "pattern" | "multipleOf" => is.get(key) == was.get(key),
            "format" => {
                let is_checked = |form: &Json| form.as_str().is_some_and(|name| FORMATS.contains(&name));
                !was.get(key).is_some_and(is_checked) || is.get(key) == was.get(key)
            }
            "properties" => {
                let mut members = was.names(key).filter_map(|name| Some((name, was.member(key, name)?)));
                members.all(|(name, member)| match is.member(key, name) {
                    Some(now) => self.is_within(now, member),
                    None => is.get("patternProperties").is_none() && self.are_others_within(is, member),
                })
            }
            "additionalProperties" => self.keeps_others(is, was),
            "items" => match (is.get(key), was.get(key)) {
                (Some(now @ Json::Object(_)), Some(then @ Json::Object(_))) => {
                    self.is_within(is.part(now), was.part(then))
                }
                _ => is_equal(key, is, was),
            },
            "allOf" => was.list(key).all(|then| self.is_within(is, then)),
            "anyOf" => {
                is_equal(key, is, was)
                    || is.get(key).is_some()
                        && is
                            .list(key)
                            .all(|now| was.list(key).any(|then| self.is_within(now, then)))
                    || was.list(key).any(|then| self.is_within(is, then))
            }
            "oneOf" | "not" | "patternProperties" | "dependencies" | "additionalItems" => is_equal(key, is, was),
            // What says nothing of values, or stands with another keyword.
            _ => true,
        }
    }

    /// Whether what a form lets members be that it does not name is within another form.
    fn are_others_within(&mut self, is: Form<'_>, was: Form<'_>) -> bool {
        let anything = json!({});
        match is.get("additionalProperties") {
            Some(Json::Bool(false)) => true,
            Some(others @ Json::Object(_)) => self.is_within(is.part(others), was),
            // Looked at by itself: it lives for this look only.
            _ => self.is_within(Form::new(&anything, was.models), was),
        }
    }

    fn keeps_others(&mut self, is: Form<'_>, was: Form<'_>) -> bool {
        let (key, table) = ("additionalProperties", "properties");
        let then = match was.get(key) {
            Some(Json::Bool(false)) => None,
            Some(then @ Json::Object(_)) => Some(was.part(then)),
            _ => return true,
        };
        let patterns = "patternProperties";
        let has_patterns = is.get(patterns).is_some() || was.get(patterns).is_some();
        if has_patterns && !is_equal(patterns, is, was) {
            return false;
        }
        let mut new = is.names(table).filter(|name| was.member(table, name).is_none());
        match then {
            None => is.get(key) == Some(&Json::Bool(false)) && new.next().is_none(),
            Some(then) => {
                new.filter_map(|name| is.member(table, name))
                    .all(|now| self.is_within(now, then))
                    && self.are_others_within(is, then)
            }
        }
    }
}

fn is_of_kinds(is: Form<'_>, was: Form<'_>) -> bool {
    let Some(was) = was.kinds() else { return true };
    let is_one = |kind: &str| was.contains(&kind) || kind == "integer" && was.contains(&"number");
    is.kinds().is_some_and(|kinds| kinds.into_iter().all(is_one))
}

/// Whether a keyword says the same, whatever it refers to included.
fn is_equal(key: &str, is: Form<'_>, was: Form<'_>) -> bool {
    let refers = is.get(key).is_some_and(|part| part.to_string().contains("\"$ref\""));
    is.get(key) == was.get(key) && (!refers || is.models == was.models && is.root == was.root)
}

#[cfg(test)]
mod tests;
