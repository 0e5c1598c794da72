//! Extractors of all kinds, with a state that is named, inferred or any.

use std::convert::Infallible;

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Multipart, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use axum_extra::TypedHeader;
use axum_extra::headers::UserAgent;
use bluegate::{resource, routes};

#[derive(Clone)]
struct App {
    db: Db,
}

#[derive(Clone)]
struct Db;

impl FromRef<App> for Db {
    fn from_ref(app: &App) -> Db {
        app.db.clone()
    }
}

trait HasDb {
    fn db(&self) -> Db;
}

impl HasDb for App {
    fn db(&self) -> Db {
        self.db.clone()
    }
}

/// Taken from the head of a request, from states of a kind.
struct Login;

impl<S: HasDb + Send + Sync> FromRequestParts<S> for Login {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let Db = state.db();
        Ok(Login)
    }
}

/// Taken from a whole request, from one state.
struct Upload;

impl FromRequest<App> for Upload {
    type Rejection = Response;

    async fn from_request(_: Request, _: &App) -> Result<Self, Response> {
        Ok(Upload)
    }
}

struct Users;

#[resource(name = "users", state = App)]
impl Users {
    async fn get(State(_): State<Db>, _: TypedHeader<UserAgent>, _: Query<Vec<(String, String)>>) {}

    async fn post(_: Login, State(_): State<Db>, body: Result<Json<u8>, JsonRejection>) -> impl IntoResponse {
        body.map(|_| "a number")
    }

    async fn any(_: Multipart) {}

    #[handler]
    async fn show(_: Option<Path<i64>>, _: Login) -> Result<String, Response> {
        Ok(String::new())
    }
}

/// Handlers that know their state.
#[resource(name = "orders", handlers(get), state = App)]
struct Orders;

impl Orders {
    async fn get(_: State<App>, _: Upload) {}
}

struct Later;

#[resource(name = "later")]
impl Later {
    async fn get<'a>(_: State<App>, _: Upload) -> &'a str {
        "later"
    }
}

/// Nothing that its handlers take asks for a state.
struct W;

#[resource(name = "w")]
impl W {
    async fn get(_: Query<Vec<(String, String)>>, _: Multipart) {}
}

fn generic<S: Clone + Send + Sync + 'static>() -> Router<S> {
    routes!("./warnings.json")
}

#[test]
fn it_fits() {
    let named = routes!("./users.json", App).with_state::<()>(App { db: Db });
    let inferred: Router = routes!("./users.json").with_state(App { db: Db });
    let late = routes!("./users.json");
    let late: Router = late.with_state(App { db: Db });
    let generic: Router = generic::<App>().with_state(App { db: Db });
    let _ = (named, inferred, late, generic);
}
