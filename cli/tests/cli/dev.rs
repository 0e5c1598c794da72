//! `bluegate dev`: files that change, requests that are refused, a service that is started.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bluegate_tests::echo::Echo;
use bluegate_tests::http::{self, Request};
use serde_json::Value as Json;

use crate::answering_server::Server;
use crate::project::Project;

/// Nothing that is waited for takes this long.
const LONG: Duration = Duration::from_secs(60);

fn routes(path: &str) -> String {
    format!(
        r#"{{"blueprint": {{"name": "shop", "url_prefix": "/api", "resources": [{{"name": "books", "methods": [
            {{"path": "/{path}", "actions": [{{"type": "GET"}}, {{"type": "DELETE", "authorization": "AWS_IAM"}}]}}
        ]}}]}}}}"#
    )
}

/// The command, until the test is over.
struct Dev {
    process: Child,
    url: String,
    events: Receiver<Json>,
}

impl Dev {
    fn start(project: &Project, options: &[&str]) -> Self {
        let words = ["dev", "--listen", "127.0.0.1:0", "--format", "json"];
        let mut command = project.command(words.iter().chain(options));
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the command");
        let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let (sender, events) = channel();
        std::thread::spawn(move || {
            let mut lines = lines.map_while(Result::ok);
            lines.try_for_each(|line| sender.send(serde_json::from_str(&line).expect("a line of JSON")))
        });
        let mut dev = Self {
            process,
            url: String::new(),
            events,
        };
        dev.url = dev.next("listening")["url"].as_str().expect("a URL").to_owned();
        dev
    }

    /// The next event of a kind; others before it do not matter.
    fn next(&self, kind: &str) -> Json {
        loop {
            let event = self
                .events
                .recv_timeout(LONG)
                .unwrap_or_else(|_| panic!("no event `{kind}`"));
            if event["event"] == kind {
                return event;
            }
        }
    }

