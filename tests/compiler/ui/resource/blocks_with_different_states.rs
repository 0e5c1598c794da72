use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: State<Db>) {}

    #[handler]
    async fn show() {}
}

#[resource(name = "users", part = 2)]
impl Users {
    async fn post() {}

    async fn any() {}
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

fn main() {
    let _: axum::Router<Db> = routes!("./shop.json", Db);
}
