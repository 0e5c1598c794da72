//! What the compiler asks before a router compiles: which type serves a resource, and whether it has the handlers.

mod check;
mod fit;
mod listed;
mod message;
mod path;
mod sure;
mod value;

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

/// The resource with the hash `ID`, found by its name.
#[derive(Debug)]
pub struct Of<T, const ID: u64>(PhantomData<fn() -> T>);

/// Finds a resource. Nothing else asks for it, so that the compiler says the same of every use when there are two, and
/// shows it once.
#[must_use]
pub const fn the_one_type<const ID: u64, T>() -> Of<T, ID>
where
    Registry: Named<T, ID>,
{
    Of(PhantomData)
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
