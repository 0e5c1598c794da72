//! Answers that are kept for a while
//! ([caching](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html)).

use std::collections::BTreeMap;

use bluegate_core::gateway::Integration;
use time::{Duration, OffsetDateTime};

use super::exchange::Exchange;
use super::failure::Failure;
use super::message::Answer;
use super::stage::Route;

/// The largest body that is kept, in bytes.
const LARGEST: usize = 1_048_576;

/// What an answer says to a client that may not have it fetched again, in AWS's words.
const WARNING: &str = "199 Cache-control headers were ignored because the caller was unauthorized.";

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
    rest_api_id: String,
    stage: String,
    /// The deployment of a canary that does not use the cache of its stage.
    canary: Option<String>,
    namespace: String,
    verb: String,
    values: Vec<Vec<String>>,
}

/// The answers of stages, as long as they hold.
#[derive(Debug, Clone, Default)]
pub struct Cache(BTreeMap<Place, (OffsetDateTime, Answer)>);

/// An answer that is to be kept.
#[derive(Debug, Clone)]
pub struct Fresh {
    place: Place,
    until: OffsetDateTime,
    answer: Answer,
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

    fn still(&self, place: &Place, now: OffsetDateTime) -> Option<&Answer> {
        let kept = self.0.get(place).filter(|(until, _)| now < *until);
        kept.map(|(_, answer)| answer)
    }
}

/// What a request has to do with the cache.
#[derive(Debug, Default)]
pub(super) struct Caches {
    /// Where its answer belongs, and until when.
    place: Option<(Place, OffsetDateTime)>,
    is_warned: bool,
    fresh: Option<Fresh>,
}

impl<'a> Exchange<'a> {
    /// How answers of the method are kept, if they are. Unless a method says otherwise, those of `GET` are.
    pub(super) fn caching(&self, route: Route<'a>) -> Option<&'a Caching> {
        let all = &self.stage.caching;
        if all.is_empty() {
            return None;
        }
        let is_streamed = |integration: &Integration| integration.response_transfer_mode.as_deref() == Some("STREAM");
        let own = all.get(&route.name(&self.verb));
        let caching = own.or_else(|| all.get("*/*").filter(|_| self.verb == "GET"))?;
        let is_kept = caching.is_enabled && caching.seconds > 0;
        (is_kept && !route.method.integration.as_ref().is_some_and(is_streamed)).then_some(caching)
    }

    /// Whether the client wants the answer fetched again.
    pub(super) fn wants_fresh(&self) -> bool {
        let directives = self.request.headers.all("cache-control");
        let mut directives = directives.flat_map(|value| value.split(','));
        directives.any(|one| one.trim().eq_ignore_ascii_case("max-age=0"))
    }

    /// An answer that was kept; if there is none, that of the method will be. `may` is who is asked whether the client
    /// may have it fetched again.
    ///
    /// # Errors
    ///
    /// The client may not, and is refused for it.
    pub(super) fn kept(
        &mut self,
        cache: &Cache,
        caching: &Caching,
        integration: &Integration,
        may: impl FnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<Option<Answer>, Failure> {
        let place = self.place(integration)?;
        let now = self.arrival.time;
        let mut is_fetched = self.wants_fresh();
        if is_fetched && caching.needs_permission {
            match (may(self), caching.unpermitted) {
                (Ok(()), _) => {}
                (Err(failure), Unpermitted::Refused) => return Err(failure),
                (Err(_), what) => {
                    is_fetched = false;
                    self.caches.is_warned = what == Unpermitted::Warned;
                }
            }
        }
        match cache.still(&place, now).filter(|_| !is_fetched) {
            Some(answer) => Ok(Some(answer.clone())),
            None => {
                let until = now + Duration::seconds(caching.seconds.into());
                self.caches.place = Some((place, until));
                Ok(None)
            }
        }
    }

    fn place(&self, integration: &Integration) -> Result<Place, Failure> {
        let stage = self.stage;
        let values = integration.cache_key_parameters.iter().map(|name| {
            // A parameter of the integration is what is mapped to it.
            let mapped = integration.request_parameters.get(name);
            self.sources(None).read(mapped.unwrap_or(name))
        });
        Ok(Place {
            rest_api_id: stage.rest_api_id.clone(),
            stage: stage.name.clone(),
            canary: stage.has_own_cache.then(|| stage.deployment_id.clone()),
            namespace: match (&integration.cache_namespace, &self.route) {
                (Some(name), _) => name.clone(),
                (None, route) => route.map(|route| route.resource.id.clone()).unwrap_or_default(),
            },
            verb: self.verb.clone(),
            values: values.collect::<Result<_, _>>()?,
        })
    }

    /// An answer of the integration on its way out: it is kept if it is to be, whatever its status.
    pub(super) fn cached(&mut self, mut answer: Answer) -> Answer {
        if let Some((place, until)) = self.caches.place.take()
            && answer.body.len() <= LARGEST
        {
            let answer = answer.clone();
            self.caches.fresh = Some(Fresh { place, until, answer });
        }
        if self.caches.is_warned {
            answer.headers.add("Warning", WARNING);
        }
        answer
    }

    /// An answer that is to be kept, if there is one: [`Cache::keep`] is told it.
    pub fn fresh(&mut self) -> Option<Fresh> {
        self.caches.fresh.take()
    }
}
