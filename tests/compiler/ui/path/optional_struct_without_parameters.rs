use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
struct Place {
    #[allow(unused)]
    id: u64,
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Option<Path<Place>>) {}
}

fn main() {
    let _: axum::Router = routes!("./bare.json");
}
