use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./handler_of_a_route_that_is_not_served.json");
}
