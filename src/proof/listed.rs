//! What the compiler can tell of the arguments of a handler that is known by its name only.
//!
//! A struct lists its handlers, and the attribute sees no more of them than that. The compiler knows their types, and
//! tells them where it infers: in the body of a closure that names the function. The closure is never called; the type
//! of what it would return is what a constant can ask.

use std::marker::PhantomData;

use super::header::TakesHeader;
use super::params::{Argument, Extracts, Input, NOTHING, PathParams, Presence, Probe, Shape, Tuple, argument, both};
use super::query::{Queries, QueryParams};

/// A function with arguments of the types `A`.
pub trait Signature<A> {
    /// Its arguments, filled up to as many as a handler can have.
    type Seen;
    /// What it returns.
    #[cfg(feature = "types")]
    type Returned;
    /// All arguments.
    #[cfg(feature = "types")]
    const SEEN: Self::Seen;
}

/// An argument that the compiler knows.
#[derive(Debug)]
pub struct Seen<T>(PhantomData<fn() -> T>);

#[cfg(feature = "types")]
impl<T> Seen<T> {
    /// One.
    pub(crate) const IT: Self = Seen(PhantomData);
}

impl<T> Clone for Seen<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Seen<T> {}

/// The arguments of a function. Never called.
pub fn seen<F: Signature<A>, A>(_: F) -> F::Seen {
    unreachable!("only the type of a call matters")
}

/// What a closure that looks at the arguments of a function finds.
pub const fn listed<F, R>(_: &F) -> Argument
where
    F: FnOnce() -> R,
    R: Findings,
{
    let mut argument = NOTHING;
    let mut left = R::ARGUMENTS;
    while let [next, rest @ ..] = left {
        argument = both(argument, *next);
        left = rest;
    }
    argument.with(R::INPUTS)
}

/// What was found about all arguments of a function.
pub trait Findings {
    /// What they take of a path.
    const ARGUMENTS: &'static [Argument];
    /// What they take beside it.
    const INPUTS: &'static [Input];
}

/// What was found about one argument.
pub trait Finding {
    /// What it takes of a path.
    const ARGUMENT: Argument = NOTHING;
    /// What it takes beside it.
    const INPUT: Input = Input::Nothing;
}

/// A path extractor whose contents are known.
#[derive(Debug)]
pub struct Known<T>(PhantomData<T>);

/// A path extractor that is made of so many values.
#[derive(Debug)]
pub struct Counted<T>(PhantomData<T>);

/// Another path extractor.
#[derive(Debug)]
pub struct Opaque<T>(PhantomData<T>);

/// An extractor of the query string whose contents are known.
#[derive(Debug)]
pub struct KnownQuery<T>(PhantomData<T>);

/// Another extractor of the query string.
#[derive(Debug)]
pub struct OpaqueQuery<T>(PhantomData<T>);

/// An extractor of a header.
#[derive(Debug)]
pub struct OfHeader<T>(PhantomData<T>);

/// Several extractors in one, of which nobody sees what they are.
#[derive(Debug)]
pub struct Unseen;

/// Anything else.
#[derive(Debug)]
pub struct Other;

/// How an extractor is called whose type is not seen.
const fn text(presence: Presence) -> &'static str {
    match presence {
        Presence::Optional => "Option<Path<_>>",
        _ => "Path<_>",
    }
}

impl<T: Extracts<Contents: PathParams>> Finding for Known<T> {
    const ARGUMENT: Argument = argument(text(T::PRESENCE), T::PRESENCE, <T::Contents as PathParams>::SHAPE, None);
}

impl<T: Extracts<Contents: Tuple>> Finding for Counted<T> {
    const ARGUMENT: Argument = argument(
        text(T::PRESENCE),
        T::PRESENCE,
        Shape::Unknown,
        Some(<T::Contents as Tuple>::LENGTH),
    );
}

impl<T: Extracts> Finding for Opaque<T> {
    const ARGUMENT: Argument = argument(text(T::PRESENCE), T::PRESENCE, Shape::Unknown, None);
}

impl<T: Queries<Contents: QueryParams>> Finding for KnownQuery<T> {
    const INPUT: Input = Input::query("Query<_>", Probe::<T>::QUERY, Probe::<T>::QUERY_SHAPE);
}

impl<T: Queries> Finding for OpaqueQuery<T> {
    const INPUT: Input = Input::query("Query<_>", Probe::<T>::QUERY, Shape::Unknown);
}

impl<T: TakesHeader> Finding for OfHeader<T> {
    const INPUT: Input = Input::header("TypedHeader<_>", Probe::<T>::HEADER, true);
}

impl<T: Extracts<Contents: PathParams>> Look1 for &&&&&&&Seen<T> {
    type Finding = Known<T>;
}

impl<T: Extracts<Contents: Tuple>> Look2 for &&&&&&Seen<T> {
    type Finding = Counted<T>;
}

impl<T: Extracts> Look3 for &&&&&Seen<T> {
    type Finding = Opaque<T>;
}

impl<T: Queries<Contents: QueryParams>> Look4 for &&&&Seen<T> {
    type Finding = KnownQuery<T>;
}

impl<T: Queries> Look5 for &&&Seen<T> {
    type Finding = OpaqueQuery<T>;
}

impl<T: TakesHeader> Look6 for &&Seen<T> {
    type Finding = OfHeader<T>;
}

impl<T: Tuple> Look7 for &Seen<T> {
    type Finding = Unseen;
}

impl Finding for Unseen {
    const ARGUMENT: Argument = argument("(_, _)", Presence::Never, Shape::Unknown, None);
}

impl Finding for Other {}

/// The questions, the first of which that a type can answer is asked: `(&&&&&&&seen).bluegate_look()` takes away one
/// reference after the other until one of them is implemented.
macro_rules! looks {
    ($($name:ident)+) => {
        $(
            /// One of the questions.
            pub trait $name: Sized {
                /// What is found.
                type Finding;

                /// Never called.
                fn bluegate_look(self) -> Self::Finding {
                    unreachable!("only the type of a call matters")
                }
            }
        )+
    };
}

looks!(Look1 Look2 Look3 Look4 Look5 Look6 Look7 Look8);

impl<T> Look8 for Seen<T> {
    type Finding = Other;
}

macro_rules! signatures {
    (@some $($argument:ident)*; $($absent:ident)*) => {
        impl<F, R, $($argument),*> Signature<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> R,
        {
            type Seen = ($(Seen<$argument>,)* $(signatures!(@absent $absent),)*);
            #[cfg(feature = "types")]
            type Returned = R;
            #[cfg(feature = "types")]
            const SEEN: Self::Seen = ($(Seen::<$argument>::IT,)* $(<signatures!(@absent $absent)>::IT,)*);
        }
    };
    (@absent $absent:ident) => { Seen<Other> };
    ($($argument:ident)*; $first:ident $($absent:ident)*) => {
        signatures!(@some $($argument)*; $first $($absent)*);
        signatures!($($argument)* $first; $($absent)*);
    };
    ($($argument:ident)*;) => {
        signatures!(@some $($argument)*;);

        impl<$($argument: Finding),*> Findings for ($($argument,)*) {
            const ARGUMENTS: &'static [Argument] = &[$($argument::ARGUMENT),*];
            const INPUTS: &'static [Input] = &[$($argument::INPUT),*];
        }
    };
}

signatures!(; A B C D E G H I J K L M N O P Q);
