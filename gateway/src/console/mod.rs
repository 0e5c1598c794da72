//! The console: pages about a gateway and what goes through it, at `/_bluegate/` of its port.
//!
//! It shows the routes and who may call them, requests on both sides of the gateway as they come, the document, and what a
//! deployment would do if somebody knows; and it sends requests, signed by a key that is known. It is for browsers of this machine, and no other web page can use
//! it: see [`guard`](self) for how it tells them apart.

mod attempt;
mod events;
mod guard;
mod overview;
mod plan;
mod secrets;
mod trace;
mod traffic;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use http_body::Body as HttpBody;
use serde::Deserialize;
use serde_json::{Value as Json, json};

pub use overview::{Overview, Shown};
use plan::Planner;
pub use plan::{Outcome, Plan};
pub use trace::{Became, Change, Message, Trace};
use traffic::Traffic;

use crate::service::{Body, Record, read_request, whole_body};

/// Where the console is, without the slash at its end.
const PATH: &str = "/_bluegate";

/// What browsers may load: what comes from here.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:; \
                      object-src 'none'";

/// The files of the page, by name.
const FILES: [(&str, &str, &str); 3] = [
    ("/", "text/html; charset=utf-8", include_str!("page/index.html")),
    (
        "/console.css",
        "text/css; charset=utf-8",
        include_str!("page/console.css"),
    ),
    (
        "/console.js",
        "text/javascript; charset=utf-8",
        include_str!("page/console.js"),
    ),
];

/// What was seen of the requests to a gateway, and the pages about it. Clones are of one.
#[derive(Debug, Clone, Default)]
pub struct Console {
    traffic: Arc<Traffic>,
    is_open: Arc<AtomicBool>,
    planner: Option<Planner>,
}

