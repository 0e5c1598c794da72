//! Signatures whose angle brackets hold values, and types that macros make.
#![allow(unused_braces)]

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use bluegate::{resource, routes};

const SIZE: usize = 1;

struct Page<const N: usize>;

impl<const N: usize> IntoResponse for Page<N> {
    fn into_response(self) -> axum::response::Response {
        N.to_string().into_response()
    }
}

struct Is<const B: bool>;

trait True {}

impl True for Is<true> {}

macro_rules! made {
    ($name:ident) => {
        $name
    };
}

#[derive(Clone)]
struct App;

struct Users;

#[resource(name = "users")]
impl Users
where
    Is<{ 1 < 2 }>: True,
{
    const SHIFTED: usize = 1 << 3;
    const IS_LESS: bool = Self::SHIFTED < 9;

    async fn get(_: State<App>) -> Page<{ SIZE + 1 }> {
        Page
    }

    async fn post() -> made! { String }
    where
        Page<{ 1 }>: Sized,
    {
        Self::IS_LESS.to_string()
    }

    async fn any(_: Path<[u64; const { 1 }]>) {}

    #[handler]
    async fn show(Path([id]): Path<[i64; { if SIZE > 1 { 2 } else { 1 } }]>, _: (State<App>, String)) -> String {
        id.to_string()
    }
}

struct Orders;

#[resource(name = "orders", state = App)]
impl Orders {
    async fn get(_: State<fn(_: &str) -> Page<{ SIZE }>>) {}
}

impl axum::extract::FromRef<App> for fn(_: &str) -> Page<{ SIZE }> {
    fn from_ref(_: &App) -> Self {
        |_| Page
    }
}

#[test]
fn it_fits() {
    let _: axum::Router<App> = routes!("./users.json");
}
