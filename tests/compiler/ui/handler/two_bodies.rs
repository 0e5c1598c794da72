use axum::Json;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Json<String>, _: String) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
