use axum::extract::Path;
use bluegate::{resource, routes};

use axum::extract::rejection::PathRejection;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// What another extractor takes.
struct Checked<E>(#[allow(unused)] E);

impl<S: Sync, E: FromRequestParts<S, Rejection = PathRejection>> FromRequestParts<S> for Checked<E> {
    type Rejection = PathRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PathRejection> {
        E::from_request_parts(parts, state).await.map(Checked)
    }
}

impl<E> bluegate::TakesPath for Checked<E> {
    type Inner = E;
}

struct Id;

impl<S: Sync> FromRequestParts<S> for Id {
    type Rejection = PathRejection;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, PathRejection> {
        Ok(Id)
    }
}

impl bluegate::TakesPath for Id {
    type Inner = Path<u64>;
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Checked<Checked<Id>>) {}
}

fn main() {
    let _: axum::Router = routes!("./string.json");
}
