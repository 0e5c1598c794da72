use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<i32>) {}
}

fn main() {
    let _: axum::Router = routes!("./length.json");
}
