//! The resource `health`.

use axum::Json;
use axum::extract::{Path, State};
use bluegate::resource;
use serde_json::{Value, json};

use crate::AppState;
use crate::error::Error;

/// How the shop is.
#[resource(name = "health", handlers(get, part), state = AppState)]
struct Health;

impl Health {
    async fn get(State(state): State<AppState>) -> Json<Value> {
        let tables = state.store.read();
        Json(json!({"status": "open", "books": tables.books.len(), "orders": tables.orders.len()}))
    }

    async fn part(State(state): State<AppState>, Path(part): Path<String>) -> Result<Json<Value>, Error> {
        let tables = state.store.read();
        let count = match part.as_str() {
            "books" => tables.books.len(),
            "orders" => tables.orders.len(),
            "covers" => tables.covers.len(),
            _ => return Err(Error::NotFound("part of the shop")),
        };
        Ok(Json(json!({"status": "open", part: count})))
    }
}
