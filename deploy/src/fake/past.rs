//! What was: every state that the APIs were in, and reads that are older than the write before them.

use std::time::Duration;

use tokio::time::Instant;

use crate::api::Operation;

use super::api::{Apis, FakeApi};

/// The states of the APIs, oldest first.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// With the time from which on they were so; the first one always was.
    states: Vec<(Option<Instant>, Apis)>,
    pub(super) lag: Duration,
    /// One read of so many is old; 0 for none.
    pub(super) every: usize,
    /// Whether an old read shows half of the paths as they are by now.
    pub(super) shows_half: bool,
    reads: usize,
}

/// Gives an API of an old read every other path as it is by now.
fn blend(seen: &mut FakeApi, now: &FakeApi) {
    let is_new = |path: &str| path.len().is_multiple_of(2);
    seen.resources.retain(|one| !is_new(&one.path));
    let new = now.resources.iter().filter(|one| is_new(&one.path));
    seen.resources.extend(new.cloned());
    seen.resources.sort_by(|one, other| one.path.cmp(&other.path));
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
        let old = self.states.iter().rev().find(|(at, _)| at.is_none_or(is_old));
        let mut seen = old.map(|(_, apis)| apis.clone()).unwrap_or_default();
        if let Some((_, now)) = self.states.last().filter(|_| self.shows_half) {
            for (id, api) in &mut seen {
                if let Some(now) = now.get(id) {
                    blend(api, now);
                }
            }
        }
        read(&mut seen)
    }
}
