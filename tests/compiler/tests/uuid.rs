//! UUIDs, with the feature of that name.

use axum::extract::Path;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<uuid::Uuid>) {}
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./uuid.json");
}
