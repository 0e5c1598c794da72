//! From the routes of a file and the resources that serve them to an axum router.

mod build;
mod guard;
mod preflight;
mod values;

pub use preflight::Preflight;

use axum::Router;
use preflight::Preflights;

use crate::errors::{Errors, MakesErrors};
use crate::flask::Routes;
use crate::router::{self, Handlers, Layers, MountFn, RouterState};
use crate::table::{Manners, Resource};

/// What `routes!` makes a router of.
#[allow(missing_debug_implementations)]
pub struct Service<S: 'static> {
    resources: &'static [Resource],
    /// Of each resource.
    handlers: Vec<Handlers<S>>,
    manners: Manners,
    errors: Errors,
    build: fn(Self) -> Router<S>,
    preflights: Option<Preflights<S>>,
}

/// The resources of a file, its manners, and what serves each resource.
#[must_use]
pub fn service<S: RouterState>(
    (resources, manners, mounts): (&'static [Resource], Manners, &'static [MountFn<S>]),
) -> Service<S> {
    Service {
        resources,
        handlers: mounts.iter().map(|mount| router::offered(*mount)).collect(),
        manners,
        errors: Errors::default(),
        preflights: None,
        build: |service| {
            let routes = Routes::new(service.resources, service.handlers, service.errors);
            build::router(routes, service.manners, service.preflights.as_ref())
        },
    }
}

impl<S> Service<S> {
    /// The router. Whether it can have the state was asked before, and the compiler complains once.
    pub fn router(self) -> Router<S> {
        (self.build)(self)
    }
}

impl<S: RouterState> Service<S> {
    /// Puts a layer around every handler, outside of those that handlers and resources have.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the user writes a value")]
    pub fn layer<M>(mut self, layer: impl Layers<M>) -> Self {
        for handlers in &mut self.handlers {
            handlers.layer(&layer);
        }
        self
    }

    /// Answers what no handler answers.
    #[must_use]
    pub fn errors<R>(mut self, errors: impl MakesErrors<R>) -> Self {
        self.errors = Errors::new(errors);
        self
    }

    /// Answers preflights as the gateway does, if that is wanted.
    #[must_use]
    pub fn preflight(mut self, is_wanted: bool, answers: &'static [Preflight]) -> Self {
        self.preflights = is_wanted.then(|| Preflights::new(answers));
        self
    }
}
