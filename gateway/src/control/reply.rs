//! Answers of the control plane.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json, json};

use super::call::Call;
use crate::plane::Failure;

/// An answer of the control plane: the status and, unless it is empty, JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// `x-amzn-ErrorType`, when the call failed.
    pub error: Option<&'static str>,
    /// Headers beside those that every answer has.
    pub headers: Vec<(&'static str, String)>,
    /// The body. A text is sent as it is.
    pub body: Json,
}

/// Why a call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: u16,
    error: &'static str,
    message: String,
    /// Values that the model of the service rules out: all of them are told.
    invalid: Vec<String>,
}

pub(super) type Answered = Result<Reply, Refusal>;

impl Refusal {
    fn new(status: u16, error: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            error,
            message: message.into(),
            invalid: Vec::new(),
        }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequestException", message)
    }

    /// What AWS does and this gateway does not. It is no failure of a server, which clients would try again.
    pub(super) fn not_offered(message: impl Into<String>) -> Self {
        Self::new(400, "NotOfferedHere", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NotFoundException", message)
    }

    /// The text that most of them have.
    pub(super) fn no(what: &str) -> Self {
        Self::not_found(format!("Invalid {what} identifier specified"))
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, "ConflictException", message)
    }

    /// A value of another type than the one that is read.
    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::new(400, "SerializationException", message)
    }

    /// Values that the model of the service rules out.
    pub(super) fn validation(invalid: Vec<String>) -> Self {
        Self {
            invalid,
            ..Self::new(400, "ValidationException", "")
        }
    }

    /// What is wrong besides.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.invalid.extend(other.invalid);
        self
    }

    pub(super) fn of(failure: &Failure) -> Self {
        let (status, error, message) = failure.told();
        Self::new(status, error, message)
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let message = match refusal.invalid.as_slice() {
            [] => refusal.message,
            [one] => format!("1 validation error detected: {one}"),
            all => format!("{} validation errors detected: {}", all.len(), all.join("; ")),
        };
        Self {
            error: Some(refusal.error),
            ..reply(refusal.status, json!({"message": message}))
        }
    }
}

/// That a value is none of those that there are.
pub(super) fn not_one_of(value: &str, place: &str, known: &[&str]) -> String {
    format!(
        "Value '{value}' at '{place}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
        known.join(", ")
    )
}

pub(super) fn reply(status: u16, body: Json) -> Reply {
    Reply {
        status,
        error: None,
        headers: Vec::new(),
        body,
    }
}

pub(super) fn empty(status: u16) -> Reply {
    reply(status, Json::Null)
}

/// How many entries a page has unless the caller says otherwise, and at most.
const PAGE: usize = 25;
const LARGEST_PAGE: usize = 500;

/// A page of a list. The position of the next one names the last entry of this one by the member `key`.
pub(super) fn items(call: &Call<'_>, key: &str, list: Vec<Json>) -> Answered {
    let name = |item: &Json| item.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let limit = call.query("limit").and_then(|limit| limit.parse().ok());
    let limit = limit.filter(|limit| (1..=LARGEST_PAGE).contains(limit)).unwrap_or(PAGE);
    let begin = match call.query("position").filter(|position| !position.is_empty()) {
        None => 0,
        Some(position) => {
            let last = URL_SAFE_NO_PAD
                .decode(position)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let at = last.and_then(|last| list.iter().position(|item| name(item) == last));
            at.ok_or_else(|| Refusal::bad_request("Invalid position parameter specified"))? + 1
        }
    };
    let is_last = list.len().saturating_sub(begin) <= limit;
    let page: Vec<Json> = list.into_iter().skip(begin).take(limit).collect();
    let mut body = Map::new();
    if let Some(last) = page.last().filter(|_| !is_last) {
        body.insert("position".to_owned(), json!(URL_SAFE_NO_PAD.encode(name(last))));
    }
    body.insert("item".to_owned(), Json::Array(page));
    Ok(reply(200, Json::Object(body)))
}

/// An object of what there is: members without a value are left out.
pub(super) fn present(mut object: Json) -> Json {
    if let Some(entries) = object.as_object_mut() {
        entries.retain(|_, value| match value {
            Json::Null => false,
            Json::Array(items) => !items.is_empty(),
            Json::Object(entries) => !entries.is_empty(),
            _ => true,
        });
    }
    object
}
