//! Waiting for an update of an API: API Gateway applies some changes later, and takes no others meanwhile.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::api::{ApiGateway, LONGEST_UPDATE, RestApi};

use super::until::until_within;
use super::{Caller, Event, StepError, Transaction};

/// API Gateway may take a while to apply a large document.
const LONGEST_USUAL_UPDATE: Duration = Duration::from_secs(5 * 60);
/// After so long it is told that an update takes its time, and after each minute again.
const TELL_AFTER: Duration = Duration::from_secs(10);
const TELL_EVERY: Duration = Duration::from_secs(60);
/// From then on between two reads, besides what is between others.
const SELDOM: Duration = Duration::from_secs(8);

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// From now on updates take a quarter of an hour, which is none of the run's time.
    pub(crate) fn expect_long_update(&self) {
        self.is_slow.store(true, Relaxed);
    }

    /// Waits until the API is available. `wrote` is what the write before answered, or what was read of somebody
    /// else's update: of one that was on its way, and of a private API, one read may be older than that.
    pub(crate) async fn settle(&self, rest_api_id: &str, wrote: Option<&RestApi>) -> Result<RestApi, StepError> {
        let api = self.outwait_update(rest_api_id, wrote).await?;
        if api.status.as_deref() != Some("FAILED") {
            return Ok(api);
        }
        let why = api.status_message.as_deref().unwrap_or("it does not say why");
        Err(StepError::Check(format!(
            "API Gateway could not apply the change: {why}"
        )))
    }

    /// The same, however the update ends.
    pub(super) async fn outwait_update(
        &self,
        rest_api_id: &str,
        wrote: Option<&RestApi>,
    ) -> Result<RestApi, StepError> {
        let is_doubtful = wrote.is_some_and(|api| !api.is_at_rest() || api.is_private());
        let wanted = if is_doubtful { 2 } else { 1 };
        let is_patient = self.is_slow.load(Relaxed) || self.clock.undoes();
        let longest = if is_patient {
            LONGEST_UPDATE
        } else {
            LONGEST_USUAL_UPDATE
        };
        let began = Instant::now();
        let mut tell_at = TELL_AFTER;
        let read = || {
            let waited = began.elapsed();
            let is_told = waited >= tell_at;
            if is_told {
                tell_at = waited + TELL_EVERY;
                let seconds = waited.as_secs();
                self.tell(&Event::Updating { seconds });
            }
            async move {
                if waited >= TELL_EVERY {
                    sleep(SELDOM).await;
                }
                if is_told {
                    self.renew_lock(rest_api_id).await;
                }
                self.gateway.get_rest_api(rest_api_id).await
            }
        };
        let (mut at_rest, mut last) = (0, began);
        let is_so = |api: &RestApi| {
            if is_patient && !api.is_at_rest() {
                self.clock.grant_update(last.elapsed());
            }
            last = Instant::now();
            at_rest = if api.is_at_rest() { at_rest + 1 } else { 0 };
            at_rest >= wanted
        };
        let api = until_within(longest, read, is_so).await?.last()?;
        match &api.status {
            Some(status) if !api.is_at_rest() => Err(StepError::Check(format!("the API stays {status}"))),
            _ => Ok(api),
        }
    }
}
