//! Answers of the control plane.

use bluegate_core::gateway::patch::Refused;
use serde_json::{Value as Json, json};

pub(super) use bluegate_core::gateway::told::present;

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

impl Reply {
    /// What was done could not be written down.
    pub(crate) fn not_kept(error: &std::io::Error) -> Self {
        let why = format!("the state cannot be written: {error}");
        Refusal::new(500, "InternalServerErrorException", why).into()
    }
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
    pub(super) fn new(status: u16, error: &'static str, message: impl Into<String>) -> Self {
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

    /// What is said of it.
    pub(super) fn message(&self) -> &str {
        &self.message
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

    pub(super) fn of(failure: &Failure) -> Self {
        let (status, error, message) = failure.told();
        Self::new(status, error, message)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::BadRequest(message) => Self::bad_request(message),
            Refused::NotFound(message) => Self::not_found(message),
            Refused::Conflict(message) => Self::conflict(message),
        }
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
