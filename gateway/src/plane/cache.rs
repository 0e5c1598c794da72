//! Answers that are kept for a while
//! ([caching](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html)).

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::message::Answer;

/// How the answers of a method are kept. The default is that of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caching {
    /// Whether they are.
    pub is_enabled: bool,
    /// For how long, in seconds. For none is not at all.
    pub seconds: u32,
    /// Whether a client needs a permission, `execute-api:InvalidateCache`, to have an answer fetched again.
    pub needs_permission: bool,
    /// What becomes of a client that has none.
    pub unpermitted: Unpermitted,
}

/// What becomes of a client that may not have an answer fetched again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpermitted {
    /// It is refused.
    Refused,
    /// It gets the answer that was kept, with a warning.
    Warned,
    /// It gets the answer that was kept.
    Ignored,
}

impl Unpermitted {
    /// All of them, as AWS names them.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("FAIL_WITH_403", Self::Refused),
        ("SUCCEED_WITH_RESPONSE_HEADER", Self::Warned),
        ("SUCCEED_WITHOUT_RESPONSE_HEADER", Self::Ignored),
    ];
}

impl Default for Caching {
    fn default() -> Self {
        Self {
            is_enabled: false,
            seconds: 300,
            needs_permission: true,
            unpermitted: Unpermitted::Warned,
        }
    }
}

impl Caching {
    /// Changes what a setting of a method says, by the last part of its path. What it cannot be changes nothing.
    pub(crate) fn set(&mut self, setting: &str, value: &str) {
        match setting {
            "enabled" => self.is_enabled = value == "true",
            "ttlInSeconds" => self.seconds = value.parse().unwrap_or(self.seconds),
            "requireAuthorizationForCacheControl" => self.needs_permission = value == "true",
            "unauthorizedCacheControlHeaderStrategy" => {
                let known = Unpermitted::NAMES.iter().find(|(name, _)| *name == value);
                self.unpermitted = known.map_or(self.unpermitted, |(_, what)| *what);
            }
            // Whether it is encrypted is nothing that a client notices.
            _ => {}
        }
    }
}

/// What of a request its answer is kept by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) rest_api_id: String,
    pub(super) stage: String,
    /// The deployment of a canary that does not use the cache of its stage.
    pub(super) canary: Option<String>,
    pub(super) namespace: String,
    pub(super) verb: String,
    pub(super) values: Vec<Vec<String>>,
}

/// The answers of stages, as long as they hold.
#[derive(Debug, Clone, Default)]
pub struct Cache(BTreeMap<Place, (OffsetDateTime, Answer)>);

/// An answer that is to be kept.
#[derive(Debug, Clone)]
pub struct Fresh {
    pub(super) place: Place,
    pub(super) until: OffsetDateTime,
    pub(super) answer: Answer,
}

impl Cache {
    /// Keeps an answer.
    pub fn keep(&mut self, Fresh { place, until, answer }: Fresh) {
        self.0.insert(place, (until, answer));
    }

    /// Forgets the answers of a stage.
    pub fn forget(&mut self, rest_api_id: &str, stage: &str) {
        self.0
            .retain(|place, _| place.rest_api_id != rest_api_id || place.stage != stage);
    }

    pub(super) fn still(&self, place: &Place, now: OffsetDateTime) -> Option<&Answer> {
        let kept = self.0.get(place).filter(|(until, _)| now < *until);
        kept.map(|(_, answer)| answer)
    }
}

/// What a request has to do with the cache: most have nothing to do with it.
#[derive(Debug, Default)]
pub(super) struct Caches {
    /// Where its answer belongs, and until when.
    pub(super) place: Option<Box<(Place, OffsetDateTime)>>,
    pub(super) is_warned: bool,
    pub(super) fresh: Option<Box<Fresh>>,
}
