//! One run and all that it has for itself: the API under its lock, the journal, the clock, and the list of what it did.
//!
//! A run opens a transaction, applies steps, and closes it. A step says what undoes it before it writes; what stops a
//! run is followed by undoing all that.

mod error;
mod event;
mod journal;
mod locked;
mod progress;
mod settle;
mod until;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use bluegate_core::aws::{Environment, Service};
use tokio::time::Instant;

use crate::api::{ApiGateway, CallError, Cause, Clock, RestApi};
use crate::read::{Reading, is_interrupted, is_left_out, is_whole};
use crate::service::{Lack, Tolerates as _};

pub use error::{RunError, State};
pub use event::{Caller, Content, DeploymentLabel, Event, Intent, Question, Untried, Warning};
use journal::SNAPSHOT;
pub use journal::{Journal, JournalError, Running};
pub use progress::Undo;

pub(crate) use error::StepError;
pub(crate) use progress::backwards;
pub(crate) use until::{LONGEST_LAG, MOST_READS, until};

/// A clock that differs by more seconds is told: AWS refuses signatures of one that differs by five minutes.
const MOST_SKEW: i64 = 120;

/// Where an API is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// What answers there.
    pub service: Service,
    /// The region.
    pub region: String,
    /// What is called instead of AWS's own endpoint.
    pub endpoint: Option<String>,
}

impl Address {
    /// Where a stage is called.
    #[must_use]
    pub fn stage_url(&self, rest_api_id: &str, stage: &str) -> String {
        let endpoint = self.endpoint.as_deref();
        self.service.stage_url(endpoint, &self.region, rest_api_id, stage)
    }
}

/// A run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// When it began, in seconds since 1970.
    pub(crate) began: u64,
    /// How long its lock holds.
    pub(crate) lock_seconds: u64,
}

/// The API as it was when this run began to have it for itself.
#[derive(Debug)]
pub(crate) struct Before {
    /// All that was read of it.
    pub(crate) reading: Reading,
    /// The documents that stages serve.
    pub(crate) exports: BTreeMap<String, String>,
}

/// How far the last put is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Put {
    /// It was begun then, and not answered.
    Begun(Instant),
    /// It was answered with an error.
    Failed,
    /// It was taken.
    Done,
}

/// One run.
pub(crate) struct Transaction<'a, G, C> {
    pub(crate) gateway: &'a G,
    pub(crate) clock: &'a Clock,
    pub(crate) service: Service,
    pub(crate) address: &'a Address,
    pub(crate) environment: &'a Environment,
    /// The stage that the run is about; empty when it is about none.
    pub(crate) stage: &'a str,
    run: Run<'a>,
    began: Instant,
    is_locked: AtomicBool,
    /// Whether an update was begun that takes a quarter of an hour.
    is_slow: AtomicBool,
    /// So many seconds the service's clock is ahead of the one of this machine.
    ahead: AtomicI64,
    /// The account of the API, as soon as it is known.
    account: OnceLock<String>,
    before: OnceLock<Before>,
    applied: Mutex<Vec<Undo>>,
    put: Mutex<Put>,
    journal: Mutex<Journal>,
    caller: Mutex<&'a mut C>,
}

