//! Constants and types that are called as the macro might call its variables.
#![allow(non_upper_case_globals, non_camel_case_types, dead_code)]

use bluegate::{resource, routes};

const handler: u8 = 1;
const adding: u8 = 2;
const arguments: u8 = 3;
struct place;
static router: u8 = 4;
const state: u8 = 5;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}

    async fn any() {}

    #[handler]
    async fn show() {}
}

#[resource(name = "orders", handlers(get))]
struct Orders;

impl Orders {
    async fn get() {}
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./users.json");
}
