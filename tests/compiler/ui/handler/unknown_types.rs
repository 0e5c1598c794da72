use axum::Json;
use axum::extract::{Path, State};
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: State<Missing1>, _: Path<Missing2>) {}

    async fn post(_: Json<Missing3>) {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
