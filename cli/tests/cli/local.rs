//! `bluegate local`, and `bluegate deploy` to it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use bluegate_tests::echo::Echo;
use bluegate_tests::http::{self, Request};

use crate::project::{AWS, Project, ROUTES, with_test_key};

/// The gateway, until the test is over.
pub(crate) struct Local {
    process: Child,
    pub(crate) endpoint: String,
}

impl Local {
    pub(crate) fn start(project: &Project) -> Self {
        let mut command = project.command(["local", "--listen", "127.0.0.1:0", "--log-dir", "logs"]);
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the gateway");
        let mut line = String::new();
        let out = process.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let endpoint = line
            .trim()
            .strip_prefix("AWS_ENDPOINT_URL=")
            .unwrap_or_else(|| panic!("{line}"));
        Self {
            endpoint: endpoint.to_owned(),
            process,
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_is_deployed_to_it_is_served_and_rolled_back() {
    let echo = Echo::start().expect("a backend");
    let routes = ROUTES.replace("\"VPC_LINK\", \"vpcLink\": \"abc123\"", "\"INTERNET\"");
    let aws = with_test_key(AWS)
        .replace("https://backend.example.com/", &echo.url())
        .replace("\"rest_api_id\": \"abc123def4\",", "");
    let mut project = Project::with(&routes, &aws);
    let local = Local::start(&project);
    project.variable("AWS_ENDPOINT_URL", &local.endpoint);
    let url = project.deploy("--create").ends_with(0).out.trim().to_owned();
    assert!(url.starts_with(&local.endpoint), "{url}");
    let put = |path: &str| Request::new("PUT", &format!("{url}{path}")).send().expect("an answer");
    assert_eq!(put("/users/7").json().unwrap()["target"], "/shop/users/7");
    let unsigned = http::get(&format!("{url}/users/7")).expect("an answer");
    assert_eq!(unsigned.status, 403, "{unsigned:?}");
    assert_eq!(
        unsigned.header("Access-Control-Allow-Origin"),
        Some("*"),
        "{unsigned:?}"
    );
    let preflight = Request::new("OPTIONS", &format!("{url}/users/7"))
        .send()
        .expect("an answer");
    assert_eq!(preflight.status, 200, "{preflight:?}");

    project.write("routes.json", routes.replace("/users/{id}", "/people/{id}"));
    project.deploy("--allow-mass-removal").ends_with(0);
    assert_eq!((put("/users/7").status, put("/people/7").status), (403, 200));
    project.run("rollback --allow-mass-removal").ends_with(0);
    assert_eq!((put("/users/7").status, put("/people/7").status), (200, 403));
    assert!(
        project
            .read("logs/execution.log")
            .contains("HTTP Method: PUT, Resource Path: /people/{id}")
    );
}

#[test]
fn a_canary_gets_its_share_until_it_is_promoted_or_aborted() {
    let echo = Echo::start().expect("a backend");
    let routes = |path: &str| {
        let routes = ROUTES.replace("\"VPC_LINK\", \"vpcLink\": \"abc123\"", "\"INTERNET\"");
        routes.replace("/users/{id}", path)
    };
    let aws = with_test_key(AWS)
        .replace("https://backend.example.com/", &echo.url())
        .replace("\"rest_api_id\": \"abc123def4\",", "");
    let mut project = Project::with(&routes("/users/{id}"), &aws);
    let local = Local::start(&project);
    project.variable("AWS_ENDPOINT_URL", &local.endpoint);
    let url = project.deploy("--create").ends_with(0).out.trim().to_owned();
    let id = url.rsplit('/').nth(1).expect("the id of the API");
    let aws = AWS
        .replace("abc123def4", id)
        .replace("https://backend.example.com/", &echo.url());
    project.write("aws.config.json", with_test_key(&aws));
    let statuses = || {
        let put = |path: &str| Request::new("PUT", &format!("{url}{path}")).send().expect("an answer");
        ["/users/7", "/people/7", "/clients/7"].map(|path| put(path).status)
    };
    let about = |command: &str| project.run(&format!("{command} --aws-config aws.config.json"));

    project.write("routes.json", routes("/people/{id}"));
    project.deploy("--canary 100 --allow-mass-removal").ends_with(0);
    assert_eq!(statuses(), [403, 200, 403]);
    about("abort").ends_with(0);
    assert_eq!(statuses(), [200, 403, 403]);
    project.deploy("--canary 0.01 --allow-mass-removal").ends_with(0);
    about("promote --allow-mass-removal").ends_with(0);
    assert_eq!(statuses(), [403, 200, 403]);
    project.write("routes.json", routes("/clients/{id}"));
    project.deploy("--canary 100 --allow-mass-removal").ends_with(0);
    assert_eq!(statuses(), [403, 403, 200]);
}

#[test]
fn other_machines_reach_it_only_when_somebody_says_so() {
    let project = Project::empty();
    project
        .run("local --listen 0.0.0.0:0")
        .ends_with(1)
        .says(&["--allow-remote", "127.0.0.1"]);
    project.run("local --listen nowhere").ends_with(2);
}

#[test]
fn a_credential_that_cannot_be_read_is_refused_without_being_shown() {
    let ran = Project::empty().run("local --credential KEY:hidden");
    ran.ends_with(2).says(&["KEY:SECRET[:TOKEN]=ARN"]);
    assert!(!ran.err.contains("hidden"), "{ran:?}");
}

#[test]
fn a_token_that_is_printed_opens_a_method_of_a_user_pool() {
    let routes = r#"{"blueprint": {"name": "shop",
        "authorizers": {"pool": {"type": "COGNITO", "userPools":
            ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_shop"]}},
        "resources": [{"name": "users", "methods": [{"path": "/users", "actions": [
            {"type": "GET", "authorization": "pool", "scopes": ["shop/read"]}]}]}]}}"#;
    let echo = Echo::start().expect("a backend");
    let aws = format!(
        r#"{{"region": "us-east-1", "apiGateway": {{"name": "Shop", "stage": "dev", "baseEndpointURL": {:?}}},
            "aws": {{"access_key_id": "test", "secret_access_key": "test"}}}}"#,
        echo.url()
    );
    let mut project = Project::with(routes, &aws);
    let local = Local::start(&project);
    project.variable("AWS_ENDPOINT_URL", &local.endpoint);
    let url = project.deploy("--create").ends_with(0).out.trim().to_owned();
    let token = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["local", "token"].iter().chain(arguments).copied().collect();
        project.run_with(arguments).ends_with(0).out.trim().to_owned()
    };
    for (arguments, status) in [
        (
            &["--sub", "me", "--scope", "shop/read", "--claim", "email=me@example.com"][..],
            200,
        ),
        (&["--scope", "shop/write"], 401),
        (&[], 401),
    ] {
        let request = Request::new("GET", &format!("{url}/users")).header("Authorization", &token(arguments));
        assert_eq!(request.send().expect("an answer").status, status, "{arguments:?}");
    }
}

