//! The last requests, and who listens for the next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::trace::Trace;
use crate::service::Record;

/// How many requests are kept.
const KEPT: usize = 200;

/// What happens.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// A request was answered.
    Request(Arc<Trace>),
    /// The overview is another one.
    Overview,
}

#[derive(Debug)]
pub(super) struct Traffic {
    state: Mutex<State>,
    events: broadcast::Sender<Event>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    traces: VecDeque<Arc<Trace>>,
    notice: Option<String>,
}

impl Default for Traffic {
    fn default() -> Self {
        let (events, _) = broadcast::channel(KEPT);
        Self {
            state: Mutex::default(),
            events,
        }
    }
}

impl Traffic {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, record: &Record) -> Arc<Trace> {
        let mut state = self.state();
        state.last += 1;
        let trace = Arc::new(Trace::of(state.last, record));
        if state.traces.len() == KEPT {
            state.traces.pop_front();
        }
        state.traces.push_back(Arc::clone(&trace));
        // Under the lock, so that who listens gets them in their order. That nobody listens is no error.
        let _ = self.events.send(Event::Request(Arc::clone(&trace)));
        trace
    }

    pub(super) fn notice(&self, notice: Option<String>) {
        self.state().notice = notice;
        let _ = self.events.send(Event::Overview);
    }

    pub(super) fn noticed(&self) -> Option<String> {
        self.state().notice.clone()
    }

    /// The requests that are kept and come after one of a number.
    pub(super) fn kept(&self, after: u64) -> Vec<Arc<Trace>> {
        let state = self.state();
        state
            .traces
            .iter()
            .filter(|trace| trace.number > after)
            .cloned()
            .collect()
    }

    /// The same, and what happens from then on.
    pub(super) fn follow(&self, after: u64) -> (Vec<Arc<Trace>>, broadcast::Receiver<Event>) {
        let state = self.state();
        // Who saw more requests than there were saw those of another process.
        let after = if after > state.last { 0 } else { after };
        let kept = state.traces.iter().filter(|trace| trace.number > after).cloned();
        (kept.collect(), self.events.subscribe())
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Trace>> {
        let state = self.state();
        state.traces.iter().rev().find(|trace| trace.id == id).cloned()
    }
}
