use axum::extract::Path as Parameters;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Parameters<(u64,)>) {}
}

fn main() {
    let _: axum::Router = routes!("./string.json");
}
