//! Whether the path extractors of a handler fit a path.

use super::message::Message;
use super::path::{Argument, Field, Presence, Shape};
use super::same;
use super::value::{Reason, Value};
use crate::declared::Function;
use crate::table::Rule;
use crate::value::Kind;

/// What does not fit.
enum Misfit {
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
}

/// Kinds of misfits that are explained once, however many there are.
pub(super) struct Kinds {
    pub(super) count: bool,
    pub(super) value: bool,
}

/// Whether what a handler takes fits a rule.
pub(super) const fn fits(argument: &Argument, rule: &Rule) -> bool {
    let mut step = 0;
    while step < steps(argument, rule) {
        if misfit(argument, rule, step).is_some() {
            return false;
        }
        step += 1;
    }
    true
}

/// Whether a handler has more than one path extractor, each of which takes all parameters.
pub(super) const fn is_repeated(argument: &Argument) -> bool {
    matches!(argument.1.presence, Presence::Repeated)
}

/// Adds what does not fit to a message.
pub(super) const fn explain(
    message: &mut Message,
    (handler, argument): (&Function, &Argument),
    rule: &Rule,
    action: usize,
    kinds: &mut Kinds,
    file: &str,
) {
    let mut step = 0;
    while step < steps(argument, rule) {
        if let Some(misfit) = misfit(argument, rule, step) {
            super::check::action(message, rule, action, file);
            message.push(" does not fit `");
            message.push(argument.0);
            message.push("` of the handler `");
            message.push(handler.name);
            message.push("` (");
            message.push(handler.location);
            message.push("): ");
            say(message, &misfit, rule);
            match misfit {
                Misfit::Type(..) => kinds.value = true,
                _ => kinds.count = true,
            }
        }
        step += 1;
    }
}

/// How many questions there are about an argument.
const fn steps(argument: &Argument, rule: &Rule) -> usize {
    match (argument.1.presence, argument.1.shape) {
        // Whatever it is made of, it is made of parameters.
        (Presence::Always, Shape::Unknown) if rule.params().is_empty() => 1,
        (Presence::Never | Presence::Repeated, _) | (_, Shape::Unknown | Shape::Free) => 0,
        (_, Shape::Values(values)) => {
            if values.len() == rule.params().len() {
                values.len()
            } else {
                1
            }
        }
        (_, Shape::Fields { fields, closed }) => fields.len() + if closed { rule.params().len() } else { 0 },
    }
}

const fn misfit(argument: &Argument, rule: &Rule, step: usize) -> Option<Misfit> {
    let params = rule.params().len();
    match argument.1.shape {
        Shape::Unknown if params == 0 => Some(Misfit::Empty),
        Shape::Unknown | Shape::Free => None,
        Shape::Values(values) => {
            if params == 0 {
                return match argument.1.presence {
                    Presence::Always => Some(Misfit::Empty),
                    _ => None,
                };
            }
            if values.len() != params {
                return Some(Misfit::Count(values.len()));
            }
            wrong(values[step], rule, step)
        }
        Shape::Fields { fields, .. } if step < fields.len() => {
            let field = &fields[step];
            match param_of(field, rule) {
                Some(param) => wrong(field.value, rule, param),
                None if !field.required => None,
                None => Some(Misfit::Field(field.names[0])),
            }
        }
        Shape::Fields { fields, .. } => {
            let param = step - fields.len();
            let mut number = 0;
            while number < fields.len() {
                if is_named(&fields[number], rule.param_name(param)) {
                    return None;
                }
                number += 1;
            }
            Some(Misfit::Closed(param))
        }
    }
}

