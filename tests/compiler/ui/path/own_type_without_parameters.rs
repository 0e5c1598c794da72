use axum::extract::Path;
use bluegate::{resource, routes};

/// Nothing is known about it, but that it is made of something.
#[derive(serde::Deserialize)]
struct UserId(#[allow(unused)] u64);

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<UserId>) {}
}

fn main() {
    let _: axum::Router = routes!("./bare.json");
}
