//! From a function to a handler without a type of its own.
//!
//! axum's `Handler` has an implementation for every number of arguments. Whether a function is a handler is then one
//! question with one answer; asked for one number, it is several questions, and the compiler says which of them has
//! the wrong answer, and shows the argument or the function.

use std::future::Future;
use std::marker::PhantomData;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::handler::Handler;
use axum::response::IntoResponse;

use super::call::{Call, Responding};
use super::layer::{Layered, Layers};
use super::{Offers, RouterState};

/// A handler of any type.
pub(crate) enum Erased<S: 'static> {
    /// A function, which takes no memory, so that nothing has to count who uses it.
    Function(&'static dyn Call<S>),
    /// A function behind layers.
    Layered(Layered),
}

impl<S> Clone for Erased<S> {
    fn clone(&self) -> Self {
        match self {
            Erased::Function(function) => Erased::Function(*function),
            Erased::Layered(layered) => Erased::Layered(layered.clone()),
        }
    }
}

impl<S: RouterState> Erased<S> {
    /// Calls it.
    pub(crate) fn call(&self, request: Request, state: S) -> Responding {
        match self {
            Erased::Function(function) => function.call(request, state),
            Erased::Layered(layered) => layered.call(request, state),
        }
    }

    /// Puts a layer around it.
    pub(super) fn layer<M>(&mut self, layer: &impl Layers<M>) {
        let inside = match self {
            Erased::Function(function) => Layered::new(*function),
            Erased::Layered(layered) => layered.clone(),
        };
        *self = Erased::Layered(inside.behind(layer));
    }
}

struct Function<F, T> {
    function: F,
    arguments: PhantomData<fn() -> T>,
}

/// What axum makes of a function answers in a box, so that none of ours is needed.
impl<F, T, S> Call<S> for Function<F, T>
where
    F: Handler<T, S, Future = Responding>,
    T: 'static,
{
    fn call(&self, request: Request, state: S) -> Responding {
        self.function.clone().call(request, state)
    }
}

/// Offers a handler under a name.
fn offer<F, T, S>(offers: &mut Offers<'_, S>, name: &'static str, function: F)
where
    F: Handler<T, S, Future = Responding>,
    T: 'static,
{
    const { assert!(size_of::<F>() == 0, "a handler is a function, and no value that is one") };
    // Without a size, this is no allocation, and nothing is lost.
    let handler = Box::leak(Box::new(Function {
        function,
        arguments: PhantomData::<fn() -> T>,
    }));
    offers.0.0.push((name, Erased::Function(handler)));
}

/// An argument before the last one.
#[diagnostic::on_unimplemented(
    message = "a handler cannot take a `{Self}` before its last argument",
    label = "a router with the state `{S}` cannot give `{Self}` here",
    note = "what reads the body (`Json`, `Form`, `String`, `Bytes`, ...) stands last and once; everything else has to \
            implement axum's `FromRequestParts<{S}>`",
    note = "an extractor that is made for one state, or for a part of it, needs it named: \
            `#[resource(name = \"...\", state = AppState)]`"
)]
pub trait Early<S>: FromRequestParts<S> {}

#[diagnostic::do_not_recommend]
impl<T: FromRequestParts<S>, S> Early<S> for T {}

/// The last argument.
#[diagnostic::on_unimplemented(
    message = "a handler cannot take a `{Self}`",
    label = "a router with the state `{S}` cannot give `{Self}`",
    note = "an argument has to implement axum's `FromRequest<{S}>` or `FromRequestParts<{S}>`; `Path<T>`, `Query<T>`, \
            `Json<T>` and `Form<T>` do when serde can read `T` (`DeserializeOwned`)",
    note = "an extractor that is made for one state, or for a part of it, needs it named: \
            `#[resource(name = \"...\", state = AppState)]`"
)]
pub trait Last<S, M>: FromRequest<S, M> {}

#[diagnostic::do_not_recommend]
impl<T: FromRequest<S, M>, S, M> Last<S, M> for T {}

