//! The answers to requests that no handler of a file answers.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

/// A request that no handler of the routes file answers: `errors = ...` of [`routes!`](macro@crate::routes) makes a response
/// of it.
///
/// ```standalone_crate
/// use axum::Json;
/// use axum::response::IntoResponse;
/// use bluegate::{RouteError, resource, routes};
/// use serde_json::json;
///
/// struct Greetings;
///
/// #[resource(name = "greetings")]
/// impl Greetings {
///     async fn get() -> &'static str {
///         "hello"
///     }
/// }
///
/// /// As in [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).
/// fn problem(error: RouteError) -> impl IntoResponse {
///     Json(json!({"title": error.to_string(), "instance": error.request().uri.path()}))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let app: axum::Router = routes!("src/docs/greetings.json", errors = problem);
/// # use tower::ServiceExt as _;
/// # let request = axum::extract::Request::get("/nothing").body(axum::body::Body::empty()).unwrap();
/// # let response = app.oneshot(request).await.unwrap();
/// # assert_eq!(response.status(), 404);
/// # let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
/// # assert_eq!(body, r#"{"instance":"/nothing","title":"no route has this path"}"#);
/// # }
/// ```
#[derive(Debug)]
pub struct RouteError {
    kind: Kind,
    request: Box<Parts>,
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// No route has the path.
    NotFound,
    /// None of the routes with the path has the verb.
    NotAllowed,
    /// The route does not take a value of the path.
    BadValue,
}

impl RouteError {
    /// The status of the response: 404 or 405, and 400 with axum's manners for a value that the file refuses. A response that comes with 200 gets it.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.kind.status()
    }

    /// The request, as the router got it.
    #[must_use]
    pub fn request(&self) -> &Parts {
        &self.request
    }
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::NotFound => "no route has this path",
            Kind::NotAllowed => "no route with this path has this method",
            Kind::BadValue => "the route does not take a value of this path",
        })
    }
}

impl Error for RouteError {}

impl Kind {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Kind::BadValue => StatusCode::BAD_REQUEST,
        }
    }
}

/// What may stand behind `errors =`. `R` is what it makes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` makes no response of a `RouteError`",
    label = "no function from `bluegate::RouteError` to a response",
    note = "it is a function such as `fn problem(error: RouteError) -> impl IntoResponse`, and not `async`"
)]
pub trait MakesErrors<R>: Send + Sync + 'static {
    /// The response.
    fn response(&self, error: RouteError) -> Response;
}

#[diagnostic::do_not_recommend]
impl<F, R> MakesErrors<R> for F
where
    F: Fn(RouteError) -> R + Send + Sync + 'static,
    R: IntoResponse,
{
    fn response(&self, error: RouteError) -> Response {
        self(error).into_response()
    }
}

/// How errors are answered: as a function of the service does, or else as the caller says.
#[derive(Clone, Default)]
pub(crate) struct Errors(Option<Arc<dyn Fn(RouteError) -> Response + Send + Sync>>);

impl Errors {
    pub(crate) fn new<R>(errors: impl MakesErrors<R>) -> Self {
        Errors(Some(Arc::new(move |error| errors.response(error))))
    }

    /// Whether a function of the service makes them.
    pub(crate) fn are_own(&self) -> bool {
        self.0.is_some()
    }

    /// The response.
    pub(crate) fn response(&self, kind: Kind, request: &Request, otherwise: impl FnOnce() -> Response) -> Response {
        let Some(errors) = &self.0 else { return otherwise() };
        let mut response = errors(RouteError {
            kind,
            request: Box::new(parts(request)),
        });
        if response.status() == StatusCode::OK {
            *response.status_mut() = kind.status();
        }
        response
    }
}

/// A request without its body.
fn parts(request: &Request) -> Parts {
    let mut parts = Request::new(()).into_parts().0;
    parts.method = request.method().clone();
    parts.uri = request.uri().clone();
    parts.version = request.version();
    parts.headers = request.headers().clone();
    parts.extensions = request.extensions().clone();
    parts
}
