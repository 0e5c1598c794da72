use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: &str) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
