//! Variables of the routes file, and where their values come from.

use crate::project::{Project, Ran};

const ROUTES: &str = r#"{"blueprint": {"name": "shop", "authorizers": {
    "members": {"type": "COGNITO", "userPools": ["${var.pool}"]}},
    "resources": [{"name": "users", "methods": [{"path": "/users", "actions": [
        {"type": "GET", "authorization": "members", "timeout": "${var.patience}"},
        {"type": "POST", "function": "arn:aws:lambda:eu-west-1:123456789012:function:${var.join}"}]}]}]}}"#;

const AWS: &str = r#"{"region": "eu-west-1", "variables": {"pool": {"prod": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/of-prod",
    "*": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/of-others"},
    "join": "join-of-file", "patience": "5000"},
    "apiGateway": {"name": "Shop", "stage": "dev", "baseEndpointURL": "https://b.example.com"}}"#;

const GENERATE: &str = "generate --output-openapifile-path - --format json";

/// Whether a run went well and wrote some texts.
fn writes(ran: &Ran, texts: &[&str]) {
    ran.ends_with(0);
    for text in texts {
        assert!(ran.out.contains(text), "`{text}` in {ran:#?}");
    }
}

#[test]
fn values_come_from_the_command_line_then_the_environment_then_the_file() {
    let mut project = Project::with(ROUTES, AWS);
    writes(
        &project.run(GENERATE),
        &[
            ":userpool/of-others\"",
            ":join-of-file/invocations",
            "\"timeoutInMillis\": 5000",
        ],
    );
    project.variable("BLUEGATE_VAR_join", "join-of-shell");
    writes(&project.run(GENERATE), &[":join-of-shell/invocations"]);
    let given = project.run(&format!("{GENERATE} --var join=join-given --var pool="));
    writes(&given, &[":join-given/invocations", "\"providerARNs\": [\n"]);
}

#[test]
fn a_variable_without_a_value_is_an_error_unless_it_is_allowed() {
    let project = Project::with(ROUTES, &AWS.replace("\"join\"", "\"other\""));
    project
        .run(GENERATE)
        .ends_with(1)
        .says(&["BG0014", "the variable `join` has no value", "--var join="]);
    project.run("plan").ends_with(1).says(&["BG0014"]);
    let allowed = project.run(&format!("{GENERATE} --allow-unset"));
    writes(&allowed, &["function:${var.join}", ":userpool/of-others\""]);
    project.run("check").ends_with(0).says(&["warning[BG0014]"]);
    let alone = project.run("check --no-aws-config");
    assert!(!alone.ends_with(0).err.contains("BG0014"), "{alone:#?}");
    writes(&project.run("routes"), &["${var.join}"]);
}

#[test]
fn a_value_that_no_variable_takes_is_told_with_the_name_that_is_meant() {
    let project = Project::with(ROUTES, AWS);
    let misspelt = project.run("check --var joim=join-given");
    misspelt
        .ends_with(0)
        .says(&["warning[BG0016]", "`--var joim`", "did you mean `--var join=…`?"]);
    let other = project.run("check --var bucket=b").ends_with(0).err.clone();
    assert!(
        other.contains("BG0016") && other.contains("`join`, `patience`, `pool`"),
        "{other}"
    );
    assert!(!project.run("check --var join=j").err.contains("BG0016"));
}

#[test]
fn a_value_is_given_with_its_name() {
    let project = Project::with(ROUTES, AWS);
    project.run("generate --var pool").ends_with(2).says(&["equals sign"]);
}

#[test]
fn a_value_that_cannot_stand_there_is_an_error_that_does_not_show_it() {
    let routes = r#"{"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [{"path": "/users",
        "actions": [{"type": "GET", "url": "${var.search}"}]}]}]}}"#;
    let project = Project::with(routes, AWS);
    for command in [GENERATE, "check", "plan"] {
        let mut project = Project::with(routes, AWS);
        project.variable("BLUEGATE_VAR_search", "classified");
        let ran = project.run(command);
        ran.ends_with(1)
            .says(&["BG0140", "with the value of `search`", "routes.json:2:"]);
        assert!(!format!("{ran:?}").contains("classified"), "{ran:#?}");
    }
    project
        .run(&format!("{GENERATE} --var search=https://${{domain}}/v2"))
        .ends_with(0);
    project
        .run("plan --var search=https://${domain}/v2")
        .ends_with(1)
        .says(&["BG0013", "with the value of `search`"]);
}
