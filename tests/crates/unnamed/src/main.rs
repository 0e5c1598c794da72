//! Depends on the library and does not say so.

fn main() {
    let _: axum::Router = bluegate::routes!("../../library/routes.json");
}
