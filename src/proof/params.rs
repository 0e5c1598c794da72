//! What the compiler can tell of what a handler takes: of its path extractor here, of others in `query` and `header`.
//!
//! The type of an argument is asked, and not its spelling, so that aliases and other paths to `Path` are seen through.
//! A question that has two answers, one for the types that are known and one for all others, is an associated
//! constant of [`Probe`]: one of the type itself wins over one of the trait [`Unjudged`].

use std::marker::PhantomData;

use axum::extract::Path;

use super::value::{PathValue, Value};
#[cfg(feature = "registry")]
use crate::table::Contract;

/// Asks what is known about an argument of a handler.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// The answers for types that nothing is known about.
pub trait Unjudged {
    /// It takes no path parameters.
    const PRESENCE: Presence = Presence::Never;
    /// Nothing can be said about it.
    const SHAPE: Shape = Shape::Unknown;
    /// Both of them.
    const KNOWN: Known = Known::new(Presence::Never, Shape::Unknown);
    /// It is no tuple.
    const LENGTH: Option<usize> = None;
    /// Nothing can be said about it.
    const VALUE: Value = Value::Unknown;
    /// A struct needs a value for it.
    const REQUIRED: bool = true;
    /// It does not read the query string.
    const QUERY: Option<Reads> = None;
    /// Nothing can be said about it.
    const QUERY_SHAPE: Shape = Shape::Unknown;
    /// Nothing can be said about it.
    const QUERY_VALUE: Value = Value::Unknown;
    /// It takes no header.
    const HEADER: Option<Header> = None;
}

impl<T: ?Sized> Unjudged for Probe<T> {}

impl<T: Extracts> Probe<T> {
    /// Whether it takes path parameters.
    pub const PRESENCE: Presence = T::PRESENCE;
}

impl<T: Extracts<Contents: PathParams>> Probe<T> {
    /// What it takes.
    pub const SHAPE: Shape = <T::Contents as PathParams>::SHAPE;
    /// That it takes path parameters, and what it takes.
    pub const KNOWN: Known = Known::new(T::PRESENCE, Self::SHAPE);
}

impl<T: Extracts<Contents: Tuple>> Probe<T> {
    /// How many values it takes.
    pub const LENGTH: Option<usize> = Some(<T::Contents as Tuple>::LENGTH);
}

/// An extractor of which it is known whether it takes path parameters.
pub trait Extracts {
    /// Whether it does.
    const PRESENCE: Presence;
    /// What they are read into.
    type Contents;
}

impl<P> Extracts for Path<P> {
    const PRESENCE: Presence = Presence::Always;
    type Contents = P;
}

impl<P> Extracts for Option<Path<P>> {
    const PRESENCE: Presence = Presence::Optional;
    type Contents = P;
}

impl Extracts for () {
    const PRESENCE: Presence = Presence::Nothing;
    type Contents = ();
}

impl<T: TakesPath<Inner: Extracts>> Extracts for T {
    const PRESENCE: Presence = <T::Inner as Extracts>::PRESENCE;
    type Contents = <T::Inner as Extracts>::Contents;
}

#[doc = include_str!("../docs/takes_path.md")]
pub trait TakesPath {
    /// The extractor that it stands for: a `Path<T>`, an `Option<Path<T>>`, another one with this trait, or `()` when it
    /// takes nothing of a path.
    type Inner;
}

#[cfg(feature = "axum-extra")]
impl<E, R> TakesPath for axum_extra::extract::WithRejection<E, R> {
    type Inner = E;
}

/// Asks what is known about the contents of a `Path`.
#[derive(Debug)]
pub struct Inside<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> Unjudged for Inside<T> {}

impl<T: PathParams> Inside<T> {
    /// What it takes.
    pub const SHAPE: Shape = T::SHAPE;
}

impl<T: PathValue> Inside<T> {
    /// What it holds.
    pub const VALUE: Value = T::VALUE;
}

impl<T> Inside<Option<T>> {
    /// serde reads a field that is not there as `None`.
    pub const REQUIRED: bool = false;
}

/// Whether an argument takes path parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// It is no path extractor that is known.
    Never,
    /// It certainly is none.
    Nothing,
    /// `Option<Path<T>>`: on paths with parameters.
    Optional,
    /// `Path<T>`.
    Always,
    /// There is more than one, each of which takes all parameters.
    Repeated,
}

/// What parameters a type takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Nothing is known.
    Unknown,
    /// Any parameters.
    Free,
    /// So many, in the order of the path.
    Values(&'static [Value]),
    /// Parameters by name.
    Fields {
        /// The fields of the struct.
        fields: &'static [Field],
        /// Whether every parameter needs a field (`deny_unknown_fields`).
        closed: bool,
    },
}

/// A field of a struct that takes parameters by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    pub(super) names: &'static [&'static str],
    pub(super) value: Value,
    pub(super) required: bool,
}

impl Shape {
    /// Whether something of it cannot be compared with parameters.
    #[cfg(feature = "registry")]
    fn is_open(self) -> bool {
        match self {
            Shape::Unknown => true,
            Shape::Free => false,
            Shape::Values(values) => values.iter().any(|value| value.is_open()),
            Shape::Fields { fields, .. } => fields.iter().any(|field| field.value.is_open()),
        }
    }
}

