//! Calls of the services behind the gateway.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use http::{Request, Response, Uri};
use http_body::Body as HttpBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, ResponseFuture};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower_service::Service;

use super::Boxed;
#[cfg(feature = "https")]
use super::tls;
use super::wire::{Body, BoxError, whole};
use crate::plane::{Answer, Call, Unreachable};

/// A service in this process.
type Local = Arc<dyn Fn(Request<Full<Bytes>>) -> Boxed<Result<Response<Body>, BoxError>> + Send + Sync>;

/// A service in this process, such as an axum `Router`.
pub trait LocalService:
    Service<Request<Full<Bytes>>, Response = Response<Self::Body>, Error: Into<BoxError>, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
    /// The body of its answers.
    type Body: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static;
}

impl<S, B> LocalService for S
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Into<BoxError>, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static,
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Body = B;
}

/// Who answers calls.
#[derive(Clone)]
pub(crate) struct Backends {
    /// Services in this process, by host and port.
    named: BTreeMap<String, Local>,
    /// The one that answers for all others.
    any: Option<Local>,
    client: Http,
}

impl std::fmt::Debug for Backends {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named: Vec<&String> = self.named.keys().collect();
        f.debug_struct("Backends")
            .field("named", &named)
            .field("any", &self.any.is_some())
            .finish_non_exhaustive()
    }
}

/// What a service said: its head, and the body, whole or as it comes.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) rest: Option<Body>,
}

impl Backends {
    /// Services by HTTP.
    pub(crate) fn by_http() -> Self {
        Self {
            named: BTreeMap::new(),
            any: None,
            client: Http::new(),
        }
    }

    /// A service in this process, for a host and port or for all that have none of their own.
    pub(crate) fn add<S: LocalService>(&mut self, authority: Option<String>, service: S) {
        let local: Local = Arc::new(move |request| {
            let mut service = service.clone();
            Box::pin(async move {
                std::future::poll_fn(|context| service.poll_ready(context))
                    .await
                    .map_err(Into::into)?;
                let response = service.call(request).await.map_err(Into::into)?;
                Ok(response.map(|body| body.map_err(Into::into).boxed_unsync()))
            })
        });
        match authority {
            Some(authority) => drop(self.named.insert(authority, local)),
            None => self.any = Some(local),
        }
    }

    /// Calls a service over HTTP/1.1. Redirects are answers like others.
    pub(crate) fn call(&self, call: Call) -> impl Future<Output = Result<Reply, Unreachable>> {
        let local = self.named.get(&call.authority).or(self.any.as_ref());
        self.within(call, local)
    }

    /// The same for one that is surely not in this process.
    pub(crate) fn by_socket(&self, call: Call) -> impl Future<Output = Result<Reply, Unreachable>> {
        self.within(call, None)
    }

    async fn within(&self, call: Call, local: Option<&Local>) -> Result<Reply, Unreachable> {
        let said = tokio::time::timeout(call.timeout, self.exchange(call, local)).await;
        said.unwrap_or(Err(Unreachable::TimedOut))
    }

    async fn exchange(&self, call: Call, local: Option<&Local>) -> Result<Reply, Unreachable> {
        let is_streamed = call.is_streamed;
        match local {
            Some(local) => {
                let request = request(call, |call| Ok(call.target.parse::<Uri>()?)).map_err(network)?;
                reply(local(request).await.map_err(network)?, is_streamed).await
            }
            None => reply(self.client.send(call)?.await.map_err(network)?, is_streamed).await,
        }
    }
}

/// What a service said, with its body unless that is passed on as it comes.
async fn reply<B>(response: Response<B>, is_streamed: bool) -> Result<Reply, Unreachable>
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let (head, body) = response.into_parts();
    let mut answer = Answer {
        status: head.status.as_u16(),
        headers: head.headers.into(),
        body: Bytes::new(),
    };
    if is_streamed {
        let rest = Some(body.map_err(Into::into).boxed_unsync());
        return Ok(Reply { answer, rest });
    }
    answer.body = whole(body).await.map_err(network)?;
    Ok(Reply { answer, rest: None })
}

fn network(error: impl Into<BoxError>) -> Unreachable {
    let error = error.into();
    // What broke stands deepest.
    let mut deepest: &dyn std::error::Error = &*error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    Unreachable::Network(deepest.to_string())
}

fn request(call: Call, uri: impl Fn(&Call) -> Result<Uri, BoxError>) -> Result<Request<Full<Bytes>>, BoxError> {
    let uri = uri(&call)?;
    let mut request = Request::new(Full::new(call.body));
    *request.method_mut() = call.method.parse()?;
    *request.uri_mut() = uri;
    *request.headers_mut() = call.headers.into();
    Ok(request)
}

#[cfg(feature = "https")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "https"))]
type Connector = HttpConnector;

/// Connections that are kept for the next call.
#[derive(Clone)]
struct Http {
    client: Client<Connector, Full<Bytes>>,
    /// The same for services whose certificates do not matter.
    #[cfg(feature = "https")]
    trusting: Client<Connector, Full<Bytes>>,
}

impl Http {
    fn new() -> Self {
        let connector = || {
            let mut connector = HttpConnector::new();
            connector.set_nodelay(true);
            connector.enforce_http(false);
            connector
        };
        #[cfg(not(feature = "https"))]
        return Self {
            client: pooled(connector()),
        };
        #[cfg(feature = "https")]
        Self {
            client: pooled(tls::verifying(connector())),
            trusting: pooled(tls::trusting(connector())),
        }
    }

    fn send(&self, call: Call) -> Result<ResponseFuture, Unreachable> {
        #[cfg(not(feature = "https"))]
        if call.scheme != "http" {
            let at = format!("{}://{}", call.scheme, call.authority);
            return Err(Unreachable::NotServed(format!(
                "services are called over http here, and this one is at {at}: the feature `https` is not built in"
            )));
        }
        #[cfg(feature = "https")]
        let client = if call.skips_verification {
            &self.trusting
        } else {
            &self.client
        };
        #[cfg(not(feature = "https"))]
        let client = &self.client;
        let absolute = |call: &Call| {
            let uri = [&call.scheme, "://", &call.authority, &call.target].concat();
            Ok(Uri::try_from(uri)?)
        };
        let request = request(call, absolute).map_err(network)?;
        Ok(client.request(request))
    }
}

fn pooled(connector: Connector) -> Client<Connector, Full<Bytes>> {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .build(connector)
}
