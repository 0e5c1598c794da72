//! What does not fit, in words: one message for all that is wrong with a resource.

use super::declared::{Handler, Registered, Sign};
use super::fit::{self, Misfit};
use super::input;
use super::message::Message;
use super::near::Nearest;
use super::params::{Argument, Input};
use super::text::same;
use crate::table::{Resource, Rule, Verbs};

/// A message that is being written.
pub(super) struct Report {
    message: Message,
    resource: Registered,
    file: &'static str,
    /// What is explained once, however often it is wrong.
    has_count: bool,
    has_value: bool,
    has_unjudged: bool,
    has_query: bool,
    has_unjudged_query: bool,
    has_header: bool,
    has_missing: bool,
    compared: usize,
    has_orphan: bool,
}

/// How many letters are looked at to say why a handler is missing, and which name was probably meant: the compiler gives
/// up constants that take it long.
const MOST_COMPARED: usize = 100_000;

const UNJUDGED_HELP: &str = "\n  = help: put `#[derive(bluegate::PathParams)]` on the type, beside serde's `Deserialize`; for \
                             an extractor of your own implement `bluegate::TakesPath`; `uuid::Uuid` is known with the \
                             feature `uuid`; or accept it as it is: \
                             `#[handler(allow(unjudged))]`";
const COUNT_HELP: &str = "\n  = help: take all parameters in the order of the path, as in \
                          `Path((id, name)): Path<(u64, String)>`, or by name, with a struct that has \
                          `#[derive(bluegate::PathParams)]`; `Option<Path<_>>` also serves paths without any";
const VALUE_HELP: &str = "\n  = help: `string`, `path`, `uuid` and `any` fit a `String`, `int` an integer that holds its \
                          bounds, `float` an `f64`, `uuid` also a `uuid::Uuid` (feature `uuid`), `any` also an \
                          enum of its words; or give the parameter another type in the file";
const QUERY_HELP: &str = "\n  = help: declare at the action what its handler takes, as in `\"query\": [{\"name\": \"page\", \
                          \"type\": \"int\", \"required\": true}]`; a field that a request may lack is an `Option`, or has \
                          `#[serde(default)]`";
const UNJUDGED_QUERY_HELP: &str = "\n  = help: put `#[derive(bluegate::QueryParams)]` on the type and on those of its fields, \
                                   beside serde's `Deserialize`; for an extractor of your own implement \
                                   `bluegate::TakesQuery`; or accept it as it is: `#[handler(allow(unjudged))]`";
const HEADER_HELP: &str = "\n  = help: declare at the action what its handler takes, as in `\"headers\": [{\"name\": \
                           \"x-tenant\", \"required\": true}]`; an `Option` of the extractor goes without";

impl Report {
    pub(super) const fn new(resource: Registered, file: &'static str) -> Self {
        let mut message = Message::new();
        message.push("resource `");
        message.push(resource.0.0);
        message.push("` (");
        let mut next = Some(&resource);
        while let Some(part) = next {
            let head = part.head();
            message.fill("{}::{}, {}", &[part.0.1, head.name, head.location]);
            next = part.2;
            message.push(if next.is_some() { "; " } else { "" });
        }
        message.push(") does not fit ");
        message.push(file);
        Report {
            message,
            resource,
            file,
            has_count: false,
            has_value: false,
            has_unjudged: false,
            has_query: false,
            has_unjudged_query: false,
            has_header: false,
            has_missing: false,
            compared: 0,
            has_orphan: false,
        }
    }

    pub(super) const fn as_str(&self) -> &str {
        self.message.as_str()
    }

    /// The type is found by the hash of the resource's name, which two names may share.
    pub(super) const fn other_name(&mut self, name: &str) {
        self.message.fill(
            "\n  {}: the resource `{}` has no type, and its name the hash of this one\n  = help: give one of them another \
             name",
            &[self.file, name],
        );
    }

