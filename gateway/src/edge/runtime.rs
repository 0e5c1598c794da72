//! Functions that run as processes on this machine: they fetch their events, as on Lambda
//! ([runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)).

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Method, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use crate::plane;

/// What stands before the calls of a runtime.
const PREFIX: &str = "/2018-06-01/runtime/";

type Told = oneshot::Sender<Result<Json, String>>;

struct Event {
    id: String,
    body: Json,
    told: Told,
}

/// A function that fetches its events.
///
/// Its process is started with `AWS_LAMBDA_RUNTIME_API` at [`Runtime::address`]. Events wait until it fetches them; more
/// than one process may.
#[derive(Debug, Clone)]
pub struct Runtime {
    address: SocketAddr,
    events: mpsc::UnboundedSender<Event>,
}

/// The events of a function, on the side of its processes.
struct Waiting {
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Event>>,
    /// Those that a process has.
    fetched: Mutex<BTreeMap<String, Told>>,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Event").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Runtime {
    /// Listens for the processes of a function, until the runtime of tokio ends. Port 0 is any that is free.
    ///
    /// # Errors
    ///
    /// Nobody can listen there.
    pub async fn listen(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (sender, receiver) = mpsc::unbounded_channel();
        let waiting = Arc::new(Waiting {
            events: tokio::sync::Mutex::new(receiver),
            fetched: Mutex::default(),
        });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let waiting = Arc::clone(&waiting);
                tokio::spawn(async move {
                    let service = service_fn(|request| {
                        let waiting = Arc::clone(&waiting);
                        async move { Ok::<_, Infallible>(waiting.answer(request).await) }
                    });
                    // A process that ends hangs up.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self {
            address,
            events: sender,
        })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API` for the processes of the function.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets the function answer an event.
    ///
    /// # Errors
    ///
    /// The function says that it failed, in its words.
    pub async fn invoke(&self, event: Json) -> Result<Json, String> {
        let (told, answer) = oneshot::channel();
        let id = plane::random_uuid(fastrand::u128(..));
        let sent = self.events.send(Event { id, body: event, told });
        sent.map_err(|_| "nobody serves the function any more".to_owned())?;
        answer
            .await
            .unwrap_or_else(|_| Err("the function said nothing".to_owned()))
    }
}

impl Waiting {
    fn fetched(&self) -> MutexGuard<'_, BTreeMap<String, Told>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: hyper::Request<Incoming>) -> hyper::Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let Some(call) = head.uri.path().strip_prefix(PREFIX) else {
            return answer(StatusCode::NOT_FOUND);
        };
        let parts: Vec<&str> = call.split('/').collect();
        if (&head.method, parts.as_slice()) == (&Method::GET, &["invocation", "next"]) {
            return self.next().await;
        }
        let Ok(body) = body.collect().await else {
            return answer(StatusCode::BAD_REQUEST);
        };
        let body: Json = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        let failed = || {
            Err(body["errorMessage"]
                .as_str()
                .unwrap_or("the function failed")
                .to_owned())
        };
        match (&head.method, parts.as_slice()) {
            (&Method::POST, ["invocation", id, "response"]) => self.tell(id, Ok(body)),
            (&Method::POST, ["invocation", id, "error"]) => self.tell(id, failed()),
            // It cannot start, and whoever waits learns it.
            (&Method::POST, ["init", "error"]) => {
                let waiting = self.events.lock().await.try_recv();
                if let Ok(event) = waiting {
                    let _ = event.told.send(failed());
                }
                answer(StatusCode::ACCEPTED)
            }
            _ => answer(StatusCode::NOT_FOUND),
        }
    }

    async fn next(&self) -> hyper::Response<Full<Bytes>> {
        let event = loop {
            match self.events.lock().await.recv().await {
                // Who asked has gone.
                Some(event) if event.told.is_closed() => {}
                Some(event) => break event,
                None => return answer(StatusCode::GONE),
            }
        };
        let mut response = hyper::Response::new(Full::from(event.body.to_string()));
        let deadline = time::OffsetDateTime::now_utc() + crate::plane::TIMEOUT;
        for (name, value) in [
            ("lambda-runtime-aws-request-id", event.id.clone()),
            (
                "lambda-runtime-deadline-ms",
                (deadline.unix_timestamp_nanos() / 1_000_000).to_string(),
            ),
            (
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:us-east-1:000000000000:function:local".to_owned(),
            ),
            ("content-type", "application/json".to_owned()),
        ] {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        self.fetched().insert(event.id, event.told);
        response
    }

    fn tell(&self, id: &str, said: Result<Json, String>) -> hyper::Response<Full<Bytes>> {
        match self.fetched().remove(id) {
            Some(told) => {
                // Nobody may be there any more.
                let _ = told.send(said);
                answer(StatusCode::ACCEPTED)
            }
            None => answer(StatusCode::BAD_REQUEST),
        }
    }
}

fn answer(status: StatusCode) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::default());
    *response.status_mut() = status;
    response
}
