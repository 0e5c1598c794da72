//! What the compiler asks before a router compiles: which type serves a resource, and whether it has the handlers.

mod check;
mod declared;
mod fit;
mod header;
mod input;
mod listed;
mod message;
mod near;
mod params;
mod query;
mod report;
mod rust_type;
mod text;
mod value;

pub use declared::{Declared, Registered};
pub use header::TakesHeader;
pub use listed::{Look1, Look2, Look3, Look4, Look5, Look6, Look7, Look8, listed, seen};
#[cfg(feature = "types")]
pub(crate) use listed::{Other, Seen, Signature};
pub use params::{
    Argument, Extracts, Field, Header, Input, Inside, NOTHING, PathParams, Presence, Probe, Reads, Shape, TakesPath,
    Tuple, Unjudged, argument, both, field,
};
pub use query::{FormOfGet, Queries, QueryParams, QueryValue, TakesQuery};
pub use value::{PathValue, Value};

use std::marker::PhantomData;

use text::same;

use crate::table::Resource;

/// Where the resource is registered whose name has the hash `ID`, for the compiler alone.
#[derive(Debug)]
pub struct Key<const ID: u64>;

/// How the first block of a resource is registered.
///
/// An integer of which nothing else is known has the type of the one block that there is, and [`Several`] where there are
/// more: the block that has it knows the others.
pub type Only = u8;

/// How the second block of a resource is registered, which stands for all of them.
pub type Several = i32;

/// Says that `T` is the resource of a [`Key`], and what it declares about its handlers. Implemented by `#[resource]`, in
/// the crate of `T`.
#[diagnostic::on_unimplemented(
    message = "several blocks or types have the name of one resource",
    label = "each of them would answer these requests",
    note = "where they are one resource together, let the first one be as it is, write `#[resource(name = \"...\", part = 2)]` \
            on the second one, `part = 3` on the third, and so on; where they are none, give them different names"
)]
pub trait Named<N, T> {
    /// Its description.
    const RESOURCE: &'static Declared;
    /// Names, places and documentation, for messages: see `Text`. It changes with every line of the source.
    const TEXT: &'static str;
    /// The block behind it.
    const NEXT: Option<&'static Registered> = None;
    /// All of that.
    const REGISTERED: Registered = Registered(Self::RESOURCE, Self::TEXT, Self::NEXT);
}

/// [`Registered`] of the resource with the hash `ID`.
#[must_use]
pub const fn registered<N, T, const ID: u64>() -> Registered
where
    Key<ID>: Named<N, T>,
{
    <Key<ID> as Named<N, T>>::REGISTERED
}

/// The first block, as the second one found it. Of one that is missing nothing is asked: that is said elsewhere.
#[must_use]
pub const fn first(found: Option<&'static Registered>) -> &'static Registered {
    match found {
        Some(first) => first,
        None => &Registered(&Declared("", "", &[], &[]), "", None),
    }
}

/// The resource with the hash `ID`, which the compiler finds by its name.
#[derive(Debug)]
pub struct TheOneType<N, T, const ID: u64>(PhantomData<fn() -> (N, T)>);

impl<N, T, const ID: u64> TheOneType<N, T, ID>
where
    Key<ID>: Named<N, T>, // Each block has its own: none for the first one, `part = 2`, `part = 3` and so on.
{
    /// It.
    pub const FOUND: Self = TheOneType(PhantomData);
}

impl<N: Copy, T, const ID: u64> TheOneType<N, T, ID>
where
    Key<ID>: Named<N, T>,
{
    /// It, as a block of a resource.
    #[must_use]
    pub const fn part(self, _: N) -> Option<&'static Registered> {
        Some(&<Key<ID> as Named<N, T>>::REGISTERED)
    }

    /// Asks for the block before the one that calls this, which has a number and stands in a module.
    ///
    /// # Panics
    ///
    /// When they stand in different crates: routers of the one do not know the other.
    #[track_caller]
    pub const fn require(self, _: N, resource: &'static str, module: &str, _: u32) {
        let other = <Key<ID> as Named<N, T>>::RESOURCE.1;
        // Of a block that could not be read, nothing is asked.
        if !other.is_empty() && !same(crate_of(other), crate_of(module)) {
            report::block_elsewhere(resource)
        }
    }
}

/// What stands for a resource that no type is registered for.
#[derive(Debug)]
pub struct Nobody<N>(PhantomData<fn() -> N>);

/// The answer where no type is registered: a constant of the type itself wins over it.
pub trait Unregistered<N> {
    /// Nothing.
    const FOUND: Nobody<N> = Nobody(PhantomData);
}

impl<N, const ID: u64> Unregistered<N> for TheOneType<N, Nobody<N>, ID> {}

#[expect(clippy::unused_self, reason = "called as that of a type that was found")]
impl<N: Copy> Nobody<N> {
    /// Refuses the resource.
    ///
    /// # Panics
    ///
    /// Always, with what is missing as the message.
    #[track_caller]
    pub const fn check(self, _: N, file: &'static str, resource: &Resource) {
        report::unregistered(file, resource)
    }

    /// No block.
    #[must_use]
    pub const fn part(self, _: N) -> Option<&'static Registered> {
        None
    }

    /// Refuses a resource of which the block before one with a number is missing.
    ///
    /// # Panics
    ///
    /// Always, with what is missing as the message.
    #[track_caller]
    pub const fn require(self, _: N, resource: &'static str, _: &str, number: u32) {
        report::no_block(resource, number)
    }
}

/// The crate of a module.
const fn crate_of(module: &str) -> &str {
    let mut at = 0;
    while at < module.len() && module.as_bytes()[at] != b':' {
        at += 1;
    }
    module.split_at(at).0
}
