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

pub use declared::Declared;
#[cfg(feature = "registry")]
pub(crate) use declared::Text;
pub use listed::{Look1, Look2, Look3, Look4, listed, seen};
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
    /// Whether `#[resource]` could read what it stands on. Where it could not, it said so, and nothing else is asked.
    const IS_UNDERSTOOD: bool = true;
}

/// The resource with the hash `ID`, which the compiler finds by its name.
#[derive(Debug)]
pub struct TheOneType<T, const ID: u64>(PhantomData<fn() -> T>);

impl<T, const ID: u64> TheOneType<T, ID>
where
    Registry: Named<T, ID>,
{
    /// It.
    pub const FOUND: Self = TheOneType(PhantomData);
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
