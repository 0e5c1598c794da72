//! bluegate under another name.
#![deny(warnings)]

use axum::extract::Path;
use gate::{PathParams, resource, routes};

#[derive(serde::Deserialize, PathParams)]
#[path_params(crate = gate)]
struct Id(u64);

struct Users;

#[resource(name = "users", crate = gate)]
impl Users {
    async fn get(Path(Id(id)): Path<Id>) -> String {
        id.to_string()
    }
}

#[resource(name = "orders", handlers(get), crate = ::gate)]
struct Orders;

impl Orders {
    async fn get() {}
}

routes!(crate = gate, struct Api = "./routes.json");

fn main() {
    let _: axum::Router = routes!(crate = gate, "routes.json");
    let _: axum::Router = Api::router();
}
