//! What functions are asked about callers, and what they said.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;
use time::OffsetDateTime;

/// A question for a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The ARN of the function.
    pub function: String,
    /// The ARN of what asks it, which the function's policy may be about.
    pub caller: String,
    /// What it is asked.
    pub event: Json,
    /// How long it may take.
    pub timeout: Duration,
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
pub struct Kept(BTreeMap<Key, (OffsetDateTime, Json)>);

/// API, stage, authorizer, and what it was asked with.
pub(super) type Key = (String, String, String, Vec<String>);

/// What is known of a caller before anybody was asked.
pub(super) enum Known {
    /// An answer that was kept.
    Answer(Json),
    Ask(Question),
}

impl Kept {
    /// An answer that holds yet.
    pub(super) fn still(&self, key: &Key, now: OffsetDateTime) -> Option<&Json> {
        let kept = self.0.get(key).filter(|(until, _)| now < *until);
        kept.map(|(_, answer)| answer)
    }

    pub(super) fn keep(&mut self, key: Key, until: OffsetDateTime, answer: Json) {
        self.0.insert(key, (until, answer));
    }

    /// Forgets what was answered for a stage.
    pub fn forget(&mut self, rest_api_id: &str, stage: &str) {
        self.0.retain(|(api, name, ..), _| api != rest_api_id || name != stage);
    }
}
