//! One type may serve two resources.

use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
#[resource(name = "people")]
impl Users {
    #[handler]
    async fn show() {}
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./two.json");
}
