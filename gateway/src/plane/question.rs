//! What functions are asked about callers, and what they said.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use time::OffsetDateTime;

/// A question for a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The ARN of the function.
    pub function: String,
    /// What it is asked.
    pub event: Json,
}

/// What a function said.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// It answered.
    Answer(Json),
    /// It failed, with a message.
    Error(String),
}

/// What authorizers answered, as long as it holds.
#[derive(Debug, Clone, Default)]
pub struct Kept(pub(super) BTreeMap<Key, (OffsetDateTime, Json)>);

/// API, stage, authorizer, and what it was asked with.
pub(super) type Key = (String, String, String, Vec<String>);

/// What is known of a caller before anybody was asked.
pub(super) enum Known {
    /// An answer that was kept.
    Answer(Json),
    Ask(Question),
}

impl Kept {
    /// Forgets what was answered for a stage.
    pub fn forget(&mut self, rest_api_id: &str, stage: &str) {
        self.0.retain(|(api, name, ..), _| api != rest_api_id || name != stage);
    }
}
