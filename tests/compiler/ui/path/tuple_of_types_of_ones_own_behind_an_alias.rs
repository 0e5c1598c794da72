use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize)]
struct UserId(#[allow(unused)] u64);

type Ids = Path<(UserId, UserId)>;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Ids) {}
}

fn main() {
    let _: axum::Router = routes!("./int.json");
}
