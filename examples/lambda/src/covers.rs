//! The resource `covers`.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use bluegate::resource;

use crate::Shelves;

struct Covers;

/// Pictures, under any path.
#[resource(name = "covers")]
impl Covers {
    /// A cover.
    async fn get(State(shelves): State<Shelves>, Path(path): Path<String>) -> Result<impl IntoResponse, StatusCode> {
        let picture = shelves.stock().covers.get(&path).cloned();
        let picture = picture.ok_or(StatusCode::NOT_FOUND)?;
        Ok(([(CONTENT_TYPE, "image/png")], picture))
    }

    /// Keeps a cover.
    async fn put(State(shelves): State<Shelves>, Path(path): Path<String>, picture: Bytes) -> StatusCode {
        shelves.stock().covers.insert(path, picture);
        StatusCode::CREATED
    }
}
