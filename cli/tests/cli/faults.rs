//! The binary against the local gateway and moto, with calls in between that fail. All calls are counted.

use std::cell::RefCell;

use bluegate_tests::control;
use bluegate_tests::echo::Echo;
use bluegate_tests::http;
use bluegate_tests::local::LocalGateway;
use bluegate_tests::moto::Moto;
use bluegate_tests::proxy::{Fault, Proxy};
use bluegate_tests::routes_files;

use crate::project::{AWS, KEY_ID, Project, ROUTES, SECRET};

/// A project whose calls go to LocalGateway through a proxy.
struct Faulty {
    gateway: &'static LocalGateway,
    proxy: Proxy,
    _echo: Echo,
    id: String,
    project: Project,
    /// What is served under this name is what was deployed last.
    path: RefCell<String>,
}

impl Faulty {
    fn new() -> Self {
        let gateway = LocalGateway::shared().expect("a gateway");
        let proxy = Proxy::start(gateway.endpoint()).expect("a proxy");
        let echo = Echo::start().expect("a backend");
        let id = control::create_rest_api(gateway.endpoint(), "Shop API").expect("an API");
        let routes = ROUTES.replace("\"VPC_LINK\", \"vpcLink\": \"abc123\"", "\"INTERNET\"");
        let aws = AWS
            .replace("eu-west-1", http::REGION)
            .replace("https://backend.example.com/", &echo.url())
            .replace("abc123def4", &id);
        let mut project = Project::with(&routes, &aws);
        project.variable("AWS_ENDPOINT_URL", &proxy.endpoint());
        Self {
            gateway,
            proxy,
            _echo: echo,
            id,
            project,
            path: RefCell::new("/users".to_owned()),
        }
    }

    /// From now on another path is wanted.
    fn move_to(&self, path: &str) {
        let routes = self.project.read("routes.json");
        self.project
            .write("routes.json", routes.replace(self.path.borrow().as_str(), path));
        path.clone_into(&mut self.path.borrow_mut());
    }

    /// What a page that asks for the preflight of a path gets.
    fn status(&self, path: &str) -> u16 {
        let url = self.gateway.invoke_url(&self.id, "dev", path);
        let asked = http::Request::new("OPTIONS", &url).send();
        asked.expect("an answer").status
    }

    fn deployments(&self) -> usize {
        let target = format!("/restapis/{}/deployments", self.id);
        let list = control::api_gateway(self.gateway.endpoint(), "GET", &target, None);
        list.expect("deployments")["item"].as_array().map_or(0, Vec::len)
    }
}

fn is_write(call: &str) -> bool {
    // STS, which is asked who is calling, has one path.
    !call.starts_with("GET ") && call != "POST /"
}

/// The calls of API Gateway.
fn reads(proxy: &Proxy) -> Vec<String> {
    let calls = proxy.take_calls().into_iter();
    calls.filter(|call| call != "POST /").collect()
}

#[test]
fn a_deployment_gets_through_throttles_errors_and_lost_answers() {
    let faulty = Faulty::new();
    let api = format!("/restapis/{}", faulty.id);
    let proxy = &faulty.proxy;
    proxy.fail("GET", &api, 2, Fault::throttled(Some(1)));
    proxy.fail("GET", "/resources", 1, Fault::Reset);
    proxy.fail(
        "GET",
        "/stages",
        1,
        Fault::error(503, "ServiceUnavailableException", "busy"),
    );
    proxy.fail("GET", "/authorizers", 1, Fault::LostAnswer);
    proxy.fail(
        "PUT",
        &api,
        1,
        Fault::error(409, "ConflictException", "concurrent modification"),
    );
    proxy.fail("PUT", &api, 1, Fault::throttled(None));
    proxy.fail("POST", "/deployments", 1, Fault::LostAnswer);
    proxy.fail("POST", "/stages", 1, Fault::LostAnswer);
    let ran = faulty.project.deploy("");
    ran.ends_with(0).says(&["Waiting 1.0 s: GetRestApi failed: throttled"]);
    assert_eq!(faulty.status("/users/7"), 200);
    assert_eq!(proxy.calls("PUT", &api), 3);
    // The deployment whose answer got lost is found: there is no second one.
    assert_eq!((proxy.calls("POST", "/deployments"), faulty.deployments()), (1, 1));
    assert_eq!(proxy.calls("POST", "/stages"), 1);
}

#[test]
fn a_deployment_of_what_is_served_writes_nothing() {
    let faulty = Faulty::new();
    faulty.project.deploy("").ends_with(0);
    let writes = faulty
        .proxy
        .take_calls()
        .into_iter()
        .filter(|call| is_write(call))
        .count();
    assert!(writes >= 3, "{writes}");
    faulty.project.deploy("").ends_with(0).says(&["Unchanged"]);
    let calls = faulty.proxy.take_calls();
    assert!(!calls.iter().any(|call| is_write(call)), "{calls:?}");
}

