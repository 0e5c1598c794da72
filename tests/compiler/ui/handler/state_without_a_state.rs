use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: State<Db>) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
