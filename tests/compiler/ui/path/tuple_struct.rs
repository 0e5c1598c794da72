use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
struct Place(#[allow(unused)] String, #[allow(unused)] u64, #[allow(unused)] u64);

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<Place>) {}
}

fn main() {
    let _: axum::Router = routes!("./two.json");
}
