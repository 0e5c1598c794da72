//! bluegate by way of another crate.
#![deny(warnings)]

struct Pages;

#[framework::gate::resource(name = "pages", crate = framework::gate)]
impl Pages {
    async fn get() {}
}

fn main() {
    let _: axum::Router = framework::gate::routes!(crate = framework::gate, "routes.json");
}
