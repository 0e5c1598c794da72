//! What the user allows on an item is allowed for what the macro writes about it.
#![deny(warnings)]

use axum::extract::State;
use bluegate::{resource, routes};

#[deprecated]
#[derive(Clone)]
struct Old;

struct Later;

#[resource(name = "later")]
#[allow(deprecated)]
impl Later {
    #[deprecated]
    async fn get(_: State<Old>) {}
}

#[test]
fn it_fits() {
    #[allow(deprecated)]
    let _: axum::Router = routes!("./later.json", Old).with_state(Old);
}
