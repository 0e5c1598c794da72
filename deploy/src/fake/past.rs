//! What was: every state that the APIs were in, and reads that are older than the write before them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::{Fake, FakeApi};
use crate::api::Operation;

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

    /// Whether a call gets to see what was.
    pub(super) fn is_seen(&self, operation: Operation) -> bool {
        let every = self.every.get();
        if every == 0 || !operation.is_read() {
            return false;
        }
        self.reads.set(self.reads.get() + 1);
        self.reads.get().is_multiple_of(every)
    }

    /// What a read that is old gets to see. It changes nothing.
    pub(super) fn read<T>(&self, read: impl FnOnce(&mut Apis) -> T) -> T {
        let seen = Instant::now().checked_sub(self.lag.get());
        let mut states = self.states.borrow_mut();
        let is_old = |at: Instant| seen.is_some_and(|seen| at <= seen);
        let old = states.iter_mut().rev().find(|(at, _)| at.is_none_or(is_old));
        match old {
            Some((_, apis)) => read(apis),
            None => read(&mut Apis::default()),
        }
    }
}

impl Fake {
    /// From now on one read of `every` does not see what was written within `lag`.
    pub fn lags(&self, lag: Duration, every: usize) {
        self.past.lag.set(lag);
        self.past.every.set(every);
    }

    /// Looks at every state that an API was in.
    pub fn each_state(&self, id: &str, look: impl FnMut(&FakeApi)) {
        let states = self.past.states.borrow();
        states.iter().filter_map(|(_, apis)| apis.get(id)).for_each(look);
    }

    /// What was to fail and did not come to it, does not fail any more.
    pub fn heal(&self) {
        *self.fault_at.borrow_mut() = None;
        self.faults.borrow_mut().clear();
    }

    /// Forgets what was, but for what is.
    pub fn begin(&self) {
        let now = self.apis.borrow().clone();
        *self.past.states.borrow_mut() = vec![(None, now)];
    }
}
