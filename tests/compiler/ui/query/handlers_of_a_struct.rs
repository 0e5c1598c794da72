use axum_extra::extract::OptionalQuery;
use axum_extra::TypedHeader;
use axum_extra::headers::Range;
use bluegate::{QueryParams, TakesQuery, resource, routes};
use serde::Deserialize;

#[derive(Deserialize, QueryParams)]
struct Page {
    #[allow(unused)]
    page: u32,
}

struct Paged;

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Paged {
    type Rejection = ();

    async fn from_request_parts(_: &mut axum::http::request::Parts, _: &S) -> Result<Self, ()> {
        Ok(Paged)
    }
}

impl TakesQuery for Paged {
    type Inner = OptionalQuery<Vec<String>>;
}

// Nothing but `page` is declared for the first one, so that a query string that is there has it.
async fn list(_: OptionalQuery<Page>, _: Option<TypedHeader<Range>>) {}

async fn find(_: OptionalQuery<Page>, _: Paged, _: axum::http::HeaderMap) {}

#[resource(name = "books", handlers(list = list, find = find))]
struct Books;

fn main() {
    let _: axum::Router = routes!("./two.json");
}
