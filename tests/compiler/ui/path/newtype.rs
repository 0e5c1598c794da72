use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
struct UserId(#[allow(unused)] u64);

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<UserId>) {}
}

fn main() {
    let _: axum::Router = routes!("./uuid.json");
}
