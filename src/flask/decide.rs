//! Requests that axum's router did not settle.

use axum::extract::Request;
use axum::response::Response;

use super::matcher::{Decision, Hit};
use super::{Routes, redispatch, responses};
use crate::router::{Responding, RouterState};
use crate::table::{Rule, Verbs};

/// What is to be done with a request.
pub(crate) enum Answer {
    /// This response.
    Ready(Response),
    /// The handler of this rule.
    Serve(Hit, Request),
}

impl Answer {
    pub(crate) fn new<S>(routes: &Routes<S>, request: Request) -> Self {
        match settled(routes, &request) {
            Ok(response) => Answer::Ready(response),
            Err(hit) => Answer::Serve(hit, request),
        }
    }

    /// The response. `matched` is the rule that axum found.
    pub(crate) fn respond<S>(self, routes: &Routes<S>, matched: Option<&'static Rule>, state: S) -> Responding
    where
        S: RouterState,
    {
        match self {
            Answer::Ready(response) => Box::pin(std::future::ready(response)),
            Answer::Serve(hit, request) => redispatch::serve(routes, matched, &hit, request, state),
        }
    }
}

/// The response to a request that needs no handler, else whose handler it needs.
fn settled<S>(routes: &Routes<S>, request: &Request) -> Result<Response, Hit> {
    let path = request.uri().path();
    match routes.trie().decide(path, request.method().as_str()) {
        Decision::NotFound(refusal) => Ok(responses::not_found(&routes.errors, request, refusal.cors)),
        Decision::NotAllowed(refusal) => Ok(responses::not_allowed(&routes.errors, request, refusal)),
        Decision::Redirect(target) => Ok(responses::redirect(request, &target)),
        Decision::Serve(hit) if is_automatic(&hit) => {
            let allow = routes.trie().allowed(path);
            Ok(responses::options(allow, request, hit.place.rule.cors()))
        }
        Decision::Serve(hit) => Err(hit),
    }
}

/// Whether a request is to be answered with the list of verbs, because no handler does.
fn is_automatic(hit: &Hit) -> bool {
    hit.verb == Verbs::OPTIONS && !hit.place.rule.own_verbs().contains(Verbs::OPTIONS)
}

/// The answer to a path that no route of axum's router has.
///
/// A path in an unusual spelling (`/%75sers`, `//users`) is redirected to its plain one and not served: middleware
/// that stands before the routes, `Router::route_layer` above all, would never see the request.
pub(crate) fn without_route<S>(routes: &Routes<S>, request: &Request) -> Response {
    settled(routes, request).unwrap_or_else(|hit| responses::redirect_to(request, &hit.path))
}

/// What a longer look at a request finds.
pub(crate) enum Look {
    /// It is the rule's, as it is.
    Fits(Request),
    /// It is not.
    Answer(Answer),
}

/// Looks at a request that axum matched to a rule, but whose values do not surely fit.
pub(crate) fn look<S>(rule: &'static Rule, routes: &Routes<S>, request: Request) -> Look {
    match Answer::new(routes, request) {
        Answer::Serve(hit, request) if hit.as_sent && std::ptr::eq(hit.place.rule, rule) => Look::Fits(request),
        answer => Look::Answer(answer),
    }
}
