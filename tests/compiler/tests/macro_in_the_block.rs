//! Handlers that a macro makes, and types with lifetimes.

use bluegate::{resource, routes};

macro_rules! handlers {
    ($($name:ident)*) => {
        $(async fn $name() {})*
    };
}

struct Users<'a>(#[allow(dead_code)] &'a u8);

#[resource(name = "users", handlers(get, post))]
impl Users<'_> {
    handlers!(get post);

    async fn any() {}

    #[handler]
    async fn show(_: axum::extract::Path<i64>) {}
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

macro_rules! router {
    ($path:literal, $state:ty) => {
        routes!($path, $state)
    };
}

#[test]
fn it_fits() {
    let _: axum::Router = router!("./users.json", ());
}
