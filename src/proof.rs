//! What the compiler asks before a router compiles: which type serves a resource, and whether it has the handlers.

mod check;
mod fit;
mod listed;
mod message;
mod path;
mod sure;
mod value;

pub use check::check;
pub use listed::{Look1, Look2, Look3, Look4, listed, seen};
use message::Message;
pub use path::{
    Argument, Field, Inside, NOTHING, PathParams, Presence, Probe, Shape, Tuple, Unjudged, argument, both, field,
};
pub use value::{PathValue, Value};

use std::marker::PhantomData;

use crate::declared::Declared;

/// Where resources are registered by name, for the compiler alone.
#[derive(Debug)]
pub struct Registry;

/// Says that `T` is the resource whose name has the hash `ID`, and what it declares about its handlers. Implemented for
/// [`Registry`] by `#[resource]`, in the crate of `T`.
#[diagnostic::on_unimplemented(message = "no type is registered under this resource's name")]
pub trait Named<T, const ID: u64> {
    /// Its description.
    const RESOURCE: &'static Declared;
    /// Whether `#[resource]` could read what it stands on. Where it could not, it said so, and nothing else is asked.
    const IS_UNDERSTOOD: bool = true;
}

/// A resource that was found by its name, of which this crate cannot be sure that there is one.
#[derive(Debug)]
pub struct Of<T> {
    resource: &'static Declared,
    is_understood: bool,
    found: PhantomData<fn() -> T>,
}

impl<T> Of<T> {
    /// The resource with the hash `ID`; the trait bounds of who asks decide what is said when there is none.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub const fn new<const ID: u64>() -> Self
    where
        Registry: Named<T, ID>,
    {
        Of {
            resource: <Registry as Named<T, ID>>::RESOURCE,
            is_understood: <Registry as Named<T, ID>>::IS_UNDERSTOOD,
            found: PhantomData,
        }
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
