//! A quick look at whether the handlers of a resource fit its rules.
//!
//! It runs in the compiler at every build of every service, where each step costs about as much as a thousand
//! instructions do elsewhere. It says yes to what is plainly right; all else gets the long look of [`check`](super::check).

use super::path::{Argument, Shape};
use super::value::Value;
use crate::description::Handler;
use crate::table::{Param, Rule};
use crate::value::Kind;

/// As many handlers as there are bits to mark those that an action routes to.
const MOST: usize = 128;

/// Whether every action certainly has its handler, which takes its parameters, and every handler an action.
pub(super) const fn fits(handlers: &[Handler], mut rules: &[Rule]) -> bool {
    if handlers.len() > MOST {
        return false;
    }
    let mut routed = 0_u128;
    while let [rule, rest @ ..] = rules {
        let mut actions = rule.actions;
        while let [action, rest @ ..] = actions {
            let mut left = handlers;
            let mut bit = 1;
            let handler = loop {
                match left {
                    [handler, ..] if handler.id == action.id => break handler,
                    [_, rest @ ..] => left = rest,
                    [] => return false,
                }
                bit <<= 1;
            };
            routed |= bit;
            match handler.arguments {
                [] => {}
                [argument] if takes(argument, rule.params) => {}
                _ => return false,
            }
            actions = rest;
        }
        rules = rest;
    }
    let mut left = handlers;
    while let [handler, rest @ ..] = left {
        if routed & 1 == 0 && !handler.may_be_unrouted || handler.arguments.len() > 1 {
            return false;
        }
        routed >>= 1;
        left = rest;
    }
    true
}

/// Whether an argument certainly takes the parameters of a path.
const fn takes(argument: &Argument, mut params: &[Param]) -> bool {
    let Shape::Values(mut values) = argument.shape else {
        return false;
    };
    if values.is_empty() {
        return false;
    }
    loop {
        match (values, params) {
            ([], []) => return true,
            ([value, more @ ..], [param, rest @ ..]) => {
                match (value, &param.kind) {
                    (Value::Text, _) => {}
                    (
                        Value::Integer { .. },
                        Kind::Int {
                            signed: false,
                            digits: 0,
                            min: None,
                            max: None,
                        },
                    ) => {}
                    _ => return false,
                }
                values = more;
                params = rest;
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::short::handler;
    use crate::proof::path::{Presence, argument};
    use crate::proof::value::PathValue;
    use crate::table::short::{action, id, param, rule};

    const INT: Kind = Kind::Int {
        signed: false,
        digits: 0,
        min: None,
        max: None,
    };
    const PAIR: &[Argument] = &[argument(
        "Path<(u8, String)>",
        Presence::Always,
        Shape::Values(&[u8::VALUE, Value::Text]),
        None,
    )];
    const RULES: &[Rule] = &[
        rule("/a", 1, &[], &[action("get", 1, 3, 5)]),
        rule(
            "/a/{n}/{t}",
            1,
            &[param(3, INT), param(1, Kind::Uuid)],
            &[action("show", 1, 4, 5)],
        ),
    ];

    const fn list() -> Handler {
        handler("get", id("get"), "", false, &[])
    }

    const fn show(arguments: &'static [Argument]) -> Handler {
        handler("show", id("show"), "", false, arguments)
    }

    #[test]
    fn what_is_plainly_right_fits() {
        assert!(fits(&[list(), show(PAIR)], RULES));
        assert!(fits(&[show(&[]), list()], RULES));
        let unrouted = handler("spare", id("spare"), "", true, &[]);
        assert!(fits(&[unrouted, list(), show(PAIR)], RULES));
    }

    #[test]
    fn what_has_to_be_looked_at_does_not() {
        let orphan = handler("spare", id("spare"), "", false, &[]);
        assert!(!fits(&[list(), show(PAIR), orphan], RULES));
        assert!(!fits(&[list()], RULES));
        assert!(!fits(&[handler("get", id("get"), "", false, PAIR), show(PAIR)], RULES));
        const SWAPPED: &[Argument] = &[argument(
            "Path<(String, u8)>",
            Presence::Always,
            Shape::Values(&[Value::Text, u8::VALUE]),
            None,
        )];
        assert!(!fits(&[list(), show(SWAPPED)], RULES));
        const TWICE: &[Argument] = &[PAIR[0], PAIR[0]];
        assert!(!fits(&[list(), show(TWICE)], RULES));
        const SINGLE: &[Argument] = &[argument(
            "Path<u8>",
            Presence::Always,
            Shape::Values(&[u8::VALUE]),
            None,
        )];
        assert!(!fits(&[list(), show(SINGLE)], RULES));
    }
}
