use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
#[serde(deny_unknown_fields)]
struct Place {
    #[allow(unused)]
    user: String,
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<Place>) {}
}

fn main() {
    let _: axum::Router = routes!("./two.json");
}