/// What a handler answers with.
#[diagnostic::on_unimplemented(
    message = "a handler cannot answer with `{Self}`",
    label = "`{Self}` is no response",
    note = "a response implements axum's `IntoResponse`, as `String`, `StatusCode`, `Json<T>`, tuples of a status, \
            headers and a body, and `Result<T, E>` of two responses do"
)]
pub trait Answers: IntoResponse {}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> Answers for T {}

/// A handler of which nothing but its name is known.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handler",
    label = "listed here as a handler",
    note = "a handler has no `self`, is `async`, takes extractors, of which the last one alone may read the body, and \
            returns a response; its future is `Send`",
    note = "where it takes a `State<T>`, say which: `#[resource(name = \"...\", handlers(...), state = T)]`",
    note = "which argument or result is wrong is told by `#[resource]` on the `impl` block of a function of a type, and by \
            `#[axum::debug_handler]` on any other function"
)]
pub trait Listed<T, S>: Handler<T, S, Future = Responding> {}

#[diagnostic::do_not_recommend]
impl<H: Handler<T, S, Future = Responding>, T, S> Listed<T, S> for H {}

impl<S: Send + Sync + 'static> Offers<'_, S> {
    /// A handler with any number of arguments.
    pub fn handler<H, T>(&mut self, name: &'static str, handler: H)
    where
        H: Listed<T, S>,
        T: 'static,
    {
        offer(self, name, handler);
    }

    /// A handler without arguments.
    pub fn handler_0<F, R>(&mut self, name: &'static str, handler: F)
    where
        F: Fn() -> R + Clone + Send + Sync + 'static,
        R: Future + Send,
        R::Output: Answers,
    {
        offer::<F, ((),), S>(self, name, handler);
    }
}

/// The methods for one number of arguments. One call each, for the compiler shows it with a mistake in an argument.
macro_rules! arity {
    ($name:ident $own:ident: $($early:ident)* - $last:ident) => {
        impl<S: Send + Sync + 'static> Offers<'_, S> {
            /// A handler with so many arguments, all of them extractors of axum.
            pub fn $name<$($early,)* $last, F, R, M>(&mut self, name: &'static str, handler: F)
            where
                F: Fn($($early,)* $last) -> R + Clone + Send + Sync + 'static,
                R: Future + Send,
                R::Output: Answers,
                $($early: Early<S> + Send + 'static,)*
                $last: Last<S, M> + Send + 'static,
                M: 'static,
            {
                offer::<F, (M, $($early,)* $last,), S>(self, name, handler);
            }

            /// A handler with so many arguments, of which some are extractors of the user: what they lack is told.
            pub fn $own<$($early,)* $last, F, R, M>(&mut self, name: &'static str, handler: F)
            where
                F: Fn($($early,)* $last) -> R + Clone + Send + Sync + 'static,
                R: Future + Send,
                R::Output: Answers,
                $($early: FromRequestParts<S> + Send + 'static,)*
                $last: FromRequest<S, M> + Send + 'static,
                M: 'static,
            {
                offer::<F, (M, $($early,)* $last,), S>(self, name, handler);
            }
        }
    };
}

arity!(handler_1 own_1: - A);
arity!(handler_2 own_2: A - B);
arity!(handler_3 own_3: A B - C);
arity!(handler_4 own_4: A B C - D);
arity!(handler_5 own_5: A B C D - E);
arity!(handler_6 own_6: A B C D E - G);
arity!(handler_7 own_7: A B C D E G - H);
arity!(handler_8 own_8: A B C D E G H - I);
arity!(handler_9 own_9: A B C D E G H I - J);
arity!(handler_10 own_10: A B C D E G H I J - K);
arity!(handler_11 own_11: A B C D E G H I J K - L);
arity!(handler_12 own_12: A B C D E G H I J K L - O);
arity!(handler_13 own_13: A B C D E G H I J K L O - P);
arity!(handler_14 own_14: A B C D E G H I J K L O P - Q);
arity!(handler_15 own_15: A B C D E G H I J K L O P Q - T);
arity!(handler_16 own_16: A B C D E G H I J K L O P Q T - U);
