//! Two names that the 64-bit FNV-1a hash does not tell apart.
#![allow(non_snake_case)]

use bluegate::{resource, routes};

struct Other;

#[resource(name = "LtHf1prlU1bCeYZEdqWf")]
impl Other {
    async fn get() {}
}

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    async fn LtHf1prlU1bCeYZEdqWf() {}
}

fn main() {
    let _: axum::Router = routes!("./names_with_one_hash.json");
}
