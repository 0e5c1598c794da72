//! The service in axum.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use super::shared::{AppState, Book, Clerk, Error};

// What the page shows …
pub async fn list(State(state): State<AppState>) -> Json<Vec<Book>> {
    Json(state.books.lock().unwrap().values().cloned().collect())
}

#[axum::debug_handler]
pub async fn show(State(state): State<AppState>, Path(id): Path<u32>) -> Result<Json<Book>, Error> {
    let book = state.books.lock().unwrap().get(&id).cloned();
    book.map(Json).ok_or(Error::NoBook)
}

pub async fn put(State(state): State<AppState>, Path(id): Path<u32>, _: Clerk, Json(book): Json<Book>) -> StatusCode {
    state.books.lock().unwrap().insert(id, book);
    StatusCode::NO_CONTENT
}

pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/api/books", get(list))
        .route("/api/books/{id}", get(show).put(put))
        .route("/health", get(async || "ok"))
        .with_state(state)
}
// … to here.
