//! axum's `#[debug_handler]` stays where it is.

use axum::debug_handler;
use axum::extract::{Path, State};
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

struct Users;

#[resource(name = "users")]
impl Users {
    #[axum::debug_handler]
    async fn get(_: State<Db>) {}

    #[axum::debug_handler(state = Db)]
    #[handler]
    async fn post(_: String) {}
}

#[debug_handler]
async fn other(_: Path<String>) {}

#[test]
fn it_fits() {
    let _: axum::Router<Db> = routes!("./handlers.json", Db);
    let _: axum::Router = axum::Router::new().route("/other/{id}", axum::routing::get(other));
}
