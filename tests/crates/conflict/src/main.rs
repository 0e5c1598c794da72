//! Claims a name that the library has as well.

use library as _;

struct Users;

#[bluegate::resource(name = "users")]
impl Users {
    async fn get() {}

    #[handler]
    async fn show() {}
}

fn main() {
    let _: axum::Router = bluegate::routes!("../../library/routes.json");
}
