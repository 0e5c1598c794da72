//! What the compiler can tell of a handler's path extractor.
//!
//! The type of an argument is asked, and not its spelling, so that aliases and other paths to `Path` are seen through.
//! A question that has two answers, one for the types that are known and one for all others, is an associated
//! constant of [`Probe`]: one of the type itself wins over one of the trait [`Unjudged`].

use std::marker::PhantomData;

use axum::extract::Path;

use super::value::{PathValue, Value};

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

/// What path parameters a type takes.
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
}

impl Known {
    const fn new(presence: Presence, shape: Shape) -> Self {
        Known {
            presence,
            shape,
            beside: "",
        }
    }

    /// Whether all of it could be compared with parameters.
    #[cfg(feature = "registry")]
    pub(crate) fn is_judged(&self) -> bool {
        match (self.presence, self.shape) {
            (Presence::Nothing | Presence::Repeated, _) | (_, Shape::Free) => true,
            (Presence::Never, _) | (_, Shape::Unknown) => false,
            (_, Shape::Values(values)) => values.iter().all(|value| !value.is_open()),
            (_, Shape::Fields { fields, .. }) => fields.iter().all(|field| !field.value.is_open()),
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
    const fn beside(self, text: &'static str) -> Argument {
        let Known { presence, shape, .. } = self.1;
        Argument(
            self.0,
            Known {
                presence,
                shape,
                beside: text,
            },
        )
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
