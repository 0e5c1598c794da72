use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

#[derive(Clone)]
struct Mail;

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get(_: State<Db>, _: State<Mail>) {}
}

struct Users;

#[resource(name = "users", allow(unrouted))]
impl Users {
    async fn get() {}

    async fn post() {}

    async fn any() {}

    #[handler]
    async fn show() {}
}

fn main() {
    let _: axum::Router = routes!("../resource/shop.json");
}
