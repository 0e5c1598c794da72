//! The axum router of the routes of a file.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any};

use super::guard::{Guard, Refuse};
use super::preflight::Preflights;
use crate::errors::{Errors, Kind};
use crate::flask::{self, Routes};
use crate::router::{Handlers, RouterState};
use crate::table::{Cors, Manners, Rule, Verbs};

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

/// The router.
pub(super) fn router<S>(routes: Routes<S>, manners: Manners, preflights: Option<&Preflights<S>>) -> Router<S>
where
    S: RouterState,
{
    let routes = Arc::new(routes);
    let shared = shared(&routes);
    let mut router = Router::new();
    for (resource, handlers) in routes.resources() {
        for rule in resource.rules.get() {
            let endpoint = |path, owns| {
                let refusing = match manners {
                    // `any` and not `MethodRouter::fallback`, so that axum adds no `Allow` of its own.
                    Manners::Flask(_) if owns => any(Refuse::new(&routes, Some(rule))),
                    Manners::Flask(_) => MethodRouter::new(),
                    Manners::Axum => not_allowed(&routes.errors, shared.get(path).copied()),
                };
                let is_preflighted = preflights.is_some_and(|preflights| preflights.has(path));
                let but = if is_preflighted { Verbs::OPTIONS } else { Verbs::NONE };
                let endpoint = with_handlers(refusing, &routes, manners, rule, handlers, but);
                match preflights.filter(|_| owns) {
                    Some(preflights) => preflights.route(path, endpoint),
                    None => endpoint,
                }
            };
            for other in rule.others() {
                router = router.route(other.path, endpoint(other.path, other.owns));
            }
            router = router.route(rule.path, endpoint(rule.path, rule.owns()));
        }
    }
    if let Manners::Flask(bare) = manners {
        for path in bare {
            router = router.route(path, any(Refuse::new(&routes, None)));
        }
    }
    not_found(router, routes, manners)
}

/// The router of a path with the handlers of a rule, but for some verbs.
fn with_handlers<S: RouterState>(
    mut router: MethodRouter<S>,
    routes: &Arc<Routes<S>>,
    manners: Manners,
    rule: &'static Rule,
    handlers: &Handlers<S>,
    but: Verbs,
) -> MethodRouter<S> {
    for action in rule.actions() {
        if let (Some(handler), Some(filter)) = (handlers.named(action.handler), filter(action.verbs.but(but))) {
            let guard = Guard {
                routes: Arc::clone(routes),
                manners,
                rule,
                handler,
            };
            router = router.on(filter, guard);
        }
    }
    router
}

/// Who of other origins may read the responses of paths, for some verb.
fn shared<S>(routes: &Routes<S>) -> HashMap<&'static str, &'static Cors> {
    let rules = routes.resources().flat_map(|(resource, _)| resource.rules.get());
    let paths = rules.filter_map(|rule| {
        let paths = rule.others().iter().map(|other| other.path).chain([rule.path]);
        Some(paths.zip(std::iter::repeat(rule.cors()?)))
    });
    paths.flatten().collect()
}

/// axum's own answer to verbs that a path has no handler for, or what the service makes of it. A layer around that answer,
/// and no fallback: a `method_not_allowed_fallback` of the user's must win over it.
fn not_allowed<S: RouterState>(errors: &Errors, cors: Option<&'static Cors>) -> MethodRouter<S> {
    if cors.is_none() && !errors.are_own() {
        return MethodRouter::new();
    }
    let errors = errors.clone();
    MethodRouter::new().layer(middleware::from_fn(move |request: Request, next: Next| {
        let own = errors
            .are_own()
            .then(|| errors.response(Kind::NotAllowed, &request, Response::default));
        let shared = cors.map(|cors| cors.to(&request));
        async move {
            let mut response = match own {
                Some(response) => response,
                None => next.run(request).await,
            };
            if let Some(shared) = shared {
                shared.write(response.headers_mut());
            }
            response
        }
    }))
}

/// What answers paths that no route has. A layer, and no fallback: two routers that both have a fallback cannot be merged,
/// and a fallback of the user's must win over this one.
fn not_found<S: RouterState>(router: Router<S>, routes: Arc<Routes<S>>, manners: Manners) -> Router<S> {
    if matches!(manners, Manners::Axum) && !routes.errors.are_own() {
        return router;
    }
    let not_found = middleware::from_fn(move |request: Request, _: Next| {
        let response = match manners {
            Manners::Flask(_) => flask::without_route(&routes, &request),
            Manners::Axum => routes.errors.response(Kind::NotFound, &request, Response::default),
        };
        async move { response }
    });
    router.merge(Router::new().layer(not_found))
}
