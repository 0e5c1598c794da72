//! What core only warns about compiles.

use bluegate::{resource, routes};

struct W;

#[resource(name = "w")]
impl W {
    async fn get() {}
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./warnings.json");
}
