//! Whether a resource has the handlers that a file names, and no others, and whether they take its parameters.

use super::fit::{self, Kinds};
use super::{Message, Named, Of, Registry, same, sure};
use crate::declared::{Declared, Function, Sign};
use crate::table::{InTable, Part, Rule, Verbs};

impl<T, const ID: u64> Of<T, ID> {
    /// Compares a resource's handlers with the rules of a file for the resource with a number: the constant that calls
    /// this does not compile when they differ.
    ///
    /// # Panics
    ///
    /// When they differ, with everything that is wrong as the message.
    #[track_caller]
    pub const fn check<R: InTable>(self, number: usize)
    where
        Registry: Named<T, ID>,
    {
        let (resource, rules) = (<Registry as Named<T, ID>>::RESOURCE, R::RESOURCES[number]);
        if !sure::fits(resource.3, resource.4, rules) && <Registry as Named<T, ID>>::IS_UNDERSTOOD {
            look::<R>(resource, rules);
        }
    }
}

/// Takes the long look.
#[track_caller]
const fn look<R: InTable>(resource: &Declared, rules: Part<Rule>) {
    if !fits(resource, rules.get()) {
        let message = explain(resource, rules.get(), R::FILE);
        panic!("{}", message.as_str());
    }
}

const fn fits(resource: &Declared, rules: &[Rule]) -> bool {
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions();
        let mut action = 0;
        while action < actions.len() {
            match resource.handler(actions[action].id) {
                None => return false,
                Some(handler) => match resource.argument_of(handler) {
                    Some(argument) if !fit::fits(argument, &rules[number]) => return false,
                    _ => {}
                },
            }
            action += 1;
        }
        number += 1;
    }
    let mut functions = resource.functions();
    while let Some(function) = functions.next() {
        if is_orphan(resource, &function, rules) || is_repeated(resource, &function) {
            return false;
        }
    }
    true
}

const fn explain(resource: &Declared, rules: &[Rule], file: &str) -> Message {
    let mut message = Message::new();
    message.push("resource `");
    message.push(resource.0);
    message.push("` (");
    message.push(resource.1);
    message.push("::");
    let head = resource.head();
    message.push(head.name);
    message.push(", ");
    message.push(head.location);
    message.push(") does not fit ");
    message.push(file);
    let mut missing = false;
    let mut kinds = Kinds {
        count: false,
        value: false,
    };
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions();
        let mut action = 0;
        while action < actions.len() {
            match resource.handler(actions[action].id) {
                Some(handler) => {
                    if let (Some(argument), Some(function)) =
                        (resource.argument_of(handler), resource.function_of(handler))
                    {
                        let handler = (&function, argument);
                        fit::explain(&mut message, handler, &rules[number], action, &mut kinds, file);
                    }
                }
                None => {
                    missing = true;
                    explain_missing(&mut message, &rules[number], action, file, resource);
                }
            }
            action += 1;
        }
        number += 1;
    }
    let mut orphan = false;
    let mut functions = resource.functions();
    while let Some(handler) = functions.next() {
        if is_orphan(resource, &handler, rules) {
            orphan = true;
            message.push("\n  ");
            message.push(handler.location);
            message.push(": no action routes to the handler `");
            message.push(handler.name);
            message.push("`");
        }
        if is_repeated(resource, &handler) {
            kinds.count = true;
            message.push("\n  ");
            message.push(handler.location);
            message.push(": the handler `");
            message.push(handler.name);
            message.push("` has more than one `Path`, each of which takes all parameters of a path");
        }
    }
    message.advise();
    if kinds.count {
        message.push(COUNT_HELP);
    }
    if kinds.value {
        message.push(VALUE_HELP);
    }
    if missing {
        list(&mut message, resource);
        message.advise();
        message.push("\n  = help: a handler is an `async fn` named after its verb, or any function with `#[handler]`");
        explain_macro(&mut message, resource);
    }
    if orphan {
        message.push(
            "\n  = help: name it in an action (`\"handler\": \"...\"`), or allow it: `#[handler(allow(unrouted))]`",
        );
    }
    message
}

const COUNT_HELP: &str = "\n  = help: take all parameters in the order of the path, as in \
                          `Path((id, name)): Path<(u64, String)>`, or by name, with a struct that has \
                          `#[derive(bluegate::PathParams)]`; `Option<Path<_>>` also serves paths without any";
const VALUE_HELP: &str = "\n  = help: `string`, `path`, `uuid` and `any` fit a `String`, `int` an integer that holds its \
                          bounds, `float` an `f64`; or give the parameter another type in the file";

const fn explain_missing(message: &mut Message, rule: &Rule, action: usize, file: &str, resource: &Declared) {
    self::action(message, rule, action, file);
    let action = &rule.actions()[action];
    message.push(" needs a handler named `");
    message.push(action.handler);
    message.push("`");
    let mut functions = resource.functions();
    while let Some(function) = functions.next() {
        let reason = match function.sign {
            Sign::Method => " has a receiver",
            Sign::Other if is_verb(function.name) => " is not `async`",
            Sign::Other => " has no `#[handler]`",
            // It would not be missing otherwise.
            Sign::Handler | Sign::Spare => " is left out by its `#[cfg]`",
            Sign::Macro => continue,
        };
        if same(function.name, action.handler) {
            message.push(", and the function at ");
            message.push(function.location);
            message.push(reason);
        }
    }
}

/// Whether `async` makes a handler of a function with this name.
const fn is_verb(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"get" | b"post" | b"put" | b"patch" | b"delete" | b"head" | b"options" | b"any"
    )
}

