//! What a lint says of the type of a block, it says there, where it can be allowed.
#![deny(unused_braces, unused_parens)]

use bluegate::{resource, routes};

struct Users<const N: usize>;

#[allow(unused_braces)]
#[resource(name = "users")]
impl Users<{ 3 }> {
    #[handler]
    async fn show() {}
}

struct People;

#[allow(unused_parens)]
#[resource(name = "people")]
impl (People) {
    #[handler]
    async fn show() {}
}

#[derive(Clone)]
struct App;

#[test]
fn it_fits() {
    let _: axum::Router<App> = routes!("./two.json", App);
}