const fn wrong(value: Value, rule: &Rule, param: usize) -> Option<Misfit> {
    match value.misfit(rule.params()[param].kind) {
        Some(reason) => Some(Misfit::Type(param, value, reason)),
        None => None,
    }
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

const fn is_named(field: &Field, name: &str) -> bool {
    let mut number = 0;
    while number < field.names.len() {
        if same(field.names[number], name) {
            return true;
        }
        number += 1;
    }
    false
}

const fn say(message: &mut Message, misfit: &Misfit, rule: &Rule) {
    match *misfit {
        Misfit::Empty => message.push("the path has no parameters"),
        Misfit::Count(takes) => {
            has(message, rule);
            message.push(", and it takes ");
            message.push_number(takes as u32);
        }
        Misfit::Field(name) => {
            message.push("no parameter has the name of the field `");
            message.push(name);
            message.push("`; ");
            has(message, rule);
        }
        Misfit::Closed(param) => {
            message.push("it has no field for the parameter `");
            message.push(rule.param_name(param));
            message.push("` and refuses what it has no field for");
        }
        Misfit::Type(param, value, reason) => {
            message.push("the parameter `");
            message.push(rule.param_name(param));
            message.push("` is `");
            kind(message, rule.params()[param].kind);
            message.push("`, and `");
            message.push(value.name());
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
        message.push(if param > 0 { ", `" } else { "`" });
        message.push(rule.param_name(param));
        message.push("`");
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
mod tests {
    use super::super::path::Presence;
    use super::super::path::{argument, field};
    use super::super::value::PathValue;
    use super::*;
    use crate::table::short::{action, param, rule};

    const INT: Kind = Kind::Int {
        signed: false,
        digits: 0,
        min: Some(1),
        max: Some(300),
    };
    const RULE: Rule = rule(
        "/users/{id}/orders/{order}",
        1,
        &[param(7, INT), param(8, Kind::Uuid)],
        &[action("show", 1, 9, 5)],
    );
    const BARE: Rule = rule("/users", 1, &[], &[action("show", 1, 4, 5)]);

    /// What is said about a handler with one argument of this shape.
    fn said(presence: Presence, shape: Shape, rule: &Rule) -> Vec<String> {
        let argument = argument("Path<_>", presence, shape, None);
        let handler = Function::named("show", "src/users.rs:6:14");
        let mut message = Message::new();
        let mut kinds = Kinds {
            count: false,
            value: false,
        };
        explain(&mut message, (&handler, &argument), rule, 0, &mut kinds, "routes.json");
        assert_eq!(fits(&argument, rule), message.as_str().is_empty());
        let lines = message.as_str().lines().skip(1);
        lines
            .map(|line| line.split_once("): ").map_or(line, |(_, reason)| reason).to_owned())
            .collect()
    }

    #[test]
    fn the_number_of_values_is_that_of_the_parameters() {
        const THREE: Shape = Shape::Values(&[Value::Text, Value::Text, Value::Text]);
        assert_eq!(
            said(Presence::Always, THREE, &RULE),
            ["the path has 2 parameters (`id`, `order`), and it takes 3"]
        );
        assert_eq!(said(Presence::Always, THREE, &BARE), ["the path has no parameters"]);
        assert!(said(Presence::Optional, THREE, &BARE).is_empty());
        assert_eq!(said(Presence::Optional, THREE, &RULE).len(), 1);
        assert!(said(Presence::Never, THREE, &RULE).is_empty());
    }

    #[test]
    fn what_is_not_known_takes_something() {
        assert_eq!(
            said(Presence::Always, Shape::Unknown, &BARE),
            ["the path has no parameters"]
        );
        assert!(said(Presence::Always, Shape::Unknown, &RULE).is_empty());
        assert!(said(Presence::Optional, Shape::Unknown, &BARE).is_empty());
        assert!(said(Presence::Always, Shape::Free, &BARE).is_empty());
    }

    #[test]
    fn every_value_that_cannot_hold_its_parameter_is_named() {
        const NARROW: Shape = Shape::Values(&[u8::VALUE, u64::VALUE]);
        assert_eq!(
            said(Presence::Always, NARROW, &RULE),
            [
                "the parameter `id` is `int(min=1,max=300)`, and `u8` ends at 255",
                "the parameter `order` is `uuid`, and `u64` cannot hold that"
            ]
        );
    }

    #[test]
    fn fields_are_found_by_their_names() {
        const FIELDS: &[Field] = &[
            field(&["id"], u16::VALUE, true),
            field(&["item", "order"], Value::Text, true),
            field(&["page"], u8::VALUE, false),
        ];
        const SHAPE: Shape = Shape::Fields {
            fields: FIELDS,
            closed: true,
        };
        assert!(said(Presence::Always, SHAPE, &RULE).is_empty());
        assert_eq!(
            said(Presence::Optional, SHAPE, &BARE),
            [
                "no parameter has the name of the field `id`; the path has no parameters",
                "no parameter has the name of the field `item`; the path has no parameters"
            ]
        );
        const CLOSED: Shape = Shape::Fields {
            fields: &[field(&["id"], u16::VALUE, true)],
            closed: true,
        };
        assert_eq!(
            said(Presence::Always, CLOSED, &RULE),
            ["it has no field for the parameter `order` and refuses what it has no field for"]
        );
    }
}
