//! Serving a request by another rule than the one that axum found, or with values spelt anew.

use std::future::ready;

use axum::Router;
use axum::body::Body;
use axum::extract::{OriginalUri, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{Extensions, Method};
use axum::response::Response;
use axum::routing::any;
use tower_service::Service as _;

use super::matcher::Hit;
use super::{Routes, responses};
use crate::router::{Erased, Responding, RouterState};
use crate::table::{Rule, Verbs};

/// Calls the handler of a hit. `matched` is the rule that axum found.
pub(super) fn serve<S>(
    routes: &Routes<S>,
    matched: Option<&'static Rule>,
    hit: &Hit,
    mut request: Request,
    state: S,
) -> Responding
where
    S: RouterState,
{
    let rule = hit.place.rule;
    let is_extracted = hit.as_sent && matched.is_some_and(|matched| matched.path == rule.path);
    let uri = if is_extracted {
        Some(request.uri().clone())
    } else {
        respelt(request.uri(), &hit.path)
    };
    match handler(routes, hit, request.method()).zip(uri) {
        Some(((handler, method), uri)) => Box::pin(async move {
            if !is_extracted {
                let extracted = extensions(rule, &uri).await;
                request.extensions_mut().extend(extracted);
                *request.uri_mut() = uri;
            }
            called(handler, method, rule, request, state).await
        }),
        None => Box::pin(ready(responses::not_found(&routes.errors, &request, rule.cors()))),
    }
}

/// Calls a handler as if the request had been sent with this method.
async fn called<S>(handler: Erased<S>, method: Method, rule: &Rule, mut request: Request, state: S) -> Response
where
    S: RouterState,
{
    // The server takes a request for `head` for one whose response has a body.
    let is_bare = method == Method::HEAD && *request.method() != Method::HEAD;
    *request.method_mut() = method;
    let shared = rule.cors().map(|cors| cors.to(&request));
    let mut response = handler.call(request, state).await;
    if is_bare {
        response.headers_mut().remove(CONTENT_LENGTH);
        *response.body_mut() = Body::empty();
    }
    if let Some(shared) = shared {
        shared.write(response.headers_mut());
    }
    response
}

/// The handler of a hit, and the method to call it with. A verb in small letters is served as the one in capitals; but
/// the server knows only HEAD as a request whose response has no body, so that `head` is served as GET where GET
/// answers it.
fn handler<S>(routes: &Routes<S>, hit: &Hit, sent: &Method) -> Option<(Erased<S>, Method)> {
    let rule = hit.place.rule;
    let get_answers = hit.verb == Verbs::HEAD && !rule.own_verbs().contains(Verbs::HEAD);
    let verb = if get_answers { Verbs::GET } else { hit.verb };
    let action = rule.actions().iter().find(|action| action.verbs.contains(verb))?;
    let handler = routes.handlers.get(hit.place.resource)?.named(action.handler)?;
    let method = if get_answers && *sent == Method::HEAD {
        Verbs::HEAD
    } else {
        verb
    };
    Some((handler, method_of(method)?))
}

/// The method of a verb.
fn method_of(verb: Verbs) -> Option<Method> {
    Verbs::NAMED
        .into_iter()
        .find(|(named, _)| *named == verb)
        .and_then(|(_, name)| Method::from_bytes(name.as_bytes()).ok())
}

/// A URI with another path.
fn respelt(uri: &Uri, path: &str) -> Option<Uri> {
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).ok()?);
    Uri::from_parts(parts).ok()
}

/// What axum's router hands to the extractors of a path. Only a router can make it: a small one is asked, whose
/// handler gives back what it was given.
async fn extensions(rule: &'static Rule, uri: &Uri) -> Extensions {
    let give_back = any(async |request: Request| {
        let mut response = Response::new(Body::empty());
        *response.extensions_mut() = request.into_parts().0.extensions;
        response
    });
    let mut router: Router = Router::new().route(rule.path, give_back);
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri.clone();
    let mut extensions = match router.call(request).await {
        Ok(response) => response.into_parts().0.extensions,
    };
    // The request has its own, which is what was sent.
    extensions.remove::<OriginalUri>();
    extensions
}
