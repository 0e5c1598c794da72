//! What the compiler asks about the arguments of handlers, in words of its own.
//!
//! axum's traits are asked in the end; these stand before them so that a message names the handler and says what to
//! do. `H` is a type without a value whose name is that of the handler.

use axum::extract::{FromRequest, FromRequestParts};

/// An argument that the state of a router gives, before the last argument.
#[diagnostic::on_unimplemented(
    message = "the handler `{H}` takes a `{Self}`, which a router with the state `{S}` does not have",
    label = "this router has the state `{S}`",
    note = "name the state, as in `routes!(\"routes.json\", AppState)`, and give it with `with_state`; a part of a state \
            needs `FromRef<{S}>`"
)]
pub trait StateArgument<S, H>: FromRequestParts<S> {}

#[diagnostic::do_not_recommend]
impl<T: FromRequestParts<S>, S, H> StateArgument<S, H> for T {}

/// The last argument, when the state of a router gives it.
#[diagnostic::on_unimplemented(
    message = "the handler `{H}` takes a `{Self}`, which a router with the state `{S}` does not have",
    label = "this router has the state `{S}`",
    note = "name the state, as in `routes!(\"routes.json\", AppState)`, and give it with `with_state`; a part of a state \
            needs `FromRef<{S}>`"
)]
pub trait LastStateArgument<S, M, H>: FromRequest<S, M> {}

#[diagnostic::do_not_recommend]
impl<T: FromRequest<S, M>, S, M, H> LastStateArgument<S, M, H> for T {}

/// An argument before the last one.
#[diagnostic::on_unimplemented(
    message = "the handler `{H}` cannot take a `{Self}` before its last argument",
    label = "a router with the state `{S}` cannot give `{Self}` there",
    note = "what reads the body (`Json`, `Form`, `String`, `Bytes`, ...) stands last and once; everything else has to \
            implement axum's `FromRequestParts<{S}>`, as `State<T>` does when `T` has `FromRef<{S}>`"
)]
pub trait EarlyArgument<S, H>: FromRequestParts<S> {}

#[diagnostic::do_not_recommend]
impl<T: FromRequestParts<S>, S, H> EarlyArgument<S, H> for T {}

/// The last argument.
#[diagnostic::on_unimplemented(
    message = "the handler `{H}` cannot take a `{Self}`",
    label = "a router with the state `{S}` cannot give `{Self}`",
    note = "an argument has to implement axum's `FromRequest<{S}>` or `FromRequestParts<{S}>`; `Path<T>`, \
            `Query<T>`, `Json<T>` and `Form<T>` do when serde can read `T` (`DeserializeOwned`)"
)]
pub trait LastArgument<S, M, H>: FromRequest<S, M> {}

#[diagnostic::do_not_recommend]
impl<T: FromRequest<S, M>, S, M, H> LastArgument<S, M, H> for T {}

/// States that no router has. Every resource is mounted on routers with them as well, so that the compiler does not
/// take the state that one handler wants for the router's before it knows the router's.
#[derive(Debug, Clone, Copy)]
pub enum Undecided<const N: bool> {}
