use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[allow(unused)]
    #[serde(rename = "customer")]
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
