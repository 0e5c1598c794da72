//! What was: every state that the APIs were in, and reads that are older than the write before them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::{Fake, FakeApi};
use crate::aws::Operation;

type Apis = BTreeMap<String, FakeApi>;

/// The states of the APIs, oldest first.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// With the time from which on they were so; the first one always was.
    states: RefCell<Vec<(Option<Instant>, Apis)>>,
    lag: Cell<Duration>,
    /// One read of so many is old; 0 for none.
    every: Cell<usize>,
    reads: Cell<usize>,
}

impl Past {
    pub(super) fn remember(&self, apis: &Apis) {
        self.states.borrow_mut().push((Some(Instant::now()), apis.clone()));
    }

    /// What a read gets to see, when that is not what is.
    pub(super) fn read(&self, operation: Operation) -> Option<Apis> {
        let every = self.every.get();
        if every == 0 || !operation.is_read() {
            return None;
        }
        self.reads.set(self.reads.get() + 1);
        if !self.reads.get().is_multiple_of(every) {
            return None;
        }
        let seen = Instant::now().checked_sub(self.lag.get())?;
        let states = self.states.borrow();
        let old = states.iter().rev().find(|(at, _)| at.is_none_or(|at| at <= seen));
        Some(old.map(|(_, apis)| apis.clone()).unwrap_or_default())
    }
}

impl Fake {
    /// From now on one read of `every` does not see what was written within `lag`.
    pub(crate) fn lags(&self, lag: Duration, every: usize) {
        self.past.lag.set(lag);
        self.past.every.set(every);
    }

    /// Every state that an API was in.
    pub(crate) fn states(&self, id: &str) -> Vec<FakeApi> {
        let states = self.past.states.borrow();
        states.iter().filter_map(|(_, apis)| apis.get(id).cloned()).collect()
    }

    /// What was to fail and did not come to it, does not fail any more.
    pub(crate) fn heal(&self) {
        *self.fault_at.borrow_mut() = None;
        self.faults.borrow_mut().clear();
    }

    /// Forgets what was, but for what is.
    pub(crate) fn begin(&self) {
        let now = self.apis.borrow().clone();
        *self.past.states.borrow_mut() = vec![(None, now)];
    }
}
