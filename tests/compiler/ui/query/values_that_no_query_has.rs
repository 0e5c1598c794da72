use std::collections::HashMap;

use axum::extract::Query;
use bluegate::{QueryParams, resource, routes};
use serde::Deserialize;

#[derive(Deserialize, QueryParams)]
#[allow(unused)]
struct Filter {
    // Only axum-extra's `Query` reads lists, and of `Option<Vec<_>>` not those of one value.
    sort: Vec<String>,
    // No query string is read into these.
    page: Option<u128>,
    // Nothing is known about it.
    author: Option<Own>,
}

#[derive(Deserialize)]
struct Own;

#[derive(Deserialize, QueryParams)]
#[allow(unused)]
struct Lists {
    sort: Option<Vec<String>>,
    author: Vec<bool>,
}

struct Books;

#[resource(name = "books")]
impl Books {
    #[handler]
    async fn list(_: Query<Filter>, _: Query<HashMap<String, u64>>, _: axum_extra::extract::Query<Lists>) {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
