//! Patches
//! ([patch operations](https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html)): which paths there are of
//! a thing stands in a table, and what a patch does follows from the row.

use std::fmt;

use serde_json::{Value as Json, json};

use super::told::put;
use crate::pointer::unescape;

/// Why API Gateway does not do what it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// `BadRequestException`: it takes nothing of the kind.
    BadRequest(String),
    /// `NotFoundException`: what it is about is not there.
    NotFound(String),
    /// `ConflictException`: it is there already.
    Conflict(String),
}

impl Refused {
    /// `BadRequestException` with a message.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::BadRequest(message.into())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::BadRequest(message) | Self::NotFound(message) | Self::Conflict(message)) = self;
        f.write_str(message)
    }
}

impl std::error::Error for Refused {}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Adds an entry.
    Add,
    /// Takes a value away.
    Remove,
    /// Known, and taken by nothing.
    Move,
    /// Known, and taken by nothing.
    Test,
    /// Gives another value.
    Replace,
    /// Takes the value of another place: of stages alone.
    Copy,
}

use Op::{Add, Remove, Replace};

impl Op {
    /// All of them by their names, in the order in which AWS lists them.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("add", Add),
        ("remove", Remove),
        ("move", Self::Move),
        ("test", Self::Test),
        ("replace", Replace),
        ("copy", Self::Copy),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let row = Self::NAMES.iter().find(|(_, op)| *op == self);
        row.map_or("", |(name, _)| name)
    }
}

/// One operation of a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// Where, as it was sent.
    pub path: String,
    parts: Vec<String>,
    /// What it sets, adds or removes.
    pub value: Option<String>,
    /// Where a copy is from.
    pub from: Option<String>,
}

impl Operation {
    /// An operation at a path, a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    #[must_use]
    pub fn new(op: Op, path: String, value: Option<String>, from: Option<String>) -> Self {
        let parts = path.strip_prefix('/').unwrap_or(&path).split('/');
        Self {
            op,
            parts: parts.map(unescape).collect(),
            path,
            value,
            from,
        }
    }

    /// The parts of the path, unescaped.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        self.parts.iter().map(String::as_str).collect()
    }

    /// Whether it takes something away.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.op == Remove
    }

    /// Whether it sets what is true or not to true.
    #[must_use]
    pub fn flag(&self) -> bool {
        self.value
            .as_deref()
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The text that it sets; an empty one is none.
    fn text(&self) -> Json {
        json!(
            self.value
                .as_deref()
                .filter(|text| !text.is_empty() && !self.is_removal())
        )
    }
}

/// What can be patched of a thing.
#[derive(Debug)]
pub struct Rules {
    /// Whether a path that is none is refused with those that are.
    pub lists: bool,
    /// What can be patched.
    pub rows: &'static [Row],
}

/// A path, in which `*` is any part; the operations that it takes; and what stands there.
pub type Row = (&'static str, &'static [Op], Kind);

