use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(Path(_): Path<_>) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
