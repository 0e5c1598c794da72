//! From the short form in which `routes!` writes rules to the one that is read.
//!
//! Flat arrays of numbers and texts are what the user's compiler is done with quickest: a struct within a slice within
//! a struct costs it many times as much. What is nested is put together here, while constants are evaluated.

use super::{Action, Param, Part, Rule, Verbs};
use crate::mount::Id;
use crate::value::Kind;

/// Path parameters: the bytes between each and the one before it, and which of the kinds it has.
///
/// # Panics
///
/// When there is no such kind.
#[must_use]
pub const fn params<const N: usize>(kinds: &[Kind], written: &[(u16, usize); N]) -> [Param; N] {
    let mut params = [Param {
        skip: 0,
        kind: Kind::Text,
    }; N];
    let mut at = 0;
    while at < N {
        let (skip, kind) = written[at];
        let kind = kinds[kind];
        params[at] = Param { skip, kind };
        at += 1;
    }
    params
}

/// Actions: the name of the handler, its hash, the verbs, line and column.
#[must_use]
pub const fn actions<const N: usize>(written: &[(&'static str, Id, u16, u32, u32); N]) -> [Action; N] {
    let mut actions = [Action {
        handler: "",
        id: 0,
        verbs: Verbs::NONE,
        line: 0,
        column: 0,
    }; N];
    let mut at = 0;
    while at < N {
        let (handler, id, verbs, line, column) = written[at];
        let verbs = Verbs(verbs);
        actions[at] = Action {
            handler,
            id,
            verbs,
            line,
            column,
        };
        at += 1;
    }
    actions
}

/// Rules: the path, the flags, and how many of the parameters and of the actions that are left are its own.
#[must_use]
pub const fn rules<const N: usize>(
    params: &'static [Param],
    actions: &'static [Action],
    written: &[(&'static str, u8, usize, usize); N],
) -> [Rule; N] {
    let mut rules = [Rule {
        path: "",
        params: Part::new(params, 0, 0),
        actions: Part::new(actions, 0, 0),
        integers: 0,
        flags: 0,
    }; N];
    let (mut at, mut param, mut action) = (0, 0, 0);
    while at < N {
        let (path, flags, own_params, own_actions) = written[at];
        let (first_param, first_action) = (param, action);
        param += own_params;
        action += own_actions;
        // Without calls, which are what takes time here.
        rules[at] = Rule {
            path,
            integers: 0,
            params: Part {
                of: params,
                start: first_param,
                end: param,
            },
            actions: Part {
                of: actions,
                start: first_action,
                end: action,
            },
            flags,
        };
        if own_params > 0 {
            rules[at].integers = integers(rules[at].params);
        }
        at += 1;
    }
    rules
}

/// The bits of the parameters that take any integer without a sign.
pub(super) const fn integers(params: Part<Param>) -> u64 {
    let (mut integers, mut at) = (0, params.start);
    while at < params.end {
        if let Kind::INT = params.of[at].kind {
            integers |= 1_u64 << ((at - params.start) & 63);
        }
        at += 1;
    }
    integers
}

/// Resources: how many of the rules that are left are theirs.
#[must_use]
pub const fn resources<const N: usize>(rules: &'static [Rule], written: &[usize; N]) -> [Part<Rule>; N] {
    let mut resources = [Part::new(rules, 0, 0); N];
    let (mut at, mut rule) = (0, 0);
    while at < N {
        let start = rule;
        rule += written[at];
        resources[at] = Part {
            of: rules,
            start,
            end: rule,
        };
        at += 1;
    }
    resources
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMS: &[Param] = &params(&[Kind::Uuid, Kind::Text], &[(3, 1), (1, 0)]);
    const ACTIONS: &[Action] = &actions(&[("get", 7, 1, 4, 5), ("show", 8, 1, 5, 5), ("remove", 9, 32, 6, 5)]);
    const RULES: &[Rule] = &rules(PARAMS, ACTIONS, &[("/a", 1, 0, 1), ("/a/{b}/{c}", 5, 2, 2)]);
    const RESOURCES: &[Part<Rule>] = &resources(RULES, &[1, 0, 1]);

    #[test]
    fn what_is_written_flat_belongs_to_what_it_is_counted_for() {
        let [first, none, second] = RESOURCES else {
            panic!("{} resources", RESOURCES.len())
        };
        let ([first], [], [second]) = (first.get(), none.get(), second.get()) else {
            panic!("{RESOURCES:?}")
        };
        assert_eq!((first.path, first.flags), ("/a", 1));
        assert!(first.params.get().is_empty());
        assert_eq!(first.actions.get()[0].handler, "get");
        assert_eq!((second.path, second.flags), ("/a/{b}/{c}", 5));
        let params = second.params.get().iter();
        let params: Vec<_> = params.map(|param| (param.skip, param.kind)).collect();
        assert_eq!(params, [(3, Kind::Text), (1, Kind::Uuid)]);
        let [_, action] = second.actions.get() else {
            panic!("{second:?}")
        };
        assert_eq!((action.handler, action.id, action.verbs), ("remove", 9, Verbs::DELETE));
        assert_eq!((action.line, action.column), (6, 5));
    }
}
