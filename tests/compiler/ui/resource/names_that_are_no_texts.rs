use bluegate::{resource, routes};

struct Users;

#[resource(name = 'u')]
impl Users {
    async fn get() {}

    async fn post() {}

    async fn any() {}

    #[handler]
    async fn show() {}
}

struct Orders;

#[resource(name("orders"))]
impl Orders {
    async fn get() {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
