//! The resource `covers`.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use bluegate::resource;

use crate::AppState;
use crate::error::Error;
use crate::store::Cover;

/// The page of the people who run the shop: the only one whose scripts may put covers. `cors` in the routes file
/// lets in all pages, so that this resource has an action OPTIONS and says by itself who may.
const DESK: &str = "https://desk.bookshop.example";

struct Covers;

/// Pictures, under any path.
#[resource(name = "covers")]
impl Covers {
    /// A cover.
    async fn get(State(state): State<AppState>, Path(path): Path<String>) -> Result<impl IntoResponse, Error> {
        let cover = state.store.read().covers.get(&path).cloned();
        let cover = cover.ok_or(Error::NotFound("cover"))?;
        Ok(([(CONTENT_TYPE, cover.kind)], cover.bytes))
    }

    /// Keeps a cover.
    async fn put(
        State(state): State<AppState>,
        Path(path): Path<String>,
        headers: HeaderMap,
        bytes: Bytes,
    ) -> Result<impl IntoResponse, Error> {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let Some(kind) = kind.filter(|kind| kind.starts_with("image/")) else {
            return Err(Error::Invalid(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "a cover is an image".to_owned(),
            ));
        };
        let cover = Cover {
            kind: kind.to_owned(),
            bytes,
        };
        let known = state.store.write().covers.insert(path, cover).is_some();
        let status = if known {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::CREATED
        };
        Ok((status, [(ACCESS_CONTROL_ALLOW_ORIGIN, DESK)]))
    }

    /// Which pages may put covers.
    async fn options() -> impl IntoResponse {
        let answer = [
            (ACCESS_CONTROL_ALLOW_ORIGIN, DESK),
            (ACCESS_CONTROL_ALLOW_METHODS, "PUT"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type"),
        ];
        (StatusCode::NO_CONTENT, answer)
    }
}
