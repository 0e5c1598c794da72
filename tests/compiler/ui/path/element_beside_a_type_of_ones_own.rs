use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize)]
struct UserId(#[allow(unused)] String);

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<(UserId, bool)>) {}
}

fn main() {
    let _: axum::Router = routes!("./two.json");
}
