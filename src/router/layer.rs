//! Layers around single handlers.
//!
//! A layer is laid once, when the router is made, and not once a request: limits count in what it makes. The state is not
//! known then, and comes to the handler with each request.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, Route, any_service};
use tower_layer::Layer;
use tower_service::Service;

use super::RouterState;
use super::call::{Call, Responding};

/// What may stand behind `layer =`: a layer, or a function that puts layers around a `MethodRouter`. `M` tells one from
/// the other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no layer",
    label = "neither a layer of axum's `MethodRouter` nor a function from `MethodRouter<()>` to `MethodRouter<()>`",
    note = "a layer is a value such as `axum::middleware::from_fn(function)`, `TraceLayer::new_for_http()` or a \
            `tower::ServiceBuilder`, and a function that makes one is called: `layer = limits()`",
    note = "a layer whose service can fail stands behind `axum::error_handling::HandleErrorLayer`"
)]
pub trait Layers<M> {
    /// Puts them around a handler.
    fn around(&self, handler: MethodRouter) -> MethodRouter;
}

/// Tells layers from functions.
#[derive(Debug)]
pub enum ByLayer {}

/// Tells functions from layers.
#[derive(Debug)]
pub enum ByFunction {}

#[diagnostic::do_not_recommend]
impl<L> Layers<ByLayer> for L
where
    L: Layer<Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    fn around(&self, handler: MethodRouter) -> MethodRouter {
        handler.layer(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<F> Layers<ByFunction> for F
where
    F: Fn(MethodRouter) -> MethodRouter,
{
    fn around(&self, handler: MethodRouter) -> MethodRouter {
        self(handler)
    }
}

/// A handler behind layers.
#[derive(Clone)]
pub(crate) struct Layered(Arc<MethodRouter>);

impl Layered {
    pub(super) fn new<S: RouterState>(function: &'static dyn Call<S>) -> Self {
        Layered(Arc::new(any_service(Innermost(function))))
    }

    pub(super) fn behind<M>(self, layer: &impl Layers<M>) -> Self {
        Layered(Arc::new(layer.around(Arc::unwrap_or_clone(self.0))))
    }

    pub(super) fn call<S: RouterState>(&self, mut request: Request, state: S) -> Responding {
        request.extensions_mut().insert(StateOf(state));
        let response = MethodRouter::clone(&self.0).call(request);
        Box::pin(async move {
            match response.await {
                Ok(response) => response,
            }
        })
    }
}

/// The state, on its way through the layers.
#[derive(Clone)]
struct StateOf<S>(S);

/// The handler behind all layers.
struct Innermost<S: 'static>(&'static dyn Call<S>);

impl<S> Clone for Innermost<S> {
    fn clone(&self) -> Self {
        Innermost(self.0)
    }
}

impl<S: RouterState> Service<Request> for Innermost<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = Called;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Called {
        Called(match request.extensions_mut().remove::<StateOf<S>>() {
            Some(StateOf(state)) => self.0.call(request, state),
            // axum's own extractors have lost what they need as well.
            None => Box::pin(async {
                let text = "a layer has taken the extensions from the request";
                (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
            }),
        })
    }
}

/// The response of a handler, which cannot fail.
struct Called(Responding);

impl Future for Called {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context).map(Ok)
    }
}
