//! From the short form in which `routes!` writes rules to the one that is read.
//!
//! Flat arrays of numbers and texts are what the user's compiler is done with quickest: a struct within a slice within
//! a struct costs it many times as much. What is nested is put together here, while constants are evaluated.

use super::{Action, Contract, Cors, Kind, Other, Param, Part, Resource, Rule, Verbs};

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

/// Actions: the name of the handler, the verbs, line and column.
#[must_use]
pub const fn actions<const N: usize>(written: &[(&'static str, Verbs, u32, u32); N]) -> [Action; N] {
    let mut actions = [Action {
        handler: "",
        verbs: Verbs::NONE,
        line: 0,
        column: 0,
        contract: Contract::SILENT,
    }; N];
    let mut at = 0;
    while at < N {
        let (handler, verbs, line, column) = written[at];
        actions[at] = Action {
            handler,
            verbs,
            line,
            column,
            contract: Contract::SILENT,
        };
        at += 1;
    }
    actions
}

/// The other paths of rules: the path, and whether no rule before has it.
#[must_use]
pub const fn others<const N: usize>(written: &[(&'static str, bool); N]) -> [Other; N] {
    let mut others = [Other { path: "", owns: false }; N];
    let mut at = 0;
    while at < N {
        let (path, owns) = written[at];
        others[at] = Other { path, owns };
        at += 1;
    }
    others
}

/// Rules: the path, the flags, and how many of the parameters, of the actions and of the other paths that are left are
/// its own.
#[must_use]
pub const fn rules<const N: usize>(
    params: &'static [Param],
    actions: &'static [Action],
    others: &'static [Other],
    written: &[(&'static str, u8, usize, usize, usize); N],
) -> [Rule; N] {
    let mut rules = [Rule {
        path: "",
        params: Part::new(params, 0, 0),
        actions: Part::new(actions, 0, 0),
        others: Part::new(others, 0, 0),
        flags: 0,
        cors: Cors::ALL,
        only_text: true,
    }; N];
    let (mut at, mut param, mut action, mut other) = (0, 0, 0, 0);
    while at < N {
        let (path, flags, own_params, own_actions, own_others) = written[at];
        // Without calls, which are what takes time here.
        rules[at].path = path;
        rules[at].flags = flags;
        rules[at].params = Part {
            of: params,
            start: param,
            end: param + own_params,
        };
        rules[at].actions = Part {
            of: actions,
            start: action,
            end: action + own_actions,
        };
        rules[at].others = Part {
            of: others,
            start: other,
            end: other + own_others,
        };
        if own_params > 0 {
            rules[at].only_text = only_text(rules[at].params);
        }
        param += own_params;
        action += own_actions;
        other += own_others;
        at += 1;
    }
    rules
}

/// Whether parameters take any text.
pub(super) const fn only_text(params: Part<Param>) -> bool {
    let mut at = params.start;
    while at < params.end {
        if !matches!(params.of[at].kind, Kind::Text) {
            return false;
        }
        at += 1;
    }
    true
}

/// Resources: the name, line and column, and how many of the rules that are left are theirs.
#[must_use]
pub const fn resources<const N: usize>(
    rules: &'static [Rule],
    written: &[(&'static str, u32, u32, usize); N],
) -> [Resource; N] {
    let mut resources = [Resource {
        name: "",
        line: 0,
        column: 0,
        rules: Part::new(rules, 0, 0),
    }; N];
    let (mut at, mut start) = (0, 0);
    while at < N {
        let (name, line, column, own_rules) = written[at];
        let end = start + own_rules;
        let rules = Part { of: rules, start, end };
        resources[at] = Resource {
            name,
            line,
            column,
            rules,
        };
        start = end;
        at += 1;
    }
    resources
}

#[cfg(test)]
mod tests;
