//! What stays as it is: the state, the errors, an extractor.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

#[derive(Clone, Default)]
pub struct AppState {
    pub books: Arc<Mutex<BTreeMap<u32, Book>>>,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Book {
    pub title: String,
}

pub enum Error {
    NoBook,
    NoClerk,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::NoBook => (StatusCode::NOT_FOUND, "no such book").into_response(),
            Error::NoClerk => StatusCode::UNAUTHORIZED.into_response(),
        }
    }
}

/// Whoever may change books.
pub struct Clerk;

impl<S: Sync> FromRequestParts<S> for Clerk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let token = parts.headers.get("authorization");
        token
            .filter(|token| *token == "Bearer clerk")
            .map(|_| Clerk)
            .ok_or(Error::NoClerk)
    }
}
