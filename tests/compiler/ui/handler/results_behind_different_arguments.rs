use std::rc::Rc;

use axum::extract::State;
use axum::http::HeaderMap;
use bluegate::{resource, routes};

#[derive(Clone)]
struct AppState;

struct Own;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: HeaderMap) -> Own {
        Own
    }

    async fn post(_: State<AppState>, _: String) {
        let count = Rc::new(1);
        std::future::ready(()).await;
        drop(count);
    }
}

fn main() {
    let _: axum::Router<AppState> = routes!("./users.json");
}
