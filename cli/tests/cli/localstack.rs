//! `bluegate deploy` to LocalStack, which serves what was deployed.

use bluegate_tests::control;
use bluegate_tests::echo::Echo;
use bluegate_tests::http::{self, Request};
use bluegate_tests::localstack::LocalStack;

use crate::answering_server::{Answer, Server};
use crate::project::{AWS, Project, ROUTES, Ran};

/// The emulator is in one region only; links of a VPC it has none.
fn project(localstack: &LocalStack, backend: &str, api: &str) -> Project {
    let routes = ROUTES.replace("\"VPC_LINK\", \"vpcLink\": \"abc123\"", "\"INTERNET\"");
    let aws = AWS
        .replace("eu-west-1", http::REGION)
        .replace("https://backend.example.com/", backend)
        .replace("\"rest_api_id\": \"abc123def4\"", api);
    let mut project = Project::with(&routes, &aws);
    project.variable("AWS_ENDPOINT_URL", localstack.endpoint());
    project
}

fn by_id(id: &str) -> String {
    format!("\"rest_api_id\": \"{id}\"")
}

/// The URL that a deployment printed.
fn url(ran: &Ran) -> String {
    ran.ends_with(0).out.trim().to_owned()
}

fn name_of(localstack: &LocalStack, id: &str) -> serde_json::Value {
    let target = format!("/restapis/{id}");
    let api = control::api_gateway(localstack.endpoint(), "GET", &target, None);
    api.expect("the API")["name"].clone()
}

#[test]
fn the_printed_url_serves_the_routes_again_and_again() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let echo = Echo::start().expect("a backend");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, &echo.url(), &by_id(&id));
    let before = project.content();
    for _ in 0..2 {
        let url = url(&project.deploy(""));
        assert_eq!(url, localstack.invoke_url(&id, "dev", ""));
        let answer = http::get(&format!("{url}/users/7")).expect("an answer");
        assert_eq!(answer.json().unwrap()["target"], "/shop/users/7", "{answer:?}");
        let answer = Request::new("PUT", &format!("{url}/users/8"))
            .send()
            .expect("an answer");
        assert_eq!(answer.json().unwrap()["method"], "PUT", "{answer:?}");
        let preflight = Request::new("OPTIONS", &format!("{url}/users/7"))
            .send()
            .expect("an answer");
        assert_eq!(preflight.status, 200, "{preflight:?}");
        assert_eq!(preflight.header("Access-Control-Allow-Origin"), Some("*"));
        let unknown = http::get(&format!("{url}/nobody")).expect("an answer");
        assert_eq!(unknown.status, 403, "{unknown:?}");
        assert_eq!(project.content(), before, "the document was left behind");
    }
    // The name of the AWS file stays, whatever the document's title is.
    assert_eq!(name_of(localstack, &id), "Shop API");
}

#[test]
fn a_second_deployment_serves_the_new_routes() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let echo = Echo::start().expect("a backend");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, &echo.url(), &by_id(&id));
    let url = url(&project.deploy(""));
    project.write(
        "routes.json",
        project.read("routes.json").replace("/users/{id}", "/people/{id}"),
    );
    // Nearly all that is served would vanish.
    project.deploy("").ends_with(3).says(&["--allow-mass-removal"]);
    project.deploy("--allow-mass-removal").ends_with(0);
    let moved = http::get(&format!("{url}/people/7")).expect("an answer");
    assert_eq!(moved.json().unwrap()["target"], "/shop/people/7");
    assert_eq!(http::get(&format!("{url}/users/7")).expect("an answer").status, 403);
}

#[test]
fn the_documents_of_both_kinds_are_kept_when_asked_for() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, "https://backend.example.com/", &by_id(&id));
    let path = "--keep-output-openapifile --output-openapifile-path";
    project.deploy(&format!("{path} ours.json")).ends_with(0);
    project.deploy(&format!("{path} theirs.json --compat")).ends_with(0);
    let ours: serde_json::Value = serde_json::from_str(&project.read("ours.json")).unwrap();
    let theirs: serde_json::Value = serde_json::from_str(&project.read("theirs.json")).unwrap();
    assert_ne!(ours, theirs);
    // A file that was there before is overwritten only when it is to be kept.
    project.write("swagger.yml", "mine");
    project.deploy("").ends_with(0);
    assert_eq!(project.read("swagger.yml"), "mine");
    project.deploy("--keep-output-openapifile").ends_with(0);
    assert!(project.read("swagger.yml").starts_with("openapi:"));
}

