use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
#[serde(rename_all = "lowercase")]
enum Color {
    #[allow(unused)]
    Red,
    #[allow(unused)]
    Blue,
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<Color>) {}
}

fn main() {
    let _: axum::Router = routes!("./any.json");
}
