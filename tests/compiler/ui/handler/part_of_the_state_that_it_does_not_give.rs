use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use bluegate::{resource, routes};

#[derive(Clone)]
struct AppState;

#[derive(Clone)]
struct Tokens;

#[derive(Clone)]
struct Pool;

struct User;

impl<S> FromRequestParts<S> for User
where
    Tokens: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, ()> {
        let _ = Tokens::from_ref(state);
        Ok(User)
    }
}

struct Users;

#[resource(name = "users", state = AppState)]
impl Users {
    async fn get(_: User) {}

    async fn post(_: State<Pool>, _: String) {}
}

fn main() {
    let _: axum::Router<AppState> = routes!("./users.json");
}
