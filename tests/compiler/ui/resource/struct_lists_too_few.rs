use bluegate::{resource, routes};

#[resource(name = "users", handlers(get, show))]
struct Users;

impl Users {
    async fn get() {}

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
