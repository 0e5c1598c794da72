use bluegate::{resource, routes};

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get(id: ) {}

    async fn post() -> {}
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

fn main() {
    let _: axum::Router = routes!("../resource/shop.json");
}
