//! Handlers and resources that are there under a condition.
#![allow(unexpected_cfgs)]

use axum::extract::State;
use axum::http::HeaderMap;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    #[cfg(unix)]
    async fn get(_: State<Self>, _: HeaderMap) {}

    #[cfg(not(unix))]
    async fn get(_: State<Self>, _: axum::http::Method) {}

    #[cfg(any(unix, not(unix)))]
    async fn post() {}

    async fn any(
        #[cfg(nothing)] _: Missing,
        #[cfg(not(nothing))] _: axum::extract::Path<u64>,
        #[cfg(nothing)] _: Option<Missing>,
    ) {
    }

    #[cfg(nothing)]
    async fn delete(_: Missing) -> Missing {}

    #[cfg_attr(not(nothing), inline, cfg(nothing))]
    async fn put(_: Missing) -> Missing {}

    #[handler]
    #[cfg(not(nothing))]
    async fn show<'a>(_: State<Self>, _: axum::extract::Path<std::borrow::Cow<'a, str>>) {}
}

impl Clone for Users {
    fn clone(&self) -> Self {
        Users
    }
}

struct Orders;

#[resource(name = "orders")]
#[cfg(nothing)]
impl Orders {
    async fn get(_: Missing) {}
}

#[cfg(not(nothing))]
#[resource(name = "orders")]
impl Orders {
    async fn get() {}
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./users.json").with_state(Users);
}
