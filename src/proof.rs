//! What the compiler asks before a router compiles: which type serves a resource, and whether it has the handlers.

mod check;
mod declared;
mod fit;
mod listed;
mod message;
mod near;
mod params;
mod report;
mod rust_type;
mod value;

pub use declared::{Declared, Registered};
pub use listed::{Look1, Look2, Look3, Look4, Look5, listed, seen};
pub use params::{
    Argument, Extracts, Field, Inside, NOTHING, PathParams, Presence, Probe, Shape, TakesPath, Tuple, Unjudged,
    argument, both, field,
};
pub use value::{PathValue, Value};

use std::marker::PhantomData;

use crate::table::Resource;

/// Where resources are registered by name, for the compiler alone.
#[derive(Debug)]
pub struct Registry;

/// Says that `T` is the resource whose name has the hash `ID`, and what it declares about its handlers. Implemented for
/// [`Registry`] by `#[resource]`, in the crate of `T`.
pub trait Named<T, const ID: u64> {
    /// Its description.
    const RESOURCE: &'static Declared;
    /// Names, places and documentation, for messages: see `Text`. It changes with every line of the source.
    const TEXT: &'static str;
    /// Its further blocks. `None` where `#[resource]` could not read what it stands on: it said so, and nothing else is
    /// asked.
    const PARTS: Option<&'static [Registered]> = Some(&[]);
}

/// [`Registered`] of the resource with the hash `ID`.
#[must_use]
pub const fn registered<T, const ID: u64>() -> Registered
where
    Registry: Named<T, ID>,
{
    let parts = match <Registry as Named<T, ID>>::PARTS {
        Some(parts) => parts,
        None => &[],
    };
    Registered(
        <Registry as Named<T, ID>>::RESOURCE,
        <Registry as Named<T, ID>>::TEXT,
        parts,
    )
}

/// The resource with the hash `ID`, which the compiler finds by its name.
#[derive(Debug)]
pub struct TheOneType<T, const ID: u64>(PhantomData<fn() -> T>);

impl<T, const ID: u64> TheOneType<T, ID>
where
    Registry: Named<T, ID>, // One block has the name: further ones say `part = 2`, and the first one `parts = 2`.
{
    /// It.
    pub const FOUND: Self = TheOneType(PhantomData);

    /// It, as a further block of a resource.
    #[must_use]
    pub const fn part(self) -> Registered {
        registered::<T, ID>()
    }

    /// Asks for a block beside the one that calls this: for a further one, or for the first one, which has to know of the
    /// one with the number.
    ///
    /// # Panics
    ///
    /// When the first block says that there are fewer.
    #[track_caller]
    pub const fn require(self, resource: &'static str, number: usize, is_first: bool) {
        if is_first
            && let Some(parts) = <Registry as Named<T, ID>>::PARTS
            && parts.len() + 1 < number
        {
            const SENTENCE: &str = "the first block of the resource `{}` does not know of part ";
            report::blocks(SENTENCE, resource, "parts", number)
        }
    }
}

/// What stands for a resource that no type is registered for.
#[derive(Debug)]
pub struct Nobody;

/// The answer where no type is registered: a constant of the type itself wins over it.
pub trait Unregistered {
    /// Nothing.
    const FOUND: Nobody = Nobody;
}

impl<const ID: u64> Unregistered for TheOneType<Nobody, ID> {}

impl Nobody {
    /// Refuses the resource.
    ///
    /// # Panics
    ///
    /// Always, with what is missing as the message.
    #[track_caller]
    #[expect(clippy::unused_self, reason = "called as that of a type that was found")]
    pub const fn check(self, file: &'static str, resource: &Resource) {
        report::unregistered(file, resource)
    }

    /// What stands for a block that is missing: as one that cannot be read, it may have any handlers.
    #[must_use]
    #[expect(clippy::unused_self, reason = "called as that of a type that was found")]
    pub const fn part(self) -> Registered {
        Registered(&Declared("", "", &[], &[]), "", &[])
    }

    /// Refuses a resource of which a block is missing.
    ///
    /// # Panics
    ///
    /// Always, with what is missing as the message.
    #[track_caller]
    #[expect(clippy::unused_self, reason = "called as that of a type that was found")]
    pub const fn require(self, resource: &'static str, number: usize, is_first: bool) {
        let (sentence, key) = if is_first {
            ("the resource `{}` has no first block, which knows of part ", "parts")
        } else {
            ("the resource `{}` has no block that is part ", "part")
        };
        report::blocks(sentence, resource, key, number)
    }
}

/// Whether two texts are the same. Names that differ often start alike, so that the end is looked at first.
const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = left.len();
    while at > 0 && left.len() == right.len() && left[at - 1] == right[at - 1] {
        at -= 1;
    }
    at == 0 && left.len() == right.len()
}
