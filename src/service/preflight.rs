//! Answers to CORS preflights, for services that no gateway stands before.

use std::collections::HashMap;

use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::{MethodFilter, MethodRouter};

use crate::router::RouterState;

/// A path as axum spells it, the origins that may call it (none: all), and the headers of the answer.
pub type Preflight = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

/// The paths with an answer, and what gives it. A function, so that axum is not compiled for it where nobody asks.
pub(super) struct Preflights<S> {
    answers: HashMap<&'static str, &'static Preflight>,
    route: fn(MethodRouter<S>, &'static Preflight) -> MethodRouter<S>,
}

impl<S: RouterState> Preflights<S> {
    pub(super) fn new(answers: &'static [Preflight]) -> Self {
        Preflights {
            answers: answers.iter().map(|answer| (answer.0, answer)).collect(),
            route,
        }
    }
}

impl<S> Preflights<S> {
    pub(super) fn has(&self, path: &str) -> bool {
        self.answers.contains_key(path)
    }

    /// Answers the preflights of a path.
    pub(super) fn route(&self, path: &str, router: MethodRouter<S>) -> MethodRouter<S> {
        match self.answers.get(path) {
            Some(answer) => (self.route)(router, answer),
            None => router,
        }
    }
}

fn route<S: RouterState>(router: MethodRouter<S>, preflight: &'static Preflight) -> MethodRouter<S> {
    router.on(MethodFilter::OPTIONS, async move |request: HeaderMap| {
        answer(preflight, request.get(ORIGIN))
    })
}

fn answer((_, origins, headers): &Preflight, asking: Option<&HeaderValue>) -> HeaderMap {
    let known = headers.iter().map(|(name, value)| {
        let name = HeaderName::try_from(*name).ok()?;
        Some((name, HeaderValue::from_static(value)))
    });
    let mut answer: HeaderMap = known.flatten().collect();
    let asking = asking.filter(|asking| origins.iter().any(|origin| origin.as_bytes() == asking.as_bytes()));
    if let Some(origin) = asking {
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    answer
}