    pub(super) const fn missing(&mut self, rule: &Rule, action: usize) {
        self.has_missing = true;
        if self.message.is_full() {
            return;
        }
        self.action(rule, action);
        let name = rule.actions.of[action].handler;
        self.message.fill(" needs a handler named `{}`", &[name]);
        let mut is_explained = false;
        let mut functions = self.resource.functions();
        while let Some(function) = functions.next() {
            self.compared += function.name.len() + function.location.len();
            if self.compared > MOST_COMPARED {
                return;
            }
            let reason = match function.sign {
                Sign::Method => " has a receiver",
                Sign::Other if is_verb(function.name) => " is not `async`",
                Sign::Other => " has no `#[handler]`",
                // It would not be missing otherwise.
                Sign::Handler => " is left out by its `#[cfg]`",
                Sign::Macro => continue,
            };
            if same(function.name, name) {
                self.message
                    .fill(", and the function at {}{}", &[function.location, reason]);
                is_explained = true;
            }
        }
        // The name of a verb is no slip.
        if !is_explained && !is_verb(name) {
            self.suggest(name);
        }
    }

    /// Adds the handler that was probably meant, if there is one.
    const fn suggest(&mut self, name: &str) {
        let resource = self.resource;
        let mut handlers = resource.handlers();
        let mut nearest = Nearest::NONE;
        while let Some(handler) = handlers.next() {
            self.compared += name.len() * handler.0.len();
            if self.compared > MOST_COMPARED {
                return;
            }
            nearest.look(name, handler.0);
        }
        nearest.ask(&mut self.message);
    }

    pub(super) const fn misfit(
        &mut self,
        part: &Registered,
        handler: &Handler,
        argument: &Argument,
        rule: &Rule,
        action: usize,
        misfit: &Misfit,
    ) {
        match misfit {
            Misfit::Type(..) => self.has_value = true,
            Misfit::Unjudged | Misfit::UnjudgedValue(_) => self.has_unjudged = true,
            _ => self.has_count = true,
        }
        if self.message.is_full() {
            return;
        }
        self.unfit(part, handler, argument.0, rule, action);
        fit::say(&mut self.message, misfit, rule);
    }

    pub(super) const fn input(
        &mut self,
        part: &Registered,
        handler: &Handler,
        input: &Input,
        rule: &Rule,
        action: usize,
        misfit: &input::Misfit,
    ) {
        let (Input::Query { written, .. } | Input::Header { written, .. }) = *input else {
            return;
        };
        match (misfit, input) {
            (input::Misfit::Type(..), _) => self.has_value = true,
            (input::Misfit::Unjudged | input::Misfit::UnjudgedValue(_), _) => self.has_unjudged_query = true,
            (_, Input::Header { .. }) => self.has_header = true,
            _ => self.has_query = true,
        }
        if self.message.is_full() {
            return;
        }
        self.unfit(part, handler, written, rule, action);
        input::say(&mut self.message, misfit, input, rule.actions.of[action].contract);
    }

    /// Starts a line about an action that an argument of its handler does not fit.
    const fn unfit(&mut self, part: &Registered, handler: &Handler, argument: &str, rule: &Rule, action: usize) {
        self.action(rule, action);
        self.message.fill(
            " does not fit `{}` of the handler `{}` ({}): ",
            &[argument, handler.0, part.function(handler).location],
        );
    }

    pub(super) const fn orphan(&mut self, part: &Registered, handler: &Handler) {
        self.has_orphan = true;
        if self.message.is_full() {
            return;
        }
        self.message.fill(
            "\n  {}: no action routes to the handler `{}`",
            &[part.function(handler).location, handler.0],
        );
    }

    pub(super) const fn repeated(&mut self, part: &Registered, handler: &Handler) {
        self.has_count = true;
        self.message.fill(
            "\n  {}: the handler `{}` has more than one `Path`, each of which takes all parameters of a path",
            &[part.function(handler).location, handler.0],
        );
    }

    /// A handler of a further block has the name of another one.
    pub(super) const fn twice(&mut self, first: &Registered, one: usize, part: &Registered, other: &Handler) {
        self.message.fill(
            "\n  {}: another block has the handler `{}` as well ({})",
            &[
                part.function(other).location,
                other.0,
                first.function(&first.0.2[one]).location,
            ],
        );
    }

