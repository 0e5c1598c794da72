use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    #[handler]
    async fn show() {}
}

#[resource(name = "users")]
impl Users {
    async fn post() {}
}

mod admin {
    struct Admin;

    #[bluegate::resource(name = "users")]
    impl Admin {
        async fn any() {}
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