const fn explain_macro(message: &mut Message, resource: &Declared) {
    let mut functions = resource.functions();
    while let Some(function) = functions.next() {
        if matches!(function.sign, Sign::Macro) {
            message.push("\n  = help: what the macro at ");
            message.push(function.location);
            message.push(" makes is not seen; list it: `#[resource(name = \"...\", handlers(...))]`");
        }
    }
}

/// Adds a line that starts with an action: where it stands, its verb and its path.
pub(super) const fn action(message: &mut Message, rule: &Rule, action: usize, file: &str) {
    let action = &rule.actions()[action];
    message.push("\n  ");
    message.push(file);
    message.push(":");
    message.push_number(action.line);
    message.push(":");
    message.push_number(action.column);
    message.push(": `");
    message.push(verb(action.verbs));
    message.push(" ");
    message.push(rule.path);
    message.push("`");
}

const fn list(message: &mut Message, resource: &Declared) {
    message.push("\n  = note: its handlers are ");
    let mut is_first = true;
    let mut functions = resource.functions();
    while let Some(function) = functions.next() {
        if resource.handler_of(&function).is_some() {
            message.push(if is_first { "`" } else { ", `" });
            message.push(function.name);
            message.push("`");
            is_first = false;
        }
    }
    if is_first {
        message.push("none");
    }
}

const fn verb(verbs: Verbs) -> &'static str {
    if verbs.contains(Verbs::ANY) {
        return "ANY";
    }
    let mut number = 0;
    while number < Verbs::NAMED.len() {
        if verbs.contains(Verbs::NAMED[number].0) {
            return Verbs::NAMED[number].1;
        }
        number += 1;
    }
    "ANY"
}

/// Whether a function is a handler that has more than one `Path`.
const fn is_repeated(resource: &Declared, function: &Function) -> bool {
    match resource.handler_of(function) {
        Some(handler) => match resource.argument_of(handler) {
            Some(argument) => fit::is_repeated(argument),
            None => false,
        },
        None => false,
    }
}

/// Whether a function is a handler that no action routes to, and that has to have one.
const fn is_orphan(resource: &Declared, function: &Function, rules: &[Rule]) -> bool {
    let id = match resource.handler_of(function) {
        Some((id, ..)) if !matches!(function.sign, Sign::Spare) => *id,
        _ => return false,
    };
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions();
        let mut action = 0;
        while action < actions.len() {
            if actions[action].id == id {
                return false;
            }
            action += 1;
        }
        number += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::the_one_type;
    use crate::table::Table;
    use crate::table::short::{action, id, rule};

    struct Users;

    impl Named<Users, 7> for Registry {
        const RESOURCE: &'static Declared = &Declared(
            "users",
            "shop",
            "Users\tsrc/users.rs:4:1\t\nget\tsrc/users.rs:6:14\t\npurge\tsrc/users.rs:8:14\t\n?kept\tsrc/users.rs:9:14\t\n\
             -list\tsrc/users.rs:12:8\t",
            &[(id("get"), 0, 0), (id("purge"), 1, 0), (id("kept"), 2, 0)],
            &[],
        );
    }

    struct Partial;

    impl Named<Partial, 8> for Registry {
        const RESOURCE: &'static Declared = &Declared(
            "users",
            "shop",
            "Partial\tsrc/users.rs:4:1\t\nget\tsrc/users.rs:6:14\t",
            &[],
            &[],
        );
    }

    #[test]
    fn all_is_well_when_every_action_has_its_handler_and_every_handler_its_action() {
        const RULES: &[Rule] = &[rule(
            "/users",
            1,
            &[],
            &[action("get", 1, 3, 5), action("purge", 32, 4, 5)],
        )];
        assert!(fits(<Registry as Named<Users, 7>>::RESOURCE, RULES));

        struct Fitting;
        impl InTable for Fitting {
            const FILE: &'static str = "routes.json";
            const RESOURCES: &'static [Part<Rule>] = &[Part::all(RULES)];
            fn rules() -> &'static [Rule] {
                RULES
            }
            fn table() -> &'static Table {
                unreachable!("nothing is served")
            }
        }
        the_one_type::<7, Users>().check::<Fitting>(0);
    }

    #[test]
    fn a_handler_whose_condition_does_not_hold_is_named() {
        const RULES: &[Rule] = &[rule("/users", 1, &[], &[action("get", 1, 3, 5)])];
        let message = explain(<Registry as Named<Partial, 8>>::RESOURCE, RULES, "routes.json");
        let expected =
            "needs a handler named `get`, and the function at src/users.rs:6:14 is left out by its `#[cfg]`\n";
        assert!(message.as_str().contains(expected), "{}", message.as_str());
    }

    #[test]
    fn one_message_names_every_missing_handler_and_every_orphan() {
        const RULES: &[Rule] = &[
            rule("/users", 1, &[], &[action("get", 1, 3, 5), action("list", 1, 4, 5)]),
            rule("/users/{id}", 1, &[], &[action("all", 255, 9, 7)]),
        ];
        assert!(!fits(<Registry as Named<Users, 7>>::RESOURCE, RULES));
        assert_eq!(
            explain(<Registry as Named<Users, 7>>::RESOURCE, RULES, "routes.json").as_str(),
            "resource `users` (shop::Users, src/users.rs:4:1) does not fit routes.json\n  \
             routes.json:4:5: `GET /users` needs a handler named `list`, and the function at src/users.rs:12:8 has no \
             `#[handler]`\n  \
             routes.json:9:7: `ANY /users/{id}` needs a handler named `all`\n  \
             src/users.rs:8:14: no action routes to the handler `purge`\n  \
             = note: its handlers are `get`, `purge`, `kept`\n  \
             = help: a handler is an `async fn` named after its verb, or any function with `#[handler]`\n  \
             = help: name it in an action (`\"handler\": \"...\"`), or allow it: `#[handler(allow(unrouted))]`"
        );
    }
}
