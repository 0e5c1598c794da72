//! A description may be there under a condition, and another one in its place.

use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}
}

routes! {
    #[cfg(any())]
    #[derive(PartialEq)]
    struct Api = "./described.json"
}

routes! {
    #[cfg(not(any()))]
    #[derive(PartialEq)]
    struct Api = "./described.json"
}

#[test]
fn it_fits() {
    let _: axum::Router = Api::router();
    assert!(Api == Api);
}
