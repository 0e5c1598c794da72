//! The server: stages and the control plane behind one port.

mod backend;
mod clock;
mod logs;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value as Json;
use tokio::net::TcpListener;

use crate::control::{Control, Reply};
use crate::plane::{self, Answer, Arrival, Exchange, Headers, LARGEST_BODY, Next, Request};
pub use clock::Clock;
use logs::Logs;

/// What stands before the id of an API in the path of a request to one of its stages.
const PREFIX: &str = "/_aws/execute-api/";

/// The largest body that is read: that of a request to a stage, or a document for the control plane.
const READ: usize = LARGEST_BODY + 1;

/// API Gateway behind a port.
///
/// The control plane answers at the root, as `AWS_ENDPOINT_URL` wants it. Stages answer at
/// `/_aws/execute-api/API/STAGE/…` and, by the name of the host, at `API.execute-api.localhost/STAGE/…`.
#[derive(Debug)]
pub struct Server {
    control: Mutex<Control>,
    clock: Clock,
    logs: Option<Logs>,
    functions: Option<String>,
}

impl Server {
    /// Of what it is told over HTTP later on.
    #[must_use]
    pub fn new(control: Control, clock: Clock) -> Self {
        Self {
            control: Mutex::new(control),
            clock,
            logs: None,
            functions: None,
        }
    }

    /// Functions are called by Lambda's `Invoke` at a URL, such as that of `AWS_ENDPOINT_URL_LAMBDA`.
    #[must_use]
    pub fn with_functions(mut self, url: impl Into<String>) -> Self {
        self.functions = Some(url.into());
        self
    }

    /// Writes `access.log` and `execution.log` into a folder.
    ///
    /// # Errors
    ///
    /// The folder or the files could not be made.
    pub fn with_logs(mut self, folder: &Path) -> std::io::Result<Self> {
        self.logs = Some(Logs::open(folder)?);
        Ok(self)
    }

    /// Answers until it is dropped.
    ///
    /// # Errors
    ///
    /// The listener is broken.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) -> std::io::Result<()> {
        loop {
            let (stream, peer) = match listener.accept().await {
                Ok(accepted) => accepted,
                // Of one connection, which is gone.
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            let server = Arc::clone(&self);
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    let server = Arc::clone(&server);
                    async move { Ok::<_, Infallible>(server.answer(request, peer).await) }
                });
                // A client that hangs up is nobody's trouble.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: hyper::Request<Incoming>, peer: SocketAddr) -> hyper::Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let closes = header(&head, "connection").to_lowercase().contains("close");
        let host = header(&head, "host");
        let mut read = Request {
            method: head.method.as_str().to_owned(),
            sent_path: head.uri.path().to_owned(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
                .collect(),
            body: Vec::new(),
        };
        let Some(body) = whole(body).await else {
            return sent(Answer::default(), true);
        };
        read.body = body;
        let called = called(&host, &read.path);
        let answer = match called {
            Some((api, stage, path)) => {
                read.path = path;
                self.call(&api, &stage, read, peer.ip()).await
            }
            None => {
                let reply = self.control().answer(&read, self.clock.now());
                told(reply)
            }
        };
        sent(answer, closes)
    }

    /// A request to a stage.
    async fn call(&self, api: &str, name: &str, request: Request, source: IpAddr) -> Answer {
        let began = Instant::now();
        let (is_known, stage) = {
            let control = self.control();
            (control.has(api), control.stage(api, name))
        };
        let arrival = Arrival {
            time: self.clock.now(),
            source,
            seed: fastrand::u128(..),
        };
        let Some(stage) = stage else {
            return not_there(is_known, api, name);
        };
        let mut exchange = Exchange::new(&stage, request, arrival);
        let mut next = exchange.start(&mut self.control().gate);
        if let Next::Ask(question) = &next {
            let said = backend::ask(self.functions.as_deref(), question).await;
            next = exchange.authorize(&mut self.control().gate, said);
        }
        let answer = match next {
            Next::Answer(answer) => answer,
            Next::Invoke(question) => {
                let began = Instant::now();
                let said = backend::ask(self.functions.as_deref(), &question).await;
                exchange.finish_function(said, began.elapsed())
            }
            Next::Ask(_) => unreachable!("a function is asked once"),
            Next::Call(call) => {
                let began = Instant::now();
                let said = backend::call(call).await;
                exchange.finish(said, began.elapsed())
            }
        };
        self.log(&mut exchange, began);
        answer
    }

