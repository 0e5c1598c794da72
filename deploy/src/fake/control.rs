//! What a test does to the fake: what there is, what fails, how the service behaves, what was called.

use std::collections::BTreeMap;
use std::time::Duration;

use bluegate_core::gateway::FunctionPolicy;
use serde_json::Value;

use crate::api::Operation;
use crate::interrupt::Interrupt;

use super::api::FakeApi;
use super::conduct::Telling;
use super::function::grant;
use super::script::Fault;
use super::service::Fake;

/// What there is.
impl Fake {
    /// One with an API that has nothing in it yet.
    #[must_use]
    pub fn with_api(id: &str, name: &str) -> Self {
        let fake = Self::default();
        fake.add_api(id, name);
        fake
    }

    /// Another API that has nothing in it yet, a regional one.
    pub fn add_api(&self, id: &str, name: &str) {
        self.apis().insert(id.to_owned(), FakeApi::made(id, name));
        self.remember();
    }

    /// The ids of the APIs.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.apis().keys().cloned().collect()
    }

    /// An API.
    ///
    /// # Panics
    ///
    /// When there is none of the id.
    #[must_use]
    pub fn api(&self, id: &str) -> FakeApi {
        self.apis()[id].clone()
    }

    /// Whether there is an API.
    #[must_use]
    pub fn has_api(&self, id: &str) -> bool {
        self.apis().contains_key(id)
    }

    /// Somebody else changes an API.
    ///
    /// # Panics
    ///
    /// When there is none of the id.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut FakeApi)) {
        change(self.apis().get_mut(id).expect("an API of the fake"));
        self.remember();
    }

    /// Looks at every state that an API was in since [`begin`](Self::begin).
    pub fn each_state(&self, id: &str, look: impl FnMut(&FakeApi)) {
        self.past().states().filter_map(|apis| apis.get(id)).for_each(look);
    }

    /// Forgets what was, but for what is.
    pub fn begin(&self) {
        let now = self.apis().clone();
        self.past().begin(now);
    }
}

/// What fails and when, and what was called.
impl Fake {
    /// The next call of an operation fails, and the one after it with the next fault.
    pub fn fail_next(&self, operation: Operation, fault: Fault) {
        self.script().fail_next(operation, fault);
    }

    /// The call of this number fails, counted from now on.
    pub fn fail_at(&self, call: usize, fault: Fault) {
        self.script().fail_at(call, fault);
    }

    /// What was to fail and did not come to it, does not fail any more.
    pub fn heal(&self) {
        self.script().heal();
    }

    /// Somebody wants the run to end during the call of this number, counted from now on.
    pub fn interrupt_at(&self, call: usize, interrupt: Interrupt) {
        self.script().interrupt_at(call, interrupt);
    }

    /// Somebody else changes every API right after the next call of an operation.
    pub fn edit_after(&self, operation: Operation, change: fn(&mut FakeApi)) {
        self.script().meanwhile = Some((operation, change));
    }

    /// How often an operation was called.
    #[must_use]
    pub fn calls(&self, operation: Operation) -> usize {
        let script = self.script();
        script.calls.iter().filter(|&&made| made == operation).count()
    }

    /// The calls so far, in their order.
    #[must_use]
    pub fn all_calls(&self) -> Vec<Operation> {
        self.script().calls.clone()
    }

    /// Those that change something.
    #[must_use]
    pub fn writes(&self) -> Vec<Operation> {
        let script = self.script();
        script.calls.iter().copied().filter(|made| !made.is_read()).collect()
    }

    /// Whether a call hangs, since anybody asked.
    #[must_use]
    pub fn hangs(&self) -> bool {
        std::mem::take(&mut self.script().hangs)
    }
}

/// How the service behaves.
impl Fake {
    /// From now on one read of `every` does not see what was written within `lag`.
    pub fn lags(&self, lag: Duration, every: usize) {
        let mut past = self.past();
        past.lag = lag;
        past.every = every;
    }

    /// Such a read shows half of the paths as they are by now.
    pub fn shows_half(&self) {
        self.past().shows_half = true;
    }

    /// Imports and puts warn about something, too.
    pub fn warn(&self, warning: &str) {
        self.conduct().warnings.push(warning.to_owned());
    }

    /// There is a VPC link in a state, such as `AVAILABLE`.
    pub fn has_link(&self, id: &str, status: &str) {
        self.conduct().links.insert(id.to_owned(), status.to_owned());
    }

    /// It says what time it is, in seconds since 1970.
    pub fn has_clock(&self, time: i64) {
        self.conduct().time = Some(time);
    }

    /// Nobody gave API Gateway a role that may write logs.
    pub fn may_not_log(&self) {
        self.conduct().may_not_log = true;
    }

    /// So much stands on one page of a list; 0 for everything.
    pub fn paginate(&self, size: usize) {
        self.conduct().page_size = (size > 0).then_some(size);
    }

