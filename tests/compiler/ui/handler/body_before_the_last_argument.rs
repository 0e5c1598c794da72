use axum::Json;
use axum::http::HeaderMap;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Json<String>, _: HeaderMap) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
