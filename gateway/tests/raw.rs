//! Whatever is written into the port: an answer or a closed connection, and the next request is served.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

mod wire;

use bluegate_gateway::control::Control;
use bluegate_gateway::edge::{Clock, Server};
use bluegate_gateway::plane::Credential;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

/// How many broken requests are made up, unless a variable says so.
const ROUNDS: u64 = 300;
const ROUNDS_VARIABLE: &str = "BLUEGATE_RAW_ROUNDS";

/// After this long a test fails that would hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server, and the path of a method of a stage of it.
static SERVED: LazyLock<(SocketAddr, String)> = LazyLock::new(|| {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            let server = Server::new(Control::new(vec![Credential::test()]), Clock::Machine);
            Arc::new(server).serve(listener).await.unwrap();
        });
    });
    let address = receiver.recv().unwrap();
    let mock = json!({"responses": {}, "x-amazon-apigateway-integration": {
        "type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
        "passthroughBehavior": "WHEN_NO_TEMPLATES",
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": "served"}}}}});
    let document = json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {"/m": {"x-amazon-apigateway-any-method": mock}}});
    let made = wire::control(address, "POST", "/restapis?mode=import", &document);
    let id = made["id"].as_str().unwrap();
    let stage = json!({"stageName": "dev"});
    wire::control(address, "POST", &format!("/restapis/{id}/deployments"), &stage);
    (address, format!("/_aws/execute-api/{id}/dev/m"))
});

/// What comes back until the server hangs up. The client has said all when it has written this.
fn said(bytes: &[u8], is_shut: bool) -> String {
    let (address, _) = &*SERVED;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    // Who refuses a request may hang up before it is whole.
    let _ = stream.write_all(bytes);
    if is_shut {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => panic!("{error}: {bytes:?}"),
        _ => String::from_utf8_lossy(&answer).into_owned(),
    }
}

fn serves_the_next() {
    let (address, path) = &*SERVED;
    let answer = wire::send(*address, &wire::request(*address, "GET", path, &Json::Null));
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("served"),
        "{answer}"
    );
}

