use axum::extract::Path;
use bluegate::{PathParams, resource, routes};

#[derive(serde::Deserialize, PathParams)]
struct Place {
    #[allow(unused)]
    id: Vec<u8>,
}

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    async fn wrong_type(_: Path<Option<String>>) {}

    #[handler]
    async fn wrong_count(_: Path<((String,),)>) {}

    #[handler]
    async fn wrong_length(_: Path<Place>) {}

    #[handler]
    async fn wrong_field(_: Option<Path<Option<u64>>>) {}

    #[handler]
    async fn twice(_: Path<Vec<(String, String)>>) {}

    #[handler]
    async fn good(_: Path<((String, String),)>) {}
}

fn main() {
    let _: axum::Router = routes!("./handlers.json");
}
