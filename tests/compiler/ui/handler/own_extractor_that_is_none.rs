use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use bluegate::{resource, routes};

#[derive(Clone)]
struct AppState;

struct Own;

struct User;

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ()> {
        Ok(User)
    }
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: State<AppState>, _: Own) {}

    async fn post(_: User, _: Json<String>, _: State<AppState>) {}
}

fn main() {
    let _: axum::Router<AppState> = routes!("./users.json");
}
