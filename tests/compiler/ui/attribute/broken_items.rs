use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    asyn fn get() {}
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async pub fn get() {}
}

fn main() {
    let _: axum::Router = routes!("../resource/shop.json");
}
