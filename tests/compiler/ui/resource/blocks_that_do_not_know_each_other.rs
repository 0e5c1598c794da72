use bluegate::{resource, routes};

struct Users;

#[resource(name = "users", part = 2)]
impl Users {
    async fn any() {}
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

#[resource(name = "orders", part = 3)]
impl Orders {}

struct Shops;

#[resource(name = "shops")]
impl Shops {}

#[resource(name = "shops", part = 2)]
impl Shops {}

#[resource(name = "shops", part = 2)]
impl Shops {}

#[resource(name = "shops", part = 3)]
impl Shops {}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
