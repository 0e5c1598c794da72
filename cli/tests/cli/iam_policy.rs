//! The policy that the binary prints, beside the calls that it makes.

use crate::answering_server::Server;
use crate::project::{AWS, Project, ROUTES};

/// Whether a policy allows a call, as IAM reads it: `*` is any text.
fn allows(policy: &serde_json::Value, method: &str, path: &str) -> bool {
    let name = format!("arn:aws:apigateway:eu-west-1::{path}");
    policy["Statement"].as_array().unwrap().iter().any(|statement| {
        statement["Action"] == format!("apigateway:{method}")
            && statement["Resource"]
                .as_array()
                .unwrap()
                .iter()
                .any(|resource| fits(resource.as_str().unwrap(), &name))
    })
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let mut ends = (0..=text.len()).filter(|&end| text.is_char_boundary(end));
            ends.any(|end| fits(rest, &text[end..]))
        }),
    }
}

fn policy(options: &str) -> serde_json::Value {
    Project::empty()
        .run(&format!("iam-policy --region eu-west-1 {options}"))
        .ends_with(0)
        .json()
}

/// Runs a command against a server that remembers, and gives what it called.
fn calls(aws: &str, line: &str) -> Vec<(String, String)> {
    let server = Server::gateway([]);
    let mut project = Project::with(ROUTES, aws);
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let ran = project.run(&format!("{line} --routes routes.json --aws-config aws.config.json"));
    assert!([0, 2].contains(&ran.code), "{ran:#?}");
    let path = |target: &str| target.split('?').next().unwrap_or_default().to_owned();
    let asked = server.asked().into_iter();
    let own = asked.filter(|one| one.target != "/");
    own.map(|one| (one.method, path(&one.target))).collect()
}

#[test]
fn every_call_of_a_deployment_is_allowed() {
    let policy = policy("--api-id abc123def4 --stage dev");
    let calls = calls(AWS, "deploy");
    assert!(calls.len() > 20, "{calls:?}");
    for (method, path) in &calls {
        assert!(
            allows(&policy, method, path),
            "{method} {path} is not allowed by {policy:#}"
        );
    }
    for (method, path) in [
        ("DELETE", "/restapis/abc123def4"),
        ("PUT", "/restapis/other12345"),
        ("PATCH", "/restapis/abc123def4/stages/prod"),
        ("POST", "/restapis"),
        ("POST", "/apikeys"),
    ] {
        assert!(!allows(&policy, method, path), "{method} {path} is allowed");
    }
}

#[test]
fn every_call_of_a_deployment_that_creates_is_allowed() {
    let policy = policy("--create");
    let calls = calls(&AWS.replace("abc123def4", ""), "deploy --create");
    assert!(
        calls.contains(&("POST".to_owned(), "/restapis".to_owned())),
        "{calls:?}"
    );
    for (method, path) in &calls {
        assert!(
            allows(&policy, method, path),
            "{method} {path} is not allowed by {policy:#}"
        );
    }
}

#[test]
fn every_call_of_a_plan_is_allowed_to_who_only_reads() {
    let calls = calls(AWS, "plan");
    let policy = policy("--api-id abc123def4 --read-only");
    for (method, path) in &calls {
        assert!(
            allows(&policy, method, path),
            "{method} {path} is not allowed by {policy:#}"
        );
    }
    assert!(!allows(&policy, "PUT", "/restapis/abc123def4"));
}

#[test]
fn terraform_gets_the_same_statements() {
    let text = Project::empty()
        .run("iam-policy --region eu-west-1 --api-id abc123def4 --format terraform")
        .ends_with(0)
        .out
        .clone();
    let policy = policy("--api-id abc123def4");
    for statement in policy["Statement"].as_array().unwrap() {
        for name in std::iter::once(&statement["Action"]).chain(statement["Resource"].as_array().unwrap()) {
            assert!(text.contains(&name.to_string()), "{name} is not in {text}");
        }
    }
    assert_eq!(text.matches('{').count(), text.matches('}').count());
}

#[test]
fn a_star_is_no_api() {
    let project = Project::empty();
    for (option, says) in [
        ("--api-id *", "letters, digits"),
        ("--region eu-*", "`eu-west-1`"),
        ("--stage a/b", "letters, digits"),
    ] {
        project.run(&format!("iam-policy {option}")).ends_with(2).says(&[says]);
    }
    project.run("iam-policy --create --read-only").ends_with(2);
}

#[test]
fn a_stage_names_the_functions_that_its_variables_make() {
    let routes = r#"{"blueprint": {"name": "shop", "resources": [{"name": "books", "methods": [
        {"path": "/books", "actions": [{"type": "GET", "function": "books:${stageVariables.alias}"},
            {"type": "POST", "function": "orders-${stageVariables.owner}"}]}]}]}}"#;
    let aws = r#"{"region": "eu-west-1", "account_id": "000000000000", "apiGateway": {"name": "Shop",
        "stages": {"dev": {"variables": {"alias": "live"}}, "prod": {"variables": {"alias": "stable"}}}}}"#;
    let project = Project::with(routes, aws);
    let functions = |options: &str| {
        let policy = project.run(&format!("iam-policy {options}")).ends_with(0).json();
        let granted = policy["Statement"].as_array().unwrap();
        let granted = granted.iter().find(|one| one["Action"] == "lambda:GetPolicy").unwrap();
        let names = granted["Resource"].as_array().unwrap().iter();
        let names = names.map(|arn| arn.as_str().unwrap().rsplit_once("function:").unwrap().1.to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(functions("--stage prod"), ["books:stable", "orders-*"]);
    assert_eq!(functions(""), ["books:*", "orders-*"]);
}
