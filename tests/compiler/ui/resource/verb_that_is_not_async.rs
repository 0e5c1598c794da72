use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    fn post() -> u8 {
        1
    }

    fn any(&self) {}

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
