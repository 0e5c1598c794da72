//! Whether a resource has the handlers that a file names, and no others, and whether they take its parameters.
//!
//! This runs in the compiler at every build of every service, where each step costs about as much as a thousand
//! instructions do elsewhere, and each call, that for a length too, as much as a dozen steps: elements are reached by
//! their index, lengths are asked for once, and words are put together only for a report.

use super::declared::{Declared, Registered};
use super::fit;
use super::input;
use super::params::{Argument, Presence};
use super::report::Report;
use super::text::same;
use super::{Key, Named, TheOneType, registered};
use crate::table::{Part, Resource, Rule};

impl<N: Copy, T, const ID: u64> TheOneType<N, T, ID>
where
    Key<ID>: Named<N, T>,
{
    /// Compares a resource's handlers with the rules of a file: the constant that calls this does not compile when they
    /// differ.
    ///
    /// # Panics
    ///
    /// When they differ, with everything that is wrong as the message.
    #[track_caller]
    pub const fn check(self, _: N, file: &'static str, resource: &Resource) {
        // Without the text, which changes with every line of the source: what fits is not to be looked at again.
        let registered = Registered(<Key<ID> as Named<N, T>>::RESOURCE, "", <Key<ID> as Named<N, T>>::NEXT);
        let mut next = Some(&registered);
        while let Some(part) = next {
            // It could not be read, and may have any handlers.
            if part.0.1.is_empty() {
                return;
            }
            next = part.2;
        }
        if !look(&registered, resource.name, resource.rules, None) {
            Self::refuse(file, resource);
        }
    }

    #[track_caller]
    const fn refuse(file: &'static str, resource: &Resource) -> ! {
        let registered = registered::<N, T, ID>();
        let mut report = Report::new(registered, file);
        look(&registered, resource.name, resource.rules, Some(&mut report));
        report.finish();
        panic!("{}", report.as_str());
    }
}

/// Looks for what does not fit. Without a report, the first thing is enough.
pub(super) const fn look(
    resource: &Registered,
    name: &'static str,
    rules: Part<Rule>,
    mut report: Option<&mut Report>,
) -> bool {
    let mut fits = true;
    macro_rules! report {
        ($($call:tt)*) => {{
            match &mut report {
                Some(report) => report.$($call)*,
                None => return false,
            }
            fits = false;
        }};
    }
    if !same(resource.0.0, name) {
        report!(other_name(name));
    }
    // Those of the first 64 handlers of the first block that an action routes to.
    let mut routed = 0_u64;
    let mut next = 0;
    let mut number = rules.start;
    while number < rules.end {
        let rule = &rules.of[number];
        // What was last found to fit this path: most of its verbs take the same.
        let mut fitting = (0, 0);
        let mut action = rule.actions.start;
        while action < rule.actions.end {
            if let Some((number, part, found)) = find(resource, rule.actions.of[action].handler, next) {
                if number == 0 && found < 64 {
                    routed |= 1 << found;
                }
                next = found + 1;
                let handler = &part.0.2[found];
                if handler.2 != 0 {
                    let argument = &part.0.3[handler.2 - 1];
                    let allows_unjudged = handler.3 & Declared::UNJUDGED != 0;
                    if handler.2 != fitting.1 || number != fitting.0 {
                        let mut step = 0;
                        while let Some((misfit, behind)) = fit::misfit(argument, rule, allows_unjudged, step) {
                            report!(misfit(part, handler, argument, rule, action, &misfit));
                            step = behind;
                        }
                        if step == 0 && !allows_unjudged {
                            fitting = (number, handler.2);
                        }
                    }
                    // Most handlers take nothing else, and most actions declare nothing else.
                    let Argument(_, known) = argument;
                    let contract = rule.actions.of[action].contract;
                    let mut inputs = known.inputs;
                    while let [input, behind @ ..] = inputs {
                        let mut step = 0;
                        while let Some((misfit, behind)) = input::misfit(input, contract, allows_unjudged, step) {
                            report!(input(part, handler, input, rule, action, &misfit));
                            step = behind;
                        }
                        inputs = behind;
                    }
                }
            } else {
                report!(missing(rule, action));
            }
            action += 1;
        }
        number += 1;
    }
    let mut number = 0;
    let mut next = Some(resource);
    while let Some(part) = next {
        let handlers = part.0.2;
        let count = handlers.len();
        let mut at = 0;
        while at < count {
            let handler = &handlers[at];
            let is_routed = number == 0 && at < 64 && routed & 1 << at != 0;
            if !is_routed && handler.3 & Declared::UNROUTED == 0 && !is_named(rules, handler.0) {
                report!(orphan(part, handler));
            }
            if handler.2 != 0 && matches!(part.0.3[handler.2 - 1].1.presence, Presence::Repeated) {
                report!(repeated(part, handler));
            }
            if number > 0
                && let Some((first, other, place)) = find(resource, handler.0, usize::MAX)
                && first < number
            {
                report!(twice(other, place, part, handler));
            }
            at += 1;
        }
        number += 1;
        next = part.2;
    }
    fits
}

/// The block, with its number, and the number of the handler with a name. The first block's from a number on comes first,
/// for most files name handlers in the order of the code.
const fn find<'a>(resource: &'a Registered, name: &str, from: usize) -> Option<(usize, &'a Registered, usize)> {
    let first = resource.0.2;
    if from < first.len() && same(first[from].0, name) {
        return Some((0, resource, from));
    }
    let mut number = 0;
    let mut next = Some(resource);
    while let Some(part) = next {
        let handlers = part.0.2;
        let count = handlers.len();
        let mut at = 0;
        while at < count {
            if same(handlers[at].0, name) {
                return Some((number, part, at));
            }
            at += 1;
        }
        number += 1;
        next = part.2;
    }
    None
}

/// Whether an action names a handler.
const fn is_named(rules: Part<Rule>, handler: &str) -> bool {
    let mut number = rules.start;
    while number < rules.end {
        let actions = rules.of[number].actions;
        let mut action = actions.start;
        while action < actions.end {
            if same(actions.of[action].handler, handler) {
                return true;
            }
            action += 1;
        }
        number += 1;
    }
    false
}

#[cfg(test)]
mod tests;
