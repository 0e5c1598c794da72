//! Patience: calls that are worth repeating are repeated, under one deadline.

use std::future::Future;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use crate::interrupt::{Interrupt, Reached};

use super::pace::Pace;
use super::{
    ApiGateway, Authorizer, CallError, Cause, Clock, Deployment, GatewayResponse, Identity, Model, Operation, Page,
    Patch, Reply, Request, RequestValidator, Resource, RestApi, Stage, Texts, VpcLink,
};

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

    /// The same, which makes no more calls when somebody wants the run to end, but for those that undo.
    #[must_use]
    pub fn stopped_by(mut self, interrupt: Interrupt) -> Self {
        self.clock = self.clock.stopped_by(interrupt);
        self
    }

    /// The clock that it goes by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
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
            self.clock.interrupt().note(reached(operation));
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
                        error.rest_api_id = rest_api_id.map(str::to_owned);
                    }
                    error.earlier = earlier;
                    error
                }
            };
            let Some(delay) = self.delay(&error, made) else {
                return Err(error);
            };
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
        let limit = match worth(error.operation, &error.cause) {
            Worth::No => return None,
            Worth::Busy => self.policy.busy_attempts,
            Worth::Failed => self.policy.attempts,
        };
        if made >= limit {
            return None;
        }
        if let Cause::Throttled {
            retry_after: Some(asked),
        }
        | Cause::Unavailable {
            retry_after: Some(asked),
            ..
        } = error.cause
        {
            return Some(asked);
        }
        let full = self
            .policy
            .first_delay
            .saturating_mul(1 << (made - 1).min(16))
            .min(self.policy.longest_delay);
        Some(full.mul_f64(0.5 + 0.5 * random_fraction()))
    }
}

enum Worth {
    No,
    Busy,
    Failed,
}

fn worth(operation: Operation, cause: &Cause) -> Worth {
    let only_if = |yes: bool| if yes { Worth::Failed } else { Worth::No };
    // Whoever needs the answer asks again; for everybody else it is not worth a wait.
    if matches!(operation, Operation::GetCallerIdentity | Operation::Invoke) {
        return Worth::No;
    }
    match cause {
        // AWS did not begin, so nothing happens twice.
        Cause::Throttled { .. } | Cause::Conflict { .. } => Worth::Busy,
        Cause::Unavailable { .. } | Cause::Unreachable { .. } | Cause::UnknownHost => {
            only_if(operation.is_repeatable())
        }
        Cause::Garbled { status, .. } => only_if(*status >= 500 && operation.is_repeatable()),
        // A slow write may still be running: a second one beside it would mix with it.
        Cause::TimedOut => only_if(operation.is_read()),
        _ => Worth::No,
    }
}

/// How far a run is that makes this write.
fn reached(operation: Operation) -> Reached {
    match operation {
        Operation::TagResource | Operation::UntagResource => Reached::Locked,
        _ => Reached::Changed,
    }
}

/// A number from 0 to 1: enough randomness to keep two runs from calling in step.
fn random_fraction() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let fraction = bits as f64 / (1_u64 << 53) as f64;
    fraction
}

/// Delegates each operation to the inner gateway, as often as it is worth it.
macro_rules! repeated {
    ($($operation:ident: $name:ident($($argument:ident: $type:ty),*) -> $answer:ty, about $api:expr;)*) => {
        $(
            async fn $name(&self, $($argument: $type),*) -> Result<$answer, CallError> {
                self.call(Operation::$operation, $api, || self.inner.$name($($argument),*)).await
            }
        )*
    };
}

impl<G: ApiGateway> ApiGateway for Retrying<G> {
    repeated! {
        TestInvokeMethod: test_invoke_method(rest_api_id: &str, resource_id: &str, verb: &str, request: &Request, variables: &Texts) -> Reply, about Some(rest_api_id);
        Invoke: invoke(url: &str, request: &Request) -> Reply, about None;
        GetCallerIdentity: get_caller_identity() -> Identity, about None;
        GetRestApi: get_rest_api(rest_api_id: &str) -> RestApi, about Some(rest_api_id);
        GetRestApis: get_rest_apis(position: Option<&str>) -> Page<RestApi>, about None;
        GetResources: get_resources(rest_api_id: &str, position: Option<&str>) -> Page<Resource>, about Some(rest_api_id);
        GetAuthorizers: get_authorizers(rest_api_id: &str, position: Option<&str>) -> Page<Authorizer>, about Some(rest_api_id);
        GetModels: get_models(rest_api_id: &str, position: Option<&str>) -> Page<Model>, about Some(rest_api_id);
        GetRequestValidators: get_request_validators(rest_api_id: &str, position: Option<&str>) -> Page<RequestValidator>, about Some(rest_api_id);
        GetGatewayResponses: get_gateway_responses(rest_api_id: &str, position: Option<&str>) -> Page<GatewayResponse>, about Some(rest_api_id);
        GetStages: get_stages(rest_api_id: &str) -> Vec<Stage>, about Some(rest_api_id);
        GetStage: get_stage(rest_api_id: &str, stage: &str) -> Stage, about Some(rest_api_id);
        GetDeployments: get_deployments(rest_api_id: &str, position: Option<&str>) -> Page<Deployment>, about Some(rest_api_id);
        GetDeployment: get_deployment(rest_api_id: &str, deployment_id: &str) -> Deployment, about Some(rest_api_id);
        GetExport: get_export(rest_api_id: &str, stage: &str) -> String, about Some(rest_api_id);
        GetVpcLink: get_vpc_link(vpc_link_id: &str) -> VpcLink, about None;
        ImportRestApi: import_rest_api(document: &str, fail_on_warnings: bool) -> RestApi, about None;
        PutRestApi: put_rest_api(rest_api_id: &str, document: &str, fail_on_warnings: bool) -> RestApi, about Some(rest_api_id);
        UpdateRestApi: update_rest_api(rest_api_id: &str, patches: &[Patch]) -> RestApi, about Some(rest_api_id);
        DeleteRestApi: delete_rest_api(rest_api_id: &str) -> (), about Some(rest_api_id);
        CreateDeployment: create_deployment(rest_api_id: &str, description: &str) -> Deployment, about Some(rest_api_id);
        CreateStage: create_stage(rest_api_id: &str, stage: &str, deployment_id: &str, settings: &Texts) -> Stage, about Some(rest_api_id);
        UpdateStage: update_stage(rest_api_id: &str, stage: &str, patches: &[Patch]) -> Stage, about Some(rest_api_id);
        DeleteStage: delete_stage(rest_api_id: &str, stage: &str) -> (), about Some(rest_api_id);
        DeleteDeployment: delete_deployment(rest_api_id: &str, deployment_id: &str) -> (), about Some(rest_api_id);
        FlushStageCache: flush_stage_cache(rest_api_id: &str, stage: &str) -> (), about Some(rest_api_id);
        FlushStageAuthorizersCache: flush_stage_authorizers_cache(rest_api_id: &str, stage: &str) -> (), about Some(rest_api_id);
        TagResource: tag_resource(rest_api_id: &str, key: &str, value: &str) -> (), about Some(rest_api_id);
        TagResource: tag_stage(rest_api_id: &str, stage: &str, tags: &Texts) -> (), about Some(rest_api_id);
        UntagResource: untag_stage(rest_api_id: &str, stage: &str, keys: &[String]) -> (), about Some(rest_api_id);
        UntagResource: untag_resource(rest_api_id: &str, key: &str) -> (), about Some(rest_api_id);
    }
}

impl<G> std::fmt::Debug for Retrying<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Retrying")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
