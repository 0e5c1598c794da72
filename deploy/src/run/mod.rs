//! What is done to an API, from the plan to the end: each a short list of steps in a transaction.

mod create;
mod deploy;
mod destroy;
mod end_canary;
mod rollback;
mod survey;
mod versions;

use std::future::Future;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bluegate_core::aws::Environment;
use tokio::time::Instant;

use crate::api::{ApiGateway, Clock, RestApi};
use crate::read::{Marker, Reading, moment};
use crate::steps::Served;
use crate::transaction::{Address, Caller, DeploymentLabel, Journal, Run, RunError, StepError, Transaction};

pub use deploy::{Deploy, Deployed};
pub use destroy::Destroyed;
pub use end_canary::{Abort, Ended, Ending, Promote};
pub use rollback::{Rollback, RolledBack};
pub use versions::{Version, Whole};

/// Does things to one API, safely: whatever it begins is done as a whole or undone, by one run at a time.
///
/// It is made for one run, with the plan before it: the clock and the name are that run's. Who has several makes one for
/// each.
///
/// ```no_run
/// use std::time::Duration;
///
/// use bluegate_core::aws::Environment;
/// use bluegate_core::openapi::Document;
/// use bluegate_deploy::api::{ApiGateway, Clock, RetryPolicy, Retrying};
/// use bluegate_deploy::{Deploy, Deployer, Event, RunError};
///
/// # async fn example(gateway: impl ApiGateway, shop: Environment, document: &Document) -> Result<(), RunError> {
/// let clock = Clock::within(Duration::from_secs(600));
/// let gateway = Retrying::new(gateway, RetryPolicy::default(), clock.clone(), |_, _| {});
/// let deployer = Deployer::new(gateway, clock, shop);
/// let mut told = |event: &Event| println!("{event:?}");
/// let plan = deployer.plan(&Deploy::of(document), &mut told).await?;
/// if plan.refusals.is_empty() {
///     deployer.deploy(&Deploy::of(document), &mut told).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Deployer<G> {
    gateway: G,
    clock: Clock,
    environment: Environment,
    address: Address,
    journal: PathBuf,
    run: String,
    began: (u64, Instant),
    lock_seconds: u64,
}

/// What undoing may take beyond the time of a run.
const UNDO_SECONDS: u64 = 120;

impl<G: ApiGateway> Deployer<G> {
    /// For an API and a stage of it. `clock` is the one of the gateway, and this run's.
    #[must_use]
    pub fn new(gateway: G, clock: Clock, environment: Environment) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_secs());
        let random = RandomState::new().build_hasher().finish();
        Self {
            lock_seconds: clock.deadline().saturating_duration_since(Instant::now()).as_secs() + UNDO_SECONDS,
            gateway,
            clock,
            environment,
            address: Address::default(),
            journal: PathBuf::from(".bluegate"),
            run: format!("{now}-{:08x}", random >> 32),
            began: (now, Instant::now()),
        }
    }

    /// The same, for an API that is there.
    #[must_use]
    pub fn at(mut self, address: Address) -> Self {
        self.address = address;
        self
    }

    /// The same, which keeps snapshots and the state of a run in this folder; `.bluegate` without it. All runs on this
    /// machine should have the same one.
    #[must_use]
    pub fn with_journal(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.journal);
        self
    }

    /// The same, as a run of this name that begins so many seconds after 1970 and holds its lock as long.
    #[cfg(test)]
    pub(crate) fn with_run(mut self, run: &str, now: u64, lock_seconds: u64) -> Self {
        run.clone_into(&mut self.run);
        self.began.0 = now;
        self.lock_seconds = lock_seconds;
        self
    }

    /// How long a run may take, undoing included; what an update of the API takes comes on top.
    #[must_use]
    pub fn longest(&self) -> Duration {
        Duration::from_secs(self.lock_seconds)
    }

    /// What answers its calls.
    #[must_use]
    pub fn gateway(&self) -> &G {
        &self.gateway
    }

    /// The name of its runs: of the lock, and of the folder in the journal.
    #[must_use]
    pub fn run_name(&self) -> &str {
        &self.run
    }

    pub(crate) fn transaction<'a, C: Caller>(&'a self, caller: &'a mut C) -> Transaction<'a, G, C> {
        let run = Run {
            name: &self.run,
            began: self.began.0 + self.began.1.elapsed().as_secs(),
            lock_seconds: self.lock_seconds,
        };
        let journal = Journal::in_folder(&self.journal);
        Transaction::new(
            &self.gateway,
            &self.clock,
            &self.address,
            &self.environment,
            run,
            journal,
            caller,
        )
    }
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Does something to an API that nobody else changes meanwhile, undoes it when it fails, and tells the next run how
    /// it ended. What an interrupted run left is told on unless `finishes` says that it is done with.
    async fn with_lock<T>(
        &self,
        api: &RestApi,
        work: impl Future<Output = Result<T, StepError>>,
        finishes: impl FnOnce(&T) -> bool,
    ) -> Result<T, RunError> {
        let open = self.open(api).await?;
        let result = self.undone(work).await;
        let is_done = result.as_ref().is_ok_and(finishes);
        self.close(open, result.as_ref().err(), is_done).await;
        result
    }

    /// Does something, and undoes it when it fails.
    async fn undone<T>(&self, work: impl Future<Output = Result<T, StepError>>) -> Result<T, RunError> {
        match work.await {
            Ok(done) => Ok(done),
            Err(error) => Err(error.leaving(self.undo().await)),
        }
    }
}

/// What a stage serves.
fn serving<'a>(reading: &'a Reading, stage: &str) -> Option<&'a str> {
    reading.stage(stage)?.deployment_id.as_deref()
}

fn no_stage(reading: &Reading, stage: &str) -> RunError {
    let serving = reading.stages.iter().filter(|stage| stage.deployment_id.is_some());
    RunError::NoStage {
        stage: stage.to_owned(),
        known: serving.map(|stage| stage.name.clone()).collect(),
    }
}

/// A deployment with what is known of it.
fn label(reading: &Reading, id: &str) -> DeploymentLabel {
    let deployment = reading.deployments.iter().find(|one| one.id == id);
    DeploymentLabel {
        id: id.to_owned(),
        created: deployment.and_then(|one| one.created).and_then(moment),
        commit: deployment.and_then(Marker::of).and_then(|marker| marker.commit),
    }
}
