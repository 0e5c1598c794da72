//! A function of which nothing is known but that it answers requests.

use std::future::Future;
use std::pin::Pin;

use axum::extract::Request;
use axum::response::Response;

/// The response to a request, when it is there.
pub(crate) type Responding = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Calls a function.
pub(crate) trait Call<S>: Send + Sync {
    /// Calls it.
    fn call(&self, request: Request, state: S) -> Responding;
}
