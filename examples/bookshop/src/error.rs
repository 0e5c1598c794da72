//! What can go wrong, and how clients learn of it.

use std::fmt;

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bluegate::{Answers, TakesBody};
use schemars::JsonSchema;
use serde::Serialize;

/// Why a request is not served.
#[derive(Debug, Answers)]
#[answer(body = Message)]
pub enum Error {
    /// There is no such thing.
    #[answer(404)]
    NotFound(&'static str),
    /// The shop's data does not allow it.
    #[answer(409)]
    Conflict(String),
    /// The request makes no sense; the status says in which way.
    #[answer(400, 415, 422)]
    Invalid(StatusCode, String),
}

/// What clients are told.
#[derive(Serialize, JsonSchema)]
struct Message {
    message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound(what) => write!(f, "there is no such {what}"),
            Error::Conflict(why) | Error::Invalid(_, why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match &self {
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::Invalid(status, _) => *status,
        };
        let message = self.to_string();
        (status, Json(Message { message })).into_response()
    }
}

impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        Error::Invalid(rejection.status(), rejection.body_text())
    }
}

/// A JSON body whose rejection looks like every other error of the shop.
#[derive(Debug, FromRequest)]
#[from_request(via(Json), rejection(Error))]
pub(crate) struct Body<T>(pub(crate) T);

impl<T> TakesBody for Body<T> {
    type Inner = Json<T>;
}
