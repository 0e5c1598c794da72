use axum::Json;
use bluegate::{resource, routes};

struct Own;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Json<Own>) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
