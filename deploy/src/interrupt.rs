//! Somebody's wish that a run ends: it does so at its next call, and undoes what it did.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Whether somebody wants the run to end, and how far it is.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Inner>);

#[derive(Default)]
struct Inner {
    wishes: AtomicUsize,
    reached: AtomicU8,
    notify: Notify,
}

/// What a run has done to the API so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Nothing.
    Nothing,
    /// It has locked it.
    Locked,
    /// It has begun to change it.
    Changed,
}

impl Interrupt {
    /// Wishes that the run ends; gives how many have wished so.
    pub fn raise(&self) -> usize {
        let wishes = self.0.wishes.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.notify.notify_waiters();
        wishes
    }

    /// Whether somebody wants the run to end.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.wishes.load(Ordering::SeqCst) > 0
    }

    /// Waits until somebody wants the run to end.
    pub async fn raised(&self) {
        loop {
            let told = self.0.notify.notified();
            if self.is_raised() {
                return;
            }
            told.await;
        }
    }

    /// Remembers that a run is about to do this; it never goes back.
    pub fn note(&self, reached: Reached) {
        self.0.reached.fetch_max(reached as u8, Ordering::SeqCst);
    }

    /// How far the run is.
    #[must_use]
    pub fn reached(&self) -> Reached {
        match self.0.reached.load(Ordering::SeqCst) {
            reached if reached == Reached::Nothing as u8 => Reached::Nothing,
            reached if reached == Reached::Locked as u8 => Reached::Locked,
            _ => Reached::Changed,
        }
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt")
            .field("is_raised", &self.is_raised())
            .field("reached", &self.reached())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_is_told_whether_the_wish_came_before_or_after() {
        let interrupt = Interrupt::default();
        let other = interrupt.clone();
        let waiting = interrupt.raised();
        let raising = async {
            assert!(!other.is_raised());
            assert_eq!(other.raise(), 1);
        };
        tokio::join!(waiting, raising);
        interrupt.raised().await;
        assert_eq!(interrupt.raise(), 2);
    }

    #[test]
    fn a_run_that_changed_something_stays_one_that_did() {
        let interrupt = Interrupt::default();
        assert_eq!(interrupt.reached(), Reached::Nothing);
        interrupt.note(Reached::Locked);
        assert_eq!(interrupt.reached(), Reached::Locked);
        interrupt.note(Reached::Changed);
        interrupt.note(Reached::Locked);
        assert_eq!(interrupt.reached(), Reached::Changed);
    }
}
