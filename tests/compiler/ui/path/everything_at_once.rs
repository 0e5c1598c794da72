use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    async fn show(_: Option<Path<String>>) {}

    #[handler]
    async fn list() {}
}

fn main() {
    let _: axum::Router = routes!("./both.json");
}
