//! A stage in front of a service.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bluegate_core::aws::Environment;
use bluegate_core::gateway::stage::of_settings;
use bluegate_core::openapi::Document;
use http::{Request, Response};
use http_body::Body as HttpBody;
use serde_json::Value as Json;
use tower_service::Service;

use super::backend::{Backends, LocalService};
use super::functions::Functions;
use super::read::{ReadError, environment, of_routes};
use super::turn::{Record, Turn, Watch};
use super::wire::{Body, read_request, written};
use super::{Boxed, Clock};
use crate::plane::{self, Answer, Arrival, Gate, Stage};

/// The id of an API that is nowhere else.
const ID: &str = "local00000";

/// The stage variable that stands for the service in documents that were made without an AWS file.
const BACKEND: &str = "backend";

/// A stage that answers requests as AWS does, in front of a service in this process or behind HTTP.
///
/// It is a tower service, and is cheap to clone: clones share keys, quotas and what authorizers answered. Requests
/// come as by a domain name of the API's own, without the stage in their paths, unless [`Gateway::under`] says
/// otherwise. A client is at the address in the request's extension [`SocketAddr`], or on this machine.
#[derive(Clone)]
pub struct Gateway {
    stage: Arc<Stage>,
    gate: Arc<Mutex<Gate>>,
    clock: Clock,
    base_path: Option<String>,
    backends: Backends,
    functions: Functions,
    watch: Watch,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("stage", &self.stage.name)
            .field("clock", &self.clock)
            .field("base_path", &self.base_path)
            .field("backends", &self.backends)
            .field("functions", &self.functions)
            .finish_non_exhaustive()
    }
}

impl Gateway {
    /// Of a stage. Services are called by HTTP, where the stage says.
    #[must_use]
    pub fn new(mut stage: Stage) -> Self {
        stage.is_at_root = true;
        Self {
            stage: Arc::new(stage),
            gate: Arc::default(),
            clock: Clock::Machine,
            base_path: None,
            backends: Backends::by_http(),
            functions: Functions::default(),
            watch: Watch::default(),
        }
    }

    /// Of a document, as a stage.
    #[must_use]
    pub fn from_document(stage: &str, document: &Document) -> Self {
        Self::new(Stage::of(ID, stage, document))
    }

    /// Of a routes file that no AWS file belongs to.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has errors.
    pub fn from_routes(routes: impl AsRef<Path>) -> Result<Self, ReadError> {
        let document = of_routes(routes.as_ref(), None)?;
        Ok(Self::from_document("dev", &document))
    }

    /// Of a routes file and a stage of an AWS file; without a name of one, that of the file.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or has errors, or a variable of the routes file has no value.
    pub fn from_files(routes: impl AsRef<Path>, aws: impl AsRef<Path>, stage: Option<&str>) -> Result<Self, ReadError> {
        let environment = environment(aws.as_ref(), stage)?;
        let document = of_routes(routes.as_ref(), Some(&environment))?;
        Ok(Self::from_environment(&document, &environment))
    }

    /// Of a document, and what an AWS file means for its stage.
    #[must_use]
    pub fn from_environment(document: &Document, environment: &Environment) -> Self {
        let name = environment.stage.as_deref().unwrap_or("dev");
        let mut stage = Stage::of(environment.rest_api_id.as_deref().unwrap_or(ID), name, document);
        stage.set(&of_settings(&environment.stage_settings.values));
        if let Some(region) = &environment.region {
            stage.region.clone_from(region);
        }
        if let Some(account) = &environment.account_id {
            stage.account_id.clone_from(account);
        }
        Self::new(stage)
    }

    /// Changes the stage, such as its variables.
    #[must_use]
    pub fn with_stage(mut self, change: impl FnOnce(&mut Stage)) -> Self {
        change(Arc::make_mut(&mut self.stage));
        self
    }

    /// Changes what is known of callers: who may sign, keys and plans.
    #[must_use]
    pub fn with_gate(self, change: impl FnOnce(&mut Gate)) -> Self {
        change(&mut self.gate());
        self
    }

    /// Has another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Answers below a path only, such as `dev` or `shop/v1`: the stage's name at the address that AWS gives an API, or
    /// the base path of a domain name. Signatures are about the whole path.
    #[must_use]
    pub fn under(mut self, base_path: &str) -> Self {
        let base_path = base_path.trim_matches('/');
        Arc::make_mut(&mut self.stage).is_at_root = base_path != self.stage.name;
        self.base_path = Some(format!("/{base_path}")).filter(|path| path.len() > 1);
        self
    }

