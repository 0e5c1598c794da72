use axum::extract::Path;
use bluegate::{resource, routes};

/// serde knows its fields, and nobody else.
#[derive(serde::Deserialize)]
struct Place {
    #[allow(unused)]
    usr: String,
    #[allow(unused)]
    ordr: u64,
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<Place>) {}
}

fn main() {
    let _: axum::Router = routes!("./two.json");
}
