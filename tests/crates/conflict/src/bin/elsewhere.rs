//! Adds a block to a resource of the library, whose routers would not have it.

use library as _;

struct Users;

#[bluegate::resource(name = "users", part = 2)]
impl Users {
    #[handler(allow(unrouted))]
    async fn purge() {}
}

fn main() {
    let _: axum::Router = bluegate::routes!("../../../library/routes.json");
}