    fn get(&self, path: &str) -> u16 {
        http::get(&format!("{}{path}", self.url)).expect("an answer").status
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_change_is_served_and_a_broken_file_leaves_the_last_good_one() {
    let echo = Echo::start().expect("a service");
    let project = Project::empty();
    project.write("routes.json", routes("books"));
    let dev = Dev::start(&project, &["--backend", &echo.url()]);
    assert_eq!((dev.get("/books"), dev.get("/papers")), (200, 403));

    project.write("routes.json", routes("papers"));
    let taken = dev.next("taken");
    assert_eq!(taken["added"].to_string(), r#"["GET /papers","DELETE /papers"]"#);
    assert_eq!((dev.get("/books"), dev.get("/papers")), (403, 200));

    project.write("routes.json", routes("papers").replace("actions", "actionz"));
    let refused = dev.next("refused");
    let told = refused["diagnostics"].as_array().expect("findings");
    assert!(told.iter().any(|one| one["code"] == "BG0004"), "{refused}");
    assert_eq!(dev.get("/papers"), 200);
    let console = http::get(&format!("{}/_bluegate/api/overview", dev.url)).expect("an answer");
    let notice = console.json().expect("JSON")["notice"].to_string();
    assert!(notice.contains("did you mean `actions`?"), "{notice}");

    project.write("routes.json", routes("books"));
    dev.next("taken");
    assert_eq!((dev.get("/books"), dev.get("/papers")), (200, 403));
}

#[test]
fn the_aws_file_and_the_files_that_the_routes_file_names_are_taken_over_too() {
    let (first, second) = (Echo::start().expect("a service"), Echo::start().expect("a service"));
    let project = Project::empty();
    let aws =
        |url: String| format!(r#"{{"apiGateway": {{"name": "Shop", "stage": "dev", "baseEndpointURL": "{url}"}}}}"#);
    let model = r#""resources": [{"name": "things", "methods": [{"path": "/things", "actions": [
        {"type": "POST", "answer": {"status": 200, "body": {"file": "answer.txt"}}}]}]}, {"#;
    project.write("routes.json", routes("books").replace("\"resources\": [{", model));
    project.write("answer.txt", "one");
    project.write("aws.config.json", aws(first.url()));
    let dev = Dev::start(&project, &[]);
    let answer = || {
        let answer = Request::new("POST", &format!("{}/things", dev.url))
            .send()
            .expect("an answer");
        String::from_utf8(answer.body).expect("a text")
    };
    assert_eq!(answer(), "one");
    project.write("answer.txt", "another");
    dev.next("taken");
    assert_eq!(answer(), "another");

    let called = || {
        dev.get("/books");
        let requests = std::iter::repeat_with(|| dev.next("request"));
        let mut called = requests.filter(|request| request["path"] == "/books");
        let called = called.next().expect("a request");
        called["call"]["line"].as_str().expect("a call").to_owned()
    };
    let line = |echo: &Echo| format!("GET {}/api/books", echo.url().trim_end_matches('/'));
    assert_eq!(called(), line(&first));
    project.write("aws.config.json", aws(second.url()));
    dev.next("taken");
    assert_eq!(called(), line(&second));
}

#[test]
fn files_that_come_to_be_are_taken_over() {
    let service = Echo::start().expect("a service");
    let project = Project::empty();
    project.write("routes.json", routes("books"));
    let dev = Dev::start(&project, &[]);
    let url = service.url();
    let aws = format!(r#"{{"apiGateway": {{"name": "Shop", "stage": "dev", "baseEndpointURL": "{url}"}}}}"#);
    project.write("aws.config.json", aws);
    dev.next("taken");
    assert_eq!(dev.get("/books"), 200);
    project.write("routes.types.json", "no types");
    dev.next("refused");
}

#[test]
fn a_refused_request_is_told_with_its_reason() {
    let echo = Echo::start().expect("a service");
    let project = Project::empty();
    project.write("routes.json", routes("books"));
    let dev = Dev::start(&project, &["--backend", &echo.url()]);
    let refused = |verb: &str, path: &str| {
        let answer = Request::new(verb, &format!("{}{path}", dev.url))
            .send()
            .expect("an answer");
        assert_eq!(answer.status, 403);
        let request = dev.next("request");
        (
            request["why"]["sentence"].clone(),
            request["why"]["help"].clone(),
            request["failure"]["kind"].clone(),
        )
    };
    let (sentence, help, kind) = refused("GET", "/book");
    assert_eq!(
        (sentence, help),
        ("no route `GET /book`".into(), "`/books` is near".into())
    );
    assert_eq!(kind, "no_method");
    let (sentence, _, kind) = refused("DELETE", "/books");
    assert_eq!(sentence, "the method needs a signature (AWS_IAM), and there is none");
    assert_eq!(kind, "missing_authentication_token");
}

#[test]
fn people_read_the_routes_then_a_line_per_request_and_why() {
    let echo = Echo::start().expect("a service");
    let project = Project::empty();
    project.write("routes.json", routes("books"));
    let mut command = project.command(["dev", "--listen", "127.0.0.1:0", "--backend", &echo.url()]);
    let mut process = command.stdout(Stdio::piped()).spawn().expect("the command");
    let mut lines = BufReader::new(process.stdout.take().expect("its output"))
        .lines()
        .map_while(Result::ok);
    let mut next = || lines.next().expect("a line");
    assert!(next().starts_with("VERB"));
    assert!(next().starts_with("GET     /books"));
    assert!(next().starts_with("DELETE  /books"));
    let url = next();
    http::get(&format!("{url}/books?page=1")).expect("an answer");
    let line = next();
    assert!(
        line.starts_with("200 GET     /books?page=1  /books · anyone · "),
        "{line}"
    );
    http::get(&format!("{url}/book")).expect("an answer");
    let line = next();
    assert!(line.starts_with("403 GET     /book  no route · anyone · "), "{line}");
    assert_eq!(next(), "    = why: no route `GET /book`");
    assert_eq!(next(), "    = help: `/books` is near");
    let _ = process.kill();
    let _ = process.wait();
}

#[test]
fn the_console_shows_what_plan_says() {
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let dev = Dev::start(&project, &[]);
    let plan = |stage: &str| {
        let body = format!(r#"{{"stage": {stage}}}"#);
        let request = Request::new("POST", &format!("{}/_bluegate/api/plan", dev.url));
        let request = request.header("Origin", &dev.url);
        let request = request
            .header("Content-Type", "application/json")
            .body(body.into_bytes());
        let told = request.send().expect("an answer").json().expect("JSON");
        (told["outcome"].to_string(), told["text"].to_string())
    };
    let (outcome, text) = plan("null");
    assert_eq!(outcome, "\"changes\"", "{text}");
    assert!(text.contains("Shop API") && !text.contains("\\u001b"), "{text}");
    assert_eq!(server.writes().len(), 0);
    // As a stage, and not as a wish for help.
    let (_, text) = plan(r#""--help""#);
    assert!(text.contains("Stage `--help` is created"), "{text}");
    let (outcome, text) = plan(r#""a stage""#);
    assert!(outcome == "\"failed\"" && text.contains("letters"), "{outcome} {text}");

    project.write("aws.config.json", "{}");
    let (outcome, text) = plan("null");
    assert!(outcome == "\"failed\"" && text.contains("BG0006"), "{outcome} {text}");
}

#[test]
fn a_broken_file_at_the_start_is_told_as_check_tells_it() {
    let project = Project::empty();
    project.write("routes.json", routes("books").replace("actions", "actionz"));
    let (dev, check) = (project.run("dev --listen 127.0.0.1:0"), project.run("check"));
    assert_eq!(dev.ends_with(1).err, check.ends_with(1).err);
}

#[test]
fn other_machines_reach_it_only_when_somebody_says_so() {
    let project = Project::empty();
    project.write("routes.json", routes("books"));
    project
        .run("dev --listen 0.0.0.0:0")
        .ends_with(1)
        .says(&["--allow-remote"]);
    project.run("dev --backend https://shop.example.com").ends_with(2);
    project.run("dev --restart-on src").ends_with(2).says(&["--run"]);
}

#[cfg(unix)]
mod service {
    use std::path::Path;
    use std::process::Command;
    use std::time::Instant;

    use super::*;

    /// The process that a service wrote down, once it is another one than before.
    fn process(file: &Path, before: &str) -> String {
        let start = Instant::now();
        loop {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            if text.ends_with('\n') && text.trim() != before {
                return text.trim().to_owned();
            }
            assert!(start.elapsed() < LONG, "the service does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn is_gone(process: &str) -> bool {
        let start = Instant::now();
        let is_there = || {
            Command::new("kill")
                .args(["-0", process])
                .output()
                .is_ok_and(|ran| ran.status.success())
        };
        while is_there() && start.elapsed() < LONG {
            std::thread::sleep(Duration::from_millis(10));
        }
        !is_there()
    }

    #[test]
    fn a_service_is_started_with_its_port_started_again_and_ended_with_all_its_processes() {
        let project = Project::empty();
        project.write("routes.json", routes("books"));
        project.write("main.txt", "1");
        let file = project.join("process");
        // Of two processes: the one that is written down is a child of the shell.
        let line = "sleep 600 & echo $! > process; echo $PORT > port; wait";
        let options = [
            "--run",
            line,
            "--restart-on",
            "main.txt",
            "--backend",
            "http://127.0.0.1:4321",
        ];
        let mut dev = Dev::start(&project, &options);
        let first = process(&file, "");
        assert_eq!(project.read("port"), "4321\n");
        project.write("routes.json", routes("papers"));
        dev.next("service_restarted");
        let second = process(&file, &first);
        assert!(is_gone(&first));
        project.write("main.txt", "12");
        let third = process(&file, &second);
        let ended = Command::new("kill")
            .args(["-TERM", &dev.process.id().to_string()])
            .status()
            .expect("kill");
        assert!(ended.success());
        assert!(dev.process.wait().expect("an end").success());
        assert!(is_gone(&second) && is_gone(&third));
    }

    #[test]
    fn a_service_ends_when_the_command_is_killed() {
        let project = Project::empty();
        project.write("routes.json", routes("books"));
        let mut dev = Dev::start(&project, &["--run", "sleep 600 & echo $! > process; wait"]);
        let service = process(&project.join("process"), "");
        dev.process.kill().expect("a signal");
        dev.process.wait().expect("an end");
        assert!(is_gone(&service));
    }

    #[test]
    fn a_service_that_ends_by_itself_is_told_and_the_gateway_goes_on() {
        let project = Project::empty();
        project.write("routes.json", routes("books"));
        let dev = Dev::start(&project, &["--run", "exit 3", "--backend", "http://127.0.0.1:9"]);
        assert_eq!(dev.next("service_ended")["code"], 3);
        assert_eq!(dev.get("/books"), 504);
        let sentence = dev.next("request")["why"]["sentence"].to_string();
        assert!(
            sentence.contains("nobody answers at http://127.0.0.1:9/api/books"),
            "{sentence}"
        );
    }
}
