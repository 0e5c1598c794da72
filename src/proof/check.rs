//! Whether a resource has the handlers that a file names, and no others, and whether they take its parameters.
//!
//! This runs in the compiler at every build of every service, where each step costs about as much as a thousand
//! instructions do elsewhere: elements are reached by their index, and words are put together only for a report.

use super::declared::{Declared, Handler};
use super::fit;
use super::report::Report;
use super::{Named, Registry, TheOneType, same};
use crate::table::{Part, Resource, Rule};

impl<T, const ID: u64> TheOneType<T, ID>
where
    Registry: Named<T, ID>,
{
    /// Compares a resource's handlers with the rules of a file: the constant that calls this does not compile when they
    /// differ.
    ///
    /// # Panics
    ///
    /// When they differ, with everything that is wrong as the message.
    #[track_caller]
    pub const fn check(self, file: &'static str, resource: &Resource) {
        let declared = <Registry as Named<T, ID>>::RESOURCE;
        if <Registry as Named<T, ID>>::IS_UNDERSTOOD && !look(declared, resource.name, resource.rules, None) {
            Self::refuse(file, resource);
        }
    }

    /// A function of its own, for the text changes with every line of the source: what fits is not to be looked at again.
    #[track_caller]
    const fn refuse(file: &'static str, resource: &Resource) -> ! {
        let declared = <Registry as Named<T, ID>>::RESOURCE;
        let mut report = Report::new(declared, <Registry as Named<T, ID>>::TEXT, file);
        look(declared, resource.name, resource.rules, Some(&mut report));
        report.finish();
        panic!("{}", report.as_str());
    }
}

/// Looks for what does not fit. Without a report, the first thing is enough.
pub(super) const fn look(
    resource: &'static Declared,
    name: &'static str,
    rules: Part<Rule>,
    mut report: Option<&mut Report>,
) -> bool {
    let mut fits = true;
    if !same(resource.0, name) {
        match &mut report {
            Some(report) => report.other_name(name),
            None => return false,
        }
        fits = false;
    }
    let handlers = resource.2;
    // The first 64 handlers that an action routes to.
    let mut routed = 0_u64;
    // Most files name them in the order of the code.
    let mut next = 0;
    let mut number = rules.start;
    while number < rules.end {
        let rule = &rules.of[number];
        let mut action = rule.actions.start;
        while action < rule.actions.end {
            let found = find(handlers, rule.actions.of[action].handler, next);
            if found == handlers.len() {
                match &mut report {
                    Some(report) => report.missing(rule, action),
                    None => return false,
                }
                fits = false;
            } else {
                if found < 64 {
                    routed |= 1 << found;
                }
                next = found + 1;
                if handlers[found].2 != 0 {
                    let argument = &resource.3[handlers[found].2 - 1];
                    let allows_unjudged = handlers[found].3 & Declared::UNJUDGED != 0;
                    let mut step = 0;
                    while let Some((misfit, behind)) = fit::misfit(argument, rule, allows_unjudged, step) {
                        match &mut report {
                            Some(report) => report.misfit(&handlers[found], argument, rule, action, &misfit),
                            None => return false,
                        }
                        fits = false;
                        step = behind;
                    }
                }
            }
            action += 1;
        }
        number += 1;
    }
    let mut at = 0;
    while at < handlers.len() {
        let handler = &handlers[at];
        let is_routed = at < 64 && routed & 1 << at != 0 || handler.3 & Declared::UNROUTED != 0;
        if !is_routed && !is_named(rules, handler.0) {
            match &mut report {
                Some(report) => report.orphan(handler),
                None => return false,
            }
            fits = false;
        }
        if handler.2 != 0 && fit::is_repeated(&resource.3[handler.2 - 1]) {
            match &mut report {
                Some(report) => report.repeated(handler),
                None => return false,
            }
            fits = false;
        }
        at += 1;
    }
    fits
}

/// The number of the handler with a name, looked for from one on, and then from the first on; that of none behind the
/// last.
const fn find(handlers: &[Handler], name: &str, from: usize) -> usize {
    if from < handlers.len() && same(handlers[from].0, name) {
        return from;
    }
    let mut at = 0;
    while at < handlers.len() && !same(handlers[at].0, name) {
        at += 1;
    }
    at
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
