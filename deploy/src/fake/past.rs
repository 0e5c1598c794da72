//! What was: every state that the APIs were in, and reads that are older than the write before them.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use super::{Apis, Fake, FakeApi, locked};
use crate::api::Operation;

/// The states of the APIs, oldest first.
#[derive(Debug, Default)]
pub(super) struct Past(Mutex<States>);

#[derive(Debug, Default)]
struct States {
    /// With the time from which on they were so; the first one always was.
    states: Vec<(Option<Instant>, Apis)>,
    lag: Duration,
    /// One read of so many is old; 0 for none.
    every: usize,
    reads: usize,
}

impl Past {
    pub(super) fn remember(&self, apis: &Apis) {
        locked(&self.0).states.push((Some(Instant::now()), apis.clone()));
    }

    /// Whether a call gets to see what was.
    pub(super) fn is_seen(&self, operation: Operation) -> bool {
        let mut past = locked(&self.0);
        if past.every == 0 || !operation.is_read() {
            return false;
        }
        past.reads += 1;
        past.reads.is_multiple_of(past.every)
    }

    /// What a read that is old gets to see. It changes nothing.
    pub(super) fn read<T>(&self, read: impl FnOnce(&mut Apis) -> T) -> T {
        let mut past = locked(&self.0);
        let seen = Instant::now().checked_sub(past.lag);
        let is_old = |at: Instant| seen.is_some_and(|seen| at <= seen);
        let old = past.states.iter_mut().rev().find(|(at, _)| at.is_none_or(is_old));
        match old {
            Some((_, apis)) => read(apis),
            None => read(&mut Apis::default()),
        }
    }
}

impl Fake {
    /// From now on one read of `every` does not see what was written within `lag`.
    pub fn lags(&self, lag: Duration, every: usize) {
        let mut past = locked(&self.0.past.0);
        past.lag = lag;
        past.every = every;
    }

    /// Looks at every state that an API was in.
    pub fn each_state(&self, id: &str, look: impl FnMut(&FakeApi)) {
        let past = locked(&self.0.past.0);
        past.states.iter().filter_map(|(_, apis)| apis.get(id)).for_each(look);
    }

    /// What was to fail and did not come to it, does not fail any more.
    pub fn heal(&self) {
        let mut script = self.script();
        script.fault_at = None;
        script.faults.clear();
    }

    /// Forgets what was, but for what is.
    pub fn begin(&self) {
        let now = self.apis().clone();
        locked(&self.0.past.0).states = vec![(None, now)];
    }
}
