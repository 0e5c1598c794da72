//! What was: every state that the APIs were in, and reads that are older than the write before them.

use std::time::Duration;

use tokio::time::Instant;

use crate::api::Operation;

use super::api::Apis;

/// The states of the APIs, oldest first.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// With the time from which on they were so; the first one always was.
    states: Vec<(Option<Instant>, Apis)>,
    pub(super) lag: Duration,
    /// One read of so many is old; 0 for none.
    pub(super) every: usize,
    reads: usize,
}

impl Past {
    pub(super) fn remember(&mut self, apis: &Apis) {
        self.states.push((Some(Instant::now()), apis.clone()));
    }

    /// Forgets what was, but for what is.
    pub(super) fn begin(&mut self, now: Apis) {
        self.states = vec![(None, now)];
    }

    pub(super) fn states(&self) -> impl Iterator<Item = &Apis> {
        self.states.iter().map(|(_, apis)| apis)
    }

    /// Whether a call gets to see what was.
    pub(super) fn is_seen(&mut self, operation: Operation) -> bool {
        if self.every == 0 || !operation.is_read() {
            return false;
        }
        self.reads += 1;
        self.reads.is_multiple_of(self.every)
    }

    /// What a read that is old gets to see. It changes nothing.
    pub(super) fn read<T>(&mut self, read: impl FnOnce(&mut Apis) -> T) -> T {
        let seen = Instant::now().checked_sub(self.lag);
        let is_old = |at: Instant| seen.is_some_and(|seen| at <= seen);
        let old = self.states.iter_mut().rev().find(|(at, _)| at.is_none_or(is_old));
        match old {
            Some((_, apis)) => read(apis),
            None => read(&mut Apis::default()),
        }
    }
}
