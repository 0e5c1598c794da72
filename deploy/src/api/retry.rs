//! Patience: calls that are worth repeating are repeated, under one deadline.

use std::future::Future;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use bluegate_core::aws::Request;
use bluegate_core::gateway::{Authorizer, GatewayResponse, Model, RequestValidator, Resource, Texts};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use crate::interrupt::Reached;

use super::clock::Clock;
use super::error::{Again, CallError, Cause};
use super::gateway::ApiGateway;
use super::model::{Account, Deployment, Identity, Page, Patch, Reply, RestApi, Stage, VpcLink};
use super::operation::{Effect, Operation, operations};
use super::pace::Pace;

/// How patient [`Retrying`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a call is made at most when AWS says "too many" or "busy".
    pub busy_attempts: u32,
    /// How often a call is made at most when it fails otherwise.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles from attempt to attempt.
    pub first_delay: Duration,
    /// No wait is longer.
    pub longest_delay: Duration,
    /// The wait between two attempts while an update of the API is not done, as often as there is time for.
    pub update_delay: Duration,
}

impl Default for RetryPolicy {
    /// Fit for API Gateway's quotas, of which the slowest for a regional API is one deployment in five seconds
    /// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
    fn default() -> Self {
        Self {
            busy_attempts: 7,
            attempts: 4,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(20),
            update_delay: Duration::from_secs(5),
        }
    }
}

/// Is told about each wait: why, and how long.
type OnWait = Box<dyn Fn(&CallError, Duration) + Send + Sync>;

/// An [`ApiGateway`] that repeats what is worth repeating.
pub struct Retrying<G> {
    inner: G,
    policy: RetryPolicy,
    clock: Clock,
    pace: Pace,
    on_wait: OnWait,
}

impl<G> Retrying<G> {
    /// Wraps `inner`, which is called as long as `clock` allows. `on_wait` is told about each wait.
    pub fn new(
        inner: G,
        policy: RetryPolicy,
        clock: Clock,
        on_wait: impl Fn(&CallError, Duration) + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner,
            policy,
            clock,
            pace: Pace::new(),
            on_wait: Box::new(on_wait),
        }
    }

    /// One attempt. A read ends at once when somebody wants the run to end; a write that has begun is waited for,
    /// since afterwards it is known what it did.
    async fn attempt<T>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, CallError>> + Send,
    ) -> Result<T, CallError> {
        let call = timeout_at(self.clock.deadline(), call);
        let ended = if operation.is_read() {
            tokio::select! {
                biased;
                ended = call => ended,
                () = self.clock.stopped() => return Err(CallError::new(operation, Cause::Interrupted)),
            }
        } else {
            self.clock.interrupt().note(match operation.effect() {
                Effect::Locks => Reached::Locked,
                _ => Reached::Changed,
            });
            call.await
        };
        ended.unwrap_or_else(|_| Err(CallError::new(operation, Cause::DeadlinePassed)))
    }

    async fn call<T, F>(
        &self,
        operation: Operation,
        rest_api_id: Option<&str>,
        attempt: impl Fn() -> F,
    ) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, CallError>> + Send,
    {
        let mut made = 0;
        let mut earlier = false;
        loop {
            made += 1;
            let begun = Instant::now();
            let turn = sleep_until(self.pace.next(operation).min(self.clock.deadline()));
            tokio::select! {
                biased;
                () = self.clock.stopped() => {}
                () = turn => {}
            }
            let answer = if self.clock.is_stopped() {
                Err(CallError::new(operation, Cause::Interrupted))
            } else if Instant::now() < self.clock.deadline() {
                self.attempt(operation, attempt()).await
            } else {
                // A call that begins too late is not made, however quick the answer would be.
                Err(CallError::new(operation, Cause::DeadlinePassed))
            };
            let error = match answer {
                Ok(value) => return Ok(value),
                Err(mut error) => {
                    if error.rest_api_id.is_none() {
                        error.rest_api_id = rest_api_id.map(Into::into);
                    }
                    error.earlier = earlier;
                    error
                }
            };
            let Some(delay) = self.delay(&error, made) else {
                return Err(error);
            };
            // What an undo waits for before it begins is not its own time.
            if error.cause.again() == Again::Later && self.clock.undoes() {
                self.clock.grant_update(begun.elapsed() + delay);
            }
            if Instant::now() + delay >= self.clock.deadline() {
                return Err(error);
            }
            earlier |= error.cause.is_ambiguous();
            (self.on_wait)(&error, delay);
            tokio::select! {
                biased;
                // The next attempt is none, and says whether an earlier one may have done it.
                () = self.clock.stopped() => {}
                () = sleep(delay) => {}
            }
        }
    }

    /// How long to wait before the next attempt; `None` when there is to be none.
    fn delay(&self, error: &CallError, made: u32) -> Option<Duration> {
        let operation = error.operation;
        // Whoever needs the answer of STS or of the API asks again; for everybody else it is not worth a wait.
        if matches!(operation.service(), "sts" | "execute-api") {
            return None;
        }
        let attempts = match error.cause.again() {
            Again::NotBegun => self.policy.busy_attempts,
            Again::Later => return Some(self.policy.update_delay),
            Again::IfRepeatable if operation.is_repeatable() => self.policy.attempts,
            Again::IfRead if operation.is_read() => self.policy.attempts,
            Again::Never | Again::IfRepeatable | Again::IfRead => return None,
        };
        if made >= attempts {
            return None;
        }
        if let Some(asked) = error.cause.retry_after() {
            return Some(asked);
        }
        let full = self
            .policy
            .first_delay
            .saturating_mul(1 << (made - 1).min(16))
            .min(self.policy.longest_delay);
        // What has a quota of its own does not come about sooner.
        Some(full.mul_f64(0.5 + 0.5 * random_fraction()).max(operation.interval()))
    }
}

/// A number from 0 to 1: enough randomness to keep two runs from calling in step.
fn random_fraction() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let fraction = bits as f64 / (1_u64 << 53) as f64;
    fraction
}

macro_rules! repeated {
    ($(
        #[doc = $doc:literal]
        $name:ident $row:tt
        $(fn $method:ident($($api:ident)?; $($argument:ident: $type:ty),*) -> $answer:ty;)+
    )+) => {
        impl<G: ApiGateway> ApiGateway for Retrying<G> {
            $($(
                async fn $method(&self $(, $api: &str)? $(, $argument: $type)*) -> Result<$answer, CallError> {
                    let about = None::<&str>$(.or(Some($api)))?;
                    self.call(Operation::$name, about, || self.inner.$method($($api,)? $($argument),*)).await
                }
            )+)+
        }
    };
}
operations!(repeated);

impl<G> std::fmt::Debug for Retrying<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Retrying")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
