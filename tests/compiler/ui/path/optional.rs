use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Option<Path<u64>>) {}
}

fn main() {
    let _: axum::Router = routes!("./string.json");
}
