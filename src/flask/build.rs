//! From a table of routes and the resources that serve them to an axum router.

use axum::Router;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, any};

use super::Service;
use super::decide::{self, Refuse};
use super::guard::Guard;
use crate::router::{self, Erased, RouterState};
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

/// The router of a table.
pub fn build<S>(service: Service<S>) -> Router<S>
where
    S: RouterState,
{
    let Service { table, mounts } = service;
    let mut router = Router::new();
    for (resource, mount) in table.resources.iter().zip(mounts) {
        let handlers = router::offered(*mount);
        for rule in resource.rules.get() {
            let endpoint = |owns| service.endpoint(rule, &handlers, owns);
            for other in rule.others() {
                router = router.route(other.path, endpoint(other.owns));
            }
            router = router.route(rule.path, endpoint(rule.owns()));
        }
    }
    for path in table.bare {
        router = router.route(path, any(Refuse::new(service, None)));
    }
    // A layer, and no fallback: two routers that both have a fallback cannot be merged, and a fallback of the user's
    // must win over this one.
    let not_found = middleware::from_fn(move |request, _: middleware::Next| {
        let response = decide::without_route(table, &request);
        async move { response }
    });
    router.merge(Router::new().layer(not_found))
}

impl<S: RouterState> Service<S> {
    /// The router of a path. `any` and not `MethodRouter::fallback` answers the verbs that it does not have, so that
    /// axum adds no `Allow` of its own.
    fn endpoint(self, rule: &'static Rule, handlers: &[(&'static str, Erased<S>)], owns: bool) -> MethodRouter<S> {
        let mut router = if owns {
            any(Refuse::new(self, Some(rule)))
        } else {
            MethodRouter::new()
        };
        for action in rule.actions() {
            let handler = handlers.iter().find(|(name, _)| *name == action.handler);
            if let (Some((_, handler)), Some(filter)) = (handler, filter(action.verbs)) {
                router = router.on(filter, Guard::new(self, rule, *handler));
            }
        }
        router
    }
}
