//! What core only warns about compiles.

use bluegate::{resource, routes};

struct W;

#[resource(name = "w")]
impl W {
    async fn get() {}
}

fn main() {
    let _: axum::Router = routes!("./warnings.json");
}
