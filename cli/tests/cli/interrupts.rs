//! Ctrl-C and its relatives while the binary runs.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bluegate_tests::control;
use bluegate_tests::http;
use bluegate_tests::local::LocalGateway;

use crate::answering_server::{Answer, Server};
use crate::project::{AWS, Project, ROUTES};

const DEPLOY: &str = "deploy --yes --routes routes.json --aws-config aws.config.json";
/// Nothing that is waited for takes this long.
const LONG: Duration = Duration::from_secs(60);

/// A deployment on its way, and what it says.
struct Running {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
    said: String,
}

impl Running {
    fn start(project: &Project) -> Self {
        let mut child = project
            .command(DEPLOY.split(' '))
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let errors = BufReader::new(child.stderr.take().expect("a pipe"));
        let (sender, lines) = std::sync::mpsc::channel();
        thread::spawn(move || {
            errors
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Self {
            child,
            lines,
            said: String::new(),
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status()
            .expect("kill");
        assert!(sent.success());
    }

    /// Waits until it says something.
    fn says(&mut self, text: &str) {
        let start = Instant::now();
        while !self.said.contains(text) {
            assert!(start.elapsed() < LONG, "`{text}` is not in {}", self.said);
            if let Ok(line) = self.lines.recv_timeout(Duration::from_millis(100)) {
                self.said.push_str(&line);
                self.said.push('\n');
            }
        }
    }

    /// How it ends: the exit code and everything that it said.
    fn ends(mut self) -> (i32, String) {
        let start = Instant::now();
        let status = loop {
            match self.child.try_wait().expect("a child") {
                Some(status) => break status,
                None if start.elapsed() > LONG => {
                    let _ = self.child.kill();
                    panic!("it goes on and on: {}", self.said);
                }
                None => thread::sleep(Duration::from_millis(20)),
            }
        };
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(2)) {
            self.said.push_str(&line);
            self.said.push('\n');
        }
        let mut out = String::new();
        let _ = self.child.stdout.take().expect("a pipe").read_to_string(&mut out);
        assert!(!self.said.contains("panicked"), "{}", self.said);
        (status.code().expect("no signal ended it"), self.said)
    }
}

fn project(server: &Server) -> Project {
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project
}

#[test]
fn before_the_first_write_nothing_is_changed() {
    let slow = Answer::json(200, r#"{"item": []}"#).after(LONG);
    let server = Server::gateway([("GET /restapis/abc123def4/resources", slow)]);
    let project = project(&server);
    let before = project.content();
    let running = Running::start(&project);
    server.waits_for("GET /restapis/abc123def4/resources");
    running.signal("-INT");
    let (code, said) = running.ends();
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("interrupted: nothing was changed"), "{said}");
    assert!(server.writes().is_empty(), "{:?}", server.writes());
    assert_eq!(project.content(), before, "the document was left behind");
}

/// Throttled, and asked to come back much later.
fn later() -> Answer {
    Answer::error(429, "TooManyRequestsException", "Too Many Requests").header("Retry-After", "50")
}

#[test]
fn a_wait_before_a_read_is_not_sat_out() {
    let server = Server::gateway([("GET /restapis/abc123def4/resources", later())]);
    let project = project(&server);
    let mut running = Running::start(&project);
    running.says("Waiting 50.0 s: GetResources failed: throttled");
    running.signal("-INT");
    let (code, said) = running.ends();
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("interrupted: nothing was changed"), "{said}");
    assert!(server.writes().is_empty(), "{:?}", server.writes());
}

#[test]
fn a_wait_before_the_put_is_not_sat_out_and_the_api_is_unlocked() {
    let server = Server::gateway([("PUT /restapis/", later())]);
    let project = project(&server);
    let mut running = Running::start(&project);
    running.says("Waiting 50.0 s: PutRestApi failed: throttled");
    running.signal("-INT");
    let (code, said) = running.ends();
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("interrupted: nothing was changed"), "{said}");
    let writes = server.writes();
    assert_eq!(
        writes.last().map(|call| call.starts_with("DELETE /tags/")),
        Some(true),
        "{writes:?}"
    );
}

#[test]
fn with_the_lock_taken_the_api_is_unlocked() {
    let slow = Answer::json(204, "").after(Duration::from_secs(1));
    let server = Server::gateway([("PUT /tags/", slow)]);
    let project = project(&server);
    let running = Running::start(&project);
    server.waits_for("PUT /tags/");
    running.signal("-TERM");
    let (code, said) = running.ends();
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("unlocking the API"), "{said}");
    assert!(said.contains("interrupted: nothing was changed"), "{said}");
    let writes = server.writes();
    let verbs: Vec<&str> = writes.iter().map(|call| &call[..call.find(' ').unwrap()]).collect();
    assert_eq!(verbs, ["PUT", "DELETE"], "{writes:?}");
}

#[test]
fn a_second_signal_ends_it_at_once_and_the_next_run_finishes_it() {
    let slow = Answer::api("Shop API").after(LONG);
    let server = Server::gateway([("PUT /restapis/", slow)]);
    let project = project(&server);
    let mut running = Running::start(&project);
    server.waits_for("PUT /restapis/");
    running.signal("-INT");
    running.says("once more ends it at once");
    running.signal("-INT");
    let (code, said) = running.ends();
    assert_eq!(code, 4, "{said}");
    assert!(
        said.contains("the next run on this machine finds that and finishes it"),
        "{said}"
    );

    // The same API, somewhere that answers again.
    let server = Server::gateway([]);
    let mut project = project;
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project
        .deploy("")
        .ends_with(0)
        .says(&["an earlier run was interrupted"]);
}

#[test]
fn after_the_put_it_is_undone() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let id = control::create_rest_api(gateway.endpoint(), "Shop API").expect("an API");
    let routes = ROUTES.replace("\"VPC_LINK\", \"vpcLink\": \"abc123\"", "\"INTERNET\"");
    let aws = AWS.replace("eu-west-1", http::REGION).replace("abc123def4", &id);
    let mut project = Project::with(&routes, &aws);
    project.variable("AWS_ENDPOINT_URL", gateway.endpoint());
    project.deploy("").ends_with(0);
    let stage = format!("/restapis/{id}/stages/dev");
    let served = || {
        let stage = control::api_gateway(gateway.endpoint(), "GET", &stage, None).expect("the stage");
        stage["deploymentId"].as_str().expect("a deployment").to_owned()
    };
    let before = served();

    project.write("routes.json", routes.replace("\"PUT\"", "\"PATCH\""));
    let mut running = Running::start(&project);
    running.says("Checking that the draft is the document");
    running.signal("-INT");
    let (code, said) = running.ends();
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("undoing what was done"), "{said}");
    assert_eq!(served(), before, "{said}");
    let url = gateway.invoke_url(&id, "dev", "");
    let preflight = http::Request::new("OPTIONS", &format!("{url}/users/7"))
        .send()
        .expect("an answer");
    assert_eq!(preflight.status, 200, "{preflight:?}");

    project.deploy("").ends_with(0);
    assert_ne!(served(), before);
}
