use axum::Json;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

#[derive(Clone)]
struct AppState {
    db: Db,
}

impl FromRef<AppState> for Db {
    fn from_ref(state: &AppState) -> Db {
        state.db.clone()
    }
}

/// An extractor that works with one state only.
struct User;

impl FromRequestParts<AppState> for User {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        Ok(User)
    }
}

/// Reads the body, and is called like axum's.
mod own {
    pub(crate) struct State<T>(pub(crate) T);
}

impl<S: Sync> FromRequest<S> for own::State<String> {
    type Rejection = std::convert::Infallible;

    async fn from_request(_: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(own::State(String::new()))
    }
}

struct Users;

#[resource(name = "users", state = AppState)]
impl Users {
    async fn get(_: User, _: State<Db>, _: HeaderMap, body: own::State<String>) -> impl IntoResponse {
        body.0
    }

    #[allow(clippy::unused_async)]
    async fn post<'a>(
        _: Option<axum::Extension<&'static str>>,
        body: Result<Json<Vec<u64>>, axum::extract::rejection::JsonRejection>,
    ) -> Result<Json<usize>, (axum::http::StatusCode, String)> {
        body.map(|Json(list)| Json(list.len()))
            .map_err(|_| (axum::http::StatusCode::BAD_REQUEST, "no".to_owned()))
    }

    #[handler(allow(unrouted))]
    fn boxed(_: State<AppState>) -> std::pin::Pin<Box<dyn Future<Output = String> + Send>> {
        Box::pin(async { String::new() })
    }
}

fn inferred() -> axum::Router {
    routes!("./handlers.json").with_state(AppState { db: Db })
}

#[test]
fn it_fits() {
    let _: axum::Router<AppState> = routes!("./handlers.json");
    let _ = routes!("./handlers.json", AppState).with_state::<()>(AppState { db: Db });
    let _ = inferred();
}
