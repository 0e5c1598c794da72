//! The resource `authors`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use bluegate::resource;
use schemars::JsonSchema;
use serde::Serialize;

use crate::AppState;
use crate::error::Error;

struct Authors;

#[derive(Serialize, JsonSchema)]
struct Author {
    name: String,
    books: Vec<String>,
}

/// Who wrote the books.
#[resource(name = "authors")]
impl Authors {
    /// All authors, by name.
    async fn get(State(state): State<AppState>) -> Json<Vec<Author>> {
        Json(Self::all(&state))
    }

    /// An author with the books.
    #[handler]
    async fn show(State(state): State<AppState>, Path(name): Path<String>) -> Result<Json<Author>, Error> {
        Self::all(&state)
            .into_iter()
            .find(|author| author.name == name)
            .map(Json)
            .ok_or(Error::NotFound("author"))
    }

    /// Whether there is such an author.
    #[handler(status = 204)]
    async fn exists(State(state): State<AppState>, Path(name): Path<String>) -> StatusCode {
        let tables = state.store.read();
        let known = tables.books.values().any(|book| book.description.author == name);
        if known {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::NOT_FOUND
        }
    }

    fn all(state: &AppState) -> Vec<Author> {
        let mut authors: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for book in state.store.read().books.values() {
            let description = &book.description;
            let books = authors.entry(description.author.clone()).or_default();
            books.push(description.title.clone());
        }
        authors
            .into_iter()
            .map(|(name, books)| Author { name, books })
            .collect()
    }
}