    /// The service behind the API answers a call, such as `GET /users`, with a status.
    pub fn answers(&self, call: &str, status: u16) {
        self.conduct().answers.insert(call.to_owned(), status);
    }

    /// So many calls of the API are still answered as if the stage had not been moved.
    pub fn stays_stale(&self, calls: usize) {
        self.flickers(&vec![true; calls]);
    }

    /// Of the next calls of the API those are still answered so.
    pub fn flickers(&self, stale: &[bool]) {
        self.conduct().stale = stale.iter().copied().collect();
    }

    /// A resource policy or a firewall refuses every call of the API, with an error of this name.
    pub fn refuses_everybody(&self, error_type: &str) {
        self.conduct().refuses = Some(error_type.to_owned());
    }

    /// So often a deployment does not tell who may call what as resources do.
    pub fn tells_unclearly(&self, telling: Telling, times: usize) {
        let mut conduct = self.conduct();
        (conduct.telling, conduct.untold) = (telling, times);
    }

    /// Unsigned calls pass everywhere.
    pub fn lets_anybody_in(&self) {
        self.conduct().is_open = true;
    }

    /// A proxy in front of the API answers every call itself.
    pub fn is_behind_a_proxy(&self, status: u16) {
        self.conduct().proxy = Some(status);
    }

    /// The credentials are those of an account.
    pub fn is_called_by(&self, account: &str) {
        self.conduct().account = Some(account.to_owned());
    }

    /// An update that a put, an import or a patch begins takes so long, and one that is about TLS as long as that:
    /// reads of the API say `UPDATING` meanwhile, and writes are refused.
    pub fn updates_slowly(&self, update: Duration, tls: Duration) {
        let mut conduct = self.conduct();
        (conduct.update_takes, conduct.tls_takes) = (update, tls);
    }

    /// A cache takes so long to come, and as long to go.
    pub fn makes_caches_slowly(&self, takes: Duration) {
        self.conduct().cache_takes = takes;
    }

    /// The next update of an API fails, and it says why.
    pub fn fails_to_update(&self, why: &str) {
        self.conduct().fails = Some(why.to_owned());
    }

    /// Puts ignore the policies of a document: who may call, and by which TLS.
    pub fn drops_policies(&self) {
        self.conduct().drops_policy = true;
    }

    /// The next deployment forgets who may call what.
    pub fn opens_deployments(&self) {
        self.conduct().opens_deployments = true;
    }

    /// Lists and exports come in another order from call to call.
    pub fn forgets_order(&self) {
        self.conduct().turns = Some(false);
    }

    /// Exports spell what has no effect otherwise than it was put.
    pub fn spells_exports_otherwise(&self) {
        self.conduct().spells_exports_otherwise = true;
    }
}

/// Functions that APIs call, and who may call them.
impl Fake {
    /// There is a function, or an alias or a version of one, that nobody may call.
    pub fn has_function(&self, function: &str) {
        self.lambda().functions.entry(function.to_owned()).or_default();
    }

    /// Somebody deletes a function.
    pub fn lacks_function(&self, function: &str) {
        self.lambda().functions.remove(function);
    }

    /// Somebody lets API Gateway call a function for the calls of an ARN.
    ///
    /// # Panics
    ///
    /// When the policy of the function gets too large.
    pub fn permits(&self, function: &str, id: &str, source: &str) {
        let mut lambda = self.lambda();
        let policy = lambda.functions.entry(function.to_owned()).or_default();
        // One of the same id makes way.
        let _ = policy.remove(id);
        policy.add(function, grant(id, source)).expect("room in the policy");
    }

    /// Somebody fills the policy of a function with statements about other APIs; gives how many there are then.
    pub fn fills(&self, function: &str) -> usize {
        let mut lambda = self.lambda();
        let policy = lambda.functions.entry(function.to_owned()).or_default();
        let source = |number: usize| format!("arn:aws:execute-api:eu-west-1:111111111111:other{number}/*");
        (0..)
            .take_while(|&number| {
                policy
                    .add(function, grant(&format!("theirs-{number}"), &source(number)))
                    .is_ok()
            })
            .count()
    }

    /// Somebody takes a statement out of the policy of a function.
    pub fn forbids(&self, function: &str, id: &str) {
        if let Some(policy) = self.lambda().functions.get_mut(function) {
            let _ = policy.remove(id);
        }
    }

    /// The ARNs of the calls that the policy of a function permits, by the ids of the statements.
    #[must_use]
    pub fn permitted(&self, function: &str) -> BTreeMap<String, String> {
        let lambda = self.lambda();
        let policy = lambda.functions.get(function);
        let statements = policy.into_iter().flat_map(FunctionPolicy::statements);
        let source = |one: &Value| {
            one["Condition"]["ArnLike"]["AWS:SourceArn"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        statements.map(|(id, one)| (id.to_owned(), source(one))).collect()
    }

    /// The role may not do that with a function.
    pub fn denies(&self, operation: Operation, function: &str) {
        self.lambda().denied.push((function.to_owned(), operation));
    }
}
