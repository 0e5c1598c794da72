//! What nothing is known about, with permission, and what is known after all.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use bluegate::{PathParams, TakesPath, resource, routes};
use serde::Deserialize;

#[derive(Deserialize)]
struct Place {
    #[allow(unused)]
    id: String,
}

#[derive(Deserialize, PathParams)]
#[serde(try_from = "String")]
struct Code(#[allow(unused)] u64);

impl TryFrom<String> for Code {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Code)
    }
}

#[derive(Deserialize, PathParams)]
struct Of<T> {
    #[allow(unused)]
    id: T,
}

struct Session;

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Session)
    }
}

impl TakesPath for Session {
    type Inner = ();
}

struct Users;

#[resource(name = "users", allow(unrouted))]
impl Users {
    #[handler(allow(unjudged))]
    async fn get(_: Session, _: Path<Place>) {}

    #[handler(allow(unjudged, unrouted))]
    async fn place(_: Path<(Place,)>) {}

    async fn post(_: Session, _: Path<Code>) {}

    async fn put(_: Path<Of<String>>) {}
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./string.json");
}
