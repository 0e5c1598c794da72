//! The same with the functions in a block.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use bluegate::{resource, routes};

use super::shared::{AppState, Book, Clerk, Error};

// What the page shows …
struct Books;

#[resource(name = "block")]
impl Books {
    async fn get(State(state): State<AppState>) -> Json<Vec<Book>> {
        Json(state.books.lock().unwrap().values().cloned().collect())
    }

    #[handler]
    async fn show(State(state): State<AppState>, Path(id): Path<u32>) -> Result<Json<Book>, Error> {
        let book = state.books.lock().unwrap().get(&id).cloned();
        book.map(Json).ok_or(Error::NoBook)
    }

    async fn put(State(state): State<AppState>, Path(id): Path<u32>, _: Clerk, Json(book): Json<Book>) -> StatusCode {
        state.books.lock().unwrap().insert(id, book);
        StatusCode::NO_CONTENT
    }
}
// … to here.

pub fn app(state: AppState) -> Router {
    routes!("./block.json", AppState)
        .route("/health", get(async || "ok"))
        .with_state(state)
}
