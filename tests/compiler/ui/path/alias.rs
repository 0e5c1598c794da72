use axum::extract::Path;
use bluegate::{resource, routes};

type Id = Path<u64>;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Id) {}
}

fn main() {
    let _: axum::Router = routes!("./string.json");
}
