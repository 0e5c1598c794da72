//! Whether the path extractors of a handler fit a path.

use super::message::Message;
use super::params::{Argument, Field, Presence, Shape};
use super::text::same;
use super::value::{Reason, Value};
use crate::table::{Kind, Rule};

/// What does not fit.
#[derive(Clone, Copy)]
pub(super) enum Misfit {
    /// The number of parameters.
    Count(usize),
    /// There are no parameters at all.
    Empty,
    /// A field that no parameter has.
    Field(&'static str),
    /// A parameter that a struct has no field for, and that it does not ignore.
    Closed(usize),
    /// A parameter of another type.
    Type(usize, Value, Reason),
    /// Nothing is known about what is taken.
    Unjudged,
    /// Nothing is known about what is taken for a parameter.
    UnjudgedValue(usize),
}

/// The first of the questions about an argument under a rule, from one with a number on, that has the wrong answer, and
/// the number of the question behind it.
pub(super) const fn misfit(
    argument: &Argument,
    rule: &Rule,
    allows_unjudged: bool,
    mut step: usize,
) -> Option<(Misfit, usize)> {
    let params = rule.params;
    let count = params.end - params.start;
    match (argument.1.presence, argument.1.shape) {
        // Whatever it is made of, it is made of parameters.
        (Presence::Always, Shape::Unknown) if count == 0 && step == 0 => Some((Misfit::Empty, 1)),
        (Presence::Always | Presence::Optional, Shape::Unknown) if count > 0 && step == 0 && !allows_unjudged => {
            Some((Misfit::Unjudged, 1))
        }
        (Presence::Never | Presence::Nothing | Presence::Repeated, _) | (_, Shape::Unknown | Shape::Free) => None,
        (presence, Shape::Values(values)) if values.len() != count => match presence {
            _ if step > 0 => None,
            Presence::Always if count == 0 => Some((Misfit::Empty, 1)),
            _ if count == 0 => None,
            _ => Some((Misfit::Count(values.len()), 1)),
        },
        (_, Shape::Values(values)) => {
            while step < count {
                let found = value(values[step], rule, step, allows_unjudged);
                step += 1;
                if let Some(misfit) = found {
                    return Some((misfit, step));
                }
            }
            None
        }
        (_, Shape::Fields { fields, closed }) => {
            while step < fields.len() {
                let found = field(&fields[step], rule, allows_unjudged);
                step += 1;
                if let Some(misfit) = found {
                    return Some((misfit, step));
                }
            }
            while closed && step < fields.len() + count {
                let param = step - fields.len();
                step += 1;
                if !has_field(fields, rule.param_name(param)) {
                    return Some((Misfit::Closed(param), step));
                }
            }
            None
        }
    }
}

/// What is wrong with a value for a parameter.
const fn value(value: Value, rule: &Rule, param: usize, allows_unjudged: bool) -> Option<Misfit> {
    if let (Value::Unknown, false) = (value, allows_unjudged) {
        return Some(Misfit::UnjudgedValue(param));
    }
    match value.misfit(rule.params.of[rule.params.start + param].kind) {
        Some(reason) => Some(Misfit::Type(param, value, reason)),
        None => None,
    }
}

/// What is wrong with a field.
const fn field(field: &Field, rule: &Rule, allows_unjudged: bool) -> Option<Misfit> {
    match param_of(field, rule) {
        Some(param) => value(field.value, rule, param, allows_unjudged),
        None if !field.required => None,
        None => Some(Misfit::Field(field.names[0])),
    }
}

/// Whether one of the fields has a name.
const fn has_field(fields: &[Field], name: &str) -> bool {
    let mut number = 0;
    while number < fields.len() {
        if is_named(&fields[number], name) {
            return true;
        }
        number += 1;
    }
    false
}

const fn param_of(field: &Field, rule: &Rule) -> Option<usize> {
    let mut param = 0;
    while param < rule.params().len() {
        if is_named(field, rule.param_name(param)) {
            return Some(param);
        }
        param += 1;
    }
    None
}

pub(super) const fn is_named(field: &Field, name: &str) -> bool {
    let mut number = 0;
    while number < field.names.len() {
        if same(field.names[number], name) {
            return true;
        }
        number += 1;
    }
    false
}

/// Adds what does not fit to a message.
pub(super) const fn say(message: &mut Message, misfit: &Misfit, rule: &Rule) {
    match *misfit {
        Misfit::Empty => message.push("the path has no parameters"),
        Misfit::Count(takes) => {
            has(message, rule);
            message.push(", and it takes ");
            message.push_number(takes as u32);
        }
        Misfit::Field(name) => {
            message.fill("no parameter has the name of the field `{}`; ", &[name]);
            has(message, rule);
        }
        Misfit::Closed(param) => {
            message.fill(
                "it has no field for the parameter `{}` and refuses what it has no field for",
                &[rule.param_name(param)],
            );
        }
        Misfit::Unjudged => message.push("nothing is known about what it takes"),
        Misfit::UnjudgedValue(param) => {
            message.fill(
                "nothing is known about the type that it takes for the parameter `{}`",
                &[rule.param_name(param)],
            );
        }
        Misfit::Type(param, value, reason) => {
            let kind = rule.params()[param].kind;
            differs(message, "parameter", rule.param_name(param), kind, value, reason);
        }
    }
}

/// `the parameter `id` is `int(min=0)`, and `NonZeroU8` starts at 1`.
pub(super) const fn differs(
    message: &mut Message,
    what: &str,
    name: &str,
    declared: Kind,
    value: Value,
    reason: Reason,
) {
    message.fill("the {} `{}` is `", &[what, name]);
    kind(message, declared);
    message.fill("`, and `{}", &[value.name()]);
    match reason {
        Reason::Type => message.push("` cannot hold that"),
        Reason::Below(least) => {
            message.push("` starts at ");
            message.push_signed(least);
        }
        Reason::Above(greatest) => {
            message.push("` ends at ");
            message.push_signed(greatest);
        }
    }
}

/// `the path has 2 parameters (`id`, `order`)`.
const fn has(message: &mut Message, rule: &Rule) {
    let count = rule.params().len();
    message.push("the path has ");
    if count == 0 {
        message.push("no parameters");
        return;
    }
    message.push_number(count as u32);
    message.push(if count == 1 { " parameter (" } else { " parameters (" });
    let mut param = 0;
    while param < count {
        message.fill("{}{}`", &[if param > 0 { ", `" } else { "`" }, rule.param_name(param)]);
        param += 1;
    }
    message.push(")");
}

/// A parameter's type as the file spells it.
const fn kind(message: &mut Message, kind: Kind) {
    match kind {
        Kind::Text => message.push("string"),
        Kind::Rest => message.push("path"),
        Kind::Uuid => message.push("uuid"),
        Kind::Float { .. } => message.push("float"),
        Kind::Length { min, max } => {
            message.push("string(");
            if min == max {
                message.push("length=");
                message.push_number(min);
            } else {
                message.push("minlength=");
                message.push_number(min);
                if max < u32::MAX {
                    message.push(",maxlength=");
                    message.push_number(max);
                }
            }
            message.push(")");
        }
        Kind::Any(texts) => {
            message.push("any(");
            let mut number = 0;
            while number < texts.len() {
                message.push(if number > 0 { "," } else { "" });
                message.push(texts[number]);
                number += 1;
            }
            message.push(")");
        }
        Kind::Int {
            signed,
            digits,
            min,
            max,
        } => {
            message.push("int");
            let mut opened = false;
            if digits > 0 {
                next(message, &mut opened, "fixed_digits=");
                message.push_number(digits);
            }
            if let Some(min) = min {
                next(message, &mut opened, "min=");
                message.push_signed(min as i128);
            }
            if let Some(max) = max {
                next(message, &mut opened, "max=");
                message.push_signed(max as i128);
            }
            if signed {
                next(message, &mut opened, "signed=True");
            }
            if opened {
                message.push(")");
            }
        }
    }
}

const fn next(message: &mut Message, opened: &mut bool, key: &str) {
    message.push(if *opened { "," } else { "(" });
    message.push(key);
    *opened = true;
}

#[cfg(test)]
mod tests;
