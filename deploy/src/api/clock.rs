//! The time that a run has, and whether somebody wants it to end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::interrupt::Interrupt;

/// What undoing may take beyond the deadline.
const UNDO: Duration = Duration::from_secs(60);
/// What API Gateway may take over an update of an API: over one of the TLS policy it takes about a quarter of an hour
/// ([security policies](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-update.html)).
pub(crate) const LONGEST_UPDATE: Duration = Duration::from_secs(20 * 60);

/// The clock of one run. Its clones are the same clock: whoever runs, and [`Retrying`](super::Retrying), share it.
///
/// ```
/// use std::time::Duration;
/// use bluegate_deploy::api::Clock;
///
/// let clock = Clock::within(Duration::from_secs(600));
/// clock.grant(Duration::from_secs(30));
/// assert_eq!(clock.granted(), Duration::from_secs(30));
/// ```
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Time>>);

#[derive(Debug)]
struct Time {
    deadline: Instant,
    granted: Duration,
    /// How long updates may still take beyond the deadline: that of a put, and that of what it repairs.
    updates: Duration,
    undoes: bool,
    interrupt: Interrupt,
}

impl Clock {
    /// All calls together may take so long from now on.
    #[must_use]
    pub fn within(total: Duration) -> Self {
        Self(Arc::new(Mutex::new(Time {
            deadline: Instant::now() + total,
            granted: Duration::ZERO,
            updates: 2 * LONGEST_UPDATE,
            undoes: false,
            interrupt: Interrupt::default(),
        })))
    }

    /// The same, for a run that makes no more calls when somebody wants it to end, but for those that undo.
    #[must_use]
    pub fn stopped_by(self, interrupt: Interrupt) -> Self {
        self.time().interrupt = interrupt;
        self
    }

    fn time(&self) -> MutexGuard<'_, Time> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No call begins later, and none is waited for longer.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.time().deadline
    }

    /// The run has so much more time, because it waited for somebody.
    pub fn grant(&self, more: Duration) {
        let mut time = self.time();
        time.deadline += more;
        time.granted += more;
    }

    /// The same because an update is not done, as far as that may take it.
    pub(crate) fn grant_update(&self, more: Duration) {
        let mut time = self.time();
        let more = more.min(time.updates);
        time.updates -= more;
        time.deadline += more;
        time.granted += more;
    }

    /// How much time was granted so far.
    #[must_use]
    pub fn granted(&self) -> Duration {
        self.time().granted
    }

    /// What was begun is undone or brought to its end: calls from now on have at least a minute, and nobody stops
    /// them. While updates of the API are not done, they have more.
    pub fn begin_undo(&self) {
        let mut time = self.time();
        if !std::mem::replace(&mut time.undoes, true) {
            time.updates = 2 * LONGEST_UPDATE;
        }
        time.deadline = time.deadline.max(Instant::now() + UNDO);
    }

    /// Whether [`begin_undo`](Self::begin_undo) was called.
    #[must_use]
    pub fn undoes(&self) -> bool {
        self.time().undoes
    }

    /// Whether no more calls are to be made, because somebody wants the run to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let time = self.time();
        time.interrupt.is_raised() && !time.undoes
    }

    /// Waits until somebody wants the run to end, and never ends while it undoes.
    pub async fn stopped(&self) {
        if self.undoes() {
            std::future::pending::<()>().await;
        }
        self.interrupt().raised().await;
    }

    /// What tells that somebody wants the run to end.
    #[must_use]
    pub fn interrupt(&self) -> Interrupt {
        self.time().interrupt.clone()
    }
}
