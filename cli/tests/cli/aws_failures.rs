//! What `deploy` says and leaves when AWS answers with an error, or not at all.
//!
//! The answers have the form of API Gateway's: the code in `x-amzn-ErrorType`, the words in the body.

use std::net::{SocketAddr, TcpListener};

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
    let server = Server::gateway([
        ("GET /restapis", throttled.clone()),
        ("PUT /restapis", throttled.clone()),
        ("PUT /restapis", throttled),
    ]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project.deploy("").ends_with(0).says(&["Waiting"]);
    let puts = server
        .writes()
        .iter()
        .filter(|call| call.starts_with("PUT /restapis"))
        .count();
    assert_eq!(puts, 3);
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
    let refused = Answer::error(
        400,
        "BadRequestException",
        "Unable to put integration on 'PUT' for resource at path '/users/{id}': VpcLink abc123 not found",
    );
    let server = Server::gateway([("PUT /restapis", refused)]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let ran = project.deploy("");
    ran.ends_with(1)
        .says(&["refuses PutRestApi", "VpcLink abc123 not found"]);
    ran.never_says("definition may be replaced in part").never_says(SECRET);
    let writes = server.writes();
    assert_eq!(writes.len(), 4, "the lock, the put, and the lock again: {writes:?}");
}

#[test]
fn a_failure_after_the_put_says_what_state_is_left() {
    let denied = Answer::error(403, "AccessDeniedException", "not authorized");
    // A draft that was never deployed: there is no export of it.
    let method = r#"{"GET": {"authorizationType": "NONE"}}"#;
    let draft = Answer::json(
        200,
        &format!(r#"{{"item": [{{"id": "r1", "path": "/users/{{id}}", "resourceMethods": {method}}}]}}"#),
    );
    let server = Server::gateway([
        ("POST /restapis/abc123def4/deployments", denied.clone()),
        ("GET /restapis/abc123def4/resources", draft.clone()),
        ("GET /restapis/abc123def4/resources", draft),
    ]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project.deploy("").ends_with(4).says(&[
        "denies CreateDeployment",
        "the definition of the API `abc123def4` is the new one",
        "/restapis/abc123def4/deployments",
    ]);
    // The next run knows that this one was interrupted, and finishes it.
    project
        .deploy("")
        .ends_with(0)
        .says(&["an earlier run was interrupted", "Deployed"]);

    // A draft without methods is put back.
    let server = Server::gateway([("POST /restapis/abc123def4/deployments", denied)]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project
        .deploy("")
        .ends_with(4)
        .says(&["denies CreateDeployment", "the API's definition was put back"]);
    let puts: Vec<String> = server
        .asked()
        .into_iter()
        .filter(|asked| asked.method == "PUT" && asked.target.starts_with("/restapis"))
        .map(|asked| asked.body)
        .collect();
    assert_eq!(puts.len(), 2);
    assert!(
        puts[0].contains("/users/{id}") && !puts[1].contains("/users"),
        "{puts:?}"
    );
    project.deploy("").ends_with(0).says(&["Deployed"]);
}

#[test]
fn a_document_with_warnings_is_deployed_only_when_they_are_allowed() {
    let refused = Answer::error(
        400,
        "BadRequestException",
        "Warnings found during import:\n\tParse issue: paths.'/x' is skipped",
    );
    let put = Answer::json(
        200,
        r#"{"id": "abc123def4", "name": "Shop API", "warnings": ["Parse issue: paths.'/x' is skipped"]}"#,
    );
    for (more, code) in [("", 1), ("--allow-warning Parse", 0), ("--allow-warning CORS", 1)] {
        let server = Server::gateway([("PUT /restapis", refused.clone()), ("PUT /restapis", put.clone())]);
        let mut project = Project::new();
        project.variable("AWS_ENDPOINT_URL", server.endpoint());
        project
            .deploy(more)
            .ends_with(code)
            .says(&["Parse issue: paths.'/x' is skipped"]);
    }
}

#[test]
fn the_calls_are_those_that_were_promised() {
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let ran = project.deploy("--format json");
    let report = ran.ends_with(0).never_says(SECRET).never_says(KEY_ID).json();
    let asked = server.asked();
    let tags = "/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Frestapis%2Fabc123def4";
    let lock = format!("PUT {tags}");
    let unlock = format!("DELETE {tags}");
    assert_eq!(
        server.writes(),
        [
            lock.as_str(),
            &lock,
            "PUT /restapis/abc123def4",
            "POST /restapis/abc123def4/deployments",
            "POST /restapis/abc123def4/stages",
            &unlock,
        ]
    );
    let put = asked
        .iter()
        .find(|one| one.target.contains("mode=overwrite"))
        .expect("a put");
    // An endpoint that is not AWS's is taken for an emulator's, whose warnings are not those of AWS.
    for part in ["failonwarnings=false", "ignore=documentation"] {
        assert!(put.target.contains(part), "{put:?}");
    }
    for one in &asked {
        assert!(
            one.authorization.contains("/eu-west-1/apigateway/aws4_request"),
            "{one:?}"
        );
    }
    let document: serde_json::Value = serde_json::from_str(&put.body).expect("JSON is put");
    assert_eq!(document["openapi"], "3.0.1");
    // A put makes the title the API's name.
    assert_eq!(document["info"]["title"], "Shop API");
    let deployment = asked
        .iter()
        .find(|one| one.method == "POST" && one.target.ends_with("/deployments"));
    let deployment: serde_json::Value = serde_json::from_str(&deployment.expect("a deployment").body).unwrap();
    assert_eq!(deployment.get("stageName"), None, "the stage moves afterwards");
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
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let ran = project.deploy("");
    ran.ends_with(0).says(&["Finding", "Putting", "Deploying", "Deployed"]);
    assert_eq!(
        ran.out,
        format!("{}/_aws/execute-api/abc123def4/dev\n", server.endpoint())
    );
}

#[test]
fn a_plan_writes_nothing_and_says_by_its_exit_code_that_there_are_changes() {
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let before = project.content();
    let line = "plan --routes routes.json --aws-config aws.config.json";
    let ran = project.run(line);
    ran.ends_with(2).never_says(SECRET);
    for text in [
        "API `Shop API` (abc123def4)",
        "+ GET /users/{id}",
        "`dev` is created",
        "3 added",
    ] {
        assert!(ran.out.contains(text), "{ran:#?}");
    }
    let report = project.run(&format!("{line} --format json")).ends_with(2).json();
    assert_eq!(report["routes"]["added"][0]["path"], "/users/{id}");
    assert_eq!(report["up_to_date"], false);
    assert_eq!(server.writes(), [] as [&str; 0]);
    assert_eq!(project.content(), before);
    assert!(!project.exists(".bluegate"));
}

#[test]
fn a_plan_that_a_guard_refuses_has_an_exit_code_of_its_own() {
    let pending = || Answer::json(200, r#"{"id": "abc123", "status": "PENDING"}"#);
    let line = "plan --routes routes.json --aws-config aws.config.json";
    for (command, more, code) in [
        (line, "", 3),
        (line, "--allow-unavailable-link", 2),
        ("deploy --routes routes.json --aws-config aws.config.json", "", 3),
    ] {
        let server = Server::gateway([("GET /vpclinks", pending())]);
        let mut project = Project::new();
        project.variable("AWS_ENDPOINT_URL", server.endpoint());
        let ran = project.run(&format!("{command} {more}"));
        ran.ends_with(code);
        assert!(
            code == 2 || format!("{}{}", ran.out, ran.err).contains("--allow-unavailable-link"),
            "{ran:#?}"
        );
        assert_eq!(server.writes(), [] as [&str; 0]);
    }
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
    let server = Server::gateway([]);
    let mut project = Project::with(ROUTES, &AWS.replace("\"abc123def4\"", "null"));
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let ran = project.deploy("--create");
    ran.ends_with(0).says(&["\"rest_api_id\": \"new1234567\""]);
    let asked = server.asked();
    let import = asked.iter().find(|one| one.method == "POST").expect("an import");
    for part in ["mode=import", "endpointConfigurationTypes=REGIONAL"] {
        assert!(import.target.contains(part), "{asked:?}");
    }
}

#[test]
fn a_closed_port_is_unreachable_and_named() {
    // Bound and not listened on: refused for as long as it is held, and nobody else's meanwhile.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let port = socket.local_addr().unwrap();
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
    let proxy = Server::gateway([]);
    let local = Server::gateway([]);
    let mut project = Project::new();
    project.variable("HTTP_PROXY", proxy.endpoint());
    project.variable("AWS_ENDPOINT_URL", local.endpoint());
    project.deploy("").ends_with(0);
    assert!(!local.asked().is_empty());
    assert!(proxy.asked().is_empty());

    project.variable("AWS_ENDPOINT_URL", "http://localstack.test");
    project.deploy("").ends_with(0);
    assert_eq!(proxy.asked()[0].target, "http://localstack.test/restapis/abc123def4");
}

#[test]
fn a_proxy_is_not_asked_for_an_emulator_on_this_machine_that_a_profile_names() {
    let local = Server::gateway([]);
    let mut project = Project::new();
    project.write("config", format!("[default]\nendpoint_url = {}\n", local.endpoint()));
    let config = project.join("config").display().to_string();
    project.variable("AWS_CONFIG_FILE", &config);
    // Nothing listens there.
    project.variable("HTTP_PROXY", "http://127.0.0.1:9");
    let arguments = "deploy --routes routes.json --aws-config aws.config.json";
    let mut command = project.command(arguments.split(' '));
    let ran = command
        .env_remove("AWS_ENDPOINT_URL")
        .output()
        .expect("the binary starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!local.asked().is_empty());
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
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL_API_GATEWAY", server.endpoint());
    let ran = project.deploy("");
    assert!(ran.ends_with(0).out.starts_with(server.endpoint()), "{ran:#?}");
}

#[test]
fn an_account_that_nobody_confirms_is_refused() {
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project.variable("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    let aws = project.read("aws.config.json");
    project.write(
        "aws.config.json",
        aws.replacen('{', "{\"account_id\": \"111111111111\",", 1),
    );
    project.deploy("").ends_with(3).says(&[
        "nobody says whose credentials these are",
        "leave `account_id` out of the AWS file",
    ]);
    assert!(server.asked().is_empty(), "{:?}", server.asked());
    // Without it, a plan does without the answer.
    project.write("aws.config.json", aws);
    let plan = project
        .run("plan --routes routes.json --aws-config aws.config.json --format json")
        .ends_with(2)
        .json();
    assert_eq!(plan["account_id"], serde_json::Value::Null);
    assert_eq!(plan["notes"][0], "STS does not say whose credentials these are");
}
