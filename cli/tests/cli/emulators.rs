//! What is taken for an emulator, and what is AWS whatever it is called.

use crate::answering_server::Server;
use crate::project::{AWS, Project, ROUTES};

/// A name that only the proxy knows, as a private name of AWS would be.
const UNKNOWN: &str = "http://apigateway.corp.example";

/// A project that reaches API Gateway by a name and a proxy.
fn behind(server: &Server, name: &str, aws: &str) -> Project {
    let mut project = Project::with(ROUTES, aws);
    project.variable("HTTP_PROXY", server.endpoint());
    project.variable("AWS_ENDPOINT_URL", name);
    project
}

fn first_line(out: &str) -> &str {
    out.lines().next().unwrap_or_default()
}

#[test]
fn a_name_that_tells_nothing_is_taken_for_aws_with_all_guards() {
    let server = Server::gateway([]);
    let project = behind(&server, UNKNOWN, AWS);
    let ran = project.run("plan");
    ran.ends_with(2).says(&["it is taken for AWS", "--emulator"]);
    assert_eq!(
        first_line(&ran.out),
        format!("Region `eu-west-1` of AWS, by way of {UNKNOWN}")
    );
    assert_eq!(project.run("plan --format json").ends_with(2).json()["service"], "aws");
    // An emulator is not asked whether it refuses what has no signature, and the draft may differ: this one is.
    project.deploy("").ends_with(4);
}

#[test]
fn whoever_says_that_it_is_an_emulator_is_believed() {
    let told = AWS.replacen('{', "{\"emulator\": true,", 1);
    for (account, name, aws, flag) in [
        ("111111111111", UNKNOWN, AWS, " --emulator"),
        ("111111111111", UNKNOWN, told.as_str(), ""),
        ("000000000000", UNKNOWN, AWS, ""),
        ("111111111111", "http://localstack.test", AWS, ""),
    ] {
        let server = Server::gateway_of(account, []);
        let project = behind(&server, name, aws);
        let ran = project.run(&format!("plan{flag}"));
        ran.ends_with(2);
        let line = format!("Region `eu-west-1` of the emulator at {name}");
        assert_eq!(first_line(&ran.out), line, "{account} {name} {flag}");
        let plan = project.run(&format!("plan --format json{flag}")).ends_with(2).json();
        assert_eq!(plan["service"], "emulator");
        project.deploy(flag).ends_with(0);
    }
}

#[test]
fn aws_is_never_an_emulator() {
    let server = Server::gateway([]);
    for name in [
        "http://apigateway.eusc-de-east-1.amazonaws.eu",
        "http://vpce-1.apigateway.us-iso-east-1.c2s.ic.gov",
    ] {
        let ran = behind(&server, name, AWS).run("plan --emulator");
        ran.ends_with(1).says(&["no emulator answers", "take `emulator` away"]);
    }
    assert!(server.asked().is_empty());
}
