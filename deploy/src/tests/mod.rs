//! Runs against a gateway in memory, which fails when it is told to.

use std::collections::BTreeMap;
use std::time::Duration;

use bluegate_core::aws::Environment;
use bluegate_core::openapi::{Document, Target};
use bluegate_core::{Mode, Source, openapi, read_blueprint};
use serde_json::json;

use super::*;
use crate::api::{
    ApiGateway, Authorizer, Cause, Clock, GatewayResponse, Operation, RestApi, RetryPolicy, Retrying, Stage, Texts,
};
use crate::fake::{Fake, FakeApi, Fault};
use crate::plan::{Action, Allow, Drift, Plan, Server};
use crate::read::{Lock, ReadError};

mod canary;
mod destroy;
mod faults;
mod foreseen;
mod functions;
mod guards;
mod hunt;
mod interrupted;
mod property;
mod pruning;
mod responses;
mod rollback;
mod smoke;
mod stages;
mod stale;
mod threads;
mod told;
mod turns;
mod undone;
mod updates;
mod variables;
mod waiting;
mod warnings;
mod weaker;

/// Whatever a guard refuses.
const ALL: Allow = Allow {
    public: true,
    policy_change: true,
    weaker: true,
    mass_removal: true,
    drift: true,
    unavailable_link: true,
    open_credentials: true,
    canary: true,
    undefined_variable: true,
};

/// The document of routes such as `GET /users` and `GET! /users`, which asks for a signature.
fn document(routes: &[&str]) -> Document {
    let mut methods: BTreeMap<&str, Vec<serde_json::Value>> = BTreeMap::new();
    for route in routes {
        let (verb, path) = route.split_once(' ').expect("a verb and a path");
        let signed = verb.ends_with('!');
        methods.entry(path).or_default().push(json!({
            "type": verb.trim_end_matches('!'),
            "authorization": if signed { json!("AWS_IAM") } else { json!(null) },
        }));
    }
    let methods: Vec<_> = methods
        .into_iter()
        .map(|(path, actions)| json!({"path": path, "actions": actions}))
        .collect();
    let text = json!({"blueprint": {"name": "shop", "resources": [{"name": "things", "methods": methods}]}});
    let source = Source::new("routes.json", text.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    openapi::document(&blueprint, &target())
}

/// A service with an address of its own.
fn target() -> Target {
    Target::of(&Environment {
        backend: Some("https://backend.example.com".to_owned()),
        ..Environment::default()
    })
}

/// Remembers what it was told and answers as it was made to.
struct Listener {
    said: Vec<Event>,
    warnings: Vec<Warning>,
    questions: Vec<Question>,
    plans: Vec<Plan>,
    answer: bool,
    typed: Option<String>,
}

impl Caller for Listener {
    fn event(&mut self, event: &Event) {
        match event {
            Event::Planned { plan } => self.plans.push((**plan).clone()),
            Event::Warning(warning) => self.warnings.push(warning.clone()),
            _ => {}
        }
        self.said.push(event.clone());
    }

    fn confirm(&mut self, question: &Question) -> bool {
        self.questions.push(question.clone());
        self.answer
    }

    fn name_of(&mut self, _: &Question) -> Option<String> {
        self.typed.clone()
    }
}

fn listener() -> Listener {
    Listener {
        said: Vec::new(),
        warnings: Vec::new(),
        questions: Vec::new(),
        plans: Vec::new(),
        answer: true,
        typed: None,
    }
}

/// Where the APIs of these tests are.
fn address() -> Address {
    Address {
        region: "eu-west-1".to_owned(),
        ..Address::default()
    }
}

fn by_id(id: &str, name: Option<&str>) -> Environment {
    Environment {
        rest_api_id: Some(id.to_owned()),
        name: name.map(str::to_owned),
        stage: Some("dev".to_owned()),
        ..Environment::default()
    }
}

fn by_name(name: &str) -> Environment {
    Environment {
        rest_api_id: None,
        name: Some(name.to_owned()),
        stage: Some("dev".to_owned()),
        ..Environment::default()
    }
}

/// One machine with its journal, and the time on it.
struct Machine {
    folder: tempfile::TempDir,
    now: std::cell::Cell<u64>,
    allow: Allow,
    warnings: Vec<String>,
    canary: Option<f64>,
    /// That of the run.
    clock: std::cell::RefCell<Clock>,
}

/// How long the runs of these tests may take.
const TIME: u64 = 600;

impl Machine {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            now: std::cell::Cell::new(1_000_000),
            allow: Allow::default(),
            warnings: Vec::new(),
            canary: None,
            clock: std::cell::RefCell::new(Clock::within(Duration::ZERO)),
        }
    }

    fn clock(&self) -> Clock {
        self.clock.borrow().clone()
    }

    /// A run with patience begins.
    fn patient(&self, fake: &Fake) -> Retrying<Fake> {
        self.patient_until(fake, crate::interrupt::Interrupt::default())
    }

    /// The same, which somebody may want to end.
    fn patient_until(&self, fake: &Fake, interrupt: crate::interrupt::Interrupt) -> Retrying<Fake> {
        let clock = Clock::within(Duration::from_secs(TIME)).stopped_by(interrupt);
        self.clock.replace(clock.clone());
        Retrying::new(fake.clone(), RetryPolicy::default(), clock, |_, _| {})
    }

    /// The next run of this machine.
    fn deployer<G: ApiGateway>(&self, gateway: G, settings: &Environment) -> Deployer<G> {
        self.now.set(self.now.get() + 1);
        Deployer::new(gateway, self.clock(), settings.clone())
            .at(address())
            .with_journal(self.folder.path())
            .with_run(&format!("run{}", self.now.get()), self.now.get(), TIME)
    }

    fn order<'a>(&self, document: &'a Document) -> Deploy<'a> {
        Deploy {
            canary: self.canary,
            allow: self.allow,
            allowed_warnings: self.warnings.clone(),
            keep: 3,
            ..Deploy::of(document)
        }
    }

    async fn run_as(
        &self,
        gateway: impl ApiGateway,
        settings: &Environment,
        routes: &[&str],
        create: bool,
        listener: &mut Listener,
    ) -> Result<Deployed, RunError> {
        self.run_document(gateway, settings, &document(routes), create, listener)
            .await
    }

    async fn run_document(
        &self,
        gateway: impl ApiGateway,
        settings: &Environment,
        document: &Document,
        create: bool,
        listener: &mut Listener,
    ) -> Result<Deployed, RunError> {
        let order = Deploy {
            create,
            ..self.order(document)
        };
        self.deployer(gateway, settings).deploy(&order, listener).await
    }

    /// Without patience.
    async fn once(
        &self,
        fake: &Fake,
        settings: Environment,
        routes: &[&str],
        create: bool,
    ) -> Result<Deployed, RunError> {
        self.run_as(fake.clone(), &settings, routes, create, &mut listener())
            .await
    }

    async fn deploy(&self, fake: &Fake, routes: &[&str]) -> Result<Deployed, RunError> {
        let gateway = self.patient(fake);
        self.run_as(gateway, &by_id("abc", None), routes, false, &mut listener())
            .await
    }
}

