//! Serving a request by another rule than the one that axum found, or with values spelt anew.

use axum::Router;
use axum::body::Body;
use axum::extract::{OriginalUri, Request};
use axum::handler::Handler;
use axum::http::header::CONTENT_LENGTH;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{Extensions, Method};
use axum::response::Response;
use axum::routing::{MethodRouter, any};
use tower_service::Service as _;

use crate::answer;
use crate::matcher::Hit;
use crate::mount::{RouterState, Service};
use crate::refuse;
use crate::table::{Rule, Verbs};

/// Calls the handler of a hit. `matched` is the rule that axum found.
pub(crate) async fn serve<S>(
    service: Service<S>,
    matched: Option<&'static Rule>,
    hit: Hit,
    mut request: Request,
    state: S,
) -> Response
where
    S: RouterState,
{
    let place = hit.place;
    let sent = request.method().clone();
    let Some(method) = method(hit.verb, &sent, place.rule) else {
        return answer::not_found(place.rule.cors());
    };
    let extracted_by_it = matched.is_some_and(|matched| matched.path == place.rule.path);
    if !extracted_by_it || !hit.as_sent {
        let Some(uri) = respelt(request.uri(), &hit.path) else {
            return answer::not_found(place.rule.cors());
        };
        let extracted = extensions(place.rule, &uri).await;
        request.extensions_mut().extend(extracted);
        *request.uri_mut() = uri;
    }
    let stripped = method == Method::HEAD && sent != Method::HEAD;
    *request.method_mut() = method;
    let router = service.handlers(place.resource, place.rule, MethodRouter::new());
    let mut response = router.call(request, state).await;
    if stripped {
        // The server takes the request for one whose response has a body.
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

/// The method to call the handler with. A verb in small letters is served as the one in capitals; but the server
/// knows only HEAD as a request whose response has no body, so that `head` is served as GET where GET answers it.
fn method(verb: Verbs, sent: &Method, rule: &Rule) -> Option<Method> {
    let get_answers = rule.own_verbs().contains(Verbs::GET) && !rule.own_verbs().contains(Verbs::HEAD);
    if verb == Verbs::HEAD && *sent != Method::HEAD && get_answers {
        return Some(Method::GET);
    }
    refuse::method(verb)
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
