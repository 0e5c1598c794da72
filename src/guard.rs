//! Handlers whose path parameters are typed, or whose responses pages of other origins may read.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use pin_project_lite::pin_project;

use crate::answer;
use crate::mount::Service;
use crate::refuse;
use crate::table::{Param, Rule};

/// A handler that is called only when the path's values fit.
pub(crate) struct Guard<H, S: 'static> {
    handler: H,
    seat: Seat<S>,
}

/// Where a handler is mounted.
pub(crate) struct Seat<S: 'static> {
    pub(crate) rule: &'static Rule,
    pub(crate) service: Service<S>,
}

impl<H, S> Guard<H, S> {
    pub(crate) fn new(handler: H, seat: Seat<S>) -> Self {
        Guard { handler, seat }
    }
}

impl<H: Clone, S> Clone for Guard<H, S> {
    fn clone(&self) -> Self {
        Guard::new(self.handler.clone(), self.seat)
    }
}

impl<S> Clone for Seat<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Seat<S> {}

impl<H, T, S> Handler<T, S> for Guard<H, S>
where
    H: Handler<T, S>,
    S: Clone + Send + Sync + 'static,
{
    type Future = GuardFuture<H::Future>;

    // What does not depend on the handler stands elsewhere: this is compiled once a handler.
    #[inline]
    fn call(self, mut request: Request, state: S) -> Self::Future {
        if let Some(inner) = self.seat.other(&mut request, &state) {
            return GuardFuture::Other { inner };
        }
        let inner = self.handler.call(request, state);
        if self.seat.rule.cors() {
            GuardFuture::Shared { inner }
        } else {
            GuardFuture::Handler { inner }
        }
    }
}

/// A response of another kind than a handler's.
type Other = Pin<Box<dyn Future<Output = Response> + Send>>;

impl<S> Seat<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// The response to a request that is not the handler's, which is taken out then.
    #[inline]
    fn other(self, request: &mut Request, state: &S) -> Option<Other> {
        if surely_fits(request.uri().path(), self.rule.params) {
            None
        } else {
            self.look(request, state)
        }
    }

    #[cold]
    #[inline(never)]
    fn look(self, request: &mut Request, state: &S) -> Option<Other> {
        let taken = std::mem::replace(request, Request::new(Body::empty()));
        match refuse::look(self.rule, self.service.table, taken) {
            refuse::Look::Fits(taken) => {
                *request = taken;
                None
            }
            refuse::Look::Answer(answer) => {
                let state = state.clone();
                Some(Box::pin(async move {
                    let mut response = answer.respond(self.service, Some(self.rule), state).await;
                    if self.rule.cors() {
                        answer::allow_origin(response.headers_mut());
                    }
                    response
                }))
            }
        }
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

pin_project! {
    /// The future of a [`Guard`].
    #[project = Projected]
    pub(crate) enum GuardFuture<F> {
        /// The handler's response, as it is.
        Handler {
            #[pin]
            inner: F,
        },
        /// The handler's response, for pages of all origins.
        Shared {
            #[pin]
            inner: F,
        },
        /// Another response.
        Other { inner: Other },
    }
}

impl<F> Future for GuardFuture<F>
where
    F: Future<Output = Response>,
{
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            Projected::Handler { inner } => inner.poll(context),
            Projected::Shared { inner } => inner.poll(context).map(|mut response| {
                answer::allow_origin(response.headers_mut());
                response
            }),
            Projected::Other { inner } => inner.as_mut().poll(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::short::param;
    use crate::value::Kind;

    const INT: Kind = Kind::Int {
        signed: false,
        digits: 0,
        min: None,
        max: None,
    };

    #[test]
    fn values_are_found_by_what_stands_between_them() {
        let params = [param(7, INT), param(8, Kind::Text), param(1, Kind::Rest)];
        assert!(surely_fits("/users/5/orders/x/a/b", &params));
        assert!(!surely_fits("/users/u/orders/x/a/b", &params));
        assert!(!surely_fits("/users/5/orders//a/b", &params));
        assert!(!surely_fits("/users/5/orders/x//b", &params));
        assert!(!surely_fits("/users/5/orders/x/a%20b", &params));
    }

    #[test]
    fn a_path_that_a_layer_changed_is_no_reason_to_panic() {
        let params = [param(7, INT)];
        assert!(!surely_fits("/", &params));
        assert!(!surely_fits("/é/é/é", &params));
    }

    #[test]
    fn a_slash_behind_the_last_value_is_not_its_part() {
        assert!(surely_fits("/users/5/", &[param(7, INT)]));
    }
}