/// A [`Field`]: its names, the first of which is the one to show, what it holds, and whether it must have a value.
#[must_use]
pub const fn field(names: &'static [&'static str], value: Value, required: bool) -> Field {
    Field { names, value, required }
}

/// What is known about an argument of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    pub(crate) presence: Presence,
    pub(crate) shape: Shape,
    /// Another argument beside it, of which nothing is known; empty when there is none.
    pub(crate) beside: &'static str,
    /// What the handler takes beside the path.
    pub(crate) inputs: &'static [Input],
}

/// What an argument of a handler takes of a request beside the path, and its type as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// Parameters of the query string.
    Query {
        /// The type.
        written: &'static str,
        /// How it reads them, if it is known to.
        reads: Option<Reads>,
        /// What it takes.
        shape: Shape,
    },
    /// A header.
    Header {
        /// The type.
        written: &'static str,
        /// Which one, if that is known.
        header: Option<Header>,
    },
}

/// How an extractor reads the query string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reads {
    /// Whether it goes without a query string.
    pub(super) is_optional: bool,
    /// Whether it takes several values of one name.
    pub(crate) has_lists: bool,
}

impl Reads {
    /// It does, in a way that nobody knows.
    pub const SOME: Option<Reads> = Some(Reads {
        is_optional: false,
        has_lists: false,
    });
}

/// A header that an extractor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Header {
    /// Its name.
    pub(super) name: &'static str,
    /// Whether it refuses a request without it.
    pub(super) is_required: bool,
}

impl Input {
    /// What an argument takes that may be an extractor of the query string.
    #[must_use]
    pub const fn query(written: &'static str, reads: Option<Reads>, shape: Shape) -> Input {
        Input::Query { written, reads, shape }
    }

    /// What an argument takes that may be an extractor of a header, or certainly is one.
    #[must_use]
    pub const fn header(written: &'static str, header: Option<Header>, is_certain: bool) -> Input {
        match header {
            None if !is_certain => Input::Nothing,
            header => Input::Header { written, header },
        }
    }

    /// Its type as it is written, if something of it cannot be compared with what a file declares.
    #[cfg(feature = "registry")]
    pub(crate) fn open(&self, contract: &Contract) -> Option<&'static str> {
        match *self {
            Input::Query { written, reads, shape } if !contract.query.is_empty() => {
                (reads.is_none() || shape.is_open()).then_some(written)
            }
            Input::Header { written, header: None } if !contract.headers.is_empty() => Some(written),
            Input::Nothing | Input::Query { .. } | Input::Header { .. } => None,
        }
    }
}

impl Known {
    const fn new(presence: Presence, shape: Shape) -> Self {
        Known {
            presence,
            shape,
            beside: "",
            inputs: &[],
        }
    }

    /// Whether all of it could be compared with parameters.
    #[cfg(feature = "registry")]
    pub(crate) fn is_judged(&self) -> bool {
        match (self.presence, self.shape) {
            (Presence::Nothing | Presence::Repeated, _) => true,
            (Presence::Never, _) => false,
            (_, shape) => !shape.is_open(),
        }
    }
}

/// An argument of a handler: its type as it is written, and what is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Argument(pub &'static str, pub Known);

/// An [`Argument`]: its type as it is written and what [`Probe`] knows about it.
#[must_use]
pub const fn argument(text: &'static str, presence: Presence, shape: Shape, length: Option<usize>) -> Argument {
    let shape = match (shape, length) {
        (Shape::Unknown, Some(length)) => Shape::Values(unknown(length)),
        (shape, _) => shape,
    };
    Argument(text, Known::new(presence, shape))
}

/// An argument that takes nothing of a path.
pub const NOTHING: Argument = argument("_", Presence::Nothing, Shape::Unknown, None);

/// What a handler takes that has two arguments which may take something.
#[must_use]
pub const fn both(first: Argument, second: Argument) -> Argument {
    match (first.1.presence, second.1.presence) {
        (_, Presence::Nothing) => first,
        (Presence::Nothing, _) => second,
        (_, Presence::Never) => first.beside(second.0),
        (Presence::Never, _) => second.beside(first.0),
        _ => Argument(first.0, Known::new(Presence::Repeated, Shape::Unknown)),
    }
}

impl Argument {
    const fn beside(mut self, text: &'static str) -> Argument {
        self.1.beside = text;
        self
    }

    /// It, of a handler that takes more than the path.
    #[must_use]
    pub const fn with(mut self, inputs: &'static [Input]) -> Argument {
        self.1.inputs = inputs;
        self
    }
}

const fn unknown(length: usize) -> &'static [Value] {
    const UNKNOWN: &[Value] = &[Value::Unknown; LONGEST];
    UNKNOWN.split_at(length).0
}

/// The length of the longest tuple that serde reads.
const LONGEST: usize = 16;

/// A type whose way of taking path parameters is known. `#[derive(PathParams)]` implements it.
pub trait PathParams {
    /// What it takes.
    const SHAPE: Shape;
}

/// A tuple, whatever it is made of.
pub trait Tuple {
    /// The number of its elements.
    const LENGTH: usize;
}

#[cfg(test)]
mod tests;
