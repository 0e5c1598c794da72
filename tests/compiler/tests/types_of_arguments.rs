//! Types of arguments and states that are written in odd ways.
#![allow(dead_code)]

use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, FromRequestParts, Path, State};
use axum::http::Method;
use axum::http::request::Parts;
use bluegate::{resource, routes};

type Shared = Arc<dyn Fn(&str) -> String + Send + Sync>;

#[derive(Clone)]
struct App(Shared);

impl FromRef<App> for Shared {
    fn from_ref(app: &App) -> Shared {
        app.0.clone()
    }
}

impl FromRef<App> for fn(&str) -> &str {
    fn from_ref(_: &App) -> fn(&str) -> &str {
        |text| text
    }
}

struct Users<T>(#[allow(dead_code)] T);

#[resource(name = "users", state = App)]
impl Users<u8> {
    const COUNT: usize = 1;

    async fn get(_: State<fn(&str) -> &str>, _: State<Arc<dyn Fn(&str) -> String + Send + Sync>>) {}

    async fn post(_: State<Arc<dyn Fn(&str) -> String + Send + Sync>>, _: String) {}

    async fn any(_: Path<[u64; Self::COUNT]>) {}

    #[handler]
    async fn show<'a>(_: Option<Path<Cow<'a, str>>>) {}
}

struct Orders<const N: usize>;

const fn number<const N: usize>() -> usize {
    N
}

#[resource(name = "orders")]
impl Orders<{ if cfg!(unix) { 1 } else { number::<{ 1 + 1 }>() } }> {
    async fn get(self::Head(_): self::Head, _: String) {}
}

struct Head(Method);

impl<S: Sync> FromRequestParts<S> for Head {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Head(parts.method.clone()))
    }
}

struct Later;

#[resource(name = "later", state = Arc<Self>)]
impl Later {
    async fn get(State(_): State<Arc<Self>>) {}
}

#[test]
fn it_fits() {
    let _: Router = routes!("./users.json").with_state(App(Arc::new(|text| text.to_owned())));
    let _: Router = routes!("./later.json").with_state(Arc::new(Later));
}
