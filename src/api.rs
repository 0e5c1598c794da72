//! What a routes file says, as constants of a program.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// A route of a routes file. `routes!(pub struct Api = "routes.json")` lists them as `Api::ROUTES`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The verb: `GET`, or `ANY`.
    pub verb: &'static str,
    /// The path of the service, with the file's prefix: `/api/users/{id}`.
    pub path: &'static str,
    /// The path on the gateway: `/users/{id}`.
    pub gateway_path: &'static str,
    /// The resource.
    pub resource: &'static str,
    /// The handler of the resource's type.
    pub handler: &'static str,
    /// Who may call it, as API Gateway spells it: `NONE` or `AWS_IAM`.
    pub authorization: &'static str,
}

/// A [`Route`]: verb, path, path on the gateway, resource, handler, authorization.
#[must_use]
pub const fn route(
    verb: &'static str,
    path: &'static str,
    gateway_path: &'static str,
    resource: &'static str,
    handler: &'static str,
    authorization: &'static str,
) -> Route {
    Route {
        verb,
        path,
        gateway_path,
        resource,
        handler,
        authorization,
    }
}

/// Where a service says which file it was built from.
const WELL_KNOWN: &str = "/.well-known/bluegate";

/// The router that answers with a constant JSON text.
pub fn well_known<S>(answer: &'static str) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new().route(
        WELL_KNOWN,
        get(move || async move { ([(CONTENT_TYPE, "application/json")], answer) }),
    )
}
