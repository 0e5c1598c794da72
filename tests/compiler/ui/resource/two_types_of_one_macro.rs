use bluegate::{resource, routes};

macro_rules! users {
    ($type:ident) => {
        struct $type;

        #[resource(name = "users")]
        impl $type {
            async fn get() {}

            async fn post() {}

            async fn any() {}

            #[handler]
            async fn show() {}
        }
    };
}

users!(Users);
users!(People);

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
