//! The resources of a program, as text.

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
    /// Functions beside its handlers: their names and places.
    pub(crate) functions: &'static [(&'static str, &'static str)],
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
    /// The hash of its name.
    pub(crate) id: u64,
    /// Whether routes files may leave it out.
    pub(crate) may_be_unrouted: bool,
}

/// A [`Resource`]: name, type, summary, location, handlers, other functions.
#[doc(hidden)]
#[must_use]
pub const fn described(
    name: &'static str,
    type_name: &'static str,
    summary: &'static str,
    location: &'static str,
    handlers: &'static [Handler],
    functions: &'static [(&'static str, &'static str)],
) -> Resource {
    Resource {
        name,
        type_name,
        summary,
        location,
        handlers,
        functions,
    }
}

/// A [`Handler`]: name and its hash, summary, location, and whether routes files may leave it out.
#[doc(hidden)]
#[must_use]
pub const fn declared(
    name: &'static str,
    id: u64,
    summary: &'static str,
    location: &'static str,
    may_be_unrouted: bool,
) -> Handler {
    Handler {
        name,
        summary,
        location,
        id,
        may_be_unrouted,
    }
}

inventory::collect!(Resource);

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
    let mut resources: Vec<&Resource> = inventory::iter::<Resource>.into_iter().collect();
    // The linker decides on the order, and differs from build to build.
    resources.sort_unstable();
    resources
}
