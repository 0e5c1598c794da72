//! An API Gateway in memory that fails when it is told to.
//!
//! It does what API Gateway does where a deployment depends on it: an overwrite resets every setting that the
//! document does not carry, stages serve snapshots, and a served deployment cannot be deleted.

#![allow(missing_docs, missing_debug_implementations, clippy::must_use_candidate)]

mod calls;
mod canary;
mod import;
mod past;
mod stage_settings;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::interrupt::Interrupt;

use crate::api::{
    Access, Authorizer, CallError, Cause, Deployment, GatewayResponse, Model, Operation, Page, Reply, RequestValidator,
    Resource, RestApi, Stage,
};

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
    /// Like this now, and like that at the next call of the operation.
    Twice(Box<(Fault, Fault)>),
}

/// A snapshot that stages serve.
#[derive(Debug, Clone, Default)]
pub struct Served {
    pub deployment: Deployment,
    // Shared: every state that an API was in has all of its deployments.
    pub document: Arc<str>,
    pub resources: Arc<[Resource]>,
    pub responses: Arc<[GatewayResponse]>,
    /// The settings when it was made: they need a deployment to take effect.
    pub api: RestApi,
}

/// What the fake knows about an API.
#[derive(Debug, Clone, Default)]
pub struct FakeApi {
    pub api: RestApi,
    /// The document that was put last.
    pub document: Option<String>,
    pub resources: Vec<Resource>,
    pub models: Vec<Model>,
    pub validators: Vec<RequestValidator>,
    pub authorizers: Vec<Authorizer>,
    pub responses: Vec<GatewayResponse>,
    /// Oldest first.
    pub deployments: Vec<Served>,
    pub stages: BTreeMap<String, Stage>,
    made: usize,
}

impl FakeApi {
    /// What a stage serves.
    pub fn live(&self, stage: &str) -> Option<&Served> {
        let id = self.stages.get(stage)?.deployment_id.as_ref()?;
        self.deployments.iter().find(|one| one.deployment.id == *id)
    }

    pub fn put(&mut self, document: &str) {
        import::import(self, document);
    }

    pub fn deploy(&mut self, description: &str) -> Deployment {
        self.made += 1;
        let summary = self
            .resources
            .iter()
            .filter(|resource| !resource.methods.is_empty())
            .map(|resource| {
                let verbs = resource.methods.iter().map(|(verb, method)| {
                    let access = Access {
                        authorization: method.authorization.clone(),
                        api_key_required: method.api_key_required,
                    };
                    (verb.clone(), access)
                });
                (resource.path.clone(), verbs.collect())
            })
            .collect();
        let deployment = Deployment {
            id: format!("dep{}", self.made),
            description: Some(description.to_owned()),
            created: Some(1_700_000_000 + i64::try_from(self.made).expect("few")),
            summary: Some(summary),
        };
        self.deployments.push(Served {
            deployment: deployment.clone(),
            document: self.document.as_deref().unwrap_or_default().into(),
            resources: self.resources.as_slice().into(),
            responses: self.responses.as_slice().into(),
            api: self.api.clone(),
        });
        deployment
    }
}

/// What somebody else does to an API.
type Edit = fn(&mut FakeApi);

type Apis = BTreeMap<String, FakeApi>;

/// An API Gateway in memory. Its clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Fake(Arc<Inner>);

/// Whoever holds one of the locks takes the ones below it, and none above.
#[derive(Debug, Default)]
struct Inner {
    apis: Mutex<Apis>,
    past: past::Past,
    script: Mutex<Script>,
    conduct: Mutex<Conduct>,
}

/// What happens at which call, and the calls so far.
#[derive(Debug, Default)]
struct Script {
    faults: BTreeMap<&'static str, VecDeque<Fault>>,
    /// The call, counted from 0, that fails.
    fault_at: Option<(usize, Fault)>,
    calls: Vec<Operation>,
    /// What somebody else does right after the next call of an operation.
    meanwhile: Option<(Operation, Edit)>,
    /// The call at which somebody wants the run to end.
    wish_at: Option<(usize, Interrupt)>,
    hangs: bool,
}

