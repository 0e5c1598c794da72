//! Names of the user's own mean nothing to the generated code.
#![deny(warnings)]
#![allow(non_camel_case_types, dead_code)]

mod shadows {
    pub struct Result;
    pub struct Option;
    pub enum String {}
    pub struct str;
    pub struct u64;
    pub trait Clone {}
    pub trait Send {}
    pub trait Sync {}
    pub mod core {}
    pub mod std {}
    pub mod axum {}
    pub mod b {}
    pub mod inventory {}

    pub struct Users;

    #[bluegate::resource(name = "users")]
    impl Users {
        async fn get() {}

        async fn post() {}

        async fn any() {}

        #[handler]
        async fn show(_: ::axum::extract::Path<i64>) {}
    }

    #[bluegate::resource(name = "orders", handlers(get))]
    pub enum Orders {}

    impl Orders {
        async fn get() {}
    }

    pub fn router() -> ::axum::Router {
        ::bluegate::routes!("./users.json")
    }
}

#[test]
fn it_fits() {
    let _ = shadows::router();
}
