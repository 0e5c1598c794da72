//! The axum router of the routes of a file.

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, any};

use super::guard::{Guard, Refuse};
use crate::flask::{self, Routes};
use crate::router::{Handlers, RouterState};
use crate::table::{Rule, Verbs};

fn filter(verbs: Verbs) -> Option<MethodFilter> {
    const FILTERS: [(Verbs, MethodFilter); 7] = [
        (Verbs::GET, MethodFilter::GET),
        (Verbs::HEAD, MethodFilter::HEAD),
        (Verbs::POST, MethodFilter::POST),
        (Verbs::PUT, MethodFilter::PUT),
        (Verbs::PATCH, MethodFilter::PATCH),
        (Verbs::DELETE, MethodFilter::DELETE),
        (Verbs::OPTIONS, MethodFilter::OPTIONS),
    ];
    FILTERS
        .into_iter()
        .filter(|(verb, _)| verbs.contains(*verb))
        .map(|(_, filter)| filter)
        .reduce(MethodFilter::or)
}

/// The router, with the paths that only redirect.
pub(super) fn router<S>(routes: Routes<S>, bare: &'static [&'static str]) -> Router<S>
where
    S: RouterState,
{
    let routes = Arc::new(routes);
    let mut router = Router::new();
    for (resource, handlers) in routes.resources() {
        for rule in resource.rules.get() {
            let endpoint = |owns| endpoint(&routes, rule, handlers, owns);
            for other in rule.others() {
                router = router.route(other.path, endpoint(other.owns));
            }
            router = router.route(rule.path, endpoint(rule.owns()));
        }
    }
    for path in bare {
        router = router.route(path, any(Refuse::new(&routes, None)));
    }
    // A layer, and no fallback: two routers that both have a fallback cannot be merged, and a fallback of the user's
    // must win over this one.
    let not_found = middleware::from_fn(move |request, _: middleware::Next| {
        let response = flask::without_route(&routes, &request);
        async move { response }
    });
    router.merge(Router::new().layer(not_found))
}

/// The router of a path. `any` and not `MethodRouter::fallback` answers the verbs that it does not have, so that axum adds
/// no `Allow` of its own.
fn endpoint<S: RouterState>(
    routes: &Arc<Routes<S>>,
    rule: &'static Rule,
    handlers: &Handlers<S>,
    owns: bool,
) -> MethodRouter<S> {
    let mut router = if owns {
        any(Refuse::new(routes, Some(rule)))
    } else {
        MethodRouter::new()
    };
    for action in rule.actions() {
        if let (Some(handler), Some(filter)) = (handlers.named(action.handler), filter(action.verbs)) {
            router = router.on(filter, Guard::new(routes, rule, handler));
        }
    }
    router
}
