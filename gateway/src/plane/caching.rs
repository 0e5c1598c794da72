//! What a request has to do with the answers that are kept.

use bluegate_core::gateway::Integration;
use time::Duration;

use super::cache::{Cache, Caching, Fresh, Place, Unpermitted};
use super::exchange::Exchange;
use super::failure::Failure;
use super::message::Answer;
use super::stage::Route;

/// The largest body that is kept, in bytes.
const LARGEST: usize = 1_048_576;

/// What an answer says to a client that may not have it fetched again, in AWS's words.
const WARNING: &str = "199 Cache-control headers were ignored because the caller was unauthorized.";

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
                self.caches.place = Some(Box::new((place, until)));
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
        if let Some(kept) = self.caches.place.take()
            && answer.body.len() <= LARGEST
        {
            let ((place, until), answer) = (*kept, answer.clone());
            self.caches.fresh = Some(Box::new(Fresh { place, until, answer }));
        }
        if self.caches.is_warned {
            answer.headers.add("Warning", WARNING);
        }
        answer
    }

    /// An answer that is to be kept, if there is one: [`Cache::keep`] is told it.
    pub fn fresh(&mut self) -> Option<Fresh> {
        self.caches.fresh.take().map(|fresh| *fresh)
    }
}
