//! A quick look at whether the handlers of a resource fit its rules.
//!
//! It runs in the compiler at every build of every service, where each step costs about as much as a thousand
//! instructions do elsewhere. It says yes to what is plainly right; all else gets the long look of [`check`](super::check).

use super::path::{Argument, Presence, Shape};
use super::value::Value;
use crate::declared::Handler;
use crate::table::{Param, Part, Rule};
use crate::value::Kind;

/// As many handlers as there are bits to mark those that an action routes to.
const MOST: usize = 128;

/// Whether every action certainly has its handler, which takes its parameters, and every handler an action.
pub(super) const fn fits(handlers: &[Handler], arguments: &[Argument], rules: Part<Rule>) -> bool {
    if handlers.len() > MOST {
        return false;
    }
    let mut unrouted = u128::MAX.unbounded_shr(MOST as u32 - handlers.len() as u32);
    let mut number = rules.start;
    while number < rules.end {
        let rule = &rules.of[number];
        let mut action = rule.actions.start;
        while action < rule.actions.end {
            let id = rule.actions.of[action].id;
            let mut handler = 0;
            while handler < handlers.len() && handlers[handler].0 != id {
                handler += 1;
            }
            if handler == handlers.len() {
                return false;
            }
            unrouted &= !(1 << handler);
            let argument = handlers[handler].2;
            if argument != 0 && !takes(&arguments[argument - 1], rule.params) {
                return false;
            }
            action += 1;
        }
        number += 1;
    }
    unrouted == 0
}

/// Whether an argument certainly takes the parameters of a path.
const fn takes(argument: &Argument, params: Part<Param>) -> bool {
    let Shape::Values(values) = argument.shape else {
        return matches!(argument.presence, Presence::Never);
    };
    if values.is_empty() || values.len() != params.end - params.start {
        return false;
    }
    let mut number = 0;
    while number < values.len() {
        match (&values[number], &params.of[params.start + number].kind) {
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
        number += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::path::{argument, both};
    use crate::proof::value::PathValue;
    use crate::table::short::{action, id, param, rule};

    const INT: Kind = Kind::Int {
        signed: false,
        digits: 0,
        min: None,
        max: None,
    };
    const PAIR: Argument = argument(
        "Path<(u8, String)>",
        Presence::Always,
        Shape::Values(&[u8::VALUE, Value::Text]),
        None,
    );
    const RULES: &[Rule] = &[
        rule("/a", 1, &[], &[action("get", 1, 3, 5)]),
        rule(
            "/a/{n}/{t}",
            1,
            &[param(3, INT), param(1, Kind::Uuid)],
            &[action("show", 1, 4, 5)],
        ),
    ];
    const LIST: Handler = (id("get"), 0, 0);
    const SHOW: Handler = (id("show"), 1, 1);

    #[test]
    fn what_is_plainly_right_fits() {
        const OTHER: Argument = argument("Session", Presence::Never, Shape::Unknown, None);
        assert!(fits(&[LIST, SHOW], &[PAIR], Part::all(RULES)));
        assert!(fits(&[(id("show"), 1, 0), LIST], &[], Part::all(RULES)));
        assert!(fits(&[LIST, SHOW], &[OTHER], Part::all(RULES)));
        assert!(fits(&[LIST, SHOW], &[both(OTHER, PAIR)], Part::all(RULES)));
        assert!(fits(&[LIST, SHOW], &[both(PAIR, OTHER)], Part::all(RULES)));
    }

    #[test]
    fn what_has_to_be_looked_at_does_not() {
        let spare = (id("spare"), 2, 0);
        assert!(!fits(&[LIST, SHOW, spare], &[PAIR], Part::all(RULES)));
        assert!(!fits(&[spare, LIST, SHOW], &[PAIR], Part::all(RULES)));
        assert!(!fits(&[LIST], &[], Part::all(RULES)));
        assert!(!fits(&[(id("get"), 0, 1), SHOW], &[PAIR], Part::all(RULES)));
        const SWAPPED: Argument = argument(
            "Path<(String, u8)>",
            Presence::Always,
            Shape::Values(&[Value::Text, u8::VALUE]),
            None,
        );
        assert!(!fits(&[LIST, SHOW], &[SWAPPED], Part::all(RULES)));
        assert!(!fits(&[LIST, SHOW], &[both(PAIR, PAIR)], Part::all(RULES)));
        const SINGLE: Argument = argument("Path<u8>", Presence::Always, Shape::Values(&[u8::VALUE]), None);
        assert!(!fits(&[LIST, SHOW], &[SINGLE], Part::all(RULES)));
    }

    #[test]
    fn as_many_handlers_as_can_be_marked_are_looked_at() {
        let mut many = vec![LIST, (id("show"), 1, 0)];
        many.resize(MOST, LIST);
        assert!(!fits(&many, &[], Part::all(RULES)));
        assert!(fits(&many[..2], &[], Part::all(RULES)));
        assert!(fits(&[], &[], Part::all(&[])));
    }
}