    /// Adds what to do.
    pub(super) const fn finish(&mut self) {
        self.message.advise();
        if self.has_count {
            self.message.push(COUNT_HELP);
        }
        if self.has_value {
            self.message.push(VALUE_HELP);
        }
        if self.has_unjudged {
            self.message.push(UNJUDGED_HELP);
        }
        if self.has_query {
            self.message.push(QUERY_HELP);
        }
        if self.has_unjudged_query {
            self.message.push(UNJUDGED_QUERY_HELP);
        }
        if self.has_header {
            self.message.push(HEADER_HELP);
        }
        if self.has_missing {
            self.list();
            self.message.advise();
            self.message
                .push("\n  = help: a handler is an `async fn` named after its verb, or any function with `#[handler]`");
            self.macros();
        }
        if self.has_orphan {
            self.message.push(
                "\n  = help: name it in an action (`\"handler\": \"...\"`), or allow it: `#[handler(allow(unrouted))]`",
            );
        }
    }

    /// Adds a line that starts with an action: where it stands, its verb and its path.
    const fn action(&mut self, rule: &Rule, action: usize) {
        let action = &rule.actions.of[action];
        self.message.fill("\n  {}:", &[self.file]);
        self.message.push_number(action.line);
        self.message.push(":");
        self.message.push_number(action.column);
        self.message.fill(": `{} {}`", &[verb(action.verbs), rule.path]);
    }

    const fn list(&mut self) {
        self.message.push("\n  = note: its handlers are ");
        let resource = self.resource;
        let mut handlers = resource.handlers();
        let mut is_first = true;
        while let Some(handler) = handlers.next() {
            self.message
                .fill("{}{}`", &[if is_first { "`" } else { ", `" }, handler.0]);
            is_first = false;
        }
        if is_first {
            self.message.push("none");
        }
    }

    const fn macros(&mut self) {
        let mut functions = self.resource.functions();
        while let Some(function) = functions.next() {
            if matches!(function.sign, Sign::Macro) {
                self.message.fill(
                    "\n  = help: what the macro at {} makes is not seen; list it: `#[resource(name = \"...\", \
                     handlers(...))]`",
                    &[function.location],
                );
            }
        }
    }
}

/// Says that a resource has no type.
#[track_caller]
pub(super) const fn unregistered(file: &'static str, resource: &Resource) -> ! {
    let mut message = Message::new();
    message.fill("no type is the resource `{}` ({}:", &[resource.name, file]);
    message.push_number(resource.line);
    message.push(":");
    message.push_number(resource.column);
    message.fill(
        ")\n  = help: write `#[resource(name = \"{}\")]` on the `impl` block with its handlers; where it stands already, is \
         its module part of the crate, as by `mod {};`?\n  = help: if another crate has it, name that crate, \
         `use that_crate as _;`, which has to depend on the same bluegate, {}: `cargo tree -d` lists others",
        &[resource.name, resource.name, env!("CARGO_PKG_VERSION")],
    );
    panic!("{}", message.as_str());
}

/// Says that the block before one with a number is missing.
#[track_caller]
pub(super) const fn no_block(resource: &str, number: u32) -> ! {
    let mut message = Message::new();
    message.fill("the resource `{}` has a block with `part = ", &[resource]);
    message.push_number(number);
    if number > 2 {
        message.push("`, and none with `part = ");
        message.push_number(number - 1);
        message.push("`");
    } else {
        message.push("`, and no first one without a number");
    }
    message.push("\n  = help: of several blocks the first one has no number, and the others have `part = 2`, `part = 3` and so on");
    panic!("{}", message.as_str());
}

/// Says that the block before one with a number is in another crate.
#[track_caller]
pub(super) const fn block_elsewhere(resource: &str) -> ! {
    let mut message = Message::new();
    message.fill(
        "another crate has the block of the resource `{}` before this one, and its routers do not know this one\n  \
         = help: put all blocks of a resource into one crate",
        &[resource],
    );
    panic!("{}", message.as_str());
}

/// Whether `async` makes a handler of a function with this name.
const fn is_verb(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"get" | b"post" | b"put" | b"patch" | b"delete" | b"head" | b"options" | b"any"
    )
}

const fn verb(verbs: Verbs) -> &'static str {
    let mut number = 0;
    while number < Verbs::NAMED.len() && !verbs.contains(Verbs::MARK) {
        if verbs.contains(Verbs::NAMED[number].0) {
            return Verbs::NAMED[number].1;
        }
        number += 1;
    }
    "ANY"
}
