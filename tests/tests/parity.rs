//! Flask's behaviour at the edges of a route: recorded requests against equivalent services, over HTTP.
//!
//! `fixtures/flask-parity.json` was recorded from the original. `parity/recorded.json` holds more requests of the
//! same kind, recorded in the same way (ct-api-gateway-deployer 1.1.4, Flask 3.1.3, Werkzeug 3.1.9, Python 3.11)
//! from the same application, from a second one, `parity/wide.json`, in which rules compete, and from a third one,
//! `parity/text.json`, in which parameters may not be empty.

#[path = "parity/client.rs"]
mod client;
#[path = "parity/service.rs"]
mod service;
#[path = "parity/startup.rs"]
mod startup;
#[path = "parity/text.rs"]
mod text;
#[path = "parity/wide.rs"]
mod wide;

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use client::Response;
use serde_json::Value;

/// What a request was answered with.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    allow: Option<BTreeSet<String>>,
    location: Option<String>,
}

impl Answer {
    fn of(response: &Response) -> Self {
        Answer {
            status: response.status,
            allow: response.header("allow").map(verbs),
            location: response.header("location").map(str::to_owned),
        }
    }
}

/// The path that a URL of Flask's names. Flask redirects to the scheme and the host that it believes to have, which are
/// wrong behind a gateway; here a redirect is to a path alone, which clients read as one of where they are.
fn path_of(url: &str) -> String {
    let behind_scheme = url.strip_prefix("http://").expect("Flask's redirects are absolute");
    let path = behind_scheme.find('/').expect("and have a path");
    behind_scheme[path..].to_owned()
}

fn verbs(list: &str) -> BTreeSet<String> {
    list.split(',').map(|verb| verb.trim().to_owned()).collect()
}

async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn send(address: SocketAddr, method: &str, target: &str, headers: &[(String, String)], body: &str) -> Response {
    let (method, target, headers, body) = (
        method.to_owned(),
        target.to_owned(),
        headers.to_owned(),
        body.to_owned(),
    );
    tokio::task::spawn_blocking(move || client::send(address, &method, &target, &headers, &body))
        .await
        .unwrap()
}

