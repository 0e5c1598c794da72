//! The server: stages and the control plane behind one port.

mod front;
mod journal;
mod listen;
mod logs;
mod runtime;
mod spelling;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Incoming;
use serde_json::Value as Json;
use tokio::net::TcpListener;

use crate::console::{Console, Overview, Shown};
use crate::control::{Control, Outcome, Reply, Trial, Tried};
use crate::plane::{self, Answer, Arrival, Exchange, Headers, Request, Said};
pub use crate::service::Clock;
use crate::service::{Backends, Body, Functions, Record, Turn, Watch, read_request, written};
pub use front::Front;
use journal::Journal;
pub use journal::StateError;
use logs::Logs;
pub use runtime::Runtime;

/// What stands before the id of an API in the path of a request to one of its stages.
const PREFIX: &str = "/_aws/execute-api/";

/// API Gateway behind a port.
///
/// The control plane answers at the root, as `AWS_ENDPOINT_URL` wants it. Stages answer at
/// `/_aws/execute-api/API/STAGE/…` and, by the name of the host, at `API.execute-api.localhost/STAGE/…`. The
/// [`console`](crate::console) is at `/_bluegate/`.
pub struct Server {
    control: Mutex<Control>,
    /// Locked while the control plane is.
    journal: Option<Mutex<Journal>>,
    clock: Clock,
    logs: Option<Logs>,
    backends: Backends,
    functions: Functions,
    watch: Watch,
    console: Console,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("control", &self.control)
            .field("clock", &self.clock)
            .field("functions", &self.functions)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Of what it is told over HTTP later on.
    #[must_use]
    pub fn new(control: Control, clock: Clock) -> Self {
        Self {
            control: Mutex::new(control),
            journal: None,
            clock,
            logs: None,
            backends: Backends::by_http(),
            functions: Functions::default(),
            watch: Watch::default(),
            console: Console::default(),
        }
    }

    /// Functions are called by Lambda's `Invoke` at a URL, such as that of `AWS_ENDPOINT_URL_LAMBDA`.
    #[must_use]
    pub fn with_functions(mut self, url: impl Into<String>) -> Self {
        self.functions.url = Some(url.into());
        self
    }

    /// Lets a process that fetches its events answer for a function, by its name.
    #[must_use]
    pub fn with_runtime(mut self, name: &str, runtime: Runtime) -> Self {
        self.functions.add(name, move |event| {
            let runtime = runtime.clone();
            async move { runtime.invoke(event).await }
        });
        self
    }

    /// Shows every request to a stage and its answer to somebody, on both sides of the gateway.
    #[must_use]
    pub fn watched(mut self, watch: impl Fn(Record) + Send + Sync + 'static) -> Self {
        self.watch = Watch::by(watch);
        self
    }

