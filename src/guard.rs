//! Handlers whose path parameters are typed, or whose responses pages of other origins may read.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use pin_project_lite::pin_project;

use crate::answer;
use crate::mount::bits::Bit;
use crate::mount::{RouterState, Service};
use crate::refuse;
use crate::table::{By, InTable, Param, Rule, Rules, Table};

/// A handler that serves many rules, one of which it is mounted for. It is called only when the path's values fit.
///
/// Every function that stands here is compiled once a handler, so that there are few of them.
pub(crate) struct Guard<H, R> {
    pub(crate) handler: H,
    pub(crate) rule: &'static Rule,
    pub(crate) rules: PhantomData<R>,
}

/// The same for a handler with the bit `B` that serves few rules, for the one with a number: which one is known when
/// it is compiled, and the handler stays without data.
pub(crate) struct NumberedGuard<H, R, B, const NUMBER: usize> {
    pub(crate) handler: H,
    pub(crate) rules: PhantomData<fn() -> (R, B)>,
}

impl<H: Clone, R> Clone for Guard<H, R> {
    #[inline]
    fn clone(&self) -> Self {
        Guard {
            handler: self.handler.clone(),
            rule: self.rule,
            rules: PhantomData,
        }
    }
}

impl<H: Clone, R, B, const NUMBER: usize> Clone for NumberedGuard<H, R, B, NUMBER> {
    #[inline]
    fn clone(&self) -> Self {
        NumberedGuard {
            handler: self.handler.clone(),
            rules: PhantomData,
        }
    }
}

/// What a guard does, with `$rule` as the rule of `$guard`.
macro_rules! call {
    ($guard:ident, $rule:expr) => {
        // What does not depend on the handler stands elsewhere. The handler's future is made in any case, which takes
        // less code than to decide; nothing happens in it before it is polled.
        #[inline]
        fn call($guard, mut request: Request, state: S) -> Self::Future {
            let rule: &'static Rule = $rule;
            let other = turned_away(rule, <R::Table as InTable>::table(), &mut request, &state);
            let inner = $guard.handler.call(request, state);
            GuardFuture { inner, other, shared: rule.cors() }
        }
    };
}

impl<H, T, S, R> Handler<T, S> for Guard<H, R>
where
    H: Handler<T, S>,
    S: RouterState,
    R: Rules,
{
    type Future = GuardFuture<H::Future>;

    call!(self, self.rule);
}

impl<H, T, S, R, B, const NUMBER: usize> Handler<T, S> for NumberedGuard<H, R, B, NUMBER>
where
    H: Handler<T, S>,
    S: RouterState,
    R: Rules,
    B: Bit,
{
    type Future = GuardFuture<H::Future>;

    call!(self, &R::Table::rules()[const { By::<R, B>::SERVED.first[NUMBER] }]);
}

/// A response of another kind than a handler's.
type Other = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Whether a path that axum matched certainly fits a rule.
#[inline]
fn fits(rule: &'static Rule, request: &Request) -> bool {
    let path = request.uri().path();
    if rule.only_text() {
        is_plain(path.as_bytes())
    } else {
        surely_fits(path, rule.params())
    }
}

/// The response to a request that is not the handler's, which is taken out then.
#[inline]
fn turned_away<S>(rule: &'static Rule, table: &'static Table, request: &mut Request, state: &S) -> Option<Other>
where
    S: RouterState,
{
    if fits(rule, request) {
        None
    } else {
        look(rule, table, request, state)
    }
}

/// The same, when a longer look has to be taken.
#[cold]
#[inline(never)]
fn look<S>(rule: &'static Rule, table: &'static Table, request: &mut Request, state: &S) -> Option<Other>
where
    S: RouterState,
{
    let taken = std::mem::replace(request, Request::new(Body::empty()));
    match refuse::look(rule, table, taken) {
        refuse::Look::Fits(taken) => {
            *request = taken;
            None
        }
        refuse::Look::Answer(answer) => {
            let state = state.clone();
            let service = Service {
                table,
                mounts: table.kept(),
            };
            Some(Box::pin(async move {
                let mut response = answer.respond(service, Some(rule), state).await;
                if rule.cors() {
                    answer::allow_origin(response.headers_mut());
                }
                response
            }))
        }
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

pin_project! {
    /// The future of a [`Guard`].
    pub(crate) struct GuardFuture<F> {
        #[pin]
        inner: F,
        // Another response than the handler's.
        other: Option<Other>,
        // Whether the handler's response is for pages of all origins.
        shared: bool,
    }
}

impl<F> Future for GuardFuture<F>
where
    F: Future<Output = Response>,
{
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let this = self.project();
        match this.other {
            None if *this.shared => this.inner.poll(context).map(|mut response| {
                answer::allow_origin(response.headers_mut());
                response
            }),
            None => this.inner.poll(context),
            Some(other) => other.as_mut().poll(context),
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
    fn a_percent_sign_is_found_wherever_it_stands() {
        for length in 0..70 {
            let mut plain = vec![b'a'; length];
            plain.insert(0, b'/');
            assert!(is_plain(&plain), "{length}");
            for at in 1..=length {
                let mut encoded = plain.clone();
                encoded[at] = b'%';
                assert!(!is_plain(&encoded), "{at} of {length}");
            }
        }
    }

    #[test]
    fn an_empty_segment_is_found_wherever_it_stands() {
        for length in 0..70 {
            let plain = "/a".repeat(length);
            assert!(is_plain(plain.as_bytes()), "{length}");
            assert!(is_plain(format!("{plain}/").as_bytes()), "{length} and a slash");
            for at in 0..length {
                let mut doubled = plain.clone();
                doubled.insert(at * 2, '/');
                assert!(!is_plain(doubled.as_bytes()), "{at} of {length}");
                doubled.insert_str(0, "/bc");
                assert!(!is_plain(doubled.as_bytes()), "{at} of {length}, moved");
            }
            assert!(!is_plain(format!("{plain}//").as_bytes()), "{length} and two slashes");
        }
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
