use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}

    #[handler]
    async fn show() {}
}

#[resource(name = "users", part = 2)]
impl Users {
    async fn any() {}
}

struct Orders;

#[resource(name = "orders", parts = 3)]
impl Orders {
    async fn get() {}
}

#[resource(name = "orders", part = 2)]
impl Orders {}

struct Shops;

#[resource(name = "shops", part = 2)]
impl Shops {}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
