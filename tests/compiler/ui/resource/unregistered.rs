use bluegate::{resource, routes};

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
    let _: axum::Router = routes!("./shop.json");
}