#[test]
fn requests_that_are_broken_or_odd_are_answered_or_cut_off() {
    let (_, path) = &*SERVED;
    let many = "a: b\r\n".repeat(200);
    let long = "a".repeat(10_300);
    let longer = "a".repeat(70_000);
    let get = |rest: &str| format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{rest}\r\n");
    let post = |rest: &str| format!("POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{rest}");
    for (sent, statuses) in [
        ("GARBAGE\r\n\r\n".to_owned(), &["400"][..]),
        ("GET\r\n\r\n".to_owned(), &["400"]),
        ("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), &["400"]),
        ("GET / HTTP/1.1\r\nHost: h\r\na\0: b\r\n\r\n".to_owned(), &["400"]),
        ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n".to_owned(), &["400"]),
        ("GET /\r\n".to_owned(), &["400"]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &["", "400", "505"]),
        (get(&many), &["431"]),
        (get(&format!("a: {long}\r\n")), &["431"]),
        (
            get(&format!(
                "a: {longer}{longer}{longer}{longer}{longer}{longer}{longer}\r\n"
            )),
            &["431"],
        ),
        (
            format!("GET {path}?{long} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
            &["414"],
        ),
        (
            format!("GET {path}?{longer} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
            &["414"],
        ),
        (
            format!("GET {path}?a={{b|c}} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
            &["400"],
        ),
        (format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n"), &["400"]),
        (get("Host: other\r\n"), &["400"]),
        (post("Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), &["400"]),
        (post("Content-Length: x\r\n\r\n"), &["400"]),
        (post("Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"), &["", "400"]),
        (
            post("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
            &["", "400"],
        ),
        (post("Transfer-Encoding: gzip\r\n\r\n"), &["400"]),
        (
            post("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
            &["200"],
        ),
        (
            post("Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"),
            &["100", "200"],
        ),
        (
            format!("GET http://h{path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
            &["200"],
        ),
        (format!("GET {path} HTTP/1.0\r\n\r\n"), &["200"]),
        (
            get("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"),
            &["200"],
        ),
        (get("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"), &["200"]),
        (
            "OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
            &["403", "404"],
        ),
        (
            "CONNECT h:443 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
            &["403", "404"],
        ),
    ] {
        let answer = said(sent.as_bytes(), false);
        let status = answer
            .strip_prefix("HTTP/1.1 ")
            .or_else(|| answer.strip_prefix("HTTP/1.0 "));
        let status = status.map_or("", |rest| &rest[..3]);
        let shown = &sent[..sent.len().min(200)];
        assert!(statuses.contains(&status), "{shown:?}: {answer}");
        serves_the_next();
    }
}

#[test]
fn many_who_say_half_of_a_request_keep_nobody_waiting() {
    let (address, path) = &*SERVED;
    let halves = [
        "GET /restapis HTTP/1.1\r\nHost: h\r\nAuthor",
        "POST /restapis HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{",
    ];
    let slow: Vec<TcpStream> = (0..200)
        .map(|at| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(halves[at % 2].as_bytes()).unwrap();
            stream
        })
        .collect();
    serves_the_next();
    drop(slow);
    assert!(said(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes(), false).ends_with("served"));
}

#[test]
fn requests_in_a_row_are_answered_in_a_row() {
    let (_, path) = &*SERVED;
    let one = format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n");
    let last = format!("GET {path}x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    let answer = said((one.repeat(5) + &last).as_bytes(), false);
    assert_eq!(answer.matches("HTTP/1.1 200 OK\r\n").count(), 5, "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 403 Forbidden\r\n").count(), 1, "{answer}");
}

#[test]
fn whatever_is_written_the_next_request_is_served() {
    let (_, path) = &*SERVED;
    let rounds = std::env::var(ROUNDS_VARIABLE)
        .ok()
        .and_then(|rounds| rounds.parse().ok());
    for seed in 0..rounds.unwrap_or(ROUNDS) {
        let mut random = fastrand::Rng::with_seed(seed);
        let bytes = broken(&mut random, path);
        let answer = said(&bytes, true);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]);
        let is_answer = answer.is_empty() || answer.starts_with("HTTP/1.1 ") || answer.starts_with("HTTP/1.0 ");
        assert!(is_answer, "round {seed}: {shown:?}: {answer}");
        if seed % 10 == 0 {
            serves_the_next();
        }
    }
    serves_the_next();
}

/// A request that was right, with some mistakes.
fn broken(random: &mut fastrand::Rng, path: &str) -> Vec<u8> {
    const PIECES: [&[u8]; 28] = [
        b"\0",
        b"\r\n",
        b"\n",
        b"\r",
        b" ",
        b"\t",
        b":",
        b"%",
        b"%00",
        b"//",
        b"..",
        b"?",
        b"#",
        b"{",
        b"|",
        b"\xff\xfe",
        b"HTTP/1.1",
        b"HTTP/9.9",
        b"Content-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: x, chunked\r\n",
        b"Host: other\r\n",
        b"Authorization: AWS4-HMAC-SHA256 Credential=/\r\n",
        b"X-HTTP-Method-Override: \r\n",
        b"Accept-Encoding: gzip;q=x\r\n",
        b"X-Amz-Date: 99999999T999999Z\r\n",
        b"0\r\n\r\n",
    ];
    let verb = random
        .choice(["GET", "POST", "HEAD", "get", "M-SEARCH", "OPTIONS", ""])
        .unwrap_or("GET");
    let target = match random.u8(..6) {
        0 => "*".to_owned(),
        1 => format!("http://h:99999{path}"),
        2 => format!("{path}?X-Amz-Signature=1&X-Amz-Credential=%"),
        3 => "/restapis/%2f/../x".to_owned(),
        _ => path.to_owned(),
    };
    let mut bytes = format!("{verb} {target} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{{}}").into_bytes();
    for _ in 0..random.usize(..5) {
        let at = random.usize(..=bytes.len());
        match random.u8(..4) {
            0 if at < bytes.len() => drop(bytes.remove(at)),
            1 if at < bytes.len() => bytes[at] = random.u8(..),
            2 => bytes.truncate(at),
            _ => {
                let piece = random.choice(PIECES).unwrap_or_default().repeat(random.usize(1..4));
                bytes.splice(at..at, piece);
            }
        }
    }
    let copies = random.usize(1..3);
    bytes.repeat(copies)
}