/// The routes that a stage serves, with the authorization of each.
fn live(fake: &Fake) -> Vec<String> {
    let api = fake.api("abc");
    let Some(served) = api.live("dev") else {
        return Vec::new();
    };
    routes_of(&served.resources)
}

fn routes_of(resources: &[crate::api::Resource]) -> Vec<String> {
    let mut routes: Vec<String> = resources
        .iter()
        .flat_map(|resource| {
            resource.methods.iter().map(|(verb, method)| {
                let signed = if method.authorization.as_deref() == Some("AWS_IAM") {
                    "!"
                } else {
                    ""
                };
                format!("{verb}{signed} {}", resource.path)
            })
        })
        .collect();
    routes.sort();
    routes
}

const OLD: &[&str] = &["GET! /users", "GET /health"];
const NEW: &[&str] = &["GET! /users", "GET /health", "POST! /users"];

fn sorted(routes: &[&str]) -> Vec<String> {
    let mut routes: Vec<String> = routes.iter().map(|route| (*route).to_owned()).collect();
    routes.sort();
    routes
}

/// Signed routes, and public ones with requests among those that they answer that had to be signed.
const OPENED: [(&[&str], &[&str]); 5] = [
    (&["ANY! /users", "GET /health"], &["GET /users", "GET /health"]),
    (
        &["GET! /users/{id}", "GET /health"],
        &["GET /users/{name}", "GET /health"],
    ),
    (
        &["ANY! /{proxy+}", "GET /health"],
        &["ANY! /{proxy+}", "GET /health", "GET /admin"],
    ),
    (&["GET! /admin", "GET /health"], &["GET /{proxy+}", "GET /health"]),
    (&["GET! /users", "GET /health"], &["ANY /users", "GET /health"]),
];

/// Settings of which routes files know nothing.
fn unmanaged(api: &mut RestApi) {
    api.description = Some("sells things".into());
    api.policy = Some(
        r#"{\"Statement\":[{\"Effect\":\"Deny\",\"Resource\":\"arn:aws:execute-api:eu-west-1:111111111111:abc/*\"}]}"#
            .into(),
    );
    api.binary_media_types = vec!["image/png".into(), "a~b/c".into()];
    api.minimum_compression_size = Some(1024);
    api.api_key_source = Some("AUTHORIZER".into());
    api.vpc_endpoint_ids = vec!["vpce-1".into()];
    api.disable_execute_api_endpoint = true;
    api.security_policy = Some("SecurityPolicy_TLS13_1_3_2025_09".into());
    api.endpoint_access_mode = Some("STRICT".into());
    api.tags = Texts::from([("team".into(), "shop".into())]);
}

