//! One routes file describes an HTTP API: an [axum] service is compiled from it, and its AWS API Gateway is deployed
//! from it. What does not fit the file does not compile.
//!
//! The file, `src/docs/users.json` here:
//!
//! ```json
#![doc = include_str!("docs/users.json")]
//! ```
//!
//! The service:
//!
//! ```standalone_crate
//! use axum::Json;
//! use axum::extract::{Path, State};
//! use bluegate::{resource, routes};
//!
//! #[derive(Clone)]
//! struct AppState {
//!     greeting: &'static str,
//! }
//!
//! struct Users;
//!
//! #[resource(name = "users")]
//! impl Users {
//!     /// Everybody.
//!     async fn get() -> Json<Vec<u64>> {
//!         Json(vec![1, 2, 3])
//!     }
//!
//!     /// One more.
//!     async fn post(Json(id): Json<u64>) -> String {
//!         format!("user {id} is new")
//!     }
//!
//!     /// One of them.
//!     #[handler]
//!     async fn show(Path(id): Path<u64>, State(state): State<AppState>) -> String {
//!         format!("{} {id}", state.greeting)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let app: axum::Router = routes!("src/docs/users.json", AppState).with_state(AppState { greeting: "hello" });
//! # use tower::ServiceExt as _;
//! # let request = axum::extract::Request::get("/api/users/7").body(axum::body::Body::empty()).unwrap();
//! # let response = app.clone().oneshot(request).await.unwrap();
//! # let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
//! # assert_eq!(body, "hello 7");
//! # let request = axum::extract::Request::get("/api/users/x").body(axum::body::Body::empty()).unwrap();
//! # assert_eq!(app.oneshot(request).await.unwrap().status(), 404);
//! # }
//! ```
//!
//! [`routes!`] is an expression of the type `axum::Router<S>`: merge it with other routers, nest it, add layers to it,
//! give it its state, as with any other. The path of a route stands in the file and nowhere else; the code has names
//! only. Handlers are ordinary axum handlers, with any extractors and any response.
//!
//! # What does not compile
//!
//! - a file with an error: every error is shown with its line and column, the line itself and what to do;
//! - a resource that no type is registered for;
//! - an action whose handler is missing, and a handler that no action routes to;
//! - a handler whose `Path` does not take the parameters of its path: another number of them, another type, a number
//!   that is too small for the bounds in the file, names that no parameter has ([`derive@PathParams`]), or a type that
//!   nothing is known about, unless the handler says `allow(unjudged)`;
//! - a handler whose `Query` or typed header does not fit what its action declares of them ([`derive@QueryParams`]);
//! - a handler whose `State` the router does not have, or that is no axum handler.
//!
//! # What the router does by itself
//!
//! Path parameters have the types of the file (`int`, `float`, `string`, `path`, `uuid`, `any`, with Flask's
//! arguments), and slashes at the end of a path mean what `strictSlashes` says. A request that the file does not know
//! is answered as Flask answers it, with JSON as the body or with what `errors = ...` makes of it: 404 before 405, `Allow`, automatic HEAD and OPTIONS, 308
//! for doubled slashes. Routes with CORS in the file send `Access-Control-Allow-Origin`. A request costs less
//! than 0.1 µs more than with the same router by hand, and no allocation where the router has a state.
//!
//! With `"manners": "axum"` in the file it is answered as axum answers it: no redirects, 404 and 405 without a body, and
//! 400 for a value that is none.
//!
//! A path that axum does not know but Flask would understand, because a fixed part of it is percent-encoded or it
//! starts with two slashes, is redirected to its plain spelling: middleware of yours meets a path in one spelling only.
//!
//! # Features
//!
//! - `axum-extra`: extractors of axum-extra that take parameters are known ([`TakesPath`], [`TakesQuery`]).
//! - `typed-header`: axum-extra's `TypedHeader` is compared with the headers of the file ([`TakesHeader`]).
//! - `uuid`: `uuid::Uuid` takes parameters of the type `uuid`.
//! - `types`: [`types!`] tells what the types of handlers take and give, for the document, the gateway and clients. In builds
//!   with debug assertions; `types-release` is for all. `utoipa` knows types by `utoipa::ToSchema`, `multipart` axum's
//!   `Multipart`.
//! - `registry` (default): `resources` lists what a program consists of, and a test can ask whether a routes file
//!   names all of it. A service that does not ask compiles faster without.
//! - `yaml` (default): routes files written as YAML.

