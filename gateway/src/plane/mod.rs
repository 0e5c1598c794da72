//! What a deployed stage does with a request.
//!
//! A [`Stage`] and a [`Request`] make an [`Exchange`], which says what is [`Next`]: the answer, or a call of whatever
//! stands behind the method. Nothing here opens a socket, reads a clock or draws a number; all of it comes with the
//! [`Arrival`] of the request.

mod access;
mod answering;
mod authorizer;
mod body;
mod cache;
mod caching;
mod cognito;
mod compiled;
mod compression;
mod context;
mod data_trace;
mod encoding;
mod exchange;
mod failure;
mod function;
mod header_rules;
mod headers;
mod integration;
mod json_path;
mod known;
mod limits;
mod log;
mod mapping;
mod message;
mod mock;
mod near;
mod parameters;
mod policy;
#[cfg(not(feature = "cognito"))]
mod pools;
mod question;
mod sigv4;
mod stage;
mod stage_settings;
mod template;
#[cfg(feature = "cognito")]
mod token;
mod usage;
mod validation;
mod value;
mod why;

pub use access::Gate;
pub use cache::{Cache, Caching, Fresh, Unpermitted};
pub(crate) use encoding::{path_decoded, query_pairs};
pub use exchange::{Exchange, Next, Unreachable};
pub use failure::{Denial, Expected, Failure, KeyFault, Miss, PolicyOf, Slip, Unidentified};
pub(crate) use headers::is_known_header;
pub use headers::{HeaderText, Headers};
pub use integration::Call;
pub(crate) use integration::TIMEOUT;
pub use limits::{LARGEST_BODY, too_large};
pub(crate) use log::event;
pub(crate) use message::random_uuid;
pub use message::{Answer, Arrival, Request};
#[cfg(not(feature = "cognito"))]
pub use pools::Pools;
pub use question::{Kept, Question, Said};
pub(crate) use sigv4::verify;
pub use sigv4::{Credential, CredentialError};
pub use stage::{Canary, Stage};
#[cfg(feature = "cognito")]
pub use token::{KeysError, Pools, Token};
pub use usage::{ApiKey, Period, Quota, Throttle, Usage, UsagePlan};
pub use value::Value;
pub use why::Why;
