use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}
}

#[resource(name = "users", part = 2)]
impl Users {
    async fn any(self) {}

    #[handler]
    async fn show() {}
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get(&self) {}
}

#[resource(name = "orders", part = 2)]
impl Orders {}

#[resource(name = "orders", part = 3)]
impl Orders {
    #[handler]
    async fn list() {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
