use bluegate::{resource, routes};

macro_rules! handlers {
    ($($name:ident)*) => {
        $(async fn $name() {})*
    };
}

struct Users;

#[resource(name = "users")]
impl Users {
    handlers!(get post any show);
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