/// How the service behaves besides what it knows about APIs.
#[derive(Debug, Default)]
struct Conduct {
    /// What imports and puts warn about.
    warnings: Vec<String>,
    /// How many APIs stand on one page.
    page_size: Option<usize>,
    /// How many reads of an API say `UPDATING` after a put.
    slowness: usize,
    updating: usize,
    /// Whether puts ignore the policy of a document.
    drops_policy: bool,
    /// Whether the next deployment forgets who may call what.
    opens_deployments: bool,
    /// The states of the VPC links that there are.
    links: BTreeMap<String, String>,
    /// What the service behind the API answers, by verb and path; 200 otherwise.
    answers: BTreeMap<String, u16>,
    /// How many calls of the API are still answered as if nothing had been deployed.
    staleness: usize,
    /// Whether unsigned calls pass.
    is_open: bool,
    /// The account that calls, if it is not 111111111111.
    account: Option<String>,
    /// Whether exports spell what has no effect otherwise than it was put.
    spells_exports_otherwise: bool,
}

/// A test that failed while it held a lock has said so already.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Fake {
    fn apis(&self) -> MutexGuard<'_, Apis> {
        locked(&self.0.apis)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        locked(&self.0.script)
    }

    fn conduct(&self) -> MutexGuard<'_, Conduct> {
        locked(&self.0.conduct)
    }

    pub fn with_api(id: &str, name: &str) -> Self {
        let fake = Self::default();
        fake.add_api(id, name);
        fake
    }

    pub fn add_api(&self, id: &str, name: &str) {
        let mut api = FakeApi::default();
        id.clone_into(&mut api.api.id);
        name.clone_into(&mut api.api.name);
        api.api.endpoint_types = vec!["REGIONAL".to_owned()];
        api.api.api_key_source = Some("HEADER".to_owned());
        self.apis().insert(id.to_owned(), api);
        self.remember();
    }

    pub fn ids(&self) -> Vec<String> {
        self.apis().keys().cloned().collect()
    }

    pub fn api(&self, id: &str) -> FakeApi {
        self.apis()[id].clone()
    }

    pub fn has_api(&self, id: &str) -> bool {
        self.apis().contains_key(id)
    }

    /// Somebody else changes an API.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut FakeApi)) {
        change(self.apis().get_mut(id).expect("an API of the fake"));
        self.remember();
    }

    /// Somebody else changes an API right after the next call of an operation.
    pub fn edit_after(&self, operation: Operation, change: Edit) {
        self.script().meanwhile = Some((operation, change));
    }

    pub fn warn(&self, warning: &str) {
        self.conduct().warnings.push(warning.to_owned());
    }

    pub fn has_link(&self, id: &str, status: &str) {
        self.conduct().links.insert(id.to_owned(), status.to_owned());
    }

    /// How much stands on one page; 0 for everything.
    pub fn paginate(&self, size: usize) {
        self.conduct().page_size = (size > 0).then_some(size);
    }

    pub fn answers(&self, call: &str, status: u16) {
        self.conduct().answers.insert(call.to_owned(), status);
    }

    pub fn is_stale(&self, calls: usize) {
        self.conduct().staleness = calls;
    }

    pub fn is_open(&self) {
        self.conduct().is_open = true;
    }

    /// What the service answers.
    fn service(&self, verb: &str, path: &str) -> Reply {
        let path = path.split('?').next().unwrap_or_default();
        let status = self.conduct().answers.get(&format!("{verb} {path}")).copied();
        Reply {
            status: status.unwrap_or(200),
            body: format!("{{\"path\": \"{path}\"}}"),
            from_gateway: true,
        }
    }

    pub fn is_account(&self, account: &str) {
        self.conduct().account = Some(account.to_owned());
    }

    pub fn is_slow(&self, reads: usize) {
        self.conduct().slowness = reads;
    }

    pub fn drops_policies(&self) {
        self.conduct().drops_policy = true;
    }

    pub fn opens_deployments(&self) {
        self.conduct().opens_deployments = true;
    }

    pub fn spells_exports_otherwise(&self) {
        self.conduct().spells_exports_otherwise = true;
    }

    pub fn fail_next(&self, operation: Operation, fault: Fault) {
        self.script()
            .faults
            .entry(operation.as_str())
            .or_default()
            .push_back(fault);
    }

    /// The call of this number fails, counted from now on.
    pub fn fail_at(&self, call: usize, fault: Fault) {
        let mut script = self.script();
        script.fault_at = Some((script.calls.len() + call, fault));
    }

    /// Somebody wants the run to end during the call of this number, counted from now on.
    pub fn interrupt_at(&self, call: usize, interrupt: Interrupt) {
        let mut script = self.script();
        script.wish_at = Some((script.calls.len() + call, interrupt));
    }

    pub fn calls(&self, operation: Operation) -> usize {
        let script = self.script();
        script.calls.iter().filter(|&&made| made == operation).count()
    }

    pub fn all_calls(&self) -> Vec<Operation> {
        self.script().calls.clone()
    }

    pub fn writes(&self) -> Vec<Operation> {
        let script = self.script();
        script.calls.iter().copied().filter(|made| !made.is_read()).collect()
    }

    fn fault(&self, operation: Operation) -> Option<Fault> {
        match self.next_fault(operation)? {
            Fault::Twice(both) => {
                self.fail_next(operation, both.1);
                Some(both.0)
            }
            fault => Some(fault),
        }
    }

    fn next_fault(&self, operation: Operation) -> Option<Fault> {
        let mut script = self.script();
        let number = script.calls.len();
        script.calls.push(operation);
        if let Some((at, interrupt)) = &script.wish_at
            && *at == number
        {
            interrupt.raise();
        }
        if script.fault_at.as_ref().is_some_and(|(at, _)| *at == number) {
            return script.fault_at.take().map(|(_, fault)| fault);
        }
        script.faults.get_mut(operation.as_str()).and_then(VecDeque::pop_front)
    }

    async fn perform<T>(
        &self,
        operation: Operation,
        effect: impl FnOnce(&mut Apis) -> Result<T, Cause>,
    ) -> Result<T, CallError> {
        let fault = self.fault(operation);
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
            // Taken apart when it is looked up.
            Some(Fault::Twice(_)) | None => self.happen(operation, effect).map_err(fail),
        }
    }

    async fn hang(&self) -> ! {
        self.script().hangs = true;
        std::future::pending().await
    }

    /// Whether a call hangs, since anybody asked.
    pub fn hangs(&self) -> bool {
        std::mem::take(&mut self.script().hangs)
    }

    fn happen<T>(&self, operation: Operation, effect: impl FnOnce(&mut Apis) -> Result<T, Cause>) -> Result<T, Cause> {
        if self.0.past.is_seen(operation) {
            return self.0.past.read(effect);
        }
        let done = effect(&mut self.apis());
        let meanwhile = self.script().meanwhile.take_if(|(after, _)| *after == operation);
        if let Some((_, change)) = meanwhile {
            self.apis().values_mut().for_each(change);
        }
        if !operation.is_read() {
            self.remember();
        }
        done
    }

    fn remember(&self) {
        self.0.past.remember(&self.apis());
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

    async fn of<T>(
        &self,
        operation: Operation,
        id: &str,
        effect: impl FnOnce(&mut FakeApi) -> Result<T, Cause>,
    ) -> Result<T, CallError> {
        self.perform(operation, |apis| effect(find(apis, id)?)).await
    }

    async fn list<T: Clone>(
        &self,
        operation: Operation,
        id: &str,
        items: impl FnOnce(&FakeApi) -> Vec<T>,
    ) -> Result<Page<T>, CallError> {
        self.of(operation, id, |api| {
            Ok(Page {
                items: items(api),
                next: None,
            })
        })
        .await
    }

    /// Refuses a document that it warns about, if it is to.
    fn judge(&self, fail_on_warnings: bool) -> Result<(), Cause> {
        let warnings = &self.conduct().warnings;
        if !fail_on_warnings || warnings.is_empty() {
            return Ok(());
        }
        let lines = warnings.join("\n\t");
        Err(refused(&format!("Warnings found during import:\n\t{lines}")))
    }

    fn finish(&self, api: &FakeApi) -> RestApi {
        let mut conduct = self.conduct();
        conduct.updating = conduct.slowness;
        RestApi {
            warnings: conduct.warnings.clone(),
            ..api.api.clone()
        }
    }
}

fn find<'a>(apis: &'a mut Apis, id: &str) -> Result<&'a mut FakeApi, Cause> {
    apis.get_mut(id).ok_or_else(|| Cause::NotFound {
        message: "Invalid API identifier specified".into(),
    })
}

fn refused(message: &str) -> Cause {
    Cause::Refused {
        message: message.into(),
    }
}

fn no_stage() -> Cause {
    Cause::NotFound {
        message: "Invalid stage identifier specified".into(),
    }
}

/// Variables stand in a stage twice: among its settings and by themselves.
fn variables_of(stage: &mut Stage) {
    for (name, value) in &stage.settings {
        if let Some(name) = name.strip_prefix("/variables/") {
            stage.variables.insert(name.to_owned(), value.clone());
        }
    }
}

/// The other way round.
fn settings_of(stage: &mut Stage) {
    stage.settings.retain(|name, _| !name.starts_with("/variables/"));
    for (name, value) in &stage.variables {
        stage.settings.insert(format!("/variables/{name}"), value.clone());
    }
}
