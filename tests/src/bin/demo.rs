//! The whole system on this machine, without an AWS account: an API Gateway, the bookshop, one
//! `bluegate deploy`, and requests through the deployed stage. `cargo demo` runs it.

use std::{
    env,
    fmt::{self, Display},
    io::{self, Write},
    process::{self, Command, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use bluegate_tests::{
    HarnessError,
    binaries::{Profile, Program},
    bookshop::Bookshop,
    deploy::Deployer,
    guard,
    http::{Request, Response},
    local::LocalGateway,
};
use serde_json::{Value, json};

const HELP: &str = "\
Shows the whole system on this machine. Needs no AWS account.

Starts `bluegate local`, an API Gateway on this machine, and the bookshop of examples/bookshop on free
ports, deploys the bookshop's routes file with `bluegate deploy`, sends requests through the deployed API,
and waits for Ctrl-C. What it does is told on standard error, what comes of it on standard output.

Usage: cargo demo [--once]

Options:
  --once      End after the requests
  -h, --help  Print this help

Exit codes:
  0    every answer was the expected one
  1    something failed, or an answer was another one
  2    a command line that makes no sense
  130  stopped before the requests were sent";

/// A deployment takes a second or two; a machine under load some more.
const DEPLOYING: Duration = Duration::from_secs(300);
const INTERRUPTED: u8 = 130;
/// How much of a body fits on a line.
const WIDTH: usize = 120;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let once = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--once"] => true,
        ["--help" | "-h"] => {
            print(HELP);
            return ExitCode::SUCCESS;
        }
        _ => {
            say(&format!("unknown arguments: {}; try --help", arguments.join(" ")));
            return ExitCode::from(2);
        }
    };
    match demo(once, &Stop::listen()) {
        Ok(Outcome::AsExpected) => ExitCode::SUCCESS,
        Ok(Outcome::Different(count)) => {
            say(&format!("{count} of the answers are not the expected ones"));
            ExitCode::FAILURE
        }
        Ok(Outcome::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(error) => {
            say(&format!("failed: {error}"));
            ExitCode::FAILURE
        }
    }
}

enum Outcome {
    AsExpected,
    Different(usize),
    Interrupted,
}

fn demo(once: bool, stop: &Stop) -> Result<Outcome, HarnessError> {
    say("building bluegate and the bookshop: the first time takes minutes");
    Program::Bluegate.build(Profile::Dev)?;
    Program::Bookshop.build(Profile::Dev)?;
    // From here on there is something to clean up.
    stop.be_patient();

    say("starting an API Gateway");
    let gateway = LocalGateway::start()?;
    if stop.asked() {
        return Ok(Outcome::Interrupted);
    }
    let bookshop = Bookshop::start()?;
    say(&format!("the bookshop listens on {}", bookshop.url()));

    let deployer = Deployer::new(gateway.endpoint())?;
    let aws = deployer.write("aws.config.json", &Bookshop::aws_file(None, bookshop.url())?)?;
    let mut deploy = deployer.bluegate();
    deploy.env("AWS_ACCESS_KEY_ID", "test");
    deploy.args(["deploy", "--create", "--routes"]).arg(Bookshop::routes());
    deploy.arg("--aws-config").arg(&aws);
    print(&format!("\n$ {}", Shell(&deploy)));
    let deployed = guard::run(&deploy, DEPLOYING)?.success("`bluegate deploy`")?;
    say_all(&deployed.stderr);
    let url = deployed.stdout.trim_end();
    print(url);

    print("\nRequests through the deployed stage:");
    let mut different = 0;
    let mut last_id = String::new();
    for call in calls() {
        if stop.asked() {
            return Ok(Outcome::Interrupted);
        }
        let path = call.path.replace("{id}", &last_id);
        let response = call.send(&format!("{url}{path}"))?;
        print(&format!("  {} {path} -> {}", call.verb, answer(&call, &response)));
        if let Err(why) = call.check(&response) {
            different += 1;
            print(&format!("    expected {why}"));
        }
        if let Ok(Value::Object(body)) = response.json()
            && let Some(Value::String(id)) = body.get("id")
        {
            last_id.clone_from(id);
        }
    }
    if !once {
        print(&format!("\nTry it by hand:\n  curl {url}/books\n"));
        say("Ctrl-C stops everything");
        stop.wait();
        say("stopping");
    }
    drop((bookshop, gateway, deployer));
    say("stopped, nothing is left running");
    Ok(match different {
        0 => Outcome::AsExpected,
        count => Outcome::Different(count),
    })
}

/// A request and what is expected of its answer.
struct Call {
    verb: &'static str,
    path: &'static str,
    body: Option<Value>,
    origin: bool,
    status: u16,
    /// A piece of the body.
    text: &'static str,
    /// A header, its name in small letters.
    header: Option<(&'static str, &'static str)>,
}

/// A call without a body that any page may make.
fn call(verb: &'static str, path: &'static str, status: u16, text: &'static str) -> Call {
    Call {
        verb,
        path,
        body: None,
        origin: false,
        status,
        text,
        header: None,
    }
}

fn calls() -> Vec<Call> {
    let emma = |price: f64| json!({"title": "Emma", "author": "Jane Austen", "genre": "fiction", "price": price});
    let order = json!({"lines": [{"book": 4, "copies": 2}]});
    vec![
        call("GET", "/books/1", 200, "The Time Machine"),
        call("POST", "/books", 201, r#""id":4"#).body(emma(9.5)),
        call("PUT", "/books/4", 200, r#""price":8.0"#).body(emma(8.0)),
        call("PATCH", "/books/4", 200, r#""price":7.5"#).body(json!({"price": 7.5})),
        call("GET", "/books/by-genre/science", 200, "On the Origin of Species"),
        call("GET", "/books/up-to/7.5", 200, "Emma"),
        call("GET", "/authors/Jane%20Austen", 200, "Emma"),
        call("HEAD", "/authors/Jane%20Austen", 204, ""),
        call("POST", "/orders", 201, r#""progress":"open""#).body(order),
        call("GET", "/orders/{id}/lines/1", 200, r#""copies":2"#),
        call("DELETE", "/orders/{id}", 204, ""),
        call("GET", "/health", 200, r#""books":4"#),
        // A browser asks before it puts a book; the gateway answers by itself.
        call("OPTIONS", "/books/4", 200, "").header("access-control-allow-methods", "GET,PUT,PATCH,DELETE,OPTIONS"),
        // The service lets pages of other origins read its answer.
        call("GET", "/books/2", 200, "The Outline of History").header("access-control-allow-origin", "*"),
        // No number: the gateway passes it on, the service refuses it.
        call("GET", "/books/one", 404, "not found"),
        // A book that is not there: the handler's own answer.
        call("GET", "/books/99", 404, "there is no such book"),
        // The file asks for a signature here: without one the gateway refuses it.
        call("DELETE", "/books/1", 403, "Missing Authentication Token"),
        // Not in the routes file: the gateway refuses it.
        call("GET", "/nothing", 403, "Missing Authentication Token"),
    ]
}

impl Call {
    fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The same from a page of another origin, with a header in the answer.
    fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.origin = true;
        self.header = Some((name, value));
        self
    }

    fn send(&self, url: &str) -> Result<Response, HarnessError> {
        let mut request = Request::new(self.verb, url);
        if self.origin {
            request = request.header("Origin", "https://reader.example");
        }
        if self.verb == "OPTIONS" {
            request = request.header("Access-Control-Request-Method", "PUT");
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        request.send()
    }

    /// Whether the answer is the expected one; else what was expected.
    fn check(&self, response: &Response) -> Result<(), String> {
        if response.status != self.status {
            return Err(format!("the status {}", self.status));
        }
        if !response.text().contains(self.text) {
            return Err(format!("`{}` in the body", self.text));
        }
        match self.header {
            Some((name, value)) if response.header(name) != Some(value) => Err(format!("the header {name}: {value}")),
            _ => Ok(()),
        }
    }
}

/// Status, the header that the call is about, body.
fn answer(call: &Call, response: &Response) -> String {
    let mut line = response.status.to_string();
    if let Some((name, _)) = call.header {
        let value = response.header(name).unwrap_or("missing");
        line.push_str(&format!(" {name}: {value}"));
    }
    let text = response.text();
    let body = text.trim();
    if !body.is_empty() {
        line.push(' ');
        line.push_str(&body[..body.floor_char_boundary(WIDTH)]);
        if body.len() > WIDTH {
            line.push('…');
        }
    }
    line
}

/// A command as one would type it.
struct Shell<'a>(&'a Command);

impl Display for Shell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.0.get_envs() {
            if let Some(value) = value {
                write!(f, "{}={} ", name.display(), value.display())?;
            }
        }
        write!(f, "\\\n  {}", self.0.get_program().display())?;
        for argument in self.0.get_args() {
            let argument = argument.display().to_string();
            let before = if argument.starts_with("--") { " \\\n    " } else { " " };
            write!(f, "{before}{argument}")?;
        }
        Ok(())
    }
}

/// Whether somebody wants the demo to end: Ctrl-C, or another signal of that meaning.
struct Stop {
    asked: Receiver<()>,
    patient: Arc<AtomicBool>,
}

impl Stop {
    /// Listens for signals. Until [`be_patient`](Stop::be_patient) one ends the process, which ends all that it started.
    fn listen() -> Stop {
        let (sender, asked) = mpsc::channel();
        let patient = Arc::new(AtomicBool::new(false));
        let is_patient = Arc::clone(&patient);
        thread::spawn(move || {
            let mut waiting = false;
            while signalled().is_ok() {
                // Whoever asks twice does not want to wait.
                if waiting || !is_patient.load(Ordering::SeqCst) || sender.send(()).is_err() {
                    say("stopped");
                    process::exit(INTERRUPTED.into());
                }
                waiting = true;
            }
        });
        Stop { asked, patient }
    }

    /// Lets the demo clean up after a signal.
    fn be_patient(&self) {
        self.patient.store(true, Ordering::SeqCst);
    }

    fn asked(&self) -> bool {
        let asked = self.asked.try_recv().is_ok();
        if asked {
            say("stopping");
        }
        asked
    }

    fn wait(&self) {
        // An error means that signals cannot be listened for: then they end the process anyway.
        if self.asked.recv().is_err() {
            thread::park();
        }
    }
}

/// Waits for the next signal.
fn signalled() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        Ok(())
    })
}

/// What the demo does.
fn say(line: &str) {
    // Nobody to tell if standard error is gone.
    let _ = writeln!(io::stderr(), "demo: {line}");
}

/// What a command said.
fn say_all(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// What comes of it.
fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}
