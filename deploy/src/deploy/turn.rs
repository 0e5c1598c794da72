//! One run at a time: the lock and the journal around whatever changes an API.

use std::collections::BTreeSet;

use tokio::time::sleep;

use crate::api::{ApiGateway, CallError, Cause, Clock, RestApi};
use crate::plan::{Reading, read};

use super::journal::{Journal, LOCKING, Running};
use super::lock::{self, Lock};
use super::write::{LONGEST_LAG, MOST_READS, POLL};
use super::{DeployError, Observer, State};
use crate::read::recover;

/// A run.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// Its name.
    pub run: &'a str,
    /// When it began, in seconds since 1970.
    pub now: u64,
    /// How long its lock holds.
    pub lock_seconds: u64,
    /// Whether the service is an emulator, which does less than AWS.
    pub emulated: bool,
    /// How much time it has.
    pub clock: &'a Clock,
}

/// A call failed before anything was written.
#[must_use]
pub fn untouched(error: CallError) -> DeployError {
    DeployError::Call {
        error,
        state: State::Untouched,
    }
}

pub(crate) fn note_step(journal: &Journal, step: &str, observer: &mut impl Observer) {
    if let Err(error) = journal.step(step) {
        observer.warning(&format!("the journal cannot be written: {error}"));
    }
}

/// Whether a run on this machine died with an API half changed.
pub(crate) fn died(rest_api_id: &str, journal: &Journal) -> bool {
    journal
        .interrupted(rest_api_id)
        .as_ref()
        .is_some_and(Running::had_begun)
}

/// The API as a run that died left it: a read may be older than the last write of that run.
pub(crate) async fn outlive(
    gateway: &impl ApiGateway,
    api: RestApi,
    journal: &Journal,
    emulated: bool,
    observer: &mut impl Observer,
) -> Result<RestApi, DeployError> {
    if emulated || !died(&api.id, journal) {
        return Ok(api);
    }
    observer.step("Waiting", "until reads show all that an interrupted run wrote");
    sleep(LONGEST_LAG).await;
    gateway.get_rest_api(&api.id).await.map_err(untouched)
}

/// Whether an earlier run may have left an API half changed: one that died on this machine, or one whose lock is left.
pub(crate) fn is_interrupted(api: &RestApi, journal: &Journal, turn: &Turn<'_>) -> bool {
    died(&api.id, journal) || Lock::of(api).is_some_and(|lock| lock.begun && !lock.holds(turn.now))
}

/// Does something to an API that nobody else changes meanwhile, and tells the next run how it ended. What an interrupted
/// run left is told on unless `finishes` says that it is done with.
pub(crate) async fn alone<O: Observer, T>(
    gateway: &impl ApiGateway,
    api: &RestApi,
    turn: &Turn<'_>,
    journal: &mut Journal,
    observer: &mut O,
    work: impl AsyncFnOnce(&Lock, &mut Journal, &mut O) -> Result<T, DeployError>,
    finishes: impl FnOnce(&T) -> bool,
) -> Result<T, DeployError> {
    let id = &api.id;
    // Whatever the plan makes of it: until this run has a snapshot, the one before is all that tells what was lost.
    let is_interrupted = is_interrupted(api, journal, turn);
    // The file is there for the last run only: the lock of a dead one on this machine is known by it.
    let dead = journal.interrupted(id).map(|running| running.run);
    journal.open(id, turn.run)?;
    let lock = lock(turn);
    if !is_interrupted {
        note_step(journal, LOCKING, observer);
    }
    let is_locked = acquire(gateway, api, &lock, dead.as_deref(), turn, observer).await?;
    let result = work(&lock, journal, observer).await;
    let state = result.as_ref().err().map(DeployError::state);
    turn.clock.begin_undo();
    let is_left = match &state {
        // What this run left in between, or found so and did not get to finish, is told to the next one.
        Some(State::Untouched | State::Returned | State::SettingsRestored | State::SettingsUnknown) => is_interrupted,
        // What an export makes of a draft may be spelt differently: the next run is to know why.
        Some(_) => true,
        None => is_interrupted && !result.as_ref().is_ok_and(finishes),
    };
    // Who came first has the tag, and still needs it.
    let is_ours = !matches!(result, Err(DeployError::Locked { .. }));
    let told = if !is_ours {
        Ok(())
    } else if is_left {
        gateway.tag_resource(id, lock::KEY, &lock.expired().to_string()).await
    } else {
        gateway.untag_resource(id, lock::KEY).await
    };
    // An API that was deleted has no tag, and the journal has no more to tell of it.
    let is_gone = |error: &CallError| matches!(error.cause, Cause::NotFound { .. });
    let is_told = turn.emulated || !is_locked || told.as_ref().err().is_none_or(is_gone);
    if let Err(error) = told
        && !is_told
    {
        observer.warning(&format!("the tag `{}` stays until it expires: {error}", lock::KEY));
    }
    // Without the tag's help the journal is what the next run on this machine knows.
    if is_told && state.as_ref().is_none_or(State::is_clean) && !(is_interrupted && is_left) {
        journal.end();
    }
    result
}

