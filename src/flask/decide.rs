//! Requests that axum's router did not settle.

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

use super::matcher::{Decision, Hit};
use super::{Service, Table, redispatch, responses};
use crate::router::{Responding, RouterState};
use crate::table::{Rule, Verbs};

/// What is to be done with a request.
pub(super) enum Answer {
    /// This response.
    Ready(Response),
    /// The handler of this rule.
    Serve(Hit, Request),
}

impl Answer {
    fn new(table: &'static Table, request: Request) -> Self {
        match settled(table, &request) {
            Ok(response) => Answer::Ready(response),
            Err(hit) => Answer::Serve(hit, request),
        }
    }

    /// The response. `matched` is the rule that axum found.
    pub(super) async fn respond<S>(self, service: Service<S>, matched: Option<&'static Rule>, state: S) -> Response
    where
        S: RouterState,
    {
        match self {
            Answer::Ready(response) => response,
            Answer::Serve(hit, request) => redispatch::serve(service, matched, hit, request, state).await,
        }
    }
}

/// The response to a request that needs no handler, else whose handler it needs.
fn settled(table: &'static Table, request: &Request) -> Result<Response, Hit> {
    let path = request.uri().path();
    match table.trie().decide(path, request.method().as_str()) {
        Decision::NotFound(refusal) => Ok(responses::not_found(refusal.cors)),
        Decision::NotAllowed(refusal) => Ok(responses::not_allowed(refusal)),
        Decision::Redirect(target) => Ok(responses::redirect(request, &target)),
        Decision::Serve(hit) if is_automatic(&hit) => {
            let allow = table.trie().allowed(path);
            Ok(responses::options(allow, hit.place.rule.cors()))
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
pub(super) fn without_route(table: &'static Table, request: &Request) -> Response {
    settled(table, request).unwrap_or_else(|hit| responses::redirect_to(request, &hit.path))
}

/// What a longer look at a request finds.
pub(super) enum Look {
    /// It is the rule's, as it is.
    Fits(Request),
    /// It is not.
    Answer(Answer),
}

/// Looks at a request that axum matched to a rule, but whose values do not surely fit.
pub(super) fn look(rule: &'static Rule, table: &'static Table, request: Request) -> Look {
    match Answer::new(table, request) {
        Answer::Serve(hit, request) if hit.as_sent && std::ptr::eq(hit.place.rule, rule) => Look::Fits(request),
        answer => Look::Answer(answer),
    }
}

/// Answers the verbs that a path has no handler for.
pub(super) struct Refuse<S: 'static> {
    service: Service<S>,
    /// A rule with the path, if there is one.
    rule: Option<&'static Rule>,
}

impl<S> Refuse<S> {
    pub(super) fn new(service: Service<S>, rule: Option<&'static Rule>) -> Self {
        Refuse { service, rule }
    }
}

impl<S> Clone for Refuse<S> {
    fn clone(&self) -> Self {
        Refuse::new(self.service, self.rule)
    }
}

/// Tells [`Refuse`] from axum's own handlers.
pub(super) struct Refusing;

impl<S> Handler<Refusing, S> for Refuse<S>
where
    S: RouterState,
{
    type Future = Responding;

    fn call(self, request: Request, state: S) -> Self::Future {
        let answer = Answer::new(self.service.table, request);
        Box::pin(answer.respond(self.service, self.rule, state))
    }
}
