//! A request through the router that `routes!` writes, beside the same request through a router written by hand:
//! instructions, as callgrind counts them. Unlike time they are the same on a busy machine.
//!
//! `cargo bench -p bluegate-tests --bench router` needs valgrind.

use std::env;
use std::error::Error;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bluegate::{resource, routes};
use tower::ServiceExt as _;

/// As most services have one.
#[derive(Clone)]
struct App(#[allow(dead_code)] Arc<str>);

struct Bench;

#[resource(name = "bench")]
impl Bench {
    #[handler]
    async fn plain() -> &'static str {
        "plain"
    }

    #[handler]
    async fn item(Path(id): Path<u64>) -> String {
        id.to_string()
    }

    #[handler]
    async fn three(Path((a, b, c)): Path<(String, String, String)>) -> String {
        a + &b + &c
    }
}

/// What a person writes who wants a 404 for what is no number, as the file promises.
async fn item_by_hand(Path(id): Path<String>) -> Response {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match id.parse::<u64>() {
        Ok(id) => id.to_string().into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn by_hand() -> Router {
    Router::new()
        .route("/api/plain", get(Bench::plain).post(Bench::plain))
        .route("/api/items/{id}", get(item_by_hand))
        .route("/api/three/{a}/{b}/{c}", get(Bench::three))
        .with_state(App("shop".into()))
}

fn by_bluegate() -> Router {
    routes!("benches/router/routes.json", App).with_state(App("shop".into()))
}

const ROUTES: [(&str, &str); 3] = [
    ("no parameter", "/api/plain"),
    ("an int", "/api/items/1234"),
    ("three strings", "/api/three/one/two/three"),
];

/// Requests of the shorter and of the longer run: what both do alike cancels out.
const RUNS: [u32; 2] = [500, 1_500];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    let outcome = match arguments.iter().position(|argument| argument == "--requests") {
        Some(at) => requests(&arguments[at + 1..]),
        None => compare(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Sends so many requests for a path through one of the routers.
fn requests(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [router, path, count] = arguments else {
        return Err("--requests ROUTER PATH COUNT".into());
    };
    let router = if router == "hand" { by_hand() } else { by_bluegate() };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        for _ in 0..count.parse::<u32>()? {
            let request = Request::builder().uri(path).body(Body::empty())?;
            let response = router.clone().oneshot(request).await?;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        }
        Ok(())
    })
}

fn compare() -> Result<(), Box<dyn Error>> {
    println!("| route | by hand | bluegate | ratio |");
    println!("|---|---|---|---|");
    for (name, path) in ROUTES {
        let [hand, bluegate] = ["hand", "bluegate"].map(|router| per_request(router, path));
        let (hand, bluegate) = (hand?, bluegate?);
        println!(
            "| {name} | {hand} | {bluegate} | {:.4} |",
            bluegate as f64 / hand as f64
        );
    }
    Ok(())
}

/// Instructions of one request.
fn per_request(router: &str, path: &str) -> Result<u64, Box<dyn Error>> {
    let [short, long] = RUNS.map(|count| instructions(router, path, count));
    Ok((long? - short?) / u64::from(RUNS[1] - RUNS[0]))
}

fn instructions(router: &str, path: &str, count: u32) -> Result<u64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["--requests", router, path, &count.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, number)| number.trim().parse().ok());
    collected.ok_or_else(|| log.into_owned().into())
}
