use std::borrow::Cow;

use axum::Json;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post(_: Json<Cow<'a, str>>) {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
