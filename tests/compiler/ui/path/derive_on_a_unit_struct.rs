use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
struct Place;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<Place>) {}
}

fn main() {
    let _: axum::Router = routes!("./int.json");
}
