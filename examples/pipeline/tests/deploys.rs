//! The pipeline against an API Gateway in memory.

use std::path::Path;
use std::time::Duration;

use bluegate_core::aws::Environment;
use bluegate_core::openapi::Document;
use bluegate_deploy::api::Clock;
use bluegate_deploy::fake::Fake;
use bluegate_deploy::{Address, Deployer, RunError};
use pipeline::{Stop, read, run};
use serde_json::{Value, json};

/// A routes file with these routes, and an AWS file, as the pipeline reads them.
fn files(folder: &Path, actions: &Value) -> (Document, Environment) {
    let routes = json!({"blueprint": {"name": "shop", "resources": [
        {"name": "books", "methods": [{"path": "/books", "actions": actions}]},
    ]}});
    let aws = json!({"region": "eu-west-1", "apiGateway": {
        "rest_api_id": "abc", "baseEndpointURL": "https://shop.example", "stage": "dev",
    }});
    let [routes_path, aws_path] = ["routes.json", "aws.config.json"].map(|name| folder.join(name));
    std::fs::write(&routes_path, routes.to_string()).expect("a routes file");
    std::fs::write(&aws_path, aws.to_string()).expect("an AWS file");
    read(&routes_path, &aws_path).expect("files without errors")
}

/// One run, and the events of its log.
async fn once(
    fake: &Fake,
    folder: &Path,
    actions: &Value,
    stop: Stop,
) -> (Result<Option<String>, RunError>, Vec<Value>) {
    let (document, environment) = files(folder, actions);
    let deployer = Deployer::new(fake.clone(), Clock::within(Duration::from_secs(600)), environment)
        .at(Address {
            region: "eu-west-1".to_owned(),
            ..Address::default()
        })
        .with_journal(folder);
    let mut out = Vec::new();
    let result = run(&deployer, &document, stop, &mut out).await;
    let lines = String::from_utf8(out).expect("text");
    (
        result,
        lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect(),
    )
}

#[tokio::test(start_paused = true)]
async fn a_plan_writes_nothing_a_deployment_is_told_event_by_event_and_a_guard_stops_it() {
    let fake = Fake::with_api("abc", "Shop");
    let folder = tempfile::tempdir().expect("a folder");
    let signed = json!([{"type": "GET", "authorization": "AWS_IAM"}]);

    let (planned, log) = once(&fake, folder.path(), &signed, Stop::AfterPlan).await;
    assert_eq!(planned, Ok(None));
    let last = log.last().expect("a plan");
    assert_eq!(
        (&last["event"], &last["plan"]["routes"]["added"][0]["path"]),
        (&json!("planned"), &json!("/books"))
    );
    assert_eq!(fake.writes(), []);

    let (deployed, log) = once(&fake, folder.path(), &signed, Stop::Never).await;
    let id = deployed.expect("a deployment").expect("its id");
    assert!(fake.api("abc").live("dev").is_some_and(|live| live.deployment.id == id));
    assert!(log.iter().all(|event| event["event"].is_string()), "{log:?}");
    assert_eq!(log[0]["event"], "began");

    let writes = fake.writes();
    let public = json!([{"type": "GET", "authorization": null}]);
    let (refused, _) = once(&fake, folder.path(), &public, Stop::Never).await;
    assert!(matches!(refused, Err(RunError::Refused { .. })), "{refused:?}");
    assert_eq!(fake.writes(), writes);
}

#[test]
fn errors_of_both_files_are_told_with_their_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let [routes, aws] = ["routes.json", "aws.config.json"].map(|name| folder.path().join(name));
    std::fs::write(&routes, "{}").expect("a file");
    std::fs::write(&aws, "{\"apiGateway\": {}}").expect("a file");
    let error = read(&routes, &aws).unwrap_err().to_string();
    assert!(error.starts_with("BG"), "{error}");
}
