//! A stage as a tower service, in front of whatever answers behind it.
//!
//! ```
//! use std::convert::Infallible;
//!
//! use bluegate_gateway::service::Gateway;
//! use http_body_util::Full;
//! use hyper::body::Bytes;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let document = r#"{"openapi": "3.0.1", "paths": {"/users": {"get": {"x-amazon-apigateway-integration": {
//!     "type": "http_proxy", "httpMethod": "GET", "uri": "http://shop.internal/api/users"}}}}}"#;
//! let service = tower_service_fn(|request: http::Request<Full<Bytes>>| async move {
//!     Ok::<_, Infallible>(http::Response::new(Full::from(request.uri().path().to_owned())))
//! });
//! let gateway = Gateway::from_document("dev", &document.parse().unwrap()).backend(service);
//! let request = http::Request::get("/users").body(Full::<Bytes>::default()).unwrap();
//! let answer = gateway.answer(request).await;
//! assert_eq!(answer.status(), 200);
//! let request = http::Request::get("/orders").body(Full::<Bytes>::default()).unwrap();
//! assert_eq!(gateway.answer(request).await.headers()["x-amzn-errortype"], "MissingAuthenticationTokenException");
//! # }
//! # use tower::service_fn as tower_service_fn;
//! ```

mod backend;
mod clock;
mod functions;
mod gateway;
mod read;
#[cfg(feature = "https")]
mod tls;
mod turn;
mod wire;

pub(crate) use backend::Backends;
pub use backend::LocalService;
pub use clock::{Clock, MomentError};
pub(crate) use functions::Functions;
pub use gateway::Gateway;
pub use read::ReadError;
pub use turn::Record;
pub(crate) use turn::{Turn, Watch};
pub use wire::{Body, BoxError};
pub(crate) use wire::{Spelling, read_request, whole_body, written};

use std::future::Future;
use std::pin::Pin;

/// A future of a closure that is kept.
pub(crate) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
