//! Has a resource of another version of bluegate than its router is of.

struct Users;

#[other::resource(name = "users", crate = other)]
impl Users {
    async fn get() {}
}

fn main() {
    let _: axum::Router = bluegate::routes!("../../library/routes.json");
}