#[test]
fn a_deployment_permits_its_functions_and_is_then_up_to_date() {
    let routes = r#"{"blueprint": {"name": "shop", "resources": [{"name": "books", "methods": [
        {"path": "/books/{id}", "actions": [{"type": "GET"}, {"type": "POST", "function": "orders:live"}]}]}]}}"#;
    let aws = r#"{"region": "eu-west-1", "account_id": "000000000000",
        "aws": {"access_key_id": "test", "secret_access_key": "test"},
        "apiGateway": {"name": "Shop", "function": "shop", "stage": "dev"}}"#;
    let mut project = Project::with(routes, aws);
    let local = Local::start(&project);
    project.variable("AWS_ENDPOINT_URL", &local.endpoint);
    let deployed = project.deploy("--create");
    deployed
        .ends_with(0)
        .says(&["1 call of the function `arn:aws:lambda:eu-west-1:000000000000:function:orders:live`"]);
    let plan = project.run("plan --format json").ends_with(0).json();
    assert_eq!(
        (&plan["up_to_date"], &plan["permissions"]),
        (&true.into(), &serde_json::Value::Null)
    );
    project.write("routes.json", routes.replace("\"GET\"", "\"PUT\""));
    let plan = project.run("plan").ends_with(2).out.clone();
    assert!(plan.contains("function:shop\n    + dev/PUT/books/*"), "{plan}");
    project.deploy("--allow-mass-removal").ends_with(0);
    let policy = project.run("iam-policy --region eu-west-1").ends_with(0).json();
    let granted = policy["Statement"].as_array().unwrap();
    let granted = granted
        .iter()
        .find(|one| one["Action"] == "lambda:AddPermission")
        .unwrap();
    let arn = |name: &str| format!("arn:aws:lambda:eu-west-1:000000000000:function:{name}");
    assert_eq!(
        granted["Resource"],
        serde_json::json!([arn("orders:live"), arn("shop")])
    );
    project
        .run("destroy --confirm Shop")
        .ends_with(0)
        .says(&["Withdrawing"]);
}
