use axum::extract::State;
use axum::http::HeaderMap;
use bluegate::{resource, routes};

type Pool = State<Db>;

#[derive(Clone)]
struct Db;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Pool, _: HeaderMap) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
