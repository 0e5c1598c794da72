use axum::extract::Path;
use bluegate::{resource, routes};

#[derive(serde::Deserialize, bluegate::PathParams)]
struct Of<T> {
    #[allow(unused)]
    id: Option<T>,
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<Of<u64>>) {}
}

fn main() {
    let _: axum::Router = routes!("./string.json");
}
