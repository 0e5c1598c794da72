use axum::extract::Query;
use bluegate::{QueryParams, resource, routes};
use serde::Deserialize;

#[derive(Deserialize, QueryParams)]
#[allow(unused)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[serde(rename = "pgae")]
    page: Option<u32>,
    size: u8,
    sort: Option<Sort>,
    author: String,
    colour: Option<String>,
}

#[derive(Deserialize, QueryParams)]
#[serde(rename_all = "lowercase")]
enum Sort {
    Asc,
    Descending,
}

struct Books;

#[resource(name = "books")]
impl Books {
    #[handler]
    async fn list(_: Query<Filter>) {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
