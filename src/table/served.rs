//! Which rules a handler serves, as far as that decides how it is added to a router.

use std::marker::PhantomData;

use super::{InTable, Part, Rule, Rules};
use crate::mount::bits::Bit;

/// The rules that the handlers with a bit serve.
pub(crate) struct Served {
    /// How many there are.
    pub(crate) count: usize,
    /// The first two among all rules of the router.
    pub(crate) first: [usize; 2],
    /// Whether requests for these have to be looked at.
    pub(crate) are_guarded: [bool; 2],
    /// Whether requests for any of them have to be.
    pub(crate) is_guarded: bool,
}

/// The handlers of a resource with a bit. A type, so that the compiler finds out once what they serve.
pub(crate) struct By<R, B>(PhantomData<(R, B)>);

impl<R: Rules, B: Bit> By<R, B> {
    pub(crate) const SERVED: Served = served(R::Table::RESOURCES[R::NUMBER], B::BIT as u64);
}

const fn served(rules: Part<Rule>, bit: u64) -> Served {
    let mut served = Served {
        count: 0,
        first: [0; 2],
        are_guarded: [false; 2],
        is_guarded: false,
    };
    let mut number = rules.start;
    while number < rules.end {
        let rule = &rules.of[number];
        let mut action = rule.actions.start;
        while action < rule.actions.end {
            if rule.actions.of[action].id % 64 == bit {
                let is_guarded = rule.is_guarded();
                if served.count < 2 {
                    served.first[served.count] = number;
                    served.are_guarded[served.count] = is_guarded;
                }
                served.count += 1;
                served.is_guarded |= is_guarded;
                break;
            }
            action += 1;
        }
        number += 1;
    }
    served
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::short::{action, id, param, rule};
    use crate::value::Kind;

    fn by(rules: &'static [Rule], name: &str) -> Served {
        served(Part::all(rules), id(name) % 64)
    }

    #[test]
    fn handlers_with_parameters_or_cors_are_guarded() {
        const RULES: &[Rule] = &[
            rule("/a", 1, &[], &[action("get", 1, 1, 1), action("swap", 8, 1, 1)]),
            rule("/a/{id}", 1, &[param(3, Kind::Text)], &[action("get", 1, 1, 1)]),
            rule("/b", Rule::CORS, &[], &[action("post", 4, 1, 1)]),
        ];
        let is_guarded = |name| by(RULES, name).is_guarded;
        assert!(is_guarded("get") && is_guarded("post"));
        assert!(!is_guarded("swap") && !is_guarded("b"));
    }

    #[test]
    fn the_rules_of_a_handler_are_counted() {
        const RULES: &[Rule] = &[
            rule("/a", 1, &[], &[action("get", 1, 1, 1), action("swap", 8, 1, 1)]),
            rule(
                "/a/{id}",
                1,
                &[param(3, Kind::Text)],
                &[action("get", 1, 1, 1), action("any", 8, 1, 1), action("swap", 16, 1, 1)],
            ),
            rule("/b", 1, &[], &[action("swap", 8, 1, 1)]),
        ];
        let rules = |name| {
            let served = by(RULES, name);
            (served.count, served.first, served.are_guarded)
        };
        assert_eq!(rules("get"), (2, [0, 1], [false, true]));
        assert_eq!(rules("any"), (1, [1, 0], [true, false]));
        assert_eq!(rules("swap"), (3, [0, 1], [false, true]));
        assert_eq!(rules("b").0, 0);
    }
}
