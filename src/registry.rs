//! The resources of a program, as text.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::proof::{Argument, Registered};
use crate::table::{self, Contract};

/// A resource that a crate of this program declares with [`#[resource]`](crate::resource).
///
/// It is a description: no router is built from it. What a router needs, the compiler asks the types for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Resource {
    /// Its name in routes files.
    pub name: &'static str,
    /// The type that serves it, with its module: `shop::users::Users`.
    pub type_name: &'static str,
    /// The first line of the documentation of its `impl` block or type; empty when there is none.
    pub summary: &'static str,
    /// Where `#[resource]` stands: `src/users.rs:12:1`.
    pub location: &'static str,
    /// Its handlers, in the order of the source.
    pub handlers: &'static [Handler],
}

/// A handler of a [`Resource`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Handler {
    /// Its name, which actions of routes files repeat.
    pub name: &'static str,
    /// The first line of its documentation; empty when there is none.
    pub summary: &'static str,
    /// Where it stands: `src/users.rs:14:14`.
    pub location: &'static str,
}

/// A block of a resource, as it is submitted: a function, for the compiler calls one only where a program is made of it, and
/// a value it would compute at each check.
#[derive(Debug)]
pub struct Submitted(pub fn() -> Registered);

inventory::collect!(Submitted);

/// Read once, and kept as long as the program runs.
static RESOURCES: LazyLock<Vec<Resource>> = LazyLock::new(|| {
    let mut resources: Vec<Resource> = registered().map(|registered| described(&registered)).collect();
    // The linker decides on the order, and differs from build to build.
    resources.sort_unstable();
    resources
});

/// What is registered. A first block is there once more where a second one stands for both.
fn registered() -> impl Iterator<Item = Registered> {
    let all = || inventory::iter::<Submitted>.into_iter().map(|submitted| submitted.0());
    let is_again = move |one: &Registered| one.2.is_none() && all().any(|other| other.2.is_some() && other.1 == one.1);
    all().filter(move |one| !is_again(one))
}

fn described(registered: &Registered) -> Resource {
    let head = registered.head();
    let handlers: Vec<Handler> = handlers(registered).map(|(handler, _)| handler).collect();
    Resource {
        name: registered.0.0,
        type_name: format!("{}::{}", registered.0.1, head.name).leak(),
        summary: head.summary,
        location: head.location,
        handlers: handlers.leak(),
    }
}

/// The handlers of all blocks, each with what it takes of a path.
fn handlers(registered: &Registered) -> impl Iterator<Item = (Handler, Option<&'static Argument>)> {
    let parts = std::iter::successors(Some(registered), |part| part.2);
    parts.flat_map(|part| {
        part.0.2.iter().map(|handler| {
            let function = part.function(handler);
            let shown = Handler {
                name: handler.0,
                summary: function.summary,
                location: function.location,
            };
            (shown, handler.2.checked_sub(1).and_then(|at| part.0.3.get(at)))
        })
    })
}

/// The resources of all crates that are linked into this program, in the order of their names.
///
/// Use it to print what a service consists of, or in a test that no resource was forgotten. A crate that no code
/// names is not linked: `use that_crate as _;` changes that.
///
/// ```
/// use bluegate::resource;
///
/// struct Users;
///
/// /// People who may log in.
/// #[resource(name = "users")]
/// impl Users {
///     /// All of them.
///     async fn get() -> &'static str {
///         "[]"
///     }
/// }
///
/// let users = bluegate::resources()
///     .into_iter()
///     .find(|resource| resource.name == "users")
///     .expect("it is declared above");
/// assert_eq!(users.summary, "People who may log in.");
/// assert_eq!(users.handlers[0].name, "get");
/// assert_eq!(users.handlers[0].summary, "All of them.");
/// ```
#[must_use]
pub fn resources() -> Vec<&'static Resource> {
    RESOURCES.iter().collect()
}