/// Nothing is left half done by whoever panics with one of these.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a, G: ApiGateway, C: Caller> Transaction<'a, G, C> {
    pub(crate) fn new(
        gateway: &'a G,
        clock: &'a Clock,
        address: &'a Address,
        environment: &'a Environment,
        run: Run<'a>,
        journal: Journal,
        caller: &'a mut C,
    ) -> Self {
        Self {
            gateway,
            clock,
            service: address.service,
            address,
            environment,
            stage: environment.stage.as_deref().unwrap_or_default(),
            run,
            began: Instant::now(),
            is_locked: AtomicBool::new(false),
            is_slow: AtomicBool::new(false),
            ahead: AtomicI64::new(0),
            account: OnceLock::new(),
            before: OnceLock::new(),
            applied: Mutex::default(),
            put: Mutex::new(Put::Failed),
            journal: Mutex::new(journal),
            caller: Mutex::new(caller),
        }
    }

    /// Tells what happens.
    pub(crate) fn tell(&self, event: &Event) {
        held(&self.caller).event(event);
    }

    pub(crate) fn warn(&self, warning: Warning) {
        self.tell(&Event::Warning(warning));
    }

    /// Whether the service may lack that; if so, it is told what it does not do.
    pub(crate) fn lacks(&self, lack: Lack, what: impl Into<String>) -> bool {
        let is_tolerated = self.service.tolerates(lack);
        if is_tolerated {
            let what = what.into();
            self.warn(Warning::Lacking { lack, what });
        }
        is_tolerated
    }

    /// Asks before the first write. Who takes long to answer does not use up the time of the run.
    pub(crate) fn confirm(&self, question: &Question) -> Result<(), RunError> {
        if self.ask(|caller| caller.confirm(question)) {
            return Ok(());
        }
        Err(RunError::Declined {
            interrupted: self.clock.is_stopped(),
        })
    }

    pub(crate) fn ask<T>(&self, question: impl FnOnce(&mut C) -> T) -> T {
        let asked = Instant::now();
        let answer = question(&mut held(&self.caller));
        self.clock.grant(asked.elapsed());
        answer
    }

    /// The time, in seconds since 1970: that of the service, as soon as it is known. Locks are of several machines.
    pub(crate) fn now(&self) -> u64 {
        let here = self.run.began + self.began.elapsed().as_secs();
        here.saturating_add_signed(self.ahead.load(Relaxed))
    }

    /// The API is one of this account.
    pub(crate) fn set_account(&self, account: &str) {
        let _ = self.account.set(account.to_owned());
    }

    /// The region and the account of the API, as far as they are known.
    pub(crate) fn region_and_account(&self) -> Option<(&str, &str)> {
        let account = self.account.get().or(self.environment.account_id.as_ref())?;
        let region = &self.address.region;
        (!region.is_empty()).then_some((region, account))
    }

    /// Goes by the clock of the service from now on.
    pub(crate) fn set_clock(&self, api: &RestApi) {
        let Some(there) = api.answered.and_then(|there| u64::try_from(there).ok()) else {
            return;
        };
        let ahead = there.cast_signed() - self.now().cast_signed();
        self.ahead.fetch_add(ahead, Relaxed);
        if ahead.abs() > MOST_SKEW {
            self.warn(Warning::Clock { ahead });
        }
    }

    /// The API as it was when this run began to have it for itself; nothing of one that was not there.
    pub(crate) fn before(&self) -> &Before {
        static NOTHING: OnceLock<Before> = OnceLock::new();
        self.before.get().unwrap_or_else(|| {
            NOTHING.get_or_init(|| Before {
                reading: Reading::default(),
                exports: BTreeMap::new(),
            })
        })
    }

    pub(crate) fn begin_with(&self, before: Before) {
        let _ = self.before.set(before);
    }

    /// The id of the API.
    pub(crate) fn id(&self) -> &str {
        &self.before().reading.api.id
    }

    /// Does what `undo` undoes: that is noted before it is begun. What surely did not happen needs no undo.
    pub(crate) async fn apply<T>(
        &self,
        undo: impl IntoIterator<Item = Undo>,
        write: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        let done = held(&self.applied).len();
        self.did(undo);
        let written = write.await;
        // Of a definition for which there is no room left, API Gateway may have applied a part.
        if let Err(error) = &written
            && !error.is_ambiguous()
            && !matches!(error.cause, Cause::QuotaReached { .. })
        {
            held(&self.applied).truncate(done);
        }
        written
    }

    /// Something was done, and this undoes it.
    pub(crate) fn did(&self, undo: impl IntoIterator<Item = Undo>) {
        {
            let mut applied = held(&self.applied);
            for one in undo {
                if !applied.contains(&one) {
                    applied.push(one);
                }
            }
        }
        self.note();
    }

    /// What was done so far stays, whatever fails from now on.
    pub(crate) fn keep(&self) {
        held(&self.applied).clear();
    }

    pub(crate) fn set_put(&self, put: Put) {
        *held(&self.put) = put;
    }

    pub(crate) fn put_state(&self) -> Put {
        *held(&self.put)
    }

    pub(crate) fn applied(&self) -> Vec<Undo> {
        held(&self.applied).clone()
    }

    pub(crate) fn note(&self) {
        let noted = held(&self.journal).note(&held(&self.applied));
        if let Err(error) = noted {
            let error = error.to_string();
            self.warn(Warning::Journal { error });
        }
    }

    /// Keeps a text in the journal.
    pub(crate) fn save(&self, name: &str, text: &str) -> Result<(), StepError> {
        let saved = held(&self.journal).save(name, text);
        saved.map_err(|error| StepError::Check(format!("the journal cannot be written: {error}")))
    }

    pub(crate) fn open_journal(&self, rest_api_id: &str) -> Result<(), JournalError> {
        held(&self.journal).open(rest_api_id, self.run.name)
    }

    /// Makes the folder of the journal, so that a run that creates an API knows that it will have one.
    pub(crate) fn prepare_journal(&self) -> Result<(), JournalError> {
        held(&self.journal).prepare()
    }

    /// What the API was before a run of this machine that died with it half changed.
    pub(crate) fn left(&self, rest_api_id: &str) -> Option<Reading> {
        self.dead_run(rest_api_id)?;
        held(&self.journal).left(rest_api_id)
    }

    /// The journal has no more to tell of this run.
    pub(crate) fn end_journal(&self) {
        held(&self.journal).end();
    }

    /// Keeps what there is in the journal, and what stages serve.
    pub(crate) async fn snapshot(&self, reading: Reading) -> Result<(), StepError> {
        self.tell(&Event::Keeping);
        self.save(SNAPSHOT, &serde_json::to_string_pretty(&reading).unwrap_or_default())?;
        let mut exports = BTreeMap::new();
        for stage in reading.stages.iter().filter(|stage| stage.deployment_id.is_some()) {
            let is_read = reading.served.as_ref().map(|one| &one.id) == stage.deployment_id.as_ref();
            let export = match &reading.export {
                Some(export) if is_read => Ok(export.clone()),
                _ => self.gateway.get_export(&reading.api.id, &stage.name).await,
            };
            match export {
                Ok(export) if !is_whole(&export, self.service) => {}
                Ok(export) => {
                    self.save(&format!("export-{}.json", stage.name), &export)?;
                    exports.insert(stage.name.clone(), export);
                }
                Err(error) if is_left_out(&error, self.service) => {
                    let stage = stage.name.clone();
                    self.warn(Warning::NotKept { stage });
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.begin_with(Before { reading, exports });
        Ok(())
    }

    /// The API as a run that died left it: a read may be older than the last write of that run.
    pub(crate) async fn wait_out_dead_run(&self, api: RestApi) -> Result<RestApi, RunError> {
        if self.service.tolerates(Lack::Lag) || self.dead_run(&api.id).is_none() {
            return Ok(api);
        }
        self.tell(&Event::WaitingForReads);
        tokio::time::sleep(LONGEST_LAG).await;
        Ok(self.gateway.get_rest_api(&api.id).await?)
    }

    /// The run of this machine that died with an API half changed.
    pub(crate) fn dead_run(&self, rest_api_id: &str) -> Option<Running> {
        held(&self.journal).interrupted(rest_api_id).filter(Running::had_begun)
    }

    /// Whether an earlier run may have left an API half changed.
    pub(crate) fn is_interrupted(&self, api: &RestApi) -> bool {
        is_interrupted(api, self.dead_run(&api.id).is_some(), self.now())
    }
}