impl Console {
    /// Shows what a deployment to a stage would do, as `plan` finds it out; without the name of one, to the stage that it
    /// takes by itself.
    #[must_use]
    pub fn planned_by<F>(mut self, plan: impl Fn(Option<String>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Plan> + Send + 'static,
    {
        self.planner = Some(Planner::new(plan));
        self
    }

    /// Sees a request and its answer, and tells it as it may be shown.
    pub fn see(&self, record: &Record) -> Arc<Trace> {
        self.traffic.add(record)
    }

    /// Says that stages, keys or routes are others now, and what there is to say about that, such as why a file was not
    /// taken over.
    pub fn changed(&self, notice: Option<String>) {
        self.traffic.notice(notice);
    }

    /// Whether somebody looked at it. Until then a gateway need not take the trouble to have it see requests.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Relaxed)
    }

    /// Whether a path is one of the console.
    pub(crate) fn is_at(path: &str) -> bool {
        let rest = path.strip_prefix(PATH);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Answers a request for the console of a gateway that listens at `own`.
    pub(crate) async fn answer<B: HttpBody>(
        &self,
        head: Parts,
        body: B,
        peer: SocketAddr,
        own: SocketAddr,
        overview: impl FnOnce() -> Overview,
    ) -> Response<Body> {
        let mut response = match guard::check(&head, peer) {
            Ok(()) => {
                self.is_open.store(true, Ordering::Relaxed);
                self.page(head, body, own, overview).await
            }
            Err(why) => refused(StatusCode::FORBIDDEN, why),
        };
        for (name, value) in [
            (CONTENT_SECURITY_POLICY.as_str(), POLICY),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            (CACHE_CONTROL.as_str(), "no-store"),
        ] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }

    async fn page<B: HttpBody>(
        &self,
        head: Parts,
        body: B,
        own: SocketAddr,
        overview: impl FnOnce() -> Overview,
    ) -> Response<Body> {
        let path = head.uri.path().strip_prefix(PATH).unwrap_or_default().to_owned();
        if let Some((_, kind, text)) = FILES.iter().find(|(name, ..)| *name == path) {
            return only(&head, &Method::GET).unwrap_or_else(|| answered(StatusCode::OK, kind, (*text).to_owned()));
        }
        match path.as_str() {
            "" => {
                let mut response = answered(StatusCode::PERMANENT_REDIRECT, "text/plain", String::new());
                let to = HeaderValue::from_static("/_bluegate/");
                response.headers_mut().insert(LOCATION, to);
                response
            }
            "/api/overview" => only(&head, &Method::GET).unwrap_or_else(|| {
                let mut told = overview().told();
                told["notice"] = json!(self.traffic.noticed());
                told["plans"] = json!(self.planner.is_some());
                told_as_json(StatusCode::OK, &told)
            }),
            "/api/document" => only(&head, &Method::GET).unwrap_or_else(|| {
                let number = head
                    .uri
                    .query()
                    .and_then(|query| query.strip_prefix("stage=")?.parse().ok());
                match overview().stages.get(number.unwrap_or(usize::MAX)) {
                    Some(shown) => answered(StatusCode::OK, JSON, shown.document()),
                    None => refused(StatusCode::NOT_FOUND, "there is no such stage"),
                }
            }),
            "/api/requests" => only(&head, &Method::GET).unwrap_or_else(|| {
                let kept = self.traffic.kept(0);
                let kept: Vec<&Trace> = kept.iter().map(Arc::as_ref).collect();
                told_as_json(StatusCode::OK, &json!({"requests": kept}))
            }),
            "/api/events" => only(&head, &Method::GET).unwrap_or_else(|| events::stream(&self.traffic, &head)),
            "/api/send" => match only(&head, &Method::POST) {
                Some(refusal) => refusal,
                None => self.send(head, body, own, overview).await,
            },
            "/api/plan" => match only(&head, &Method::POST) {
                Some(refusal) => refusal,
                None => self.plan(head, body).await,
            },
            _ => refused(StatusCode::NOT_FOUND, "the console has no such page"),
        }
    }

    async fn send<B: HttpBody>(
        &self,
        head: Parts,
        body: B,
        own: SocketAddr,
        overview: impl FnOnce() -> Overview,
    ) -> Response<Body> {
        let sent = match sent_json(head, body).await {
            Ok(sent) => sent,
            Err(refusal) => return *refusal,
        };
        match attempt::send(&sent, own, &overview()).await {
            Ok((id, answer)) => {
                let trace = self.traffic.find(&id);
                told_as_json(
                    StatusCode::OK,
                    &json!({"id": id, "answer": answer, "trace": trace.as_deref()}),
                )
            }
            Err(why) => refused(StatusCode::BAD_REQUEST, &why),
        }
    }

    async fn plan<B: HttpBody>(&self, head: Parts, body: B) -> Response<Body> {
        let Some(planner) = &self.planner else {
            return refused(StatusCode::NOT_FOUND, "nothing is planned here: `bluegate dev` plans");
        };
        let wanted = match sent_json(head, body).await {
            Ok(sent) => serde_json::from_slice::<Wanted>(&sent),
            Err(refusal) => return *refusal,
        };
        match wanted {
            Ok(Wanted { stage }) => told_as_json(StatusCode::OK, &json!(planner.plan(stage).await)),
            Err(error) => refused(StatusCode::BAD_REQUEST, &error.to_string()),
        }
    }
}

/// What is to be planned.
#[derive(Debug, Deserialize)]
struct Wanted {
    stage: Option<String>,
}

/// The body of a request that says that it is JSON: a page that may not ask first can send none.
async fn sent_json<B: HttpBody>(head: Parts, body: B) -> Result<Vec<u8>, Box<Response<Body>>> {
    let kind = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let refusal = |status, why| Box::new(refused(status, why));
    if kind != Some(JSON.as_bytes()) {
        let why = "the body has to be application/json";
        return Err(refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    let read = read_request(head, body).await;
    let read = read.ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "the request was not whole"))?;
    Ok(read.body.to_vec())
}

const JSON: &str = "application/json";

/// The refusal of a request with another verb.
fn only(head: &Parts, method: &Method) -> Option<Response<Body>> {
    let is_read = head.method == Method::HEAD && method == Method::GET;
    (head.method != method && !is_read).then(|| {
        let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, "this takes another verb");
        let allowed = HeaderValue::from_str(method.as_str());
        response
            .headers_mut()
            .extend(allowed.ok().map(|allowed| (ALLOW, allowed)));
        response
    })
}

fn refused(status: StatusCode, why: &str) -> Response<Body> {
    told_as_json(status, &json!({"message": why}))
}

fn told_as_json(status: StatusCode, told: &Json) -> Response<Body> {
    answered(status, JSON, told.to_string())
}

fn answered(status: StatusCode, kind: &str, text: String) -> Response<Body> {
    let mut response = Response::new(whole_body(text.into_bytes()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_str(kind);
    response
        .headers_mut()
        .extend(kind.ok().map(|kind| (CONTENT_TYPE, kind)));
    response
}
