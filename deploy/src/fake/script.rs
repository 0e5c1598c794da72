//! What goes wrong at which call, and which calls were made.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::api::{Cause, Operation};
use crate::interrupt::Interrupt;

use super::api::FakeApi;

/// How a call fails.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Nothing happens.
    Before(Cause),
    /// It happens, but the answer is an error: the reply got lost.
    After(Cause),
    /// Nothing happens and no answer ever comes.
    Hang,
    /// It happens and no answer ever comes: whoever called is dead.
    HangAfter,
    /// Half of a put happens, then API Gateway has trouble.
    Half,
    /// The other half: the settings are those of the document, the paths are not.
    OtherHalf,
    /// No answer comes in time, and it happens so much later. For puts.
    Later(Duration),
    /// Like this now, and like that at the next call of the operation.
    Twice(Box<(Fault, Fault)>),
}

/// What somebody else does to an API.
type Edit = fn(&mut FakeApi);

#[derive(Debug, Default)]
pub(super) struct Script {
    faults: BTreeMap<Operation, VecDeque<Fault>>,
    /// The call, counted from 0, that fails.
    fault_at: Option<(usize, Fault)>,
    pub(super) calls: Vec<Operation>,
    /// What somebody else does right after the next call of an operation.
    pub(super) meanwhile: Option<(Operation, Edit)>,
    /// The call at which somebody wants the run to end.
    wish_at: Option<(usize, Interrupt)>,
    pub(super) hangs: bool,
    /// Documents that are put on APIs when their time has come.
    pub(super) pending: Vec<(Instant, String, String)>,
}

impl Script {
    /// A call begins; gives how it fails.
    pub(super) fn begin(&mut self, operation: Operation) -> Option<Fault> {
        let number = self.calls.len();
        self.calls.push(operation);
        if let Some((at, interrupt)) = &self.wish_at
            && *at == number
        {
            interrupt.raise();
        }
        let numbered = self.fault_at.take_if(|(at, _)| *at == number).map(|(_, fault)| fault);
        let queue = self.faults.entry(operation).or_default();
        match numbered.or_else(|| queue.pop_front())? {
            Fault::Twice(both) => {
                queue.push_back(both.1);
                Some(both.0)
            }
            fault => Some(fault),
        }
    }

    /// What somebody else does after a call.
    pub(super) fn take_meanwhile(&mut self, operation: Operation) -> Option<Edit> {
        self.meanwhile
            .take_if(|(after, _)| *after == operation)
            .map(|(_, edit)| edit)
    }

    pub(super) fn fail_next(&mut self, operation: Operation, fault: Fault) {
        self.faults.entry(operation).or_default().push_back(fault);
    }

    /// The call of a number, counted from now on.
    pub(super) fn fail_at(&mut self, call: usize, fault: Fault) {
        self.fault_at = Some((self.calls.len() + call, fault));
    }

    pub(super) fn heal(&mut self) {
        self.fault_at = None;
        self.faults.clear();
    }

    pub(super) fn interrupt_at(&mut self, call: usize, interrupt: Interrupt) {
        self.wish_at = Some((self.calls.len() + call, interrupt));
    }
}
