use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<[String; 3]>) {}
}

fn main() {
    let _: axum::Router = routes!("./two.json");
}
