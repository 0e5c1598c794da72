use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawPathParams};
use bluegate::{PathParams, resource, routes};
use serde::Deserialize;

type Id<T> = Path<T>;

/// Nothing is known about it.
#[derive(Deserialize)]
struct Own(String);

/// Its fields are not known, only serde knows them.
#[derive(Deserialize)]
struct Place {
    id: u64,
}

#[derive(Deserialize, PathParams)]
struct Known<'a, T> {
    #[serde(alias = "identifier")]
    id: u8,
    r#type: Option<u64>,
    #[serde(default)]
    page: u64,
    #[serde(skip)]
    cache: Option<&'a str>,
    #[serde(flatten)]
    rest: HashMap<String, T>,
}

#[derive(Deserialize, PathParams)]
struct Around(u64);

#[derive(Deserialize, PathParams)]
struct AroundMap(HashMap<String, String>);

#[derive(Deserialize, PathParams)]
struct AroundTuple((u64,));

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    async fn bare(_: Option<Path<u64>>) {}

    #[handler]
    async fn unit(_: Path<()>) {}

    #[handler]
    async fn a(Path(id): Path<u64>) -> String {
        id.to_string()
    }

    #[handler]
    async fn b(_: Path<(u8,)>) {}

    #[handler]
    async fn c(_: Option<axum::extract::Path<[i64; 1]>>) {}

    #[handler]
    async fn d(Path(map): Path<HashMap<String, u64>>) -> usize_text::Text {
        map.len().to_string()
    }

    #[handler]
    async fn e(_: Path<Vec<(String, String)>>) {}

    #[handler(allow(unjudged))]
    async fn f(Path(own): Path<Own>) -> String {
        own.0
    }

    #[handler(allow(unjudged))]
    async fn g(Path(place): Path<Place>) -> String {
        place.id.to_string()
    }

    #[handler]
    async fn h(Path(known): Path<Known<'static, String>>) -> String {
        format!(
            "{}{:?}{}{:?}{}",
            known.id,
            known.r#type,
            known.page,
            known.cache,
            known.rest.len()
        )
    }

    #[handler]
    async fn i(_: Id<String>) {}

    #[handler]
    async fn j(_: Result<Path<bool>, PathRejection>) {}

    #[handler]
    async fn k(_: RawPathParams) {}

    #[handler]
    async fn l<'a>(_: Path<Cow<'a, str>>) {}

    #[handler]
    async fn m(Path(id): Path<Around>) -> String {
        id.0.to_string()
    }

    #[handler]
    async fn n(Path(map): Path<AroundMap>) -> String {
        map.0.len().to_string()
    }

    #[handler]
    async fn o(Path(tuple): Path<AroundTuple>) -> String {
        tuple.0.0.to_string()
    }

    #[handler(allow(unjudged))]
    async fn p(_: Path<(Own,)>, _: Path2) {}

    #[handler]
    async fn q(_: Path<BTreeMap<String, f64>>) {}
}

/// Another extractor of the same name.
struct Path2;

impl<S: Sync> axum::extract::FromRequestParts<S> for Path2 {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Path2)
    }
}

mod usize_text {
    pub(crate) type Text = String;
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./path_fits.json");
}