/// The gateway path that the original's gateway and its Flask side disagree about: Flask serves it with the
/// parameter once more at its end. Here the service's path is the prefix and the gateway's path.
fn is_disputed(path: &str) -> bool {
    path.starts_with("/api/v1/pre/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recorded_request_is_answered_as_flask_answered_it() {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/flask-parity.json")).unwrap();
    let address = serve(service::router()).await;
    let requests = fixture["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 93);
    let mut differences = Vec::new();
    for recorded in requests {
        let request = &recorded["request"];
        let (method, path) = (text(&request["method"]), text(&request["path"]));
        let headers: Vec<(String, String)> = request["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect();
        let header = |name: &str| {
            let mut headers = recorded["headers"].as_array().unwrap().iter();
            headers
                .find(|header| header[0].as_str().unwrap().eq_ignore_ascii_case(name))
                .map(|header| text(&header[1]))
        };
        let mut expected = Answer {
            status: u16::try_from(recorded["status"].as_u64().unwrap()).unwrap(),
            allow: header("Allow").map(|list| verbs(&list)),
            location: header("Location").map(|location| path_of(&location)),
        };
        if is_disputed(&path) {
            expected.status = if path == "/api/v1/pre/9/post" { 200 } else { 404 };
        }
        let response = send(
            address,
            &method,
            &path,
            &headers,
            request["body"].as_str().unwrap_or(""),
        )
        .await;
        let answer = Answer::of(&response);
        if answer != expected {
            differences.push(format!("{method} {path}: {expected:?}, here {answer:?}"));
        }
        let recorded_body = text(&recorded["body"]);
        if expected.status == 405 && response.body != recorded_body {
            differences.push(format!("{method} {path}: another body: {}", response.body));
        }
        if expected.status == 200 && method != "HEAD" && !is_disputed(&path) {
            compare_arguments(
                &format!("{method} {path}"),
                &recorded_body,
                &response.body,
                &mut differences,
            );
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The resource that answered and the values that it was given.
fn compare_arguments(request: &str, recorded: &str, here: &str, differences: &mut Vec<String>) {
    let Ok(Value::Object(recorded)) = serde_json::from_str(recorded) else {
        return;
    };
    let (Some(resource), Some(arguments)) = (recorded.get("resource"), recorded.get("args")) else {
        return;
    };
    let here: Value = serde_json::from_str(here).unwrap();
    let same = here["resource"] == *resource
        && arguments.as_object().unwrap().iter().all(|(name, value)| {
            // Flask hands over numbers: `007` is 7.
            let (theirs, ours) = (text(&value[1]), text(&here["args"][name]));
            theirs == ours
                || ours.trim_start_matches('0') == theirs.trim_start_matches('0')
                || matches!((theirs.parse::<f64>(), ours.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
                || theirs.eq_ignore_ascii_case(&ours)
        });
    if !same {
        differences.push(format!("{request}: {resource} with {arguments}, here {here}"));
    }
}

/// Requests that Flask serves although their path is not in its plain spelling. Here they are redirected to it, so
/// that middleware before the routes meets every request under one spelling of its path.
const RESPELT: [(&str, &str); 8] = [
    ("GET //api/v1/users", "/api/v1/users"),
    ("GET ///api/v1/users", "/api/v1/users"),
    ("POST //api/v1/users/5", "/api/v1/users/5"),
    ("GET /api/v1/%75sers", "/api/v1/users"),
    ("GET /api/v1/users%2F5", "/api/v1/users/5"),
    ("GET /api/v1/users%2f5", "/api/v1/users/5"),
    ("GET /api/v1/two/1%2Fx", "/api/v1/two/1/x"),
    ("GET /api/v1/loose%2F", "/api/v1/loose"),
];

/// What hyper refuses before a router sees it: characters that no URL has, and CONNECT to a path.
const NOT_HTTP: [&str; 2] = ["GET /api/v1/users//5?q=<>\"'", "CONNECT /api/v1/int/5"];

#[tokio::test(flavor = "multi_thread")]
async fn more_requests_are_answered_as_flask_answers_them() {
    let recorded: Value = serde_json::from_str(include_str!("parity/recorded.json")).unwrap();
    let mut differences = Vec::new();
    for (name, router) in [
        ("parity", service::router()),
        ("wide", wide::router()),
        ("text", text::router()),
    ] {
        let address = serve(router).await;
        for row in recorded[name].as_array().unwrap() {
            let (method, path) = (text(&row["method"]), text(&row["path"]));
            let request = format!("{method} {path}");
            let respelt = RESPELT.iter().find(|(known, _)| *known == request);
            if is_disputed(&path) || NOT_HTTP.contains(&request.as_str()) {
                continue;
            }
            let status = u16::try_from(row["status"].as_u64().unwrap()).unwrap();
            let mut expected = Answer {
                status,
                allow: row["allow"].as_array().map(|list| list.iter().map(text).collect()),
                location: row["location"].as_str().map(path_of),
            };
            let response = send(address, &method, &path, &[], "").await;
            let mut answer = Answer::of(&response);
            if let Some((_, plain)) = respelt {
                expected = Answer {
                    status: 308,
                    allow: None,
                    location: Some((*plain).to_owned()),
                };
            }
            // Flask-RESTful fails while it makes the response: Werkzeug's own answer is 405.
            if status == 500 {
                expected.status = 405;
                answer.allow = None;
            }
            if answer != expected {
                differences.push(format!("{request}: {expected:?}, here {answer:?}"));
            } else if let (200, Some(resource)) = (answer.status, row["resource"].as_str()) {
                let arguments: serde_json::Map<String, Value> = row["args"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| (name.clone(), serde_json::json!(["", value])))
                    .collect();
                let theirs = serde_json::json!({"resource": resource, "args": arguments}).to_string();
                compare_arguments(&request, &theirs, &response.body, &mut differences);
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The recorded start-up cases that end with requests. Left out are those that the format refuses (a path without a
/// slash at its start, `"false"` for a boolean, one verb twice on one path) and one that Flask reads in its own way
/// (`{id}` as fixed text).
#[tokio::test(flavor = "multi_thread")]
async fn unusual_prefixes_and_paths_are_served_as_flask_serves_them() {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/flask-parity.json")).unwrap();
    let cases = fixture["startup_cases"].as_array().unwrap();
    let mut count = 0;
    for (name, router) in startup::routers() {
        let case = cases.iter().find(|case| case["case"] == name).unwrap();
        let address = serve(router).await;
        for request in case["requests"].as_array().unwrap() {
            let (method, path) = (text(&request[0]), text(&request[1]));
            let response = send(address, &method, &path, &[], "").await;
            assert_eq!(
                (
                    u64::from(response.status),
                    response.header("location").map(str::to_owned)
                ),
                (request[2].as_u64().unwrap(), request[4].as_str().map(path_of)),
                "{name}: {method} {path}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 18);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
