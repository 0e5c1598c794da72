//! A quick look at whether the handlers of a resource fit its rules.
//!
//! It runs in the compiler at every build of every service, where each step costs about as much as a thousand
//! instructions do elsewhere. It says yes to what is plainly right; all else gets the long look of [`check`](super::check).

use super::path::{Argument, Presence};
use crate::declared::Handler;
use crate::table::{Part, Rule};

/// As many handlers as there are bits to mark those that an action routes to, but one.
const MOST: usize = 63;

/// Whether every action certainly has its handler, which takes its parameters, and every handler an action.
pub(super) const fn fits(handlers: &[Handler], arguments: &[Argument], rules: Part<Rule>) -> bool {
    if handlers.len() > MOST {
        return false;
    }
    let mut routed = 0_u64;
    // Most files name them in the order of the code.
    let mut next = 0;
    let mut number = rules.start;
    while number < rules.end {
        let rule = &rules.of[number];
        let mut action = rule.actions.start;
        while action < rule.actions.end {
            let id = rule.actions.of[action].id;
            if next >= handlers.len() || handlers[next].0 != id {
                next = 0;
                while next < handlers.len() && handlers[next].0 != id {
                    next += 1;
                }
                if next == handlers.len() {
                    return false;
                }
            }
            routed |= 1 << next;
            let argument = handlers[next].2;
            if argument != 0 {
                let known = &arguments[argument - 1].1;
                let fits = known.simple.length == rule.params.end - rule.params.start
                    && known.simple.integers & !rule.integers == 0;
                if !fits && !matches!(known.presence, Presence::Never) {
                    return false;
                }
            }
            next += 1;
            action += 1;
        }
        number += 1;
    }
    routed == (1 << handlers.len()) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::path::{Shape, argument, both};
    use crate::proof::value::{PathValue, Value};
    use crate::table::Action;
    use crate::table::short::{action, id, param, rule};
    use crate::value::Kind;

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
        many.extend((2..MOST).map(|other| (other as u64, other, 0)));
        let all: Vec<Action> = many
            .iter()
            .map(|handler| Action {
                id: handler.0,
                ..action("", 1, 1, 1)
            })
            .collect();
        let rules = |count: usize| {
            let rule = rule("/a", 1, &[], all[..count].to_vec().leak());
            Part::all(Box::leak(Box::new([rule])))
        };
        assert!(fits(&many, &[], rules(MOST)));
        assert!(!fits(&many, &[], rules(MOST - 1)));
        many.push((99, MOST, 0));
        assert!(!fits(&many, &[], rules(MOST)));
        assert!(fits(&many[..2], &[], Part::all(RULES)));
        assert!(fits(&[], &[], Part::all(&[])));
        assert!(fits(&[(id("show"), 1, 0), LIST], &[], Part::all(RULES)));
    }
}
