//! Requests to a server, byte by byte.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

#[expect(dead_code, reason = "the documents of cases are for another test")]
#[path = "../document/mod.rs"]
mod document;

use bluegate_gateway::plane::{Headers, Request};
use serde_json::Value as Json;
use time::OffsetDateTime;

/// Sends a request as it is and reads until the server hangs up.
pub(crate) fn send(address: SocketAddr, request: &Request) -> String {
    let mut text = format!("{} {}", request.method, request.sent_path);
    if !request.query.is_empty() {
        text += &format!("?{}", request.query);
    }
    text += " HTTP/1.1\r\nConnection: close\r\n";
    for (name, value) in request.headers.iter() {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n", request.body.len());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream.write_all(&request.body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request that nobody signed.
pub(crate) fn request(address: SocketAddr, verb: &str, target: &str, body: &Json) -> Request {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        method: verb.into(),
        sent_path: path.into(),
        path: path.into(),
        query: query.into(),
        headers: Headers::from_iter([("Host", address.to_string())]),
        body: if body.is_null() {
            hyper::body::Bytes::new()
        } else {
            body.to_string().into()
        },
    }
}

/// A call of the control plane that is done.
pub(crate) fn control(address: SocketAddr, verb: &str, target: &str, body: &Json) -> Json {
    let mut request = request(address, verb, target, body);
    sign(&mut request);
    let answer = send(address, &request);
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or_default()
}

/// Signs a call of the control plane, now.
pub(crate) fn sign(request: &mut Request) {
    sign_for(request, "apigateway");
}

/// Signs a call of a service, now.
pub(crate) fn sign_for(request: &mut Request, service: &str) {
    document::sign(request, service, OffsetDateTime::now_utc());
}
