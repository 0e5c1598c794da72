use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<(u64, u64)>) {}
}

fn main() {
    let _: axum::Router = routes!("./int.json");
}
