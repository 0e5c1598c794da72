//! What calls bring, held against what their operations take
//! ([common errors](https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html)): a value of another type, one
//! that is missing, and one that the model of the service rules out are refused before anything is looked up.

use serde_json::{Map, Value as Json};

use super::call::{Call, unexpected};
use super::reply::Refusal;

use Shape::{Entries, Flag, List, OneOf, Real, Structure, Text, Whole};

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Text,
    Flag,
    Whole,
    Real,
    /// One of these texts, in the order in which AWS lists them, where that is known.
    OneOf(&'static [&'static str]),
    /// A status, or in documentation whatever else stands for one.
    Status(Statuses),
    List(&'static Shape),
    Entries(&'static Shape),
    Structure(&'static [Member]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statuses {
    One,
    Any,
}

/// Where a member of a call stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    Body,
    Query,
    /// What the path names, counted from the left.
    Path(usize),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    name: &'static str,
    at: At,
    is_required: bool,
    shape: Shape,
}

pub(super) const fn may(name: &'static str, shape: Shape) -> Member {
    let (at, is_required) = (At::Body, false);
    Member {
        name,
        at,
        is_required,
        shape,
    }
}

pub(super) const fn must(name: &'static str, shape: Shape) -> Member {
    Member {
        is_required: true,
        ..may(name, shape)
    }
}

pub(super) const fn query(member: Member) -> Member {
    Member {
        at: At::Query,
        ..member
    }
}

pub(super) const fn path(at: usize, name: &'static str, shape: Shape) -> Member {
    Member {
        at: At::Path(at),
        ..must(name, shape)
    }
}

/// Refuses a call that is none of its operation, which takes some members: first the types of values, then all that the
/// model rules out at once.
pub(super) fn check<'m>(call: &Call<'_>, members: impl Iterator<Item = &'m Member> + Clone) -> Result<(), Refusal> {
    let in_body = || members.clone().filter(|member| matches!(member.at, At::Body));
    let mut wrong = Vec::new();
    if in_body().next().is_some() {
        let input = call.input()?.0;
        for member in in_body() {
            typed(member.shape, input.get(member.name))?;
        }
        member_by_member(&call.input_name(), in_body(), &input, &mut wrong);
    }
    for member in members {
        let given = match member.at {
            At::Body => continue,
            At::Query => call.query(member.name),
            At::Path(at) => Some(call.part(at)),
        };
        judge_member(member, member.name, given.map(Json::from).as_ref(), &mut wrong);
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Refusal::validation(wrong)),
    }
}

/// Refuses a value of another type, wherever in it. Null is no value.
fn typed(shape: Shape, value: Option<&Json>) -> Result<(), Refusal> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let wanted = match (shape, value) {
        (Text | OneOf(_) | Shape::Status(_), Json::String(_)) | (Flag, Json::Bool(_)) | (Real, Json::Number(_)) => {
            return Ok(());
        }
        (Whole, Json::Number(number)) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {
            return Ok(());
        }
        (List(of), Json::Array(items)) => return items.iter().try_for_each(|item| typed(*of, Some(item))),
        (Entries(of), Json::Object(entries)) => {
            return entries.values().try_for_each(|entry| typed(*of, Some(entry)));
        }
        (Structure(members), Json::Object(entries)) => {
            let mut members = members.iter();
            return members.try_for_each(|member| typed(member.shape, entries.get(member.name)));
        }
        (Text | OneOf(_) | Shape::Status(_), _) => "String",
        (Flag, _) => "Boolean",
        (Whole, _) => "Integer",
        (Real, _) => "Double",
        (List(_), _) => "List",
        (Entries(_), _) => "Map",
        (Structure(_), _) => "structure",
    };
    Err(Refusal::serialization(unexpected(value, wanted)))
}

fn member_by_member<'m>(
    place: &str,
    members: impl Iterator<Item = &'m Member>,
    given: &Map<String, Json>,
    wrong: &mut Vec<String>,
) {
    for member in members {
        judge_member(
            member,
            &format!("{place}.{}", member.name),
            given.get(member.name),
            wrong,
        );
    }
}

fn judge_member(member: &Member, place: &str, given: Option<&Json>, wrong: &mut Vec<String>) {
    match given.filter(|value| !value.is_null()) {
        Some(value) => judge(member.shape, place, value, wrong),
        None if member.is_required => wrong.push(format!(
            "Value null at '{place}' failed to satisfy constraint: Member must not be null"
        )),
        None => {}
    }
}

/// What the model rules out of a value of the right type.
fn judge(shape: Shape, place: &str, value: &Json, wrong: &mut Vec<String>) {
    match (shape, value) {
        // Recorded of AWS: a list of such texts is told as a whole.
        (List(of @ OneOf(_)), Json::Array(items)) => {
            let refused = items
                .iter()
                .filter_map(Json::as_str)
                .find_map(|item| constraint(*of, item));
            if let Some(refused) = refused {
                let items: Vec<&str> = items.iter().filter_map(Json::as_str).collect();
                let items = items.join(", ");
                wrong.push(format!(
                    "Value '[{items}]' at '{place}' failed to satisfy constraint: Member must satisfy constraint: [{refused}]"
                ));
            }
        }
        (List(of), Json::Array(items)) => {
            for (at, item) in items.iter().enumerate() {
                judge(*of, &format!("{place}.{}.member", at + 1), item, wrong);
            }
        }
        (Entries(of), Json::Object(entries)) => {
            for (key, entry) in entries {
                judge(*of, &format!("{place}.{key}.member"), entry, wrong);
            }
        }
        (Structure(members), Json::Object(given)) => member_by_member(place, members.iter(), given, wrong),
        (shape, Json::String(text)) => wrong.extend(
            constraint(shape, text)
                .map(|refused| format!("Value '{text}' at '{place}' failed to satisfy constraint: {refused}")),
        ),
        _ => {}
    }
}

/// The constraint that a text does not satisfy.
fn constraint(shape: Shape, text: &str) -> Option<String> {
    match shape {
        OneOf(known) if !known.contains(&text) => {
            Some(format!("Member must satisfy enum value set: [{}]", known.join(", ")))
        }
        Shape::Status(which) if !is_status(text, which) => {
            let pattern = match which {
                Statuses::One => r"[1-5]\d\d",
                Statuses::Any => r"^([1-5]\d\d|\*|\s*)$",
            };
            Some(format!("Member must satisfy regular expression pattern: {pattern}"))
        }
        _ => None,
    }
}

fn is_status(text: &str, which: Statuses) -> bool {
    match text.as_bytes() {
        [b'1'..=b'5', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => true,
        b"*" => which == Statuses::Any,
        _ => which == Statuses::Any && text.trim().is_empty(),
    }
}
