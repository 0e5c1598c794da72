//! Where credentials come from, and what is said when they do not.

use crate::answering_server::{Answer, Server};
use crate::project::{AWS, KEY_ID, Project, ROUTES, SECRET};

/// The AWS file without keys.
fn keyless() -> String {
    AWS.replace(KEY_ID, "").replace(SECRET, "")
}

#[test]
fn no_credentials_anywhere_is_told_before_anything_is_sent_or_written() {
    let server = Server::answering([Answer::api("Shop API")]);
    let mut project = Project::with(ROUTES, &keyless());
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let before = project.content();
    let ran = project.deploy("--keep-output-openapifile");
    ran.ends_with(1).says(&["no AWS credentials", "AWS_ACCESS_KEY_ID"]);
    assert_eq!(project.content(), before);
    assert!(server.asked().is_empty());
}

#[test]
fn credentials_come_from_the_file_then_the_profile_then_the_environment() {
    let credentials = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = hush-default\n\
                       [prod]\naws_access_key_id = AKIAPROD\naws_secret_access_key = hush-prod\n";
    let profile = keyless().replace("\"aws\": {", "\"aws\": {\n    \"profile\": \"prod\",");
    for (aws, environment, signed_by) in [
        (AWS.to_owned(), true, KEY_ID),
        (profile, true, "AKIAPROD"),
        (keyless(), true, "AKIAENVIRONMENT"),
        (keyless(), false, "AKIADEFAULT"),
        (AWS.replace(KEY_ID, " ").replace(SECRET, " "), false, "AKIADEFAULT"),
    ] {
        let server = Server::gateway([]);
        let mut project = Project::with(ROUTES, &aws);
        project.write("credentials", credentials);
        let file = project.join("credentials").display().to_string();
        project.variable("AWS_SHARED_CREDENTIALS_FILE", &file);
        project.variable("AWS_ENDPOINT_URL", server.endpoint());
        if environment {
            project.variable("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT");
            project.variable("AWS_SECRET_ACCESS_KEY", "hush-environment");
        }
        let ran = project.deploy("");
        ran.ends_with(0).never_says("hush-");
        let asked = server.asked();
        assert!(
            asked[0].authorization.contains(&format!("Credential={signed_by}/")),
            "{signed_by}: {asked:?}"
        );
    }
}

#[test]
fn a_session_token_is_sent() {
    let aws = AWS.replace(
        SECRET,
        &format!("{SECRET}\",\n    \"session_token\": \"token-of-the-session"),
    );
    let server = Server::gateway([]);
    let mut project = Project::with(ROUTES, &aws);
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project.deploy("").ends_with(0).never_says("token-of-the-session");
    assert!(server.asked()[0].authorization.contains("x-amz-security-token"));
}

#[test]
fn a_profile_that_is_not_there_is_named() {
    let aws = keyless().replace("\"aws\": {", "\"aws\": {\n    \"profile\": \"nowhere\",");
    let project = Project::with(ROUTES, &aws);
    project
        .deploy("")
        .ends_with(1)
        .says(&["there is no profile `nowhere`", "`profile` in the AWS file"]);
    let without_region = aws.replace("  \"region\": \"eu-west-1\",\n", "");
    assert_ne!(without_region, aws);
    let project = Project::with(ROUTES, &without_region);
    project.deploy("").ends_with(1).says(&["there is no profile `nowhere`"]);
}

#[cfg(unix)]
#[test]
fn a_program_that_gives_credentials_is_asked_once() {
    let mut project = Project::with(ROUTES, &keyless());
    project.write(
        "give",
        "#!/bin/sh\necho asked >> asked\necho '{\"Version\": 1, \"AccessKeyId\": \"AKIAPROCESS\", \"SecretAccessKey\": \"hush-process\"}'\n",
    );
    project.mode("give", 0o755);
    let program = project.join("give").display().to_string();
    project.write("config", format!("[default]\ncredential_process = {program}\n"));
    let config = project.join("config").display().to_string();
    let server = Server::gateway([]);
    project.variable("AWS_CONFIG_FILE", &config);
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project.deploy("").ends_with(0).never_says("hush-process");
    assert!(server.asked()[0].authorization.contains("Credential=AKIAPROCESS/"));
    assert_eq!(project.read("asked"), "asked\n");
}

#[cfg(unix)]
#[test]
fn what_a_failing_program_for_credentials_says_is_told() {
    let mut project = Project::with(ROUTES, &keyless());
    project.write(
        "config",
        "[default]\ncredential_process = sh -c 'echo vault is sealed >&2; exit 3'\n",
    );
    let config = project.join("config").display().to_string();
    project.variable("AWS_CONFIG_FILE", &config);
    project.deploy("").ends_with(1).says(&["vault is sealed"]);
}
