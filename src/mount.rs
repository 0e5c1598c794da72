//! From a table of routes and the types that serve them to an axum router.

mod adding;
pub(crate) mod arity;
pub(crate) mod bits;

pub use adding::{Adding, Open};

use std::marker::PhantomData;

use axum::Router;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, any};

use crate::extract::Undecided;
use crate::proof::Of;
use crate::refuse::{self, Refuse};
use crate::table::{Rule, Rules, Table, Verbs};

/// Adds the handlers of a resource to the routers of its paths. `#[resource]` implements it.
///
/// `M` are the markers of the handlers' last extractors (the `M` of axum's `FromRequest<S, M>`), which the compiler
/// finds when a router asks for `S`.
pub trait Mount<S, M>
where
    S: RouterState,
{
    /// Offers the handlers to the router of a path. Those that are guarded in `R` look at requests first.
    fn mount<R: Rules>(adding: &mut Adding<'_, S, R>);
}

/// The hash of a handler's name.
pub(crate) type Id = u64;

/// What axum wants of a router's state.
#[diagnostic::on_unimplemented(
    message = "no router can have the state `{Self}`",
    label = "the state of this router",
    note = "requests on all threads get a clone of the state, so that it has to be `Clone + Send + Sync + 'static`: \
            derive `Clone` for it, or put what lacks it into an `Arc`"
)]
pub trait RouterState: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<S: Clone + Send + Sync + 'static> RouterState for S {}

// Two, so that no resource's own implementation is ever the only one that is left.
#[diagnostic::do_not_recommend]
impl<T> Mount<Undecided<false>, Undecided<false>> for T {
    fn mount<R: Rules>(_: &mut Adding<'_, Undecided<false>, R>) {}
}

#[diagnostic::do_not_recommend]
impl<T> Mount<Undecided<true>, Undecided<true>> for T {
    fn mount<R: Rules>(_: &mut Adding<'_, Undecided<true>, R>) {}
}

/// [`Mount::mount`] of one resource.
pub type MountFn<S> = fn(&mut Open<S>);

fn open<T, S, M, R>(open: &mut Open<S>)
where
    T: Mount<S, M>,
    S: RouterState,
    R: Rules,
{
    let rules = PhantomData::<R>;
    T::mount(&mut Adding { open, rules });
}

impl<T, const ID: u64> Of<T, ID> {
    /// The function of the resource that was found by its name.
    #[must_use]
    pub const fn mount<S, M, R>(self) -> MountFn<S>
    where
        T: Mounted<S, M>,
        R: Rules,
        S: RouterState,
    {
        open::<T, S, M, R>
    }
}

/// [`Mount`], with one implementation for all: where two types claim one name, the compiler then lists these two, and
/// not all that implement [`Mount`] as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` works with another state than this router's, which is `{S}`",
    label = "this router has the state `{S}`",
    note = "`#[resource(name = \"...\", state = ...)]` says which; without `state` it works with every state that its \
            handlers' extractors can be taken from"
)]
pub trait Mounted<S, M>: Mount<S, M>
where
    S: RouterState,
{
}

impl<T, S, M> Mounted<S, M> for T
where
    T: Mount<S, M>,
    S: RouterState,
{
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

/// The state of a router.
#[must_use]
pub fn of_state<S>() -> PhantomData<fn() -> S> {
    PhantomData
}

/// The router of a table. `mounts` are the resources in the table's order.
pub fn build<S>(_: PhantomData<fn() -> S>, table: &'static Table, mounts: &'static [MountFn<S>]) -> Router<S>
where
    S: RouterState,
{
    table.keep(mounts);
    let service = Service { table, mounts };
    let mut router = Router::new();
    for (resource, rules) in table.resources.iter().enumerate() {
        for rule in rules.get() {
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
    S: RouterState,
{
    /// What answers the verbs that a path does not have. `any` and not `MethodRouter::fallback`, so that axum adds
    /// no `Allow` of its own.
    fn endpoint(self, rule: Option<&'static Rule>, owns: bool) -> MethodRouter<S> {
        if owns {
            any(Refuse::new(self, rule))
        } else {
            MethodRouter::new()
        }
    }

    /// Adds the handlers of a rule.
    pub(crate) fn handlers(self, resource: usize, rule: &'static Rule, endpoint: MethodRouter<S>) -> MethodRouter<S> {
        let Some(mount) = self.mounts.get(resource) else {
            return endpoint;
        };
        let mut open = Open::new(rule, endpoint);
        mount(&mut open);
        open.take()
    }
}
