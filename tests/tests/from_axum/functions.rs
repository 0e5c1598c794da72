//! The same with the functions where they are.

use axum::Router;
use axum::routing::get;
use bluegate::{resource, routes};

use super::before::{list, put, show};
use super::shared::AppState;

// What the page shows …
#[resource(name = "functions", handlers(get = list, show = show, put = put), state = AppState)]
struct Books;

pub fn app(state: AppState) -> Router {
    routes!("./functions.json", AppState)
        .route("/health", get(async || "ok"))
        .with_state(state)
}
// … to here.