#[test]
fn an_api_is_created_once_and_found_by_its_name_from_then_on() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let echo = Echo::start().expect("a backend");
    let project = project(localstack, &echo.url(), "\"rest_api_id\": \"\"");
    project.write(
        "aws.config.json",
        project.read("aws.config.json").replace("Shop API", "Created by name"),
    );
    project
        .deploy("")
        .ends_with(1)
        .says(&["no REST API named `Created by name`", "--create"]);

    let created = project.deploy("--create --format json").ends_with(0).json();
    assert_eq!(
        (created["created"].as_bool(), created["name"].as_str()),
        (Some(true), Some("Created by name"))
    );
    let id = created["rest_api_id"].as_str().expect("an id");
    assert_eq!(name_of(localstack, id), "Created by name");

    let again = project.deploy("--create --format json").ends_with(0).json();
    assert_eq!(
        (again["created"].as_bool(), again["rest_api_id"].as_str()),
        (Some(false), Some(id))
    );
    assert_eq!(again["digest"], created["digest"]);
    let url = again["invoke_url"].as_str().expect("a URL");
    let answer = http::get(&format!("{url}/users/1")).expect("an answer");
    assert_eq!(answer.json().unwrap()["target"], "/shop/users/1");

    control::create_rest_api(localstack.endpoint(), "Created by name").expect("a second one");
    project.deploy("--create").ends_with(1).says(&["2 REST APIs", id]);
}

#[test]
fn an_api_that_is_gone_is_told() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let project = project(localstack, "https://backend.example.com/", &by_id("gone12345"));
    project
        .deploy("--create")
        .ends_with(1)
        .says(&["no REST API `gone12345` in region"]);
}

#[test]
fn the_deployment_says_what_it_was_made_of() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, "https://backend.example.com/", &by_id(&id));
    let git = |arguments: &[&str]| {
        let done = std::process::Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(arguments)
            .current_dir(project.path())
            .output()
            .expect("a machine that runs these tests has git");
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    git(&["init", "-q"]);
    git(&["add", "routes.json"]);
    git(&["commit", "-q", "-m", "routes"]);
    let commit = git(&["rev-parse", "HEAD"]);
    let deployed = project.deploy("--format json").ends_with(0).json();
    let target = format!(
        "/restapis/{id}/deployments/{}",
        deployed["deployment_id"].as_str().unwrap()
    );
    let deployment = control::api_gateway(localstack.endpoint(), "GET", &target, None).expect("the deployment");
    let description = deployment["description"].as_str().unwrap();
    let start = format!(
        "sha256:{} git:{} bluegate/{} draft:",
        deployed["digest"].as_str().unwrap(),
        &commit[..12],
        env!("CARGO_PKG_VERSION")
    );
    assert!(description.starts_with(&start), "{description}");
}

#[test]
fn a_plan_tells_what_is_new_what_is_gone_and_what_somebody_else_did() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, "https://backend.example.com/", &by_id(&id));
    let line = "plan --routes routes.json --aws-config aws.config.json --format json";
    let first = project.run(line).ends_with(2).json();
    assert_eq!(first["routes"]["added"].as_array().unwrap().len(), 3);
    project.deploy("").ends_with(0);

    let nothing = project.run(line).ends_with(0).json();
    assert_eq!(
        (&nothing["up_to_date"], &nothing["drift"]),
        (&true.into(), &"none".into())
    );
    project.deploy("").ends_with(0).says(&["nothing is written"]);

    let routes = project.read("routes.json");
    project.write(
        "routes.json",
        routes
            .replace("backend.example.com", "x")
            .replace("\"PUT\"", "\"PATCH\""),
    );
    let changed = project.run(line).ends_with(2).json();
    assert_eq!(changed["routes"]["added"][0]["verb"], "PATCH");
    assert_eq!(changed["routes"]["removed"][0]["verb"], "PUT");

    // Somebody adds a resource with a method behind our back.
    let target = format!("/restapis/{id}/resources");
    let resources = control::api_gateway(localstack.endpoint(), "GET", &target, None).expect("resources");
    let items = resources["item"].as_array().expect("resources");
    let root = items.iter().find(|one| one["path"] == "/").expect("a root")["id"].clone();
    let method = format!("{target}/{}/methods/GET", root.as_str().expect("an id"));
    let open = serde_json::json!({"authorizationType": "NONE"});
    control::api_gateway(localstack.endpoint(), "PUT", &method, Some(&open)).expect("a method");
    let edited = project.run(line).ends_with(3).json();
    assert_eq!(edited["drift"], "edited");
    assert_eq!(edited["refusals"][0]["flag"], "--allow-drift");
}