/// An argument of a handler that the compiler could not compare with the routes file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Unjudged {
    /// The name of the resource.
    pub resource: &'static str,
    /// The name of the handler.
    pub handler: &'static str,
    /// Where the handler stands: `src/users.rs:14:14`.
    pub location: &'static str,
    /// The type of the argument, as it is written.
    pub argument: &'static str,
}

/// What the proof leaves open, in the order of resources and handlers: extractors of your own, which may take path
/// parameters by themselves as long as they have no [`TakesPath`](crate::TakesPath), and a `Path` of a type that nothing
/// is known about, which a handler may have with `allow(unjudged)` only. Where an action declares a query or headers, also
/// what its handler takes of them in a way that nobody knows.
///
/// For a test that there is nothing of the kind, or nothing new.
///
/// ```standalone_crate
/// use axum::extract::Path;
/// use bluegate::resource;
///
/// #[derive(serde::Deserialize)]
/// struct Place {
///     shop: String,
/// }
///
/// struct Shops;
///
/// #[resource(name = "shops")]
/// impl Shops {
///     #[handler(allow(unjudged))]
///     async fn show(Path(place): Path<Place>) -> String {
///         place.shop
///     }
/// }
///
/// assert_eq!(bluegate::unjudged()[0].argument, "Path<Place>");
/// ```
#[must_use]
pub fn unjudged() -> Vec<Unjudged> {
    let mut found: Vec<Unjudged> = registered().flat_map(|registered| left_open(&registered)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn left_open(registered: &Registered) -> Vec<Unjudged> {
    let mut found = Vec::new();
    for (handler, argument) in handlers(registered) {
        let Some(Argument(written, known)) = argument else {
            continue;
        };
        let own = (!known.is_judged()).then_some(*written);
        let beside = Some(known.beside).filter(|beside| !beside.is_empty());
        let contracts = contracts(registered.0.0, handler.name);
        let inputs = contracts.flat_map(|contract| known.inputs.iter().filter_map(|input| input.open(contract)));
        found.extend(own.into_iter().chain(beside).chain(inputs).map(|argument| Unjudged {
            resource: registered.0.0,
            handler: handler.name,
            location: handler.location,
            argument,
        }));
    }
    found
}

/// What the actions that route to a handler declare.
fn contracts(resource: &str, handler: &str) -> impl Iterator<Item = &'static Contract> {
    let routed = inventory::iter::<Routed>.into_iter().flat_map(|routed| routed.0);
    let rules = routed
        .filter(move |routed| routed.name == resource)
        .flat_map(|routed| routed.rules.get());
    let actions = rules.flat_map(|rule| rule.actions());
    actions
        .filter(move |action| action.handler == handler)
        .map(|action| action.contract)
}

/// The resources that a use of `routes!` names.
#[derive(Debug)]
pub struct Routed(pub &'static [table::Resource]);

inventory::collect!(Routed);

/// The resources of this program that none of its routes files names, in the order of their names.
///
/// The compiler sees a handler that no action routes to; it does not see a type that no file names. This does, for a
/// test or a log at the start of a service.
#[must_use]
pub fn unrouted_resources() -> Vec<&'static Resource> {
    let routed: HashSet<&str> = inventory::iter::<Routed>
        .into_iter()
        .flat_map(|routed| routed.0.iter().map(|resource| resource.name))
        .collect();
    let mut resources = resources();
    resources.retain(|resource| !routed.contains(resource.name));
    resources
}

/// A test in one line that no resource was forgotten.
///
/// ```standalone_crate
/// // In the body of a test:
/// bluegate::assert_resources_are_routed();
/// ```
///
/// # Panics
///
/// When this program has resources that none of its routes files names, with their names, types and places.
#[track_caller]
pub fn assert_resources_are_routed() {
    let unrouted: Vec<String> = unrouted_resources()
        .into_iter()
        .map(|resource| {
            format!(
                "\n  `{}` ({}, {})",
                resource.name, resource.type_name, resource.location
            )
        })
        .collect();
    assert!(
        unrouted.is_empty(),
        "no routes file of this program names these resources:{}",
        unrouted.concat()
    );
}
