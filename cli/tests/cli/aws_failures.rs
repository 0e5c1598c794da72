//! What `deploy` says and leaves when AWS answers with an error, or not at all.
//!
//! The answers have the form of API Gateway's: the code in `x-amzn-ErrorType`, the words in the body.

use std::net::TcpListener;

use crate::answering_server::{Answer, Server};
use crate::project::{AWS, KEY_ID, Project, ROUTES, Ran, SECRET};

/// Deploys against a server that gives these answers.
fn deploy_against(answers: impl IntoIterator<Item = Answer>, more: &str) -> (Ran, Server, Project) {
    let server = Server::answering(answers);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let before = project.content();
    let ran = project.deploy(more);
    ran.never_says(SECRET).never_says(KEY_ID);
    assert_eq!(project.content(), before, "something was left behind");
    (ran, server, project)
}

#[test]
fn each_failure_has_its_own_words_and_help() {
    for (answer, kind, says) in [
        (
            Answer::error(
                404,
                "NotFoundException",
                "Invalid API identifier specified 123456789012:abc123def4",
            ),
            "not_found",
            &["no REST API `abc123def4` in region `eu-west-1`", "rest_api_id"][..],
        ),
        (
            Answer::error(
                403,
                "AccessDeniedException",
                "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: apigateway:GET",
            ),
            "access_denied",
            &[
                "denies GetRestApi",
                "user/ci is not authorized",
                "allow `apigateway:GET` on `arn:aws:apigateway:eu-west-1::/restapis/abc123def4`",
            ],
        ),
        (
            Answer::error(
                403,
                "ExpiredTokenException",
                "The security token included in the request is expired",
            ),
            "expired_token",
            &["token has expired", "session_token"],
        ),
        (
            Answer::error(
                403,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            ),
            "invalid_credentials",
            &["does not accept the credentials", "the keys in the AWS file"],
        ),
        (
            Answer::error(
                403,
                "InvalidSignatureException",
                &format!(
                    "The request signature we calculated does not match. The Canonical String was host:x {SECRET}"
                ),
            ),
            "invalid_credentials",
            &["does not accept the credentials"],
        ),
        (
            Answer::error(
                403,
                "InvalidSignatureException",
                "Signature expired: 20261122T000000Z is now earlier than",
            ),
            "clock_skew",
            &["clock"],
        ),
        (
            Answer::error(
                429,
                "LimitExceededException",
                "Maximum number of Resources for this API has been reached",
            ),
            "quota_reached",
            &["quota", "Maximum number of Resources"],
        ),
        (
            Answer::error(400, "BadRequestException", "Invalid OpenAPI input."),
            "refused",
            &["refuses GetRestApi", "Invalid OpenAPI input.", "bluegate generate"],
        ),
        (
            Answer::json(200, "<html>"),
            "garbled_answer",
            &["none of API Gateway's", "status 200"],
        ),
        (Answer::json(200, "{}"), "garbled_answer", &["none of API Gateway's"]),
        (
            Answer::error(418, "TeapotException", "short and stout"),
            "other",
            &["TeapotException", "short and stout"],
        ),
    ] {
        let (ran, server, _project) = deploy_against([answer.clone()], "");
        ran.ends_with(1).says(says).says(&["= help:"]);
        assert_eq!(server.asked().len(), 1, "{kind} is not worth another try");
        let (ran, ..) = deploy_against([answer], "--format json");
        assert_eq!(ran.ends_with(1).json()["error"]["kind"], kind);
    }
}

#[test]
fn the_request_id_is_told_for_the_support_of_aws() {
    let (ran, ..) = deploy_against([Answer::error(400, "BadRequestException", "no")], "");
    ran.says(&["4f2e7a10-recorded"]);
}

#[test]
fn a_throttled_call_is_made_again_when_aws_says_so() {
    let throttled = Answer::error(429, "TooManyRequestsException", "Too Many Requests").header("Retry-After", "0");
    let (ran, server, _project) = deploy_against(
        [
            throttled.clone(),
            Answer::api("Shop API"),
            throttled.clone(),
            throttled,
            Answer::api("Shop API"),
            Answer::deployment(),
        ],
        "",
    );
    ran.ends_with(0).says(&["Waiting"]);
    assert_eq!(server.asked().len(), 6);
}