#[test]
fn only_the_account_of_the_aws_file_is_deployed_to() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, "https://backend.example.com/", &by_id(&id));
    let aws = project.read("aws.config.json");
    let of = |account: &str| {
        let account = format!("{{\n  \"account_id\": \"{account}\",");
        project.write("aws.config.json", aws.replacen('{', &account, 1));
    };
    let plan = "plan --routes routes.json --aws-config aws.config.json --format json";
    of("111122223333");
    for line in [
        plan,
        "deploy --yes --routes routes.json --aws-config aws.config.json",
        "status --aws-config aws.config.json",
        "rollback --yes --aws-config aws.config.json",
        "promote --yes --aws-config aws.config.json",
        "destroy --confirm Shop --aws-config aws.config.json",
    ] {
        project
            .run(line)
            .ends_with(3)
            .says(&["the account 000000000000, and `account_id` is 111122223333"]);
    }
    of("000000000000");
    let told = project.run(plan).ends_with(2).json();
    assert_eq!(told["account_id"], "000000000000");
    assert_eq!(told["caller"]["arn"], "arn:aws:iam::000000000000:root");
    project.deploy("").ends_with(0);
}

#[test]
fn settings_of_stages_are_planned_deployed_and_left_alone_when_they_are_so() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let echo = Echo::start().expect("a backend");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, "https://${stageVariables.host}/", &by_id(&id));
    let host = echo
        .url()
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let aws = project.read("aws.config.json").replace("https://$", "http://$");
    let with = |rate: &str| {
        let stages = format!(
            r#""stage": "dev",
            "stages": {{
              "dev": {{
                "description": "for all", "variables": {{"host": "{host}"}}, "tracing": true,
                "throttling": {{"rateLimit": {rate}, "burstLimit": 50}}, "logging": {{"metrics": true}},
                "methods": {{"GET /users/{{id}}": {{"throttling": {{"rateLimit": 5}}}}}}
              }},
              "prod": {{"variables": {{"host": "{host}"}}}}
            }},"#
        );
        project.write(
            "aws.config.json",
            aws.replace("\"stage\": \"dev\",", &stages)
                .replace(",\n    \"basePath\": \"/dev\"", ""),
        );
    };
    with("12.5");
    let url = url(&project.deploy(""));
    let answer = http::get(&format!("{url}/users/7")).expect("an answer");
    assert_eq!(answer.json().unwrap()["target"], "/shop/users/7", "{answer:?}");
    let stage = |name: &str| {
        let target = format!("/restapis/{id}/stages/{name}");
        control::api_gateway(localstack.endpoint(), "GET", &target, None).expect("the stage")
    };
    let dev = stage("dev");
    assert_eq!(dev["description"], "for all", "{dev}");
    assert_eq!(dev["tracingEnabled"], true, "{dev}");
    assert_eq!(dev["methodSettings"]["*/*"]["throttlingRateLimit"], 12.5, "{dev}");
    assert_eq!(dev["methodSettings"]["*/*"]["throttlingBurstLimit"], 50, "{dev}");
    project.deploy("").ends_with(0).says(&["nothing is written"]);

    let plan = "plan --routes routes.json --aws-config aws.config.json --format json";
    with("10");
    let told = project.run(plan).ends_with(2).json();
    assert_eq!(told["only_stage"], true, "{told}");
    assert_eq!(told["stage"]["changes"][0]["field"], "throttling rateLimit", "{told}");
    assert_eq!(told["stage"]["changes"][0]["to"], "10", "{told}");
    let before = dev["deploymentId"].clone();
    project.deploy("").ends_with(0).says(&["1 setting of the stage"]);
    let dev = stage("dev");
    assert_eq!(dev["methodSettings"]["*/*"]["throttlingRateLimit"], 10.0, "{dev}");
    assert_eq!(dev["deploymentId"], before, "{dev}");

    project
        .deploy("--stage test")
        .ends_with(1)
        .says(&["its `stages` are dev, prod"]);
    let prod = project.deploy("--stage prod --format json").ends_with(0).json();
    assert_eq!(prod["stage"], "prod");
    assert_eq!(stage("prod")["variables"]["host"], host.as_str());
    assert_eq!(stage("dev")["deploymentId"], before);
}