#[test]
fn a_plan_takes_about_ten_calls_however_many_routes_there_are() {
    let mut counts = Vec::new();
    for routes in [20, 250] {
        let faulty = Faulty::new();
        let file = routes_files::sized(routes);
        faulty.project.write("routes.json", file.to_string());
        faulty.project.deploy("").ends_with(0);
        faulty.proxy.take_calls();
        faulty
            .project
            .write("routes.json", file.to_string().replace("/items", "/things"));
        let line = "plan --routes routes.json --aws-config aws.config.json --format json --allow-mass-removal";
        let plan = faulty.project.run(line).ends_with(2).json();
        assert_eq!(plan["routes"]["added"].as_array().map(Vec::len), Some(3 * routes));
        let calls = faulty.proxy.take_calls();
        assert!(!calls.iter().any(|call| is_write(call)), "{calls:?}");
        counts.push(calls.len());
    }
    assert!(counts.iter().all(|&calls| calls <= 13), "{counts:?}");
    // A page has 500 paths: the larger one may take a page more.
    assert!(counts[1] - counts[0] <= 2, "{counts:?}");
}

#[test]
fn what_fails_after_the_put_leaves_the_stage_where_it_was_and_running_again_finishes() {
    let faulty = Faulty::new();
    faulty.project.deploy("").ends_with(0);
    faulty.move_to("/people");
    let refused = Fault::error(400, "BadRequestException", "no");
    faulty.proxy.fail("POST", "/deployments", 9, refused);
    let ran = faulty.project.deploy("--allow-mass-removal");
    ran.ends_with(4).says(&["refuses CreateDeployment", "served"]);
    assert_eq!((faulty.status("/users/7"), faulty.status("/people/7")), (200, 403));
    faulty.proxy.heal();
    faulty.project.deploy("--allow-mass-removal").ends_with(0);
    assert_eq!((faulty.status("/users/7"), faulty.status("/people/7")), (403, 200));
}

#[test]
fn retries_end_with_the_time_that_a_run_may_take() {
    let faulty = Faulty::new();
    let api = format!("/restapis/{}", faulty.id);
    faulty.proxy.fail("GET", &api, 1_000, Fault::throttled(Some(1)));
    let ran = faulty.project.deploy("--timeout 4");
    ran.ends_with(1).says(&["AWS throttles GetRestApi"]);
    let calls = reads(&faulty.proxy);
    assert!((2..=5).contains(&calls.len()), "{calls:?}");
    assert!(!calls.iter().any(|call| is_write(call)), "{calls:?}");
    // Longer than the run may take is not waited at all.
    faulty.proxy.heal();
    faulty.proxy.fail("GET", &api, 1_000, Fault::throttled(Some(60)));
    faulty.project.deploy("--timeout 30").ends_with(1);
    assert_eq!(reads(&faulty.proxy).len(), 1);
}

#[test]
fn a_quota_that_is_used_up_is_asked_for_once() {
    let faulty = Faulty::new();
    let api = format!("/restapis/{}", faulty.id);
    let quota = Fault::error(
        429,
        "LimitExceededException",
        "Maximum number of Resources for this API has been reached",
    );
    faulty.proxy.fail("PUT", &api, 1_000, quota);
    let ran = faulty.project.deploy("");
    assert_ne!(ran.code, 0, "{ran:#?}");
    ran.says(&["would exceed a quota"]);
    // Once for the document, and once for the empty draft that there was.
    assert_eq!(faulty.proxy.calls("PUT", &api), 2);
    assert_eq!(faulty.proxy.calls("POST", "/deployments"), 0);
}

#[test]
fn signed_calls_are_signed_anew_when_they_are_repeated() {
    let (moto, credentials) = Moto::start_with_auth().expect("moto");
    let id = moto.create_rest_api("Shop API").expect("an API");
    let proxy = Proxy::start(moto.endpoint()).expect("a proxy");
    let aws = AWS
        .replace("eu-west-1", http::REGION)
        .replace("abc123def4", &id)
        .replace(KEY_ID, &credentials.access_key_id)
        .replace(SECRET, &credentials.secret_access_key);
    let mut project = Project::with(ROUTES, &aws);
    project.variable("AWS_ENDPOINT_URL", &proxy.endpoint());
    let api = format!("/restapis/{id}");
    proxy.fail("GET", &api, 1, Fault::Reset);
    proxy.fail("PUT", &api, 1, Fault::throttled(Some(1)));
    proxy.fail("POST", "/deployments", 1, Fault::LostAnswer);
    let ran = project.deploy("");
    ran.ends_with(0).never_says(&credentials.secret_access_key);
    assert_eq!(proxy.calls("PUT", &api), 2);
    assert_eq!(proxy.calls("POST", "/deployments"), 1);
}
