use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}
}

struct Admin;

#[resource(name = "users", part = 2)]
impl Admin {
    async fn any() {}

    async fn post() {}

    #[handler]
    async fn show() {}
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