    fn log(&self, exchange: &mut Exchange<'_>, began: Instant) {
        let line = exchange.access_line(began.elapsed());
        if let Some(logs) = &self.logs {
            logs.write(exchange, line.as_deref());
        }
    }
}

/// What AWS says of a stage that is not there; of an API that is not there it says nothing, for its host has no
/// address.
fn not_there(is_known: bool, api: &str, name: &str) -> Answer {
    let (status, message) = match is_known {
        true => (403, "Forbidden".to_owned()),
        false => (404, format!("There is no API {api} here, and so no stage {name}")),
    };
    Answer {
        status,
        headers: Headers::from_iter([
            ("Content-Type", "application/json"),
            (
                "x-amzn-ErrorType",
                if is_known {
                    "ForbiddenException"
                } else {
                    "NotFoundException"
                },
            ),
        ]),
        body: serde_json::json!({"message": message}).to_string().into_bytes(),
    }
}

/// The API, the stage and the path behind it, if a request is for a stage.
fn called(host: &str, path: &str) -> Option<(String, String, String)> {
    let (api, rest) = match path.strip_prefix(PREFIX) {
        Some(rest) => rest.split_once('/').unwrap_or((rest, "")),
        None => {
            let (api, domain) = host.split_once('.')?;
            domain.starts_with("execute-api.").then_some((api, path))?
        }
    };
    // A second slash before or after the stage does no harm, recorded of AWS.
    let rest = rest.trim_start_matches('/');
    let at = rest.find('/').unwrap_or(rest.len());
    let path = if at == rest.len() { "/" } else { &rest[at..] };
    Some((api.to_owned(), rest[..at].to_owned(), path.to_owned()))
}

/// A body, or as much of it as shows that it is too large; none if the client hung up.
async fn whole(mut body: Incoming) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            // The rest is read and forgotten: who is still writing would not see the answer.
            let room = READ.saturating_sub(bytes.len());
            bytes.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    Some(bytes)
}

fn header(head: &http::request::Parts, name: &str) -> String {
    let value = head
        .headers
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    value.unwrap_or_default().into_owned()
}

/// An answer of the control plane.
fn told(reply: Reply) -> Answer {
    let (kind, body) = match reply.body {
        Json::Null => ("application/json", String::new()),
        Json::String(text) if text.starts_with('<') => ("text/xml", text),
        Json::String(text) => ("application/json", text),
        body => ("application/json", body.to_string()),
    };
    let mut headers = Headers::from_iter([("Content-Type", kind)]);
    if let Some(error) = reply.error {
        headers.set("x-amzn-ErrorType", error);
    }
    headers.set("x-amzn-RequestId", plane::random_uuid(fastrand::u128(..)));
    Answer {
        status: reply.status,
        headers,
        body: body.into_bytes(),
    }
}

fn sent(answer: Answer, closes: bool) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    for (name, value) in answer.headers.iter() {
        let name = http::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::from_bytes(value.as_bytes())) {
            response.headers_mut().append(name, value);
        }
    }
    let connection = if closes { "close" } else { "keep-alive" };
    response
        .headers_mut()
        .insert(http::header::CONNECTION, http::HeaderValue::from_static(connection));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_for_a_stage_by_its_path_or_by_its_host() {
        for (host, path, expected) in [
            (
                "127.0.0.1:4566",
                "/_aws/execute-api/abc/dev/a/b",
                Some(("abc", "dev", "/a/b")),
            ),
            (
                "127.0.0.1:4566",
                "/_aws/execute-api/abc//dev//a",
                Some(("abc", "dev", "//a")),
            ),
            ("127.0.0.1:4566", "/_aws/execute-api/abc/dev", Some(("abc", "dev", "/"))),
            ("abc.execute-api.localhost:4566", "/dev/", Some(("abc", "dev", "/"))),
            (
                "abc.execute-api.eu-west-1.amazonaws.com",
                "/dev/a",
                Some(("abc", "dev", "/a")),
            ),
            ("127.0.0.1:4566", "/restapis", None),
            ("localhost:4566", "/", None),
        ] {
            let found = called(host, path);
            let found = found
                .as_ref()
                .map(|(api, stage, path)| (api.as_str(), stage.as_str(), path.as_str()));
            assert_eq!(found, expected, "{host} {path}");
        }
    }
}
