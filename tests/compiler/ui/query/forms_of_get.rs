use axum::Form;
use bluegate::{QueryParams, resource, routes};
use serde::Deserialize;

#[derive(Deserialize, QueryParams)]
struct Page {
    #[allow(unused)]
    page: u32,
}

#[derive(Deserialize, QueryParams)]
struct Words {
    #[allow(unused)]
    #[serde(default)]
    page: Vec<u32>,
    #[allow(unused)]
    text: Option<String>,
}

struct Books;

// Of a request without a body, a form is its query string.
#[resource(name = "books")]
impl Books {
    async fn get(Form(_page): Form<Page>) {}

    async fn head(_words: axum_extra::extract::Form<Words>) {}
}

fn main() {
    let _: axum::Router = routes!("./forms.json");
}
