//! What fits what an action declares, and what may be anything.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum_extra::TypedHeader;
use axum_extra::extract::OptionalQuery;
use axum_extra::headers::{Header, HeaderName, HeaderValue, Range, UserAgent};
use bluegate::{QueryParams, TakesHeader, TakesQuery, resource, routes};
use serde::Deserialize;

#[derive(Deserialize, QueryParams)]
#[allow(unused)]
#[serde(rename_all = "camelCase")]
struct Filter<T> {
    page: Option<std::num::NonZeroU32>,
    page_size: Size,
    #[serde(default)]
    sort: Sort,
    #[serde(rename = "author", alias = "writer")]
    by: Option<T>,
    #[serde(deserialize_with = "date", default)]
    since: u64,
    #[serde(skip)]
    found: usize,
}

fn date<'de, D: serde::Deserializer<'de>>(_: D) -> Result<u64, D::Error> {
    Ok(0)
}

#[derive(Deserialize, QueryParams)]
#[allow(unused)]
struct Size(u16);

#[derive(Default, Deserialize, QueryParams)]
#[serde(rename_all = "lowercase")]
enum Sort {
    #[default]
    Asc,
    Desc,
    Random,
}

/// Only axum-extra reads it.
#[derive(Deserialize, QueryParams)]
#[allow(unused)]
struct Lists {
    #[serde(default)]
    sort: Vec<Sort>,
}

#[derive(Deserialize)]
struct Unknown;

struct Tenant;

impl Header for Tenant {
    fn name() -> &'static HeaderName {
        static NAME: HeaderName = HeaderName::from_static("x-tenant");
        &NAME
    }

    fn decode<'i, I: Iterator<Item = &'i HeaderValue>>(_: &mut I) -> Result<Self, axum_extra::headers::Error> {
        Ok(Tenant)
    }

    fn encode<E: Extend<HeaderValue>>(&self, _: &mut E) {}
}

impl TakesHeader for Tenant {
    const NAME: &'static str = "X-TENANT";
}

struct Nothing;

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Nothing {
    type Rejection = ();

    async fn from_request_parts(_: &mut axum::http::request::Parts, _: &S) -> Result<Self, ()> {
        Ok(Nothing)
    }
}

impl TakesQuery for Nothing {
    type Inner = ();
}

struct Books;

#[resource(name = "books")]
impl Books {
    #[handler]
    async fn list(
        _: State<u8>,
        _: Query<Filter<String>>,
        _: Query<HashMap<String, String>>,
        _: Query<Vec<(String, String)>>,
        _: axum_extra::extract::Query<Lists>,
        _: Result<Query<Unknown>, axum::extract::rejection::QueryRejection>,
        _: TypedHeader<Tenant>,
        _: (Option<TypedHeader<Range>>, Nothing),
    ) {
    }

    #[handler(allow(unjudged))]
    async fn find(_: Query<Unknown>) {}

    // Nothing else is declared, so that there is no other query string.
    #[handler]
    async fn only(_: OptionalQuery<Only>) {}

    // Nothing is declared.
    async fn get(_: Query<Unknown>, _: Query<Filter<u64>>, _: TypedHeader<UserAgent>) {}
}

#[derive(Deserialize, QueryParams)]
#[allow(unused)]
struct Only {
    page: u32,
}

#[test]
fn it_fits() {
    let _: axum::Router<u8> = routes!("./query_fits.json", u8);
    // What is not judged is listed where there is something to compare it with.
    let open: Vec<(&str, &str)> = bluegate::unjudged()
        .iter()
        .map(|open| (open.handler, open.argument))
        .collect();
    assert_eq!(
        open,
        [
            ("find", "Query<Unknown>"),
            ("list", "Nothing"),
            ("list", "Query<Filter<String>>"),
            (
                "list",
                "Result<Query<Unknown>, axum::extract::rejection::QueryRejection>"
            ),
        ]
    );
}
