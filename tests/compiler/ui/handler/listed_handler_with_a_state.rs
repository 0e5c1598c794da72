use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

#[resource(name = "users", handlers(get, post))]
struct Users;

impl Users {
    async fn get() {}

    async fn post(_: State<Db>) {}
}

fn main() {
    let _: axum::Router<Db> = routes!("./users.json");
}