/// What stands at a path.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text. One that is empty is none.
    Text,
    /// A text that must not be empty, and what is said of one that is.
    Word(&'static str),
    /// One of these texts. An empty one is none.
    Choice(&'static [&'static str]),
    /// True or not.
    Flag,
    /// A number from and to, and what is said of one that is none.
    Number(i64, i64, &'static str),
    /// A number with a fraction.
    Real,
    /// An entry of texts, and what is said when there is no such entry to replace or to remove.
    Entry(&'static str),
    /// An entry that is true or not.
    Switch(&'static str),
    /// An entry of a list that the last part of the path names.
    Member,
    /// An entry of a list that the value names.
    Item,
}

/// What any part of an API takes that is an entry.
const ENTRY: &[Op] = &[Add, Remove, Replace];
const NO_PARAMETER: &str = "Invalid parameter name specified";
const NO_CONTENT_TYPE: &str = "Content-Type specified was not found";

/// What a request to a service gets of one to a method.
pub const REQUEST_PARAMETERS: Row = ("/requestParameters/*", ENTRY, Kind::Entry(NO_PARAMETER));
/// Templates of requests by media types.
pub const REQUEST_TEMPLATES: Row = ("/requestTemplates/*", ENTRY, Kind::Entry(NO_CONTENT_TYPE));
/// What an answer gets.
pub const RESPONSE_PARAMETERS: Row = ("/responseParameters/*", ENTRY, Kind::Entry(NO_PARAMETER));
/// Templates of answers by media types.
pub const RESPONSE_TEMPLATES: Row = ("/responseTemplates/*", ENTRY, Kind::Entry(NO_CONTENT_TYPE));
/// Parameters of a method, which are required or not.
pub const REQUIRED_PARAMETERS: Row = ("/requestParameters/*", ENTRY, Kind::Switch(NO_PARAMETER));
/// Headers of an answer that a method declares.
pub const DECLARED_PARAMETERS: Row = ("/responseParameters/*", ENTRY, Kind::Switch(NO_PARAMETER));
/// Models of bodies by media types.
pub const REQUEST_MODELS: Row = ("/requestModels/*", ENTRY, Kind::Entry(NO_CONTENT_TYPE));
/// Models of answers by media types.
pub const RESPONSE_MODELS: Row = ("/responseModels/*", ENTRY, Kind::Entry(NO_CONTENT_TYPE));

impl Rules {
    /// The same thing after a patch.
    ///
    /// # Errors
    ///
    /// [`Refused`] by the first operation that is none of the rules, or whose value is none.
    pub fn patched(&self, mut told: Json, operations: &[Operation]) -> Result<Json, Refused> {
        for operation in operations {
            let kind = self.kind(operation)?;
            apply(&mut told, operation, kind)?;
        }
        Ok(told)
    }

    fn kind(&self, operation: &Operation) -> Result<Kind, Refused> {
        let Operation { op, path, .. } = operation;
        let parts = operation.parts();
        let row = self.rows.iter().find(|(pattern, ..)| is_at(pattern, &parts));
        match row {
            Some((_, ops, kind)) if ops.contains(op) => return Ok(*kind),
            Some((_, ops, _)) if !self.lists => {
                let names: Vec<&str> = ops.iter().map(|op| op.name()).collect();
                return Err(Refused::bad_request(format!(
                    "Invalid patch operation specified. Must be one of: [{}]",
                    names.join(", ")
                )));
            }
            _ if !self.lists => return Err(Refused::bad_request(format!("Invalid patch path {path}"))),
            _ => {}
        }
        let with_op = self.rows.iter().filter(|(_, ops, _)| ops.contains(op));
        let paths: Vec<&str> = with_op.map(|(pattern, ..)| *pattern).collect();
        let help = match paths.as_slice() {
            [] => "Please choose supported operations".to_owned(),
            paths => format!("Must be one of: [{}]", paths.join(", ")),
        };
        Err(Refused::bad_request(format!(
            "Invalid patch path  '{path}' specified for op '{}'. {help}",
            op.name()
        )))
    }
}

fn is_at(pattern: &str, parts: &[&str]) -> bool {
    let mut wanted = pattern.trim_start_matches('/').split('/');
    let fits = parts
        .iter()
        .all(|part| wanted.next().is_some_and(|wanted| wanted == "*" || wanted == *part));
    fits && wanted.next().is_none()
}

fn apply(told: &mut Json, operation: &Operation, kind: Kind) -> Result<(), Refused> {
    let parts = operation.parts();
    let Some((last, before)) = parts.split_last() else {
        return Ok(());
    };
    let mut place = told;
    for part in before {
        if !matches!(kind, Kind::Member) || *part != before[before.len() - 1] {
            if place.get(part).is_none_or(Json::is_null) {
                put(place, part, json!({}));
            }
            place = &mut place[*part];
        }
    }
    let value = operation.value.as_deref();
    match kind {
        Kind::Text => put(place, last, operation.text()),
        Kind::Choice(known) => {
            let text = operation.text();
            if text.as_str().is_some_and(|text| !known.contains(&text)) {
                return Err(Refused::bad_request(format!(
                    "Invalid value {text} specified for path '{}'. Must be one of: [{}]",
                    operation.path,
                    known.join(", ")
                )));
            }
            put(place, last, text);
        }
        Kind::Word(why) if operation.text().is_null() => return Err(Refused::bad_request(why)),
        Kind::Word(_) => put(place, last, operation.text()),
        Kind::Flag => put(place, last, json!(operation.flag())),
        Kind::Number(..) | Kind::Real if operation.text().is_null() => put(place, last, Json::Null),
        Kind::Number(from, to, why) => {
            let number = value.and_then(|value| value.parse::<i64>().ok());
            let number = number.filter(|number| (from..=to).contains(number));
            put(place, last, json!(number.ok_or_else(|| Refused::bad_request(why))?));
        }
        Kind::Real => {
            let number = value
                .and_then(|value| value.parse::<f64>().ok())
                .filter(|number| number.is_finite());
            let number = number.ok_or_else(|| Refused::bad_request(format!("Invalid number at {}", operation.path)))?;
            put(place, last, json!(number));
        }
        Kind::Entry(why) | Kind::Switch(why) => {
            if operation.op != Add && place.get(last).is_none() {
                return Err(Refused::NotFound(why.to_owned()));
            }
            let set = match kind {
                Kind::Switch(_) => json!(operation.flag()),
                _ => json!(value.unwrap_or_default()),
            };
            put(place, last, if operation.is_removal() { Json::Null } else { set });
        }
        Kind::Member => {
            let list = before[before.len() - 1];
            change(place, list, |items| {
                let known = items.iter().position(|item| item == last);
                match (operation.op, known) {
                    (Remove, Some(at)) => drop(items.remove(at)),
                    (Replace, Some(at)) => {
                        items.remove(at);
                        items.push(json!(value.unwrap_or(last)));
                    }
                    (Add, None) => items.push(json!(value.filter(|value| !value.is_empty()).unwrap_or(last))),
                    _ => {}
                }
            });
        }
        Kind::Item => change(place, last, |items| match (operation.op, value) {
            (Remove, Some(value)) => items.retain(|item| item != value),
            (Replace, Some(value)) => {
                let values = value.split(',').map(str::trim).filter(|value| !value.is_empty());
                *items = values.map(|value| json!(value)).collect();
            }
            (_, Some(value)) if !items.iter().any(|item| item == value) => items.push(json!(value)),
            _ => {}
        }),
    }
    Ok(())
}

/// Changes a list, which is not there once it is empty.
fn change(place: &mut Json, key: &str, change: impl FnOnce(&mut Vec<Json>)) {
    let mut items = place.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
    change(&mut items);
    put(
        place,
        key,
        if items.is_empty() {
            Json::Null
        } else {
            Json::Array(items)
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Rules = Rules {
        lists: false,
        rows: &[
            ("/name", &[Replace], Kind::Word("a name")),
            ("/tags/*", &[Add, Remove, Replace], Kind::Entry("no such tag")),
            ("/kinds/*", &[Add, Remove, Replace], Kind::Member),
            ("/quota/limit", &[Replace], Kind::Number(0, 9, "0 to 9")),
            ("/kind", &[Replace], Kind::Choice(&["a", "b"])),
        ],
    };
    const LISTED: Rules = Rules {
        lists: true,
        rows: &[("/name", &[Replace], Kind::Text), ("/on", &[Replace], Kind::Flag)],
    };

    fn operation(op: Op, path: &str, value: &str) -> Operation {
        Operation::new(op, path.to_owned(), Some(value.to_owned()), None)
    }

    #[test]
    fn what_a_patch_does_follows_from_the_row_of_its_path() {
        let told = json!({"name": "a", "kinds": ["a/b", "c"]});
        let operations = [
            operation(Replace, "/name", "z"),
            operation(Add, "/tags/x", "1"),
            operation(Replace, "/kinds/a~1b", "d"),
            operation(Remove, "/kinds/c", ""),
            operation(Replace, "/quota/limit", "7"),
            operation(Replace, "/kind", "b"),
        ];
        let patched = PLAIN.patched(told, &operations).unwrap();
        assert_eq!(
            patched,
            json!({"name": "z", "tags": {"x": "1"}, "kinds": ["d"], "quota": {"limit": 7}, "kind": "b"})
        );
    }

    #[test]
    fn a_path_that_is_none_is_refused_in_the_words_of_aws() {
        let refused =
            |rules: &Rules, operation: Operation| rules.patched(json!({}), &[operation]).unwrap_err().to_string();
        for (said, expected) in [
            (refused(&PLAIN, operation(Replace, "/x", "")), "Invalid patch path /x"),
            (
                refused(&PLAIN, operation(Add, "/name", "")),
                "Invalid patch operation specified. Must be one of: [replace]",
            ),
            (refused(&PLAIN, operation(Replace, "/name", "")), "a name"),
            (refused(&PLAIN, operation(Replace, "/quota/limit", "x")), "0 to 9"),
            (refused(&PLAIN, operation(Remove, "/tags/x", "")), "no such tag"),
            (
                refused(&PLAIN, operation(Replace, "/kind", "c")),
                "Invalid value \"c\" specified for path '/kind'. Must be one of: [a, b]",
            ),
            (
                refused(&LISTED, operation(Replace, "/x", "")),
                "Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/name, /on]",
            ),
            (
                refused(&LISTED, operation(Add, "/name", "")),
                "Invalid patch path  '/name' specified for op 'add'. Please choose supported operations",
            ),
        ] {
            assert_eq!(said, expected);
        }
    }
}
