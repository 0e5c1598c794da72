//! Adding a handler to the router of a path: as it is, or behind a guard.
//!
//! Which of the two is known when the handler is compiled. It is chosen in a constant and not with `if`: the compiler
//! walks through everything that a function mentions, and for each handler all of axum stands behind each way.

use std::marker::PhantomData;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};

use super::bits::Bit;
use super::{Id, RouterState};
use crate::guard::{Guard, NumberedGuard};
use crate::table::{By, InTable as _, Rule, Rules};

/// The router of a path, to which the handlers of a resource are offered, of which it takes those that the path wants.
#[allow(missing_debug_implementations)]
pub struct Adding<'a, S: 'static, R> {
    pub(super) open: &'a mut Open<S>,
    pub(super) rules: PhantomData<R>,
}

/// The same, whatever the rules are.
#[allow(missing_debug_implementations)]
pub struct Open<S: 'static> {
    rule: &'static Rule,
    /// There whenever no handler is being added. It is large, so that it is not handed from offer to offer.
    router: Option<MethodRouter<S>>,
}

impl<S> Open<S>
where
    S: RouterState,
{
    pub(super) fn new(rule: &'static Rule, router: MethodRouter<S>) -> Self {
        Open {
            rule,
            router: Some(router),
        }
    }

    /// The verbs that a handler is wanted for.
    pub(super) fn wants(&self, handler: Id) -> Option<MethodFilter> {
        super::filter(self.rule.verbs_of(handler))
    }

    /// The router with what was added.
    pub(super) fn take(&mut self) -> MethodRouter<S> {
        self.router.take().unwrap_or_default()
    }

    fn put(&mut self, router: MethodRouter<S>) {
        self.router = Some(router);
    }
}

/// A way to add a handler.
pub(super) type Add<S, H> = fn(&mut Open<S>, MethodFilter, H);

/// The way for a handler with a bit.
pub(super) const fn choose<S, R, H, T, B>() -> Add<S, H>
where
    S: RouterState,
    R: Rules,
    B: Bit,
    H: Handler<T, S>,
    T: 'static,
{
    let served = By::<R, B>::SERVED;
    match served.count {
        _ if !served.is_guarded => plain::<S, H, T>,
        1 => guarded::<S, R, H, T, B, 0>,
        2 => of_two::<S, R, H, T, B>,
        _ => of_many::<S, R, H, T>,
    }
}

/// The way for one of two rules.
const fn one_of_two<S, R, H, T, B, const NUMBER: usize>() -> Add<S, H>
where
    S: RouterState,
    R: Rules,
    B: Bit,
    H: Handler<T, S>,
    T: 'static,
{
    if By::<R, B>::SERVED.are_guarded[NUMBER] {
        guarded::<S, R, H, T, B, NUMBER>
    } else {
        plain::<S, H, T>
    }
}

fn plain<S, H, T>(open: &mut Open<S>, filter: MethodFilter, handler: H)
where
    S: RouterState,
    H: Handler<T, S>,
    T: 'static,
{
    let router = open.take().on(filter, handler);
    open.put(router);
}

fn guarded<S, R, H, T, B, const NUMBER: usize>(open: &mut Open<S>, filter: MethodFilter, handler: H)
where
    S: RouterState,
    R: Rules,
    B: Bit,
    H: Handler<T, S>,
    T: 'static,
{
    let rules = PhantomData;
    let guard = NumberedGuard::<H, R, B, NUMBER> { handler, rules };
    let router = open.take().on(filter, guard);
    open.put(router);
}

fn of_two<S, R, H, T, B>(open: &mut Open<S>, filter: MethodFilter, handler: H)
where
    S: RouterState,
    R: Rules,
    B: Bit,
    H: Handler<T, S>,
    T: 'static,
{
    let first = &R::Table::rules()[const { By::<R, B>::SERVED.first[0] }];
    let add = if std::ptr::eq(first, open.rule) {
        const { one_of_two::<S, R, H, T, B, 0>() }
    } else {
        const { one_of_two::<S, R, H, T, B, 1>() }
    };
    add(open, filter, handler);
}

fn of_many<S, R, H, T>(open: &mut Open<S>, filter: MethodFilter, handler: H)
where
    S: RouterState,
    R: Rules,
    H: Handler<T, S>,
    T: 'static,
{
    let (rule, rules) = (open.rule, PhantomData::<R>);
    plain(open, filter, Guard { handler, rule, rules });
}
