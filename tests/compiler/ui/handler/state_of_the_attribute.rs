use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

#[derive(Clone)]
struct AppState;

struct Users;

#[resource(name = "users", state = Db)]
impl Users {
    async fn get(_: State<Db>) {}

    async fn post() {}
}

fn main() {
    let _: axum::Router<AppState> = routes!("./users.json");
    let _: axum::Router<Db> = routes!("./users.json");
    let _: axum::Router = routes!("./users.json").with_state(Db);
}
