use axum::extract::Query;
use bluegate::{QueryParams, resource, routes};
use serde::Deserialize;

#[derive(Deserialize, QueryParams)]
struct Page {
    #[allow(unused)]
    #[serde(alias = "text")]
    page: String,
    #[allow(unused)]
    size: Option<u8>,
}

struct Books;

#[resource(name = "books")]
impl Books {
    #[handler]
    async fn list(_: Query<Page>) {}
}

fn main() {
    let _: axum::Router = routes!("./several_actions.json");
}
