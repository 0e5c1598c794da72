//! Handlers by the number of their arguments.
//!
//! axum's `Handler` has an implementation for every number of arguments. Whether a function is a handler is then one
//! question with one answer; asked for one number, it is several questions, and the compiler says which of them has
//! the wrong answer: what the function returns is no future, or none that may be sent, or gives no response.

use std::future::Future;

use axum::extract::{FromRequest, FromRequestParts};
use axum::handler::Handler;
use axum::response::IntoResponse;

use super::adding::{Adding, choose};
use super::bits::Bit;
use super::{Id, RouterState};
use crate::table::Rules;

/// Adds a handler if the path wants it. No function, which would be compiled once more for each handler.
macro_rules! offer {
    ($adding:ident, $id:ident, $handler:ident: $type:ty, $bit:ty, $arguments:ty) => {
        if let Some(filter) = $adding.open.wants($id) {
            let add = const { choose::<S, Rs, $type, $arguments, $bit>() };
            add($adding.open, filter, $handler);
        }
    };
}

/// A handler without arguments.
pub fn handler_0<S, Rs, N, F, Answer>(adding: &mut Adding<'_, S, Rs>, id: Id, _: N, handler: F)
where
    S: RouterState,
    Rs: Rules,
    N: Bit,
    F: Fn() -> Answer + Clone + Send + Sync + 'static,
    Answer: Future + Send,
    Answer::Output: IntoResponse,
{
    offer!(adding, id, handler: F, N, ((),));
}

/// A handler of which nothing but its name is known.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handler",
    label = "listed here as a handler",
    note = "a handler has no `self`, is `async`, takes extractors, of which the last one alone may read the body, and \
            returns a response; its future is `Send`",
    note = "where it takes a `State<T>`, say which: `#[resource(name = \"...\", handlers(...), state = T)]`",
    note = "on its `impl` block, `#[resource]` would tell which argument or result is wrong"
)]
pub trait Listed<T, S>: Handler<T, S> {}

#[diagnostic::do_not_recommend]
impl<H: Handler<T, S>, T, S> Listed<T, S> for H {}

/// A handler with any number of arguments.
pub fn handler<S, Rs, N, H, T>(adding: &mut Adding<'_, S, Rs>, id: Id, _: N, handler: H)
where
    S: RouterState,
    Rs: Rules,
    N: Bit,
    H: Listed<T, S>,
    T: 'static,
{
    offer!(adding, id, handler: H, N, T);
}

macro_rules! arities {
    ($($name:ident: $($early:ident)* - $last:ident;)+) => {
        $(
            /// A handler with so many arguments.
            pub fn $name<S, Rs, N, F, Answer, $($early,)* $last, M>(
                adding: &mut Adding<'_, S, Rs>,
                id: Id,
                _: N,
                handler: F,
            )
            where
                S: RouterState,
                Rs: Rules,
                N: Bit,
                F: Fn($($early,)* $last) -> Answer + Clone + Send + Sync + 'static,
                Answer: Future + Send,
                Answer::Output: IntoResponse,
                $($early: FromRequestParts<S> + Send + 'static,)*
                $last: FromRequest<S, M> + Send + 'static,
                M: 'static,
            {
                offer!(adding, id, handler: F, N, (M, $($early,)* $last,));
            }
        )+
    };
}

arities! {
    handler_1: - A;
    handler_2: A - B;
    handler_3: A B - C;
    handler_4: A B C - D;
    handler_5: A B C D - E;
    handler_6: A B C D E - G;
    handler_7: A B C D E G - H;
    handler_8: A B C D E G H - I;
    handler_9: A B C D E G H I - J;
    handler_10: A B C D E G H I J - K;
    handler_11: A B C D E G H I J K - L;
    handler_12: A B C D E G H I J K L - O;
    handler_13: A B C D E G H I J K L O - P;
    handler_14: A B C D E G H I J K L O P - Q;
    handler_15: A B C D E G H I J K L O P Q - R;
    handler_16: A B C D E G H I J K L O P Q R - T;
}