fn response() -> GatewayResponse {
    GatewayResponse {
        kind: "THROTTLED".into(),
        status_code: Some("503".into()),
        parameters: Texts::from([("gatewayresponse.header.x".into(), "'y'".into())]),
        ..GatewayResponse::default()
    }
}

#[tokio::test(start_paused = true)]
async fn the_stage_serves_the_document_afterwards() {
    let fake = Fake::with_api("abc", "Shop API");
    let deployed = Machine::new().deploy(&fake, OLD).await.unwrap();
    assert!(deployed.changed && !deployed.created);
    assert_eq!(live(&fake), sorted(OLD));
    let api = fake.api("abc");
    assert_eq!(api.api.name, "Shop API", "a put makes the title the name");
    assert!(api.api.tags.is_empty(), "the lock is gone");
    let description = api.live("dev").unwrap().deployment.description.clone().unwrap();
    assert!(
        description.starts_with("sha256:") && description.contains(" draft:"),
        "{description}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_second_run_of_the_same_writes_nothing() {
    let fake = Fake::with_api("abc", "Shop API");
    let machine = Machine::new();
    let first = machine.deploy(&fake, OLD).await.unwrap();
    let writes = fake.writes();
    let calls = fake.all_calls().len();
    let second = machine.deploy(&fake, OLD).await.unwrap();
    assert!(!second.changed);
    assert_eq!(second.deployment_id, first.deployment_id);
    assert_eq!(fake.writes(), writes, "a run without changes wrote");
    assert_eq!(fake.all_calls().len() - calls, 7, "{:?}", &fake.all_calls()[calls..]);
}

#[tokio::test(start_paused = true)]
async fn no_setting_that_the_file_does_not_know_is_lost() {
    let fake = Fake::with_api("abc", "Shop API");
    let machine = Machine::new();
    fake.edit("abc", |api| {
        unmanaged(&mut api.api);
        api.responses.push(response());
    });
    let before = fake.api("abc");
    machine.deploy(&fake, OLD).await.unwrap();
    machine.deploy(&fake, NEW).await.unwrap();
    let after = fake.api("abc");
    assert_eq!(crate::carry::mismatches(&before.api, &after.api), []);
    assert_eq!(after.api.tags, before.api.tags);
    let told = |api: &FakeApi| GatewayResponse::all_told(&api.responses);
    assert_eq!(told(&after), told(&before));
    assert_eq!(fake.calls(Operation::UpdateRestApi), 0, "the body carried all of it");
}

#[tokio::test(start_paused = true)]
async fn an_address_type_that_no_document_can_have_is_put_right_before_the_deployment() {
    let fake = Fake::with_api("abc", "Shop API");
    fake.edit("abc", |api| api.api.ip_address_type = Some("dualstack".into()));
    let mut said = listener();
    let machine = Machine::new();
    machine
        .run_as(fake.clone(), &by_id("abc", None), OLD, false, &mut said)
        .await
        .unwrap();
    assert_eq!(said.plans[0].carried_over, ["the IP address type dualstack"]);
    let patched = said.said.iter().position(
        |event| matches!(event, Event::Repairing { settings } if settings.last() == Some(&"IP address type")),
    );
    let deployed = said.said.iter().position(|event| *event == Event::CreatingDeployment);
    assert!(patched.is_some() && patched < deployed, "{:?}", said.said);
    assert_eq!(fake.api("abc").api.ip_address_type.as_deref(), Some("dualstack"));
}

#[tokio::test(start_paused = true)]
async fn models_and_request_validators_of_somebody_else_stay() {
    let fake = Fake::with_api("abc", "Shop API");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    fake.edit("abc", |api| {
        api.models.push(crate::api::Model {
            name: "Calc".into(),
            schema: Some(r#"{"type":"object"}"#.into()),
            ..Default::default()
        });
        api.models.push(crate::api::Model {
            name: "Broken".into(),
            schema: Some("#set($x = 1)".into()),
            ..Default::default()
        });
        api.validators.push(crate::api::RequestValidator {
            id: "v".into(),
            name: "all".into(),
            body: true,
            parameters: true,
        });
    });
    let mut said = listener();
    machine
        .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
        .await
        .unwrap();
    let plan = &said.plans[0];
    assert_eq!(plan.carried_over, ["models: Calc", "request validators: all"]);
    assert!(
        plan.notes.iter().any(|note| note.contains("`Broken` is no JSON")),
        "{:?}",
        plan.notes
    );
    let api = fake.api("abc");
    assert!(api.models.iter().any(|model| model.name == "Calc"));
    assert_eq!(api.validators.len(), 1);
    assert!(api.validators[0].body && api.validators[0].parameters);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_the_put_drops_is_put_back_before_the_deployment() {
    let fake = Fake::with_api("abc", "Shop API");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    let before = fake.api("abc").api;
    fake.drops_policies();
    Machine::new().deploy(&fake, OLD).await.unwrap();
    assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), []);
    let served = fake.api("abc").live("dev").unwrap().api.policy.clone();
    assert!(served.is_some(), "the deployment was made before the policy was back");
}

#[tokio::test(start_paused = true)]
async fn the_name_of_the_file_wins_over_the_one_of_the_api() {
    let fake = Fake::with_api("abc", "Old name");
    let machine = Machine::new();
    let named = by_id("abc", Some("New name"));
    machine.once(&fake, named, OLD, false).await.unwrap();
    assert_eq!(fake.api("abc").api.name, "New name");
}

#[tokio::test(start_paused = true)]
async fn an_api_without_id_is_found_by_name_on_any_page() {
    let fake = Fake::default();
    for (id, name) in [("a1", "One"), ("b2", "Two"), ("c3", "Shop"), ("d4", "Four")] {
        fake.add_api(id, name);
    }
    fake.paginate(1);
    let machine = Machine::new();
    let run = machine.once(&fake, by_name("Shop"), NEW, false);
    assert_eq!(run.await.unwrap().rest_api_id, "c3");
    assert_eq!(fake.calls(Operation::GetRestApis), 4);
}

#[tokio::test(start_paused = true)]
async fn a_name_of_two_apis_is_refused_with_both_ids() {
    let fake = Fake::default();
    fake.add_api("a1", "Shop");
    fake.add_api("b2", "Shop");
    let machine = Machine::new();
    let run = machine.once(&fake, by_name("Shop"), OLD, true);
    let ids = vec!["a1".to_owned(), "b2".to_owned()];
    let name = "Shop".to_owned();
    assert_eq!(
        run.await.unwrap_err(),
        RunError::Read(ReadError::AmbiguousName { name, ids })
    );
    assert_eq!(fake.all_calls(), [Operation::GetCallerIdentity, Operation::GetRestApis]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_api_is_created_only_when_asked_to() {
    let fake = Fake::default();
    let machine = Machine::new();
    let error = machine.once(&fake, by_name("Shop"), OLD, false).await;
    assert_eq!(
        error.unwrap_err(),
        RunError::Read(ReadError::NoSuchName { name: "Shop".into() })
    );
    let made = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap();
    assert!(made.created);
    let api = fake.api(&made.rest_api_id);
    assert_eq!(api.api.name, "Shop");
    assert_eq!(routes_of(&api.live("dev").unwrap().resources), sorted(OLD));
    let again = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap();
    assert!(!again.created && !again.changed);
}

#[tokio::test(start_paused = true)]
async fn an_import_whose_answer_is_lost_says_that_there_may_be_an_api() {
    let fake = Fake::default();
    fake.fail_next(Operation::ImportRestApi, Fault::After(Cause::TimedOut));
    let machine = Machine::new();
    let error = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap_err();
    assert_eq!(error.state(), State::MaybeCreated);
}

#[tokio::test(start_paused = true)]
async fn a_no_to_the_question_writes_nothing() {
    let fake = Fake::with_api("abc", "Shop");
    let mut no = listener();
    no.answer = false;
    let error = Machine::new()
        .run_as(fake.clone(), &by_id("abc", None), OLD, false, &mut no)
        .await;
    assert_eq!(error.unwrap_err(), RunError::Declined { interrupted: false });
    assert_eq!(fake.writes(), []);
    let question = &no.questions[0];
    assert_eq!(
        (question.rest_api_id.as_deref(), question.name.as_str()),
        (Some("abc"), "Shop")
    );
}

#[tokio::test(start_paused = true)]
async fn the_journal_has_the_snapshot_and_the_exports() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    machine.deploy(&fake, NEW).await.unwrap();
    let run = machine
        .folder
        .path()
        .join("abc")
        .join(format!("run{}", machine.now.get()));
    let snapshot = std::fs::read_to_string(run.join("snapshot.json")).unwrap();
    let reading: crate::read::Reading = serde_json::from_str(&snapshot).unwrap();
    assert_eq!(routes_of(&reading.draft.resources), sorted(OLD));
    assert!(
        std::fs::read_to_string(run.join("export-dev.json"))
            .unwrap()
            .contains("/health")
    );
}