/// The lock of a run. It holds from now on, however long somebody was asked before.
pub(super) fn lock(turn: &Turn<'_>) -> Lock {
    Lock {
        run: turn.run.to_owned(),
        until: turn.now + turn.clock.granted().as_secs() + turn.lock_seconds,
        begun: false,
    }
}

/// Takes the lock if nobody has it; gives whether the service and the role allow that.
///
/// What was read before the plan is old by now, above all when somebody was asked in between.
async fn acquire(
    gateway: &impl ApiGateway,
    api: &RestApi,
    lock: &Lock,
    dead: Option<&str>,
    turn: &Turn<'_>,
    observer: &mut impl Observer,
) -> Result<bool, DeployError> {
    let api = gateway.get_rest_api(&api.id).await.map_err(untouched)?;
    is_free(&api, lock, dead, turn)?;
    take(gateway, &api.id, lock, turn, observer).await.map_err(untouched)
}

/// Takes the lock, whoever has it, as far as the service and the role allow it; gives whether they do.
pub(super) async fn take(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    lock: &Lock,
    turn: &Turn<'_>,
    observer: &mut impl Observer,
) -> Result<bool, CallError> {
    match gateway.tag_resource(rest_api_id, lock::KEY, &lock.to_string()).await {
        Ok(()) => Ok(true),
        Err(error) if turn.emulated || matches!(error.cause, Cause::AccessDenied { .. }) => {
            observer.warning("the API cannot be locked: take care that nobody else deploys it now");
            Ok(false)
        }
        Err(error) => {
            // The answer may be what got lost, and then nobody could deploy for a while.
            if error.is_ambiguous() {
                let _ = gateway.untag_resource(rest_api_id, lock::KEY).await;
            }
            Err(error)
        }
    }
}

/// Refuses what another run has locked.
#[expect(
    clippy::result_large_err,
    reason = "once or twice in a run, like the error of its callers"
)]
fn is_free(api: &RestApi, lock: &Lock, dead: Option<&str>, turn: &Turn<'_>) -> Result<(), DeployError> {
    match Lock::of(api) {
        Some(held) if held.holds(turn.now) && held.run != lock.run && dead != Some(held.run.as_str()) => {
            Err(DeployError::Locked {
                run: held.run,
                seconds: held.until - turn.now,
            })
        }
        _ => Ok(()),
    }
}

/// Says on the API that it is being changed: who finds this lock expired knows that the draft may be half of
/// something. Of two runs that saw it unlocked at the same time, the one whose lock was replaced ends here.
pub(crate) async fn begin(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    lock: &Lock,
    turn: &Turn<'_>,
) -> Result<(), DeployError> {
    read_locked(gateway, rest_api_id, lock, turn, false).await?;
    match gateway
        .tag_resource(rest_api_id, lock::KEY, &lock.begun().to_string())
        .await
    {
        Err(error) if !turn.emulated && !matches!(error.cause, Cause::AccessDenied { .. }) => Err(untouched(error)),
        _ => Ok(()),
    }
}

/// Reads the API under the lock, unless another run has replaced that. With `shows` the read is as new as the lock.
async fn read_locked(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    lock: &Lock,
    turn: &Turn<'_>,
    shows: bool,
) -> Result<RestApi, DeployError> {
    let mut api = gateway.get_rest_api(rest_api_id).await.map_err(untouched)?;
    let mut seen = is_free(&api, lock, None, turn);
    for _ in 1..MOST_READS {
        if turn.emulated || lock.is_of(&api) || !shows && seen.is_ok() {
            break;
        }
        // A read may be older than the write before it, and show the lock of a run that died.
        sleep(POLL).await;
        api = gateway.get_rest_api(rest_api_id).await.map_err(untouched)?;
        seen = seen.and(is_free(&api, lock, None, turn));
    }
    if !lock.is_of(&api) {
        // Another run had it, though it may be done by now.
        seen?;
    }
    Ok(api)
}

/// Reads the API once more under the lock, and makes sure that nobody changed it since the plan. Gives it with all that
/// an interrupted run took from it.
pub(crate) async fn read_again(
    gateway: &impl ApiGateway,
    planned: &Reading,
    lock: &Lock,
    stage: &str,
    links: &BTreeSet<String>,
    turn: &Turn<'_>,
    journal: &Journal,
) -> Result<Reading, DeployError> {
    let id = &planned.api.id;
    let api = read_locked(gateway, id, lock, turn, true).await?;
    let mut reading = read(gateway, api, stage, links, turn.emulated)
        .await
        .map_err(untouched)?;
    if !is_same(planned, &reading) {
        return Err(DeployError::ChangedMeanwhile);
    }
    // The journal is still that of the run before.
    if let Some(snapshot) = journal.left(id) {
        recover(&mut reading, &snapshot);
    }
    Ok(reading)
}

/// Whether somebody wrote between the plan and the lock.
fn is_same(planned: &Reading, now: &Reading) -> bool {
    let plain = |reading: &Reading| {
        let mut reading = reading.clone();
        reading.api.tags.clear();
        reading.api.status = None;
        reading.missing.clear();
        reading
    };
    plain(planned) == plain(now)
}
