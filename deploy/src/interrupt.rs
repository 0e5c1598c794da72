//! Ctrl-C, and the request to end that CI services send.
//!
//! The first one is a wish: what runs ends at its next call, and undoes what it did. The second one ends the process.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::thread;

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
    /// One that listens to the signals of this process.
    ///
    /// `on_wish` is called for the first signal. For the second one `on_end` is called, which should end the process.
    ///
    /// # Errors
    ///
    /// When the system does not let it listen.
    pub fn listening(
        on_wish: impl Fn(Reached) + Send + 'static,
        on_end: impl Fn(Reached) + Send + 'static,
    ) -> io::Result<Self> {
        let interrupt = Self::default();
        let ours = interrupt.clone();
        // A thread of its own: the one of the run may wait for an answer on the terminal.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut signals = {
            let _inside = runtime.enter();
            Signals::new()?
        };
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async move {
                while signals.next().await {
                    if ours.raise() == 1 {
                        on_wish(ours.reached());
                    } else {
                        on_end(ours.reached());
                    }
                }
            });
        })?;
        Ok(interrupt)
    }

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

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one; `false` when there will be none.
    async fn next(&mut self) -> bool {
        tokio::select! {
            got = self.interrupt.recv() => got.is_some(),
            got = self.terminate.recv() => got.is_some(),
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "the same form as on Unix")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> bool {
        tokio::signal::ctrl_c().await.is_ok()
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
