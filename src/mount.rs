//! From a table of routes and the types that serve them to an axum router.

use axum::Router;
use axum::handler::Handler;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, any};

use crate::guard::Guard;
use crate::proof::{Declares, Of};
use crate::refuse::{self, Refuse};
use crate::table::{Rule, Table, Verbs};

/// Adds the handlers of a resource to the routers of its paths. `#[resource]` implements it.
///
/// `M` are the markers of the handlers' last extractors (the `M` of axum's `FromRequest<S, M>`), which the compiler
/// finds when a router asks for `S`.
pub trait Mount<S, M>: Declares
where
    S: Clone + Send + Sync + 'static,
{
    /// Adds the handler of this name. Handlers whose bit is set in `GUARDED` look at requests first.
    fn mount<const GUARDED: u64>(handler: &str, place: Place<S>, router: MethodRouter<S>) -> MethodRouter<S>;
}

/// [`Mount::mount`] of one resource.
pub type MountFn<S> = fn(&str, Place<S>, MethodRouter<S>) -> MethodRouter<S>;

/// [`Mount::mount`] of the resource that was found by its name.
#[must_use]
pub const fn mount_of<T, S, M, const GUARDED: u64>(_: Of<T>) -> MountFn<S>
where
    T: Mount<S, M>,
    S: Clone + Send + Sync + 'static,
{
    T::mount::<GUARDED>
}

/// The table of a router and the resources that serve it, by the indices of the table.
pub(crate) struct Service<S: 'static> {
    pub(crate) table: &'static Table,
    pub(crate) mounts: &'static [MountFn<S>],
}

impl<S> Clone for Service<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Service<S> {}

/// Where a handler goes.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)]
pub struct Place<S: 'static> {
    verbs: Verbs,
    pub(crate) rule: &'static Rule,
    pub(crate) service: Service<S>,
}

impl<S> Place<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Adds a handler, with a guard when the bit `BIT` is set in `GUARDED`.
    #[must_use]
    pub fn add<H, T, const GUARDED: u64, const BIT: u32>(self, router: MethodRouter<S>, handler: H) -> MethodRouter<S>
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let Some(filter) = filter(self.verbs) else {
            return router;
        };
        // A condition that is constant: only one of the two calls is compiled.
        if const { GUARDED >> BIT & 1 == 1 } {
            router.on(filter, Guard::new(handler, self.rule, self.service))
        } else {
            router.on(filter, handler)
        }
    }
}

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

/// The router of a table. `mounts` are the resources in the table's order.
pub fn build<S>(table: &'static Table, mounts: &'static [MountFn<S>]) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let service = Service { table, mounts };
    let mut router = Router::new();
    for (resource, rules) in table.resources.iter().enumerate() {
        for rule in *rules {
            let endpoint = |owns| service.handlers(resource, rule, service.endpoint(Some(rule), owns));
            if rule.both() {
                router = router.route(&rule.other_path(), endpoint(rule.owns_other()));
                if rule.path.ends_with('/') {
                    // Flask takes a second slash for the one that may be left out.
                    router = router.route(&format!("{}/", rule.path), endpoint(rule.owns()));
                }
            }
            router = router.route(rule.path, endpoint(rule.owns()));
        }
    }
    for path in table.bare {
        router = router.route(path, service.endpoint(None, true));
    }
    // A layer, and no fallback: two routers that both have a fallback cannot be merged, and a fallback of the user's
    // must win over this one.
    let not_found = middleware::from_fn(move |request, _: middleware::Next| {
        let response = refuse::without_route(table, &request);
        async move { response }
    });
    router.merge(Router::new().layer(not_found))
}

impl<S> Service<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// What answers the verbs that a path does not have. `any` and not `MethodRouter::fallback`, so that axum adds
    /// no `Allow` of its own.
    fn endpoint(self, rule: Option<&'static Rule>, owns: bool) -> MethodRouter<S> {
        if owns { any(Refuse::new(self, rule)) } else { MethodRouter::new() }
    }

    /// Adds the handlers of a rule.
    pub(crate) fn handlers(
        self,
        resource: usize,
        rule: &'static Rule,
        endpoint: MethodRouter<S>,
    ) -> MethodRouter<S> {
        let Some(mount) = self.mounts.get(resource) else {
            return endpoint;
        };
        rule.actions.iter().fold(endpoint, |endpoint, action| {
            let place = Place {
                verbs: action.verbs,
                rule,
                service: self,
            };
            mount(action.handler, place, endpoint)
        })
    }
}
