//! Why an API could not be read.

use std::fmt;

use crate::api::{CallError, Identity};

/// Why an API could not be read. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// A call failed.
    Call(CallError),
    /// The credentials are those of another account.
    WrongAccount {
        /// The account that is wanted.
        wanted: String,
        /// Who calls.
        found: Identity,
    },
    /// Nobody says whose credentials these are.
    UnknownAccount {
        /// The account that is wanted.
        wanted: String,
        /// Why not.
        error: CallError,
    },
    /// No API has the name.
    NoSuchName {
        /// The name.
        name: String,
    },
    /// Several APIs have the name.
    AmbiguousName {
        /// The name.
        name: String,
        /// The ids of the APIs.
        ids: Vec<String>,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Call(error) => write!(f, "{error}"),
            ReadError::WrongAccount { wanted, found } => write!(
                f,
                "the credentials belong to the account {}, and `account_id` is {wanted}",
                found.account
            ),
            ReadError::UnknownAccount { wanted, error } => {
                write!(f, "nobody says whether the account is {wanted}: {error}")
            }
            ReadError::NoSuchName { name } => write!(f, "there is no REST API named `{name}`"),
            ReadError::AmbiguousName { name, ids } => {
                write!(f, "{} REST APIs are named `{name}`: {}", ids.len(), ids.join(", "))
            }
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Call(error) | ReadError::UnknownAccount { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<CallError> for ReadError {
    fn from(error: CallError) -> Self {
        ReadError::Call(error)
    }
}
