//! Whether what a handler takes of the query string and of headers fits what an action declares.
//!
//! An action that declares no query leaves it to the handler, and so with headers.

use super::fit::{differs, is_named};
use super::message::Message;
use super::near::Nearest;
use super::params::{Field, Header, Input, Reads, Shape};
use super::value::{Reason, Value};
use crate::table::{Contract, Kind, RequestParameter};

/// What does not fit.
#[derive(Clone, Copy)]
pub(super) enum Misfit {
    /// The file has nothing of that name.
    Undeclared(&'static str),
    /// Requests need not have it.
    NotRequired(&'static str),
    /// A parameter that a struct has no field for, and that it does not ignore.
    Closed(&'static str),
    /// A parameter of another type.
    Type(&'static str, Kind, Value, Reason),
    /// Nothing is known about what is taken.
    Unjudged,
    /// Nothing is known about what is taken for a parameter.
    UnjudgedValue(&'static str),
}

/// The first of the questions about an input, from one with a number on, that has the wrong answer, and the number of
/// the question behind it.
pub(super) const fn misfit(
    input: &Input,
    contract: &'static Contract,
    allows_unjudged: bool,
    mut step: usize,
) -> Option<(Misfit, usize)> {
    let asked = Asked {
        contract,
        allows_unjudged,
    };
    while let Some(found) = asked.question(input, step) {
        step += 1;
        if let Some(misfit) = found {
            return Some((misfit, step));
        }
    }
    None
}

/// What is asked about.
struct Asked {
    contract: &'static Contract,
    allows_unjudged: bool,
}

impl Asked {
    /// The answer to a question; nothing when there are no more.
    const fn question(&self, input: &Input, step: usize) -> Option<Option<Misfit>> {
        let Contract { query, headers } = self.contract;
        match *input {
            Input::Header {
                header: Some(header), ..
            } if step == 0 && !headers.is_empty() => Some(of_header(header, headers)),
            Input::Query {
                reads: Some(reads),
                shape,
                ..
            } if !query.is_empty() => match shape {
                Shape::Unknown if step == 0 && !self.allows_unjudged => Some(Some(Misfit::Unjudged)),
                Shape::Values([each]) if step < query.len() => Some(self.value(*each, reads, &query[step])),
                Shape::Fields { fields, closed } => {
                    let field = step / 2;
                    let behind = step.saturating_sub(2 * fields.len());
                    if field < fields.len() && step.is_multiple_of(2) {
                        Some(self.field(&fields[field], reads))
                    } else if field < fields.len() {
                        Some(self.required(&fields[field], reads))
                    } else if closed && behind < query.len() {
                        Some(closes(fields, query[behind].0))
                    } else {
                        None
                    }
                }
                Shape::Unknown | Shape::Free | Shape::Values(_) => None,
            },
            Input::Nothing | Input::Query { .. } | Input::Header { .. } => None,
        }
    }

    /// Whether a field is declared, and holds what is declared.
    const fn field(&self, field: &Field, reads: Reads) -> Option<Misfit> {
        match declared(field, self.contract.query) {
            Some(parameter) => self.value(field.value, reads, parameter),
            None => Some(Misfit::Undeclared(field.names[0])),
        }
    }

    /// Whether every request has what a field needs.
    const fn required(&self, field: &Field, reads: Reads) -> Option<Misfit> {
        // A query string that is not there is read as nothing, and one that is has the only parameter there is.
        let may_be_none = reads.is_optional && self.contract.query.len() == 1;
        match declared(field, self.contract.query) {
            Some(RequestParameter(name, false, _)) if field.required && !may_be_none => Some(Misfit::NotRequired(name)),
            _ => None,
        }
    }

    const fn value(&self, value: Value, reads: Reads, parameter: &RequestParameter) -> Option<Misfit> {
        let value = match value {
            Value::List(each) if reads.has_lists => *each,
            value => value,
        };
        match (value, parameter.2) {
            (Value::Unknown, _) if !self.allows_unjudged => Some(Misfit::UnjudgedValue(parameter.0)),
            (value, Some(kind)) => match value.misfit(kind) {
                Some(reason) => Some(Misfit::Type(parameter.0, kind, value, reason)),
                None => None,
            },
            // What a schema says is not compared.
            (_, None) => None,
        }
    }
}

const fn of_header(header: Header, declared: &'static [RequestParameter]) -> Option<Misfit> {
    let mut at = 0;
    while at < declared.len() {
        if is_same(declared[at].0, header.name) {
            return if header.is_required && !declared[at].1 {
                Some(Misfit::NotRequired(declared[at].0))
            } else {
                None
            };
        }
        at += 1;
    }
    let mut at = 0;
    while at < SAID_ELSEWHERE.len() {
        if is_same(SAID_ELSEWHERE[at], header.name) {
            return None;
        }
        at += 1;
    }
    Some(Misfit::Undeclared(header.name))
}

/// Headers that OpenAPI tells readers to ignore among the parameters, for the document says them in another way:
/// <https://spec.openapis.org/oas/v3.0.3#parameter-object>.
const SAID_ELSEWHERE: [&str; 3] = ["accept", "authorization", "content-type"];

/// Whether two names of headers are the same.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at].eq_ignore_ascii_case(&other[at]) {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The parameter that a field takes.
const fn declared(field: &Field, declared: &'static [RequestParameter]) -> Option<&'static RequestParameter> {
    let mut at = 0;
    while at < declared.len() {
        if is_named(field, declared[at].0) {
            return Some(&declared[at]);
        }
        at += 1;
    }
    None
}

/// Whether a parameter is refused because no field takes it.
const fn closes(fields: &[Field], name: &'static str) -> Option<Misfit> {
    let mut at = 0;
    while at < fields.len() {
        if is_named(&fields[at], name) {
            return None;
        }
        at += 1;
    }
    Some(Misfit::Closed(name))
}

/// Adds what does not fit to a message.
pub(super) const fn say(message: &mut Message, misfit: &Misfit, input: &Input, contract: &Contract) {
    let (what, names) = match input {
        Input::Header { .. } => ("header", contract.headers),
        Input::Nothing | Input::Query { .. } => ("query parameter", contract.query),
    };
    match *misfit {
        Misfit::Undeclared(name) => {
            message.fill("the action declares no {} `{}`", &[what, name]);
            suggest(message, name, names);
        }
        Misfit::NotRequired(name) => message.fill(
            "it cannot do without the {} `{}`, which the file does not require",
            &[what, name],
        ),
        Misfit::Closed(name) => message.fill(
            "it has no field for the {} `{}` and refuses what it has no field for",
            &[what, name],
        ),
        Misfit::Type(name, kind, value, reason) => differs(message, what, name, kind, value, reason),
        Misfit::Unjudged => message.push("nothing is known about what it takes"),
        Misfit::UnjudgedValue(name) => message.fill(
            "nothing is known about the type that it takes for the {} `{}`",
            &[what, name],
        ),
    }
}

/// Adds the name that was probably meant, or else all of them.
const fn suggest(message: &mut Message, name: &str, names: &[RequestParameter]) {
    let mut nearest = Nearest::NONE;
    let mut at = 0;
    while at < names.len() {
        nearest.look(name, names[at].0);
        at += 1;
    }
    if nearest.ask(message) {
        return;
    }
    message.push("; it has ");
    let mut at = 0;
    while at < names.len() {
        message.fill("{}{}`", &[if at > 0 { ", `" } else { "`" }, names[at].0]);
        at += 1;
    }
}

#[cfg(test)]
mod tests;
