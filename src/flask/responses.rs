//! The responses that a router gives by itself: Flask's statuses and headers, and JSON as the body.

use axum::body::Body;
use axum::extract::{OriginalUri, Request};
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::matcher::Refusal;
use super::url;
use crate::errors::{Errors, Kind};
use crate::table::{Cors, Verbs};

const NOT_FOUND: &str = "{\"message\": \"The requested URL was not found on the server.\"}\n";
const NOT_ALLOWED: &str = "{\"message\": \"The method is not allowed for the requested URL.\"}\n";
const REDIRECT: &str = "{\"message\": \"The requested URL has moved.\"}\n";

pub(super) fn not_found(errors: &Errors, request: &Request, cors: Option<&'static Cors>) -> Response {
    let own = || json(StatusCode::NOT_FOUND, NOT_FOUND);
    let response = errors.response(Kind::NotFound, request, own);
    shared(response, cors, request)
}

pub(super) fn not_allowed(errors: &Errors, request: &Request, refusal: Refusal) -> Response {
    let own = || json(StatusCode::METHOD_NOT_ALLOWED, NOT_ALLOWED);
    let mut response = errors.response(Kind::NotAllowed, request, own);
    insert_allow(response.headers_mut(), refusal.allow);
    shared(response, refusal.cors, request)
}

/// The answer to OPTIONS where no handler answers it. It is no CORS preflight: the gateway answers those.
pub(super) fn options(allow: Verbs, request: &Request, cors: Option<&'static Cors>) -> Response {
    let mut response = Response::new(Body::empty());
    insert_allow(response.headers_mut(), allow);
    shared(response, cors, request)
}

/// A redirect of a request to a decoded path of the same router. The query stays.
pub(super) fn redirect(request: &Request, path: &str) -> Response {
    let mut url = String::new();
    url::encode(path, &mut url);
    redirect_to(request, &url)
}

/// The same to an encoded path.
///
/// `Location` is a path: of a scheme and a host that proxies and gateways stand before, the service only knows its own.
pub(super) fn redirect_to(request: &Request, path: &str) -> Response {
    let uri = request.uri();
    // Browsers read a backslash as a slash.
    let mut url = nested_at(request).replace('\\', "%5C");
    url.push_str(path);
    // What stands behind two slashes would be a host.
    if url.starts_with("//") {
        url.insert_str(0, "/.");
    }
    if let Some(query) = uri.query().filter(|query| !query.is_empty()) {
        url.push('?');
        url::encode_query(query, &mut url);
    }
    let Ok(location) = HeaderValue::try_from(url) else {
        return json(StatusCode::NOT_FOUND, NOT_FOUND);
    };
    let mut response = json(StatusCode::PERMANENT_REDIRECT, REDIRECT);
    response.headers_mut().insert(LOCATION, location);
    response
}

/// What `Router::nest` cut off the path.
fn nested_at(request: &Request) -> &str {
    request
        .extensions()
        .get::<OriginalUri>()
        .and_then(|original| original.path().strip_suffix(request.uri().path()))
        .unwrap_or("")
}

/// The response with what it says of who may read it.
fn shared(mut response: Response, cors: Option<&'static Cors>, request: &Request) -> Response {
    if let Some(cors) = cors {
        cors.to(request).write(response.headers_mut());
    }
    response
}

/// Adds the list of verbs. Flask sends none when it finds none.
fn insert_allow(headers: &mut HeaderMap, verbs: Verbs) {
    let names: Vec<&str> = Verbs::NAMED
        .into_iter()
        .filter(|(verb, _)| verbs.contains(*verb))
        .map(|(_, name)| name)
        .collect();
    if let (false, Ok(value)) = (names.is_empty(), HeaderValue::try_from(names.join(", "))) {
        headers.insert(ALLOW, value);
    }
}

fn json(status: StatusCode, body: &'static str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