    /// Calls a service in this process, such as an axum `Router`, wherever an integration says that services are. It is
    /// not asked for functions.
    #[must_use]
    pub fn backend<S: LocalService>(mut self, service: S) -> Self {
        self.backends.add(None, service);
        let variables = &mut Arc::make_mut(&mut self.stage).variables;
        variables
            .entry(BACKEND.to_owned())
            .or_insert_with(|| "localhost".to_owned());
        self
    }

    /// Calls a service in this process for one host, with its port if it has one, such as `payments.internal:8080`.
    #[must_use]
    pub fn backend_at<S: LocalService>(mut self, authority: &str, service: S) -> Self {
        self.backends.add(Some(authority.to_owned()), service);
        self
    }

    /// Answers for a Lambda function, by its name: one that lets callers in, or one that an integration calls. It gets
    /// the event that Lambda would get; an error is one of the function, with its text as message.
    #[must_use]
    pub fn function<F, R, E>(mut self, name: &str, function: F) -> Self
    where
        F: Fn(Json) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Json, E>> + Send + 'static,
        E: Display,
    {
        self.functions.add(name, function);
        self
    }

    /// Calls functions by Lambda's `Invoke` at a URL, such as that of `AWS_ENDPOINT_URL_LAMBDA`.
    #[must_use]
    pub fn functions_at(mut self, url: impl Into<String>) -> Self {
        self.functions.url = Some(url.into());
        self
    }

    /// Shows every request and its answer to somebody, on both sides of the gateway.
    #[must_use]
    pub fn watched(mut self, watch: impl Fn(Record) + Send + Sync + 'static) -> Self {
        self.watch = Watch::by(watch);
        self
    }

    /// The stage that answers.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Answers a request.
    pub async fn answer<B: HttpBody>(&self, request: Request<B>) -> Response<Body> {
        let source = request.extensions().get::<SocketAddr>().map(SocketAddr::ip);
        let is_head = request.method() == http::Method::HEAD;
        let (head, body) = request.into_parts();
        let Some(request) = read_request(head, body).await else {
            return written(Answer::hung_up(), None, is_head);
        };
        let source = source.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let (answer, rest, record) = self.pass(request, source, self.clock, self.watch.is_on()).await;
        self.watch.show(record);
        written(answer, rest, is_head)
    }

    /// Answers a request that is known in full, with a record if that is wanted.
    pub(crate) async fn pass(
        &self,
        mut request: plane::Request,
        source: IpAddr,
        clock: Clock,
        is_recorded: bool,
    ) -> (Answer, Option<Body>, Option<Box<Record>>) {
        if let Some(base_path) = &self.base_path {
            match below(&request.path, base_path) {
                Some(path) => request.path = path,
                None => return (Answer::forbidden(), None, None),
            }
        }
        let arrival = Arrival {
            time: clock.now(),
            source,
            seed: fastrand::u128(..),
        };
        let turn = Turn {
            gates: &*self.gate,
            backends: &self.backends,
            functions: &self.functions,
            is_recorded,
            is_logged: is_recorded,
        };
        let done = turn.run(&self.stage, request, arrival).await;
        (done.answer, done.rest, done.record)
    }

    /// The stage that answers, for who keeps it, and what stands before its paths.
    pub(crate) fn site(&self) -> (Arc<Stage>, String) {
        (Arc::clone(&self.stage), self.base_path.clone().unwrap_or_default())
    }

    /// The clock.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    pub(crate) fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands behind a base path. A second slash before it does no harm, recorded of AWS.
fn below(path: &str, base_path: &str) -> Option<String> {
    let path = path.trim_start_matches('/');
    let rest = path.strip_prefix(&base_path[1..])?;
    match rest {
        "" => Some("/".to_owned()),
        rest => rest.starts_with('/').then(|| rest.to_owned()),
    }
}

impl<B> Service<Request<B>> for Gateway
where
    B: HttpBody + Send + 'static,
    B::Data: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Boxed<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let gateway = self.clone();
        Box::pin(async move { Ok(gateway.answer(request).await) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_whole_segments() {
        for (path, rest) in [
            ("/dev", Some("/")),
            ("/dev/", Some("/")),
            ("//dev//a", Some("//a")),
            ("/dev/a/b", Some("/a/b")),
            ("/device", None),
            ("/a/dev", None),
        ] {
            assert_eq!(below(path, "/dev").as_deref(), rest, "{path}");
        }
    }
}
