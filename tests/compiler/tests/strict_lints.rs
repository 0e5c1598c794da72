//! What `routes!` and `#[resource]` write is clean wherever they stand.
#![deny(missing_docs, clippy::pedantic, warnings)]
#![forbid(unsafe_code)]
#![allow(clippy::unused_async)]

use bluegate::{PathParams, resource, routes};

/// One of them.
#[derive(Debug, serde::Deserialize, PathParams)]
pub struct Id(u64);

/// People.
#[derive(Debug)]
pub struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() -> &'static str {
        "[]"
    }

    async fn post(axum::Json(id): axum::Json<Id>) -> String {
        id.0.to_string()
    }
}

routes!(pub struct Api = "./described.json");

#[test]
fn it_fits() {
    let _: axum::Router = Api::router();
    let _: axum::Router = routes!("./described.json");
}
