//! A name that stands first needs no key, whatever stands behind it.

use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct App;

struct Users;

#[resource("users", state = App, allow(unrouted))]
impl Users {
    #[handler]
    async fn show(_: State<App>) {}

    async fn get() {}
}

#[resource("people", handlers(show))]
struct People;

impl People {
    async fn show() {}
}

#[test]
fn it_fits() {
    let _: axum::Router<App> = routes!("./two.json", App);
}
