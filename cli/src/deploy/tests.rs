use std::time::Duration;

use super::*;
use crate::aws::fake::{Fake, Fault};
use crate::aws::{Cause, Operation};

const DOCUMENT: &str = r#"{"openapi": "3.0.1", "info": {"title": "shop"}}"#;

/// Remembers what it was told and answers as it was made to.
struct Listener {
    steps: Vec<String>,
    warnings: Vec<String>,
    questions: Vec<String>,
    answer: bool,
}

impl Observer for Listener {
    fn step(&mut self, verb: &str, what: &str) {
        self.steps.push(format!("{verb} {what}"));
    }

    fn warning(&mut self, text: &str) {
        self.warnings.push(text.to_owned());
    }

    fn confirm(&mut self, question: &str) -> bool {
        self.questions.push(question.to_owned());
        self.answer
    }
}

fn listener() -> Listener {
    Listener {
        steps: Vec::new(),
        warnings: Vec::new(),
        questions: Vec::new(),
        answer: true,
    }
}

fn by_id(id: &str, name: Option<&str>) -> Settings {
    Settings {
        rest_api_id: Some(id.to_owned()),
        name: name.map(str::to_owned),
        stage: "dev".to_owned(),
    }
}

fn by_name(name: &str) -> Settings {
    Settings {
        rest_api_id: None,
        name: Some(name.to_owned()),
        stage: "dev".to_owned(),
    }
}

fn order(settings: &Settings, create: bool) -> Order<'_> {
    Order {
        settings,
        document: DOCUMENT,
        title: "shop",
        description: "sha256:1",
        create,
    }
}

async fn deploy(fake: &Fake, settings: &Settings, create: bool) -> Result<Deployed, DeployError> {
    run(fake, &order(settings, create), &mut listener()).await
}

fn state(error: DeployError) -> State {
    match error {
        DeployError::Call { state, .. } => state,
        other => panic!("no call failed: {other:?}"),
    }
}

#[tokio::test]
async fn the_stage_serves_the_document_afterwards() {
    let fake = Fake::with_api("abc", "Shop API");
    let deployed = deploy(&fake, &by_id("abc", Some("Shop API")), false).await.unwrap();
    assert_eq!(deployed.rest_api_id, "abc");
    assert!(!deployed.created);
    let api = fake.api("abc");
    assert_eq!(api.stages["dev"], DOCUMENT);
    assert_eq!(api.descriptions, ["sha256:1"]);
}

#[tokio::test]
async fn the_api_keeps_its_name_whatever_the_title_is() {
    let fake = Fake::with_api("abc", "Shop API");
    let deployed = deploy(&fake, &by_id("abc", None), false).await.unwrap();
    assert_eq!(deployed.name, "Shop API");
    assert_eq!(fake.api("abc").name, "Shop API");
}

#[tokio::test]
async fn the_api_gets_the_name_of_the_file() {
    let fake = Fake::with_api("abc", "Old name");
    deploy(&fake, &by_id("abc", Some("New name")), false).await.unwrap();
    assert_eq!(fake.api("abc").name, "New name");
}

#[tokio::test]
async fn no_name_is_patched_when_the_title_is_the_name() {
    let fake = Fake::with_api("abc", "shop");
    deploy(&fake, &by_id("abc", Some("shop")), false).await.unwrap();
    assert_eq!(fake.calls(Operation::UpdateRestApi), 0);
}

#[tokio::test]
async fn an_api_without_id_is_found_by_name_on_any_page() {
    let fake = Fake::default();
    for (id, name) in [("a1", "One"), ("b2", "Two"), ("c3", "Shop"), ("d4", "Four")] {
        fake.add_api(id, name);
    }
    fake.paginate(1);
    let deployed = deploy(&fake, &by_name("Shop"), false).await.unwrap();
    assert_eq!(deployed.rest_api_id, "c3");
    assert_eq!(fake.calls(Operation::GetRestApis), 4);
}

#[tokio::test]
async fn a_name_of_two_apis_is_refused_with_both_ids() {
    let fake = Fake::default();
    fake.add_api("a1", "Shop");
    fake.add_api("b2", "Shop");
    let error = deploy(&fake, &by_name("Shop"), true).await.unwrap_err();
    assert_eq!(
        error,
        DeployError::AmbiguousName {
            name: "Shop".into(),
            ids: vec!["a1".into(), "b2".into()]
        }
    );
    assert_eq!(fake.all_calls(), [Operation::GetRestApis]);
}