    /// Keeps what it is told in a folder, and begins with what stands there. A write is on the disk before it is answered.
    ///
    /// # Errors
    ///
    /// [`StateError`] when the folder cannot be used, or when what stands there cannot be read.
    pub fn with_state(mut self, folder: &Path) -> Result<Self, StateError> {
        let (mut journal, records) = Journal::open(folder)?;
        let mut control = self.control();
        let failed = |error| StateError::Unknown(folder.to_owned(), error);
        control.restore(records).map_err(failed)?;
        let renewed = journal.renew(&control.records());
        renewed.map_err(|error| StateError::Io(folder.to_owned(), error))?;
        drop(control);
        self.journal = Some(Mutex::new(journal));
        Ok(self)
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
        let own = listener.local_addr()?;
        listen::serve(listener, move |request, peer| {
            let server = Arc::clone(&self);
            async move { server.answer(request, peer, own).await }
        })
        .await
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(
        &self,
        request: hyper::Request<Incoming>,
        peer: SocketAddr,
        own: SocketAddr,
    ) -> hyper::Response<Body> {
        let (head, body) = request.into_parts();
        let host = head.headers.get(http::header::HOST).map(http::HeaderValue::as_bytes);
        let host = String::from_utf8_lossy(host.unwrap_or_default()).into_owned();
        let is_head = head.method == http::Method::HEAD;
        let called = called(&host, head.uri.path()).or_else(|| self.control().mapped(&host, head.uri.path()));
        if called.is_none() && Console::is_at(head.uri.path()) {
            return self.console.answer(head, body, peer, own, || self.overview()).await;
        }
        let Some(mut read) = read_request(head, body).await else {
            return written(Answer::hung_up(), None, is_head);
        };
        match called {
            Some((api, stage, path)) => {
                read.path = path;
                let (answer, rest) = self.call(&api, &stage, read, peer.ip()).await;
                written(answer, rest, is_head)
            }
            None => {
                let reply = match self.told(&read) {
                    Outcome::Reply(reply) => reply,
                    Outcome::Trial(trial) => self.tried(trial, peer.ip()).await,
                };
                written(told(reply), None, is_head)
            }
        }
    }

    fn overview(&self) -> Overview {
        let control = self.control();
        let served = control.served();
        Overview {
            stages: served
                .map(|(stage, name)| Shown {
                    prefix: format!("{PREFIX}{}/{}", stage.rest_api_id, stage.name),
                    stage: Arc::clone(stage),
                    title: name.to_owned(),
                    document: None,
                })
                .collect(),
            credentials: control.gate.credentials.clone(),
            keys: control.gate.usage.keys.clone(),
            now: self.clock.now(),
        }
    }

    /// What comes of a call of the control plane, as soon as it is kept.
    fn told(&self, request: &Request) -> Outcome {
        let mut control = self.control();
        let outcome = control.answer(request, self.clock.now());
        let Some(journal) = &self.journal else {
            return outcome;
        };
        let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = journal
            .write(control.changes())
            .and_then(|()| match journal.is_large() {
                true => journal.renew(&control.records()),
                false => Ok(()),
            });
        match kept {
            Ok(()) => outcome,
            Err(error) => Outcome::Reply(Reply::not_kept(&error)),
        }
    }

    fn arrival(&self, source: IpAddr) -> Arrival {
        Arrival {
            time: self.clock.now(),
            source,
            seed: fastrand::u128(..),
        }
    }

    fn turn(&self) -> Turn<'_, Mutex<Control>> {
        let is_recorded = self.watch.is_on() || self.console.is_open();
        Turn {
            gates: &self.control,
            backends: &self.backends,
            functions: &self.functions,
            is_recorded,
            is_logged: is_recorded || self.logs.is_some(),
        }
    }

    /// A method or an authorizer that is tried.
    async fn tried(&self, trial: Trial, source: IpAddr) -> Reply {
        let arrival = self.arrival(source);
        match trial.tried {
            Tried::Method(resource_id) => {
                let exchange = Exchange::trial(&trial.stage, &resource_id, trial.request, arrival);
                let done = self.turn().try_out(exchange).await;
                Trial::told(&done.exchange, &done.answer, self.clock.now(), done.took)
            }
            Tried::Authorizer(gate) => {
                let turn = Turn {
                    gates: &Mutex::new(*gate),
                    backends: &self.backends,
                    functions: &self.functions,
                    is_recorded: false,
                    is_logged: true,
                };
                let mut heard = None;
                let hear = |said: &Said| heard = Some(said.clone());
                let done = turn
                    .run_hearing(&trial.stage, trial.request, arrival, &trial.context, hear)
                    .await;
                let now = self.clock.now();
                Trial::told_of_authorizer(&done.exchange, &done.answer, heard.as_ref(), now, done.took)
            }
        }
    }

    /// A request to a stage.
    async fn call(&self, api: &str, name: &str, request: Request, source: IpAddr) -> (Answer, Option<Body>) {
        let (is_known, stage) = {
            let control = self.control();
            (control.has(api), control.stage(api, name))
        };
        let Some(stage) = stage else {
            return (not_there(is_known, api, name), None);
        };
        let mut done = self.turn().run(&stage, request, self.arrival(source)).await;
        if let Some(logs) = &self.logs {
            let line = done.exchange.access_line(done.took);
            logs.write(&done.exchange, line.as_deref());
        }
        if let Some(record) = done.record {
            self.console.see(&record);
            self.watch.show(Some(record));
        }
        (done.answer, done.rest)
    }
}

/// What AWS says of a stage that is not there; of an API that is not there it says nothing, for its host has no
/// address.
fn not_there(is_known: bool, api: &str, name: &str) -> Answer {
    if is_known {
        return Answer::forbidden();
    }
    let message = format!("There is no API {api} here, and so no stage {name}");
    Answer {
        status: 404,
        headers: Headers::from_iter([
            ("Content-Type", "application/json"),
            ("x-amzn-ErrorType", "NotFoundException"),
        ]),
        body: serde_json::json!({"message": message}).to_string().into(),
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
    for (name, value) in reply.headers {
        headers.set(name, value);
    }
    headers.set("x-amzn-RequestId", plane::random_uuid(fastrand::u128(..)));
    Answer {
        status: reply.status,
        headers,
        body: body.into(),
    }
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