#![deny(missing_docs)]

mod api;
mod errors;
mod flask;
mod proof;
#[cfg(feature = "registry")]
mod registry;
mod router;
mod service;
mod table;
#[cfg(feature = "types")]
mod types;

pub use api::Route;
#[cfg(feature = "types")]
#[doc = include_str!("docs/answers.md")]
pub use bluegate_macros::Answers;
#[doc = include_str!("docs/path_params.md")]
pub use bluegate_macros::PathParams;
#[doc = include_str!("docs/query_params.md")]
pub use bluegate_macros::QueryParams;
#[doc = include_str!("docs/handler.md")]
pub use bluegate_macros::handler;
#[doc = include_str!("docs/resource.md")]
pub use bluegate_macros::resource;
#[doc = include_str!("docs/routes.md")]
pub use bluegate_macros::routes;
pub use errors::RouteError;
pub use proof::{TakesHeader, TakesPath, TakesQuery};
#[cfg(feature = "registry")]
pub use registry::{Handler, Resource, Unjudged, assert_resources_are_routed, resources, unjudged, unrouted_resources};
#[cfg(feature = "types")]
pub use types::{Answers, TakesBody};

/// What the macros' code names. Not part of the interface: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use axum;
    #[cfg(feature = "registry")]
    pub use inventory;

    pub use crate::api::{route, well_known};
    pub use crate::errors::MakesErrors;
    pub use crate::proof::{
        Argument, Declared, Extracts, Field, FormOfGet, Header, Input, Inside, Key, Look1, Look2, Look3, Look4, Look5,
        Look6, Look7, Look8, NOTHING, Named, Only, PathParams, PathValue, Presence, Probe, Queries, QueryParams,
        QueryValue, Reads, Registered, Several, Shape, TheOneType, Tuple, Unjudged, Unregistered, Value, argument,
        both, field, first, listed, registered, seen,
    };
    #[cfg(feature = "registry")]
    pub use crate::registry::{Routed, Submitted};
    pub use crate::router::{Answers, Early, Last, Layers, Listed, Mount, MountFn, Offers, RouterState};
    pub use crate::service::{Preflight, Service, service};
    pub use crate::table::{
        Action, Contract, Cors, Kind, Manners, Other, Param, Part, RequestParameter, Resource, Rule, Verbs, actions,
        declaring, others, params, resources, rules, sharing,
    };
    #[cfg(feature = "types")]
    pub use crate::types::{
        Found, Given, Gives, Model, Tell1, Tell2, Tell3, Tell4, Tell5, Tell6, Tell7, Typed, TypedHandler, Untyped,
        contents, signature, stand,
    };

    /// Flags of rules.
    pub const STRICT: u8 = Rule::STRICT;
    pub const CORS: u8 = Rule::CORS;
    pub const OWNS: u8 = Rule::OWNS;
    /// Verbs of actions.
    pub const GET: Verbs = Verbs::GET;
    pub const HEAD: Verbs = Verbs::HEAD;
    pub const POST: Verbs = Verbs::POST;
    pub const PUT: Verbs = Verbs::PUT;
    pub const PATCH: Verbs = Verbs::PATCH;
    pub const DELETE: Verbs = Verbs::DELETE;
    pub const OPTIONS: Verbs = Verbs::OPTIONS;
    pub const ANY: Verbs = Verbs::ANY;
}