#[test]
fn a_throttle_that_lasts_beyond_the_deadline_ends_the_run() {
    let throttled = Answer::error(429, "TooManyRequestsException", "Too Many Requests").header("Retry-After", "30");
    let (ran, server, _project) = deploy_against([throttled], "--timeout 5");
    ran.ends_with(1).says(&["throttles GetRestApi"]);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn html_instead_of_an_answer_is_tried_again_and_then_told() {
    let (ran, server, _project) = deploy_against([Answer::html(500)], "");
    ran.ends_with(1)
        .says(&["none of API Gateway's", "status 500", "text/html"]);
    assert!(server.asked().len() > 1);
}

#[test]
fn a_refused_document_leaves_the_api_as_it_was_and_says_why() {
    let (ran, server, _project) = deploy_against(
        [
            Answer::api("Shop API"),
            Answer::error(
                400,
                "BadRequestException",
                "Unable to put integration on 'PUT' for resource at path '/users/{id}': VpcLink abc123 not found",
            ),
        ],
        "",
    );
    ran.ends_with(1)
        .says(&["refuses PutRestApi", "VpcLink abc123 not found"]);
    ran.never_says("definition may be replaced in part");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_failure_after_the_put_says_what_state_is_left() {
    let (ran, ..) = deploy_against(
        [
            Answer::api("Shop API"),
            Answer::api("Shop API"),
            Answer::error(403, "AccessDeniedException", "not authorized"),
        ],
        "",
    );
    ran.ends_with(1).says(&[
        "denies CreateDeployment",
        "the definition of the API `abc123def4` is the new one",
        "/restapis/abc123def4/deployments",
    ]);
}

#[test]
fn warnings_of_an_import_are_shown() {
    let put = Answer::json(
        200,
        r#"{"id": "abc123def4", "name": "Shop API", "warnings": ["Parse issue: paths.'/x' is skipped"]}"#,
    );
    let (ran, ..) = deploy_against([Answer::api("Shop API"), put, Answer::deployment()], "");
    ran.ends_with(0)
        .says(&["warning", "Parse issue: paths.'/x' is skipped"]);
}

#[test]
fn the_calls_are_those_that_were_promised() {
    let (ran, server, _project) = deploy_against(
        [
            Answer::api("Shop API"),
            Answer::api("shop"),
            Answer::api("Shop API"),
            Answer::deployment(),
        ],
        "--format json",
    );
    let report = ran.ends_with(0).json();
    let asked = server.asked();
    let calls: Vec<String> = asked
        .iter()
        .map(|one| format!("{} {}", one.method, one.target))
        .collect();
    assert_eq!(calls[0], "GET /restapis/abc123def4");
    assert!(calls[1].starts_with("PUT /restapis/abc123def4?"), "{calls:?}");
    for part in ["mode=overwrite", "failonwarnings=false", "ignore=documentation"] {
        assert!(calls[1].contains(part), "{calls:?}");
    }
    // The name of the AWS file is put back over the document's title.
    assert_eq!(calls[2], "PATCH /restapis/abc123def4");
    assert!(asked[2].body.contains("Shop API"), "{}", asked[2].body);
    assert_eq!(calls[3], "POST /restapis/abc123def4/deployments");
    assert_eq!(calls.len(), 4);
    for one in &asked {
        assert!(
            one.authorization.contains("/eu-west-1/apigateway/aws4_request"),
            "{one:?}"
        );
    }
    let document: serde_json::Value = serde_json::from_str(&asked[1].body).expect("JSON is put");
    assert_eq!(document["openapi"], "3.0.1");
    let deployment: serde_json::Value = serde_json::from_str(&asked[3].body).unwrap();
    assert_eq!(deployment["stageName"], "dev");
    let description = deployment["description"].as_str().unwrap();
    let digest = report["digest"].as_str().unwrap();
    assert!(description.contains(&format!("sha256:{digest}")), "{description}");
    assert!(description.contains("bluegate/"), "{description}");
    assert_eq!(report["rest_api_id"], "abc123def4");
    assert_eq!(report["deployment_id"], "dep123");
    assert_eq!(report["created"], false);
    assert_eq!(
        report["invoke_url"],
        format!("{}/_aws/execute-api/abc123def4/dev", server.endpoint())
    );
}

#[test]
fn the_url_alone_is_on_standard_output() {
    let (ran, server, _project) = deploy_against(
        [Answer::api("Shop API"), Answer::api("Shop API"), Answer::deployment()],
        "",
    );
    ran.ends_with(0).says(&["Finding", "Putting", "Deploying", "Deployed"]);
    assert_eq!(
        ran.out,
        format!("{}/_aws/execute-api/abc123def4/dev\n", server.endpoint())
    );
}

#[test]
fn a_name_that_nobody_or_more_than_one_has_is_told() {
    let named = |apis: &str| Answer::json(200, &format!("{{\"item\": [{apis}]}}"));
    let nameless = AWS.replace("\"abc123def4\"", "\"\"");
    for (apis, says) in [
        ("", &["no REST API named `Shop API`", "--create"][..]),
        (
            r#"{"id": "aaa111", "name": "Shop API"}, {"id": "bbb222", "name": "Shop API"}"#,
            &["2 REST APIs", "aaa111, bbb222", "rest_api_id"],
        ),
        (
            r#"{"id": "aaa111", "name": "shop api"}"#,
            &["no REST API named `Shop API`"],
        ),
    ] {
        let server = Server::answering([named(apis)]);
        let mut project = Project::with(ROUTES, &nameless);
        project.variable("AWS_ENDPOINT_URL", server.endpoint());
        project.deploy("").ends_with(1).says(says);
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn an_api_is_created_when_asked_to() {
    let server = Server::answering([
        Answer::json(200, r#"{"item": []}"#),
        Answer::json(201, r#"{"id": "new1234567", "name": "Shop API"}"#),
        Answer::deployment(),
    ]);
    let mut project = Project::with(ROUTES, &AWS.replace("\"abc123def4\"", "null"));
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let ran = project.deploy("--create");
    ran.ends_with(0).says(&["\"rest_api_id\": \"new1234567\""]);
    let asked = server.asked();
    assert_eq!(asked[1].method, "POST");
    for part in ["mode=import", "endpointConfigurationTypes=REGIONAL"] {
        assert!(asked[1].target.contains(part), "{asked:?}");
    }
}

#[test]
fn a_closed_port_is_unreachable_and_named() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", &format!("http://me:hush-hush@{port}"));
    let ran = project.deploy("");
    ran.ends_with(1).says(&[
        &format!("http://{port} cannot be reached"),
        "refused",
        "AWS_ENDPOINT_URL",
    ]);
    ran.never_says("hush-hush");
}

#[test]
fn a_host_that_has_no_address_is_told() {
    let mut project = Project::new();
    // No name below `invalid` ever has an address (RFC 6761).
    project.variable("AWS_ENDPOINT_URL", "http://apigateway.invalid");
    let ran = project.deploy("");
    ran.ends_with(1)
        .says(&["http://apigateway.invalid cannot be reached", "AWS_ENDPOINT_URL"]);
}

#[test]
fn a_proxy_of_the_environment_is_used_but_not_on_the_way_to_this_machine() {
    let answers = || [Answer::api("Shop API"), Answer::api("Shop API"), Answer::deployment()];
    let proxy = Server::answering(answers());
    let local = Server::answering(answers());
    let mut project = Project::new();
    project.variable("HTTP_PROXY", proxy.endpoint());
    project.variable("AWS_ENDPOINT_URL", local.endpoint());
    project.deploy("").ends_with(0);
    assert_eq!((local.asked().len(), proxy.asked().len()), (3, 0));

    project.variable("AWS_ENDPOINT_URL", "http://apigateway.invalid");
    project.deploy("").ends_with(0);
    assert_eq!(proxy.asked()[0].target, "http://apigateway.invalid/restapis/abc123def4");
}

#[test]
fn plain_http_behind_an_https_endpoint_is_told() {
    let server = Server::answering([Answer::html(400)]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", &server.endpoint().replace("http://", "https://"));
    let ran = project.deploy("--timeout 3");
    ran.ends_with(1).says(&["https://127.0.0.1:", "secure connection"]);
}

#[test]
fn a_server_that_never_answers_ends_at_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut project = Project::new();
    project.variable(
        "AWS_ENDPOINT_URL",
        &format!("http://{}", listener.local_addr().unwrap()),
    );
    let ran = project.deploy("--timeout 1");
    ran.ends_with(1)
        .says(&["the time was up during GetRestApi", "--timeout"]);
}

#[test]
fn an_endpoint_that_is_no_url_is_told_before_anything_else() {
    for endpoint in ["localhost:4566", "ftp://localhost", "http://", "nonsense"] {
        let mut project = Project::new();
        project.variable("AWS_ENDPOINT_URL", endpoint);
        let ran = project.deploy("--timeout 2");
        ran.ends_with(1).says(&["no http or https URL", "AWS_ENDPOINT_URL"]);
    }
}

#[test]
fn the_endpoint_of_the_service_wins_over_the_one_of_all_services() {
    let server = Server::answering([Answer::api("Shop API"), Answer::api("Shop API"), Answer::deployment()]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL_API_GATEWAY", server.endpoint());
    let ran = project.deploy("");
    assert!(ran.ends_with(0).out.starts_with(server.endpoint()), "{ran:#?}");
}
