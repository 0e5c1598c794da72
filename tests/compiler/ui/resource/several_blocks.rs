use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    #[handler]
    async fn list() {}
}

mod admin {
    use super::*;

    struct Admin;

    #[resource(name = "users", part = 2)]
    impl Admin {
        async fn post(_: Path<u64>) {}

        #[handler]
        async fn shows() {}

        #[handler]
        async fn list() {}
    }
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