#[test]
fn settings_of_a_method_that_is_not_there_are_refused_before_anything_is_sent() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let project = project(localstack, "https://backend.example.com/", &by_id("gone12345"));
    let aws = project.read("aws.config.json");
    let stages = r#""stages": {"dev": {"methods": {"DELETE /users/{id}": {"logging": {"metrics": true}}}}}, "stage""#;
    project.write("aws.config.json", aws.replace("\"stage\"", stages));
    project.deploy("").ends_with(1).says(&[
        "settings of `DELETE /users/{id}`, which the API has not",
        "bluegate routes",
    ]);
}

#[test]
fn a_service_that_answers_otherwise_undoes_the_deployment() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let echo = Echo::start().expect("a backend");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, &echo.url(), &by_id(&id));
    let aws = project.read("aws.config.json");
    let with = |smoke: &str| {
        let smoke = format!("\"smoke\": {smoke}, \"stage\"");
        project.write("aws.config.json", aws.replace("\"stage\"", &smoke));
    };
    with(
        r#"[{"path": "/users/7?full=1", "contains": "/shop/users/7"},
            {"method": "PUT", "path": "/users/7", "headers": {"X-Tenant": "a"}, "body": "hello", "contains": "PUT"},
            {"path": "/nobody", "status": 403}]"#,
    );
    let url = url(&project.deploy("--timeout 300"));
    let stage = format!("/restapis/{id}/stages/dev");
    let served = || {
        let stage = control::api_gateway(localstack.endpoint(), "GET", &stage, None).expect("the stage");
        stage["deploymentId"].as_str().expect("a deployment").to_owned()
    };
    let before = served();

    with(r#"[{"path": "/users/7", "status": 418}]"#);
    let routes = project.read("routes.json");
    project.write("routes.json", routes.replace("\"PUT\"", "\"PATCH\""));
    project
        .deploy("--smoke-timeout 3")
        .ends_with(4)
        .says(&["GET /users/7 is answered with 200 and not 418"]);
    assert_eq!(served(), before);
    let answer = Request::new("PUT", &format!("{url}/users/8"))
        .send()
        .expect("an answer");
    assert_eq!(answer.json().unwrap()["method"], "PUT", "{answer:?}");
    project.deploy("--no-smoke").ends_with(0);
    assert_ne!(served(), before);
}

#[test]
fn a_service_of_another_routes_file_is_told() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let id = control::create_rest_api(localstack.endpoint(), "Shop API").expect("an API");
    let project = project(localstack, "https://backend.example.com/", &by_id(&id));
    let digest = bluegate_core::file_digest(&project.read("routes.json"));
    let aws = project.read("aws.config.json");
    for (digest, code) in [(digest.as_str(), 0), ("another", 4)] {
        let service = Server::answering([Answer::json(200, &format!("{{\"digest\": \"{digest}\"}}"))]);
        let smoke = format!(
            "\"smoke\": [{{\"path\": \"{}/.well-known/bluegate\", \"digest\": true}}], \"stage\"",
            service.endpoint()
        );
        project.write("aws.config.json", aws.replace("\"stage\"", &smoke));
        let ran = project.deploy("--smoke-timeout 2");
        ran.ends_with(code);
        assert_eq!(service.asked()[0].target, "/.well-known/bluegate");
        if code == 4 {
            ran.says(&["another routes file"]);
        }
        project.write(
            "routes.json",
            project.read("routes.json").replace("\"PUT\"", "\"PATCH\""),
        );
    }
}
