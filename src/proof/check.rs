//! Whether a resource has the handlers that a file names, and no others, and whether they take its parameters.

use super::fit::{self, Kinds};
use super::{Declares, Message, Of, same, sure};
use crate::description::{Handler, Resource};
use crate::table::{InTable, Rule, Rules, Verbs};

impl<T> Of<T> {
    /// Compares a resource's handlers with the rules of a file: the constant that calls this does not compile when they
    /// differ.
    ///
    /// # Panics
    ///
    /// When they differ, with everything that is wrong as the message.
    #[track_caller]
    pub const fn check<R: Rules>(self, _: &R)
    where
        T: Declares,
    {
        let handlers = T::RESOURCE.handlers;
        if !sure::fits(handlers, R::RULES) && T::IS_UNDERSTOOD && !fits(handlers, R::RULES) {
            let message = explain(T::RESOURCE, R::RULES, <R::Table as InTable>::FILE);
            panic!("{}", message.as_str());
        }
    }
}

const fn fits(handlers: &[Handler], rules: &[Rule]) -> bool {
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions;
        let mut action = 0;
        while action < actions.len() {
            match find(handlers, actions[action].id) {
                Some(handler) if fit::fits(handler, &rules[number]) => {}
                _ => return false,
            }
            action += 1;
        }
        number += 1;
    }
    let mut handler = 0;
    while handler < handlers.len() {
        if is_orphan(&handlers[handler], rules) || fit::is_repeated(&handlers[handler]) {
            return false;
        }
        handler += 1;
    }
    true
}

const fn explain(resource: &Resource, rules: &[Rule], file: &str) -> Message {
    let handlers = resource.handlers;
    let mut message = Message::new();
    message.push("resource `");
    message.push(resource.name);
    message.push("` (");
    message.push(resource.type_name);
    message.push(", ");
    message.push(resource.location);
    message.push(") does not fit ");
    message.push(file);
    let mut missing = false;
    let mut kinds = Kinds {
        count: false,
        value: false,
    };
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions;
        let mut action = 0;
        while action < actions.len() {
            match find(handlers, actions[action].id) {
                // Said once, below.
                Some(handler) if fit::is_repeated(handler) => {}
                Some(handler) => fit::explain(&mut message, handler, &rules[number], action, &mut kinds, file),
                None => {
                    missing = true;
                    explain_missing(&mut message, &rules[number], action, file, resource.functions);
                }
            }
            action += 1;
        }
        number += 1;
    }
    let mut orphan = false;
    let mut handler = 0;
    while handler < handlers.len() {
        if is_orphan(&handlers[handler], rules) {
            orphan = true;
            message.push("\n  ");
            message.push(handlers[handler].location);
            message.push(": no action routes to the handler `");
            message.push(handlers[handler].name);
            message.push("`");
        }
        if fit::is_repeated(&handlers[handler]) {
            kinds.count = true;
            message.push("\n  ");
            message.push(handlers[handler].location);
            message.push(": the handler `");
            message.push(handlers[handler].name);
            message.push("` has more than one `Path`, each of which takes all parameters of a path");
        }
        handler += 1;
    }
    message.advise();
    if kinds.count {
        message.push(COUNT_HELP);
    }
    if kinds.value {
        message.push(VALUE_HELP);
    }
    if missing {
        list(&mut message, handlers);
        message.advise();
        message.push("\n  = help: a handler is an `async fn` named after its verb, or any function with `#[handler]`");
        explain_macro(&mut message, resource.functions);
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

const fn explain_missing(message: &mut Message, rule: &Rule, action: usize, file: &str, others: &[(&str, &str)]) {
    self::action(message, rule, action, file);
    let action = &rule.actions[action];
    message.push(" needs a handler named `");
    message.push(action.handler);
    message.push("`");
    let mut number = 0;
    while number < others.len() {
        let (name, at) = others[number];
        let (name, reason) = match name.as_bytes() {
            // A method, which the attribute writes in this way.
            [b'&', ..] => (name.split_at(1).1, " has a receiver"),
            _ if is_verb(name) => (name, " is not `async`"),
            _ => (name, " has no `#[handler]`"),
        };
        if same(name, action.handler) {
            message.push(", and the function at ");
            message.push(at);
            message.push(reason);
        }
        number += 1;
    }
}

/// Whether `async` makes a handler of a function with this name.
const fn is_verb(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"get" | b"post" | b"put" | b"patch" | b"delete" | b"head" | b"options" | b"any"
    )
}

/// A macro in the `impl` block, which stands among the functions without a name of one.
const fn explain_macro(message: &mut Message, functions: &[(&str, &str)]) {
    let mut number = 0;
    while number < functions.len() {
        let (name, at) = functions[number];
        if same(name, "!") {
            message.push("\n  = help: what the macro at ");
            message.push(at);
            message.push(" makes is not seen; list it: `#[resource(name = \"...\", handlers(...))]`");
        }
        number += 1;
    }
}

/// Adds a line that starts with an action: where it stands, its verb and its path.
pub(super) const fn action(message: &mut Message, rule: &Rule, action: usize, file: &str) {
    let action = &rule.actions[action];
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

const fn list(message: &mut Message, handlers: &[Handler]) {
    message.push("\n  = note: its handlers are ");
    if handlers.is_empty() {
        message.push("none");
    }
    let mut handler = 0;
    while handler < handlers.len() {
        if handler > 0 {
            message.push(", ");
        }
        message.push("`");
        message.push(handlers[handler].name);
        message.push("`");
        handler += 1;
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

const fn find(handlers: &[Handler], id: u64) -> Option<&Handler> {
    let mut handler = 0;
    while handler < handlers.len() {
        if handlers[handler].id == id {
            return Some(&handlers[handler]);
        }
        handler += 1;
    }
    None
}

const fn is_orphan(handler: &Handler, rules: &[Rule]) -> bool {
    if handler.may_be_unrouted {
        return false;
    }
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions;
        let mut action = 0;
        while action < actions.len() {
            if actions[action].id == handler.id {
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
    use crate::description::short::{handler, resource};
    use crate::table::short::{action, id, rule};
    use crate::table::{InTable, Table};

    struct Users;

    impl Declares for Users {
        const RESOURCE: &'static Resource = &resource(
            "users",
            "shop::Users",
            "src/users.rs:4:1",
            &[
                handler("get", id("get"), "src/users.rs:6:14", false, &[]),
                handler("purge", id("purge"), "src/users.rs:8:14", false, &[]),
                handler("kept", id("kept"), "src/users.rs:9:14", true, &[]),
            ],
            &[("list", "src/users.rs:12:8")],
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
        assert!(fits(Users::RESOURCE.handlers, RULES));

        struct Fitting;
        impl InTable for Fitting {
            const FILE: &'static str = "routes.json";
            fn table() -> &'static Table {
                unreachable!("nothing is served")
            }
        }
        impl Rules for Fitting {
            type Table = Fitting;
            const RULES: &'static [Rule] = RULES;
        }
        Of::<Users>::new().check(&Fitting);
    }

    #[test]
    fn one_message_names_every_missing_handler_and_every_orphan() {
        const RULES: &[Rule] = &[
            rule("/users", 1, &[], &[action("get", 1, 3, 5), action("list", 1, 4, 5)]),
            rule("/users/{id}", 1, &[], &[action("all", 255, 9, 7)]),
        ];
        assert!(!fits(Users::RESOURCE.handlers, RULES));
        assert_eq!(
            explain(Users::RESOURCE, RULES, "routes.json").as_str(),
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
