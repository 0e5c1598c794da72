//! Whether a resource has the handlers that a file names, and no others.

use super::{Declared, Declares, Message, Of};
use crate::table::{Rule, Verbs};

/// Compares a resource's handlers with the routes of a file: the constant that calls it fails to compile when they
/// differ. `name` is the resource's name, `file` the path of the routes file.
///
/// # Panics
///
/// When they differ, with everything that is wrong as the message.
#[track_caller]
pub const fn check<T: Declares>(_: Of<T>, rules: &[Rule], name: &str, file: &str) {
    if !fits(T::HANDLERS, rules) {
        let message = explain::<T>(rules, name, file);
        panic!("{}", message.as_str());
    }
}

const fn fits(handlers: &[Declared], rules: &[Rule]) -> bool {
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions;
        let mut action = 0;
        while action < actions.len() {
            if !is_declared(handlers, actions[action].handler) {
                return false;
            }
            action += 1;
        }
        number += 1;
    }
    let mut handler = 0;
    while handler < handlers.len() {
        if is_orphan(&handlers[handler], rules) {
            return false;
        }
        handler += 1;
    }
    true
}

const fn explain<T: Declares>(rules: &[Rule], name: &str, file: &str) -> Message {
    let handlers = T::HANDLERS;
    let mut message = Message::new();
    message.push("resource `");
    message.push(name);
    message.push("` (");
    message.push(T::TYPE);
    message.push(", ");
    message.push(T::AT);
    message.push(") does not fit ");
    message.push(file);
    let mut missing = false;
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions;
        let mut action = 0;
        while action < actions.len() {
            if !is_declared(handlers, actions[action].handler) {
                missing = true;
                explain_missing(&mut message, &rules[number], action, file);
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
            message.push(handlers[handler].at);
            message.push(": no action routes to the handler `");
            message.push(handlers[handler].name);
            message.push("`");
        }
        handler += 1;
    }
    if missing {
        list(&mut message, handlers);
        message.push("\n  = help: a handler is an `async fn` named after its verb, or any function with `#[handler]`");
    }
    if orphan {
        message.push("\n  = help: name it in an action (`\"handler\": \"...\"`), or allow it: `#[handler(allow(unrouted))]`");
    }
    message
}

const fn explain_missing(message: &mut Message, rule: &Rule, action: usize, file: &str) {
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
    message.push("` needs a handler named `");
    message.push(action.handler);
    message.push("`");
}

const fn list(message: &mut Message, handlers: &[Declared]) {
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

const fn is_declared(handlers: &[Declared], name: &str) -> bool {
    let mut handler = 0;
    while handler < handlers.len() {
        if same(handlers[handler].name, name) {
            return true;
        }
        handler += 1;
    }
    false
}

const fn is_orphan(handler: &Declared, rules: &[Rule]) -> bool {
    if handler.may_be_unrouted {
        return false;
    }
    let mut number = 0;
    while number < rules.len() {
        let actions = rules[number].actions;
        let mut action = 0;
        while action < actions.len() {
            if same(actions[action].handler, handler.name) {
                return false;
            }
            action += 1;
        }
        number += 1;
    }
    true
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::declared;
    use super::*;
    use crate::table::{action, rule};

    struct Users;

    impl Declares for Users {
        const TYPE: &'static str = "Users";
        const AT: &'static str = "src/users.rs:4:1";
        const HANDLERS: &'static [Declared] = &[
            declared("get", "src/users.rs:6:14", false),
            declared("purge", "src/users.rs:8:14", false),
            declared("kept", "src/users.rs:9:14", true),
        ];
    }

    #[test]
    fn all_is_well_when_every_action_has_its_handler_and_every_handler_its_action() {
        const RULES: &[Rule] = &[rule(
            "/users",
            1,
            &[],
            &[action("get", 1, 3, 5), action("purge", 32, 4, 5)],
        )];
        assert!(fits(Users::HANDLERS, RULES));
        check(Of::<Users>::new(), RULES, "users", "routes.json");
    }

    #[test]
    fn one_message_names_every_missing_handler_and_every_orphan() {
        const RULES: &[Rule] = &[
            rule("/users", 1, &[], &[action("get", 1, 3, 5), action("list", 1, 4, 5)]),
            rule("/users/{id}", 1, &[], &[action("all", 255, 9, 7)]),
        ];
        assert!(!fits(Users::HANDLERS, RULES));
        assert_eq!(
            explain::<Users>(RULES, "users", "routes.json").as_str(),
            "resource `users` (Users, src/users.rs:4:1) does not fit routes.json\n  \
             routes.json:4:5: `GET /users` needs a handler named `list`\n  \
             routes.json:9:7: `ANY /users/{id}` needs a handler named `all`\n  \
             src/users.rs:8:14: no action routes to the handler `purge`\n  \
             = note: its handlers are `get`, `purge`, `kept`\n  \
             = help: a handler is an `async fn` named after its verb, or any function with `#[handler]`\n  \
             = help: name it in an action (`\"handler\": \"...\"`), or allow it: `#[handler(allow(unrouted))]`"
        );
    }
}
