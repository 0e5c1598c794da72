//! The service in memory: what it holds, and how a call happens or fails.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::api::{CallError, Cause, Effect, Operation, Page};

use super::api::{Apis, FakeApi};
use super::conduct::Conduct;
use super::function::Lambda;
use super::past::Past;
use super::refusal::{busy, not_found};
use super::script::{Fault, Script};

/// An API Gateway in memory. Its clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Fake(Arc<Inner>);

/// Whoever holds one of the locks takes the ones below it, and none above.
#[derive(Debug, Default)]
struct Inner {
    apis: Mutex<Apis>,
    past: Mutex<Past>,
    script: Mutex<Script>,
    conduct: Mutex<Conduct>,
    lambda: Mutex<Lambda>,
}

/// A test that failed while it held a lock has said so already.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Fake {
    pub(super) fn apis(&self) -> MutexGuard<'_, Apis> {
        locked(&self.0.apis)
    }

    pub(super) fn past(&self) -> MutexGuard<'_, Past> {
        locked(&self.0.past)
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        locked(&self.0.script)
    }

    pub(super) fn conduct(&self) -> MutexGuard<'_, Conduct> {
        locked(&self.0.conduct)
    }

    pub(super) fn lambda(&self) -> MutexGuard<'_, Lambda> {
        locked(&self.0.lambda)
    }

    pub(super) async fn perform<T>(
        &self,
        operation: Operation,
        effect: impl FnOnce(&mut Apis) -> Result<T, Cause>,
    ) -> Result<T, CallError> {
        self.catch_up();
        let fault = self.script().begin(operation);
        let fail = |cause| CallError::new(operation, cause);
        match fault {
            Some(Fault::Before(cause)) => Err(fail(cause)),
            Some(Fault::Hang) => self.hang().await,
            Some(Fault::After(cause)) => {
                self.happen(operation, effect).map_err(fail)?;
                Err(fail(cause))
            }
            Some(Fault::HangAfter) => {
                let _ = self.happen(operation, effect);
                self.hang().await
            }
            Some(fault @ (Fault::Half | Fault::OtherHalf)) => {
                let before = self.apis().clone();
                let _ = effect(&mut self.apis());
                if matches!(operation, Operation::PutRestApi | Operation::ImportRestApi) {
                    self.halve(&before, &fault);
                }
                self.remember();
                Err(fail(Cause::Unavailable {
                    status: 500,
                    message: "internal".into(),
                    retry_after: None,
                }))
            }
            Some(Fault::Later(time)) => {
                let mut then = self.apis().clone();
                effect(&mut then).map_err(fail)?;
                let due = Instant::now() + time;
                for (id, api) in then {
                    if let Some(document) = api.document.filter(|_| operation == Operation::PutRestApi) {
                        self.script().pending.push((due, id, document));
                    }
                }
                Err(fail(Cause::TimedOut))
            }
            // Taken apart when it is looked up.
            Some(Fault::Twice(_)) | None => self.happen(operation, effect).map_err(fail),
        }
    }

    /// What was late happens.
    fn catch_up(&self) {
        let now = Instant::now();
        let due: Vec<_> = self.script().pending.extract_if(.., |(due, ..)| *due <= now).collect();
        for (_, id, document) in due {
            if let Some(api) = self.apis().get_mut(&id) {
                api.put(&document);
            }
            self.remember();
        }
    }

    async fn hang(&self) -> ! {
        self.script().hangs = true;
        std::future::pending().await
    }

    fn happen<T>(&self, operation: Operation, effect: impl FnOnce(&mut Apis) -> Result<T, Cause>) -> Result<T, Cause> {
        if self.past().is_seen(operation) {
            return self.past().read(effect);
        }
        let done = effect(&mut self.apis());
        let meanwhile = self.script().take_meanwhile(operation);
        if let Some(change) = meanwhile {
            self.apis().values_mut().for_each(change);
        }
        if !operation.is_read() {
            self.remember();
        }
        done
    }

    pub(super) fn remember(&self) {
        self.past().remember(&self.apis());
    }

    /// Takes half of what a document just did away again.
    fn halve(&self, before: &Apis, fault: &Fault) {
        let none = FakeApi::default();
        for (id, api) in self.apis().iter_mut() {
            let before = before.get(id).unwrap_or(&none);
            if before.document == api.document {
                continue;
            }
            match fault {
                Fault::OtherHalf => api.resources.clone_from(&before.resources),
                _ => {
                    let half = api.resources.len() / 2;
                    api.resources.truncate(half);
                }
            }
        }
    }

    pub(super) async fn of<T>(
        &self,
        operation: Operation,
        id: &str,
        effect: impl FnOnce(&mut FakeApi) -> Result<T, Cause>,
    ) -> Result<T, CallError> {
        self.perform(operation, |apis| {
            let api = apis.get_mut(id).ok_or_else(|| not_found("API"))?;
            let changes = matches!(operation.effect(), Effect::Writes | Effect::Adds);
            let is_refused = match operation {
                // It changes nothing of the API.
                Operation::TestInvokeMethod => false,
                Operation::CreateDeployment => api.is_updating() || api.failed.is_some(),
                _ => changes && api.is_updating(),
            };
            if is_refused {
                return Err(busy(operation));
            }
            effect(api)
        })
        .await
    }

    pub(super) async fn list<T: Clone>(
        &self,
        operation: Operation,
        id: &str,
        items: impl FnOnce(&FakeApi) -> Vec<T>,
    ) -> Result<Page<T>, CallError> {
        self.of(operation, id, |api| {
            Ok(Page {
                items: self.conduct().turned(items(api)),
                next: None,
            })
        })
        .await
    }
}
