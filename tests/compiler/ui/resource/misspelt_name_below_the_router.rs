use bluegate::{resource, routes};

fn main() {
    let _: axum::Router = routes!("./shop.json");
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}

    async fn any() {}

    #[handler]
    async fn show() {}
}

struct Orders;

#[resource(name = "ordres")]
impl Orders {
    async fn get() {}
}
