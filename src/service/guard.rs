//! Handlers that are called only when the values of a path fit.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::values;
use crate::errors::{Errors, Kind};
use crate::flask::{self, Answer, Look, Routes};
use crate::router::{Erased, Responding, RouterState};
use crate::table::{Manners, Param, Rule, Shared};

/// A handler under one rule. All that axum is given is of this type.
pub(super) struct Guard<S: 'static> {
    pub(super) routes: Arc<Routes<S>>,
    pub(super) manners: Manners,
    pub(super) rule: &'static Rule,
    pub(super) handler: Erased<S>,
}

impl<S> Clone for Guard<S> {
    fn clone(&self) -> Self {
        Guard {
            routes: Arc::clone(&self.routes),
            manners: self.manners,
            rule: self.rule,
            handler: self.handler.clone(),
        }
    }
}

/// Tells [`Guard`] from axum's own handlers.
pub(super) struct Guarding;

impl<S: RouterState> Handler<Guarding, S> for Guard<S> {
    type Future = Guarded;

    fn call(self, request: Request, state: S) -> Guarded {
        let shared = self.rule.cors().map(|cors| cors.to(&request));
        let response = if fits(self.rule, request.uri().path()) {
            self.handler.call(request, state)
        } else {
            self.look(request, state)
        };
        Guarded { response, shared }
    }
}

impl<S: RouterState> Guard<S> {
    /// Calls the handler after a longer look, or answers otherwise.
    #[cold]
    fn look(&self, request: Request, state: S) -> Responding {
        match self.manners {
            Manners::Flask(_) => match flask::look(self.rule, &self.routes, request) {
                Look::Fits(request) => self.handler.call(request, state),
                Look::Answer(answer) => answer.respond(&self.routes, Some(self.rule), state),
            },
            Manners::Axum if values::fit(self.rule, request.uri().path()) => self.handler.call(request, state),
            Manners::Axum => Box::pin(ready(bad_value(&self.routes.errors, &request))),
        }
    }
}

/// As axum refuses a value that the handler's type cannot hold.
fn bad_value(errors: &Errors, request: &Request) -> Response {
    errors.response(Kind::BadValue, request, || {
        let text = "Invalid URL: a value is none that the route takes";
        (StatusCode::BAD_REQUEST, text).into_response()
    })
}

/// Answers the verbs that a path has no handler for, with the manners of Flask.
pub(super) struct Refuse<S: 'static> {
    routes: Arc<Routes<S>>,
    /// A rule with the path, if there is one.
    rule: Option<&'static Rule>,
}

impl<S> Refuse<S> {
    pub(super) fn new(routes: &Arc<Routes<S>>, rule: Option<&'static Rule>) -> Self {
        let routes = Arc::clone(routes);
        Refuse { routes, rule }
    }
}

impl<S> Clone for Refuse<S> {
    fn clone(&self) -> Self {
        Refuse::new(&self.routes, self.rule)
    }
}

/// Tells [`Refuse`] from axum's own handlers.
pub(super) struct Refusing;

impl<S: RouterState> Handler<Refusing, S> for Refuse<S> {
    type Future = Responding;

    fn call(self, request: Request, state: S) -> Self::Future {
        Answer::new(&self.routes, request).respond(&self.routes, self.rule, state)
    }
}

/// A response that pages of other origins may read, if that is said.
pub(super) struct Guarded {
    response: Responding,
    shared: Option<Shared>,
}

impl Future for Guarded {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let shared = self.shared;
        self.response.as_mut().poll(context).map(|mut response| {
            if let Some(shared) = shared {
                shared.write(response.headers_mut());
            }
            response
        })
    }
}

/// Whether a path that axum matched certainly fits a rule.
#[inline]
fn fits(rule: &'static Rule, path: &str) -> bool {
    match rule.params() {
        [] => true,
        _ if rule.only_text => is_plain(path.as_bytes()),
        params => surely_fits(path, params),
    }
}

/// Whether a path, which starts with a slash, has no percent sign and no segment without a character: axum takes one
/// for a parameter. Most paths are long enough to be compared many bytes at a time.
#[inline]
fn is_plain(path: &[u8]) -> bool {
    const WIDTH: usize = 16;
    let is_special = |byte: u8, next: u8| (next == b'%') | ((byte == b'/') & (next == b'/'));
    // Every byte beside the one behind it.
    let is_plain = |(bytes, next): (&[u8; WIDTH], &[u8; WIDTH])| {
        let pairs = bytes.iter().zip(next);
        !pairs.fold(false, |found, (&byte, &next)| found | is_special(byte, next))
    };
    let [_, next @ ..] = path else { return true };
    let bytes = &path[..next.len()];
    match bytes.last_chunk().zip(next.last_chunk()) {
        // The last chunk may overlap the one before it.
        Some(last) => {
            let mut chunks = bytes.as_chunks().0.iter().zip(next.as_chunks().0);
            chunks.all(is_plain) && is_plain(last)
        }
        None => !bytes.iter().zip(next).any(|(&byte, &next)| is_special(byte, next)),
    }
}

/// Whether a path that axum matched certainly fits its parameters. Few instructions, no allocation: what is not plain
/// ASCII in the plainest spelling gets a longer look.
#[inline]
fn surely_fits(path: &str, params: &[Param]) -> bool {
    let mut left = path.as_bytes();
    for param in params {
        let Some(length) = left
            .get(usize::from(param.skip)..)
            .and_then(|rest| param.kind.surely_takes(rest))
        else {
            return false;
        };
        left = &left[usize::from(param.skip) + length..];
    }
    true
}

#[cfg(test)]
mod tests;
