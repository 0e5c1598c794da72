//! Handlers that no action routes to, with permission.

use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}

    async fn any() {}

    #[handler]
    async fn show() {}

    #[handler(allow(unrouted))]
    async fn delete() {}
}

struct Orders;

#[resource(name = "orders", allow(unrouted))]
impl Orders {
    async fn get() {}

    async fn put() {}

    #[bluegate::handler]
    async fn other() {}
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./users.json");
}
