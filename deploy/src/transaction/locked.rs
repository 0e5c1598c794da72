//! One run at a time: the lock and the journal around whatever changes an API.

use std::sync::atomic::Ordering::Relaxed;

use crate::api::{ApiGateway, CallError, Cause, RestApi};
use crate::plan::edit;
use crate::read::{Lock, Needs, Reading, read_brief, read_rest, recover};
use crate::service::{Lack, Tolerates as _};

use super::until::{POLL, until_within};
use super::{Caller, Event, RunError, State, StepError, Transaction, Warning, held, until};

/// What is so of an API that this run has for itself.
#[derive(Debug)]
pub(crate) struct Open {
    rest_api_id: String,
    /// Whether the run before was interrupted.
    is_interrupted: bool,
}

/// Clocks of two machines may differ by so many seconds: a lock holds so much longer than its run may take.
const CLOCK_SKEW: u64 = 60;

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Begins to have an API for itself.
    pub(crate) async fn open(&self, api: &RestApi) -> Result<Open, RunError> {
        let id = &api.id;
        // Whatever the plan makes of it: until this run has a snapshot, the one before is all that tells what was lost.
        let is_interrupted = self.is_interrupted(api);
        // The file is there for the last run only: the lock of a dead one on this machine is known by it.
        let dead = held(&self.journal).interrupted(id).map(|running| running.run);
        self.open_journal(id)?;
        if !is_interrupted {
            self.note();
        }
        if is_interrupted {
            // What is not done may be what the run before began.
            self.expect_long_update();
        }
        match self.acquire(id, dead.as_deref(), is_interrupted).await {
            Ok(()) => Ok(Open {
                rest_api_id: id.clone(),
                is_interrupted,
            }),
            Err(error) => {
                // A lock that it may have taken is known as that of a dead run by the journal only.
                if !is_interrupted && !self.is_locked.load(Relaxed) {
                    self.end_journal();
                }
                Err(error)
            }
        }
    }

    /// Ends it, and tells the next run how. What an interrupted run left is told on unless this one is done with it.
    pub(crate) async fn close(&self, open: Open, error: Option<&RunError>, is_done: bool) {
        let state = error.map(RunError::state);
        let is_left = match &state {
            // What this run left in between, or found so and did not get to finish, is told to the next one.
            Some(State::Untouched | State::Returned | State::SettingsRestored | State::SettingsUnknown) => {
                open.is_interrupted
            }
            // What an export makes of a draft may be spelt differently: the next run is to know why.
            Some(_) => true,
            None => open.is_interrupted && !is_done,
        };
        self.clock.begin_undo();
        // Who came first has the tag, and still needs it.
        let is_ours = !matches!(error, Some(RunError::Locked { .. }));
        let is_told = !is_ours || self.release(&open.rest_api_id, is_left).await;
        // Without the tag's help the journal is what the next run on this machine knows.
        if is_told && state.as_ref().is_none_or(State::is_clean) && !(open.is_interrupted && is_left) {
            self.end_journal();
        }
    }

    /// Takes the lock away, or leaves it for the next run to find; gives whether that is so now.
    pub(crate) async fn release(&self, rest_api_id: &str, is_left: bool) -> bool {
        let told = if is_left {
            let left = self.new_lock().expired().to_string();
            self.gateway.tag_resource(rest_api_id, Lock::TAG, &left).await
        } else {
            self.gateway.untag_resource(rest_api_id, Lock::TAG).await
        };
        match told {
            Ok(()) => true,
            // An API that was deleted has no tag, and the journal has no more to tell of it.
            Err(error) if matches!(error.cause, Cause::NotFound { .. }) => true,
            Err(_) if self.service.tolerates(Lack::Tags) || !self.is_locked.load(Relaxed) => true,
            Err(error) => {
                self.warn(Warning::TagStays {
                    tag: Lock::TAG,
                    expires: true,
                    error: error.to_string(),
                });
                false
            }
        }
    }

    /// The lock of this run, as it would be taken now.
    pub(crate) fn new_lock(&self) -> Lock {
        Lock {
            run: self.run.name.to_owned(),
            until: self.now() + self.run.lock_seconds + CLOCK_SKEW,
            begun: false,
        }
    }

    /// Takes the lock if nobody has it.
    ///
    /// What was read before the plan is old by now, above all when somebody was asked in between.
    async fn acquire(&self, rest_api_id: &str, dead: Option<&str>, is_interrupted: bool) -> Result<(), RunError> {
        let mut api = self.gateway.get_rest_api(rest_api_id).await?;
        self.set_clock(&api);
        self.is_free(&api, dead)?;
        if !api.is_at_rest() {
            if !is_interrupted {
                self.tell(&Event::UpdatedBySomebody);
            }
            let ended = self.outwait_update(rest_api_id, Some(&api)).await;
            api = ended.map_err(|error| match error {
                StepError::Call(error) if error.cause != Cause::DeadlinePassed => error.into(),
                _ => RunError::Updating,
            })?;
            self.is_free(&api, dead)?;
        }
        Ok(self.take(rest_api_id).await?)
    }

    /// Says once more that this run has the API, which takes longer than anybody could know.
    pub(super) async fn renew_lock(&self, rest_api_id: &str) {
        if self.is_locked.load(Relaxed) {
            let lock = self.new_lock().begun().to_string();
            let _ = self.gateway.tag_resource(rest_api_id, Lock::TAG, &lock).await;
        }
    }

    /// Takes the lock, whoever has it, as far as the service and the role allow it.
    pub(crate) async fn take(&self, rest_api_id: &str) -> Result<(), CallError> {
        let lock = self.new_lock();
        match self
            .gateway
            .tag_resource(rest_api_id, Lock::TAG, &lock.to_string())
            .await
        {
            Ok(()) => {
                self.is_locked.store(true, Relaxed);
                Ok(())
            }
            Err(error) if self.service.tolerates(Lack::Tags) || has_no_place(&error) => {
                self.warn(Warning::Unlocked);
                Ok(())
            }
            Err(error) => {
                // The answer may be what got lost, and then nobody could deploy for a while.
                if error.is_ambiguous() {
                    self.clock.begin_undo();
                    let freed = self.gateway.untag_resource(rest_api_id, Lock::TAG).await;
                    self.is_locked.store(freed.is_err(), Relaxed);
                }
                Err(error)
            }
        }
    }

    fn is_ours(&self, api: &RestApi) -> bool {
        Lock::of(api).is_some_and(|seen| seen.run == self.run.name)
    }

    /// Refuses what another run has locked, now.
    fn is_free(&self, api: &RestApi, dead: Option<&str>) -> Result<(), RunError> {
        let now = self.now();
        match Lock::of(api) {
            Some(held) if held.holds(now) && !self.is_ours(api) && dead != Some(held.run.as_str()) => {
                Err(RunError::Locked {
                    run: held.run,
                    seconds: held.until - now,
                })
            }
            _ => Ok(()),
        }
    }

    /// Says on the API that it is being changed: who finds this lock expired knows that the draft may be half of
    /// something. Of two runs that saw it unlocked at the same time, the one whose lock was replaced ends here.
    pub(crate) async fn begin(&self) -> Result<(), StepError> {
        let id = self.id();
        self.read_locked(id, false).await?;
        let begun = self.new_lock().begun().to_string();
        match self.gateway.tag_resource(id, Lock::TAG, &begun).await {
            Err(error) if !self.service.tolerates(Lack::Tags) && !has_no_place(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Reads the API under the lock, unless another run has replaced that. With `shows` the read is as new as the
    /// lock: one that is older may show the lock of a run that died.
    async fn read_locked(&self, rest_api_id: &str, shows: bool) -> Result<RestApi, StepError> {
        let mut seen = Ok(());
        let read = || self.gateway.get_rest_api(rest_api_id);
        let is_so = |api: &RestApi| {
            if seen.is_ok() {
                seen = self.is_free(api, None);
            }
            self.service.tolerates(Lack::Lag) || self.is_ours(api) || !shows && seen.is_ok()
        };
        let api = until(read, is_so).await?.last()?;
        if !self.is_ours(&api) {
            // Another run had it, though it may be done by now.
            seen?;
        }
        Ok(api)
    }

    /// Reads the API once more under the lock, and makes sure that nobody changed it since the plan. Gives it with all
    /// that an interrupted run took from it.
    pub(crate) async fn read_again(&self, planned: &Reading, needs: &Needs) -> Result<Reading, StepError> {
        let id = &planned.api.id;
        let read = || async {
            let api = self.read_locked(id, true).await?;
            let brief = read_brief(self.gateway, api, self.stage, self.service).await?;
            if planned.brief {
                return Ok(brief);
            }
            Ok::<_, StepError>(read_rest(self.gateway, brief, self.stage, needs, self.service).await?)
        };
        // One read that is older than the plan is no edit.
        let seen = until_within(POLL, read, |now| edit(planned, now).is_none()).await?;
        let mut reading = seen.last()?;
        if let Some(edit) = edit(planned, &reading).map(Box::new) {
            return Err(RunError::ChangedMeanwhile { edit }.into());
        }
        // The journal is still that of the run before.
        if let Some(snapshot) = held(&self.journal).left(id) {
            let _ = recover(&mut reading, &snapshot);
        }
        Ok(reading)
    }
}

/// Whether nobody can set the tag: the role may not, or the API has as many as it may have.
fn has_no_place(error: &CallError) -> bool {
    matches!(error.cause, Cause::AccessDenied { .. } | Cause::QuotaReached { .. })
}