#[tokio::test]
async fn a_missing_api_is_created_only_when_asked_to() {
    let fake = Fake::default();
    let error = deploy(&fake, &by_name("Shop"), false).await.unwrap_err();
    assert_eq!(error, DeployError::NoSuchName { name: "Shop".into() });

    let deployed = deploy(&fake, &by_name("Shop"), true).await.unwrap();
    assert!(deployed.created);
    let api = fake.api(&deployed.rest_api_id);
    assert_eq!((api.name.as_str(), api.stages["dev"].as_str()), ("Shop", DOCUMENT));
}

#[tokio::test]
async fn a_missing_id_is_never_created() {
    let fake = Fake::default();
    let error = deploy(&fake, &by_id("gone", Some("Shop")), true).await.unwrap_err();
    assert_eq!(state(error), State::Untouched);
    assert_eq!(fake.all_calls(), [Operation::GetRestApi]);
}

#[tokio::test]
async fn a_no_to_the_question_writes_nothing() {
    let fake = Fake::with_api("abc", "Shop");
    let settings = by_id("abc", None);
    let mut listener = listener();
    listener.answer = false;
    let error = run(&fake, &order(&settings, false), &mut listener).await.unwrap_err();
    assert_eq!(error, DeployError::Declined);
    assert_eq!(fake.all_calls(), [Operation::GetRestApi]);
    assert!(
        listener.questions[0].contains("`Shop` (abc)"),
        "{:?}",
        listener.questions
    );
}

#[tokio::test]
async fn warnings_of_api_gateway_are_passed_on() {
    let fake = Fake::with_api("abc", "Shop");
    fake.warn("schema X was ignored");
    let settings = by_id("abc", None);
    let mut listener = listener();
    let deployed = run(&fake, &order(&settings, false), &mut listener).await.unwrap();
    assert_eq!(deployed.warnings, ["schema X was ignored"]);
    assert_eq!(listener.warnings, ["API Gateway: schema X was ignored"]);
}

#[tokio::test]
async fn every_failure_says_what_state_it_left() {
    let refused = || Cause::Refused {
        message: "Invalid OpenAPI input.".into(),
    };
    let lost = || Cause::Unreachable {
        detail: "connection reset".into(),
    };
    let replaced = || State::DraftReplaced {
        rest_api_id: "abc".into(),
    };
    let table = [
        (Operation::GetRestApi, Fault::Before(lost()), State::Untouched),
        (Operation::PutRestApi, Fault::Before(refused()), State::Untouched),
        (Operation::PutRestApi, Fault::After(lost()), State::DraftUnknown),
        (Operation::UpdateRestApi, Fault::Before(refused()), replaced()),
        (Operation::CreateDeployment, Fault::Before(refused()), replaced()),
        (Operation::CreateDeployment, Fault::After(lost()), State::StageUnknown),
    ];
    for (operation, fault, left) in table {
        let fake = Fake::with_api("abc", "Shop");
        fake.fail_next(operation, fault);
        let error = deploy(&fake, &by_id("abc", None), false).await.unwrap_err();
        assert_eq!(state(error), left, "{operation}");
        // Whatever it left, running again ends well.
        deploy(&fake, &by_id("abc", None), false).await.unwrap();
        assert_eq!(fake.api("abc").stages["dev"], DOCUMENT, "{operation}");
    }
}

#[tokio::test]
async fn an_import_whose_answer_is_lost_says_that_there_may_be_an_api() {
    let fake = Fake::default();
    fake.fail_next(Operation::ImportRestApi, Fault::After(Cause::TimedOut));
    let error = deploy(&fake, &by_name("Shop"), true).await.unwrap_err();
    assert_eq!(state(error), State::MaybeCreated);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_ends_at_its_deadline_and_says_where() {
    use crate::aws::{RetryPolicy, Retrying};
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(Operation::PutRestApi, Fault::Hang);
    let policy = RetryPolicy::within(Duration::from_secs(60));
    let gateway = Retrying::new(fake, policy, |_, _| {});
    let settings = by_id("abc", None);
    let error = run(&gateway, &order(&settings, false), &mut listener())
        .await
        .unwrap_err();
    assert_eq!(state(error), State::DraftUnknown);
}
