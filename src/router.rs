//! Handlers of all kinds as one kind, so that axum is compiled for one, and how a resource offers them.

mod call;
mod handler;
mod layer;

pub(crate) use call::Responding;
pub(crate) use handler::Erased;
pub use handler::{Answers, Early, Last, Listed};
pub use layer::Layers;

use crate::proof::{Nobody, TheOneType};

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

/// Offers the handlers of a resource. `#[resource]` implements it, for one state or for all. `M` only tells its
/// implementations from those for states that no router has.
pub trait Mount<S, M = ()> {
    /// Offers every handler by its name.
    fn mount(offers: &mut Offers<'_, S>);
}

/// States that no router has. Every resource is mounted on routers with them as well, so that the compiler never takes
/// the one state that a resource has for the router's, and can say that they differ.
#[derive(Debug, Clone, Copy)]
pub enum Undecided<const N: bool> {}

#[diagnostic::do_not_recommend]
impl<T> Mount<Undecided<false>, Undecided<false>> for T {
    fn mount(_: &mut Offers<'_, Undecided<false>>) {}
}

#[diagnostic::do_not_recommend]
impl<T> Mount<Undecided<true>, Undecided<true>> for T {
    fn mount(_: &mut Offers<'_, Undecided<true>>) {}
}

/// [`Mount`], with one implementation for all: where two types claim one name, the compiler then lists these two, and
/// not all that implement [`Mount`] as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` works with another state than this router's, which is `{S}`",
    label = "this router has the state `{S}`",
    note = "a resource has the state that its handlers take as `State<T>`; where that is a part of the router's, which \
            has `FromRef` for it, name the whole: `#[resource(name = \"...\", state = {S})]`"
)]
pub trait Mounted<S, M>: Mount<S, M> {}

impl<T: Mount<S, M>, S, M> Mounted<S, M> for T {}

/// [`Mounted`], of a block of a resource beside the one that asks.
#[diagnostic::on_unimplemented(
    message = "the blocks of one resource work with different states",
    label = "another block has a state that this one does not name",
    note = "name the state of the router at each of them: `#[resource(name = \"...\", part = 2, state = AppState)]`"
)]
pub trait Beside<S, M>: Mount<S, M> {}

#[diagnostic::do_not_recommend]
impl<T: Mount<S, M>, S, M> Beside<S, M> for T {}

/// Takes the handlers that a resource offers.
#[allow(missing_debug_implementations)]
pub struct Offers<'a, S: 'static>(&'a mut Handlers<S>);

impl<S> Offers<'_, S> {
    /// Takes the handlers of a further block of the resource, behind the layers of that block.
    pub fn further(&mut self, mount: MountFn<S>) {
        self.0.0.append(&mut offered(mount).0);
    }
}

impl<S: RouterState> Offers<'_, S> {
    /// Puts a layer around the handler that was offered last.
    #[expect(clippy::needless_pass_by_value, reason = "the user writes a value")]
    pub fn layer_last<M>(&mut self, layer: impl Layers<M>) {
        if let Some((_, handler)) = self.0.0.last_mut() {
            handler.layer(&layer);
        }
    }

    /// Puts a layer around all handlers that were offered.
    #[expect(clippy::needless_pass_by_value, reason = "the user writes a value")]
    pub fn layer<M>(&mut self, layer: impl Layers<M>) {
        self.0.layer(&layer);
    }
}

/// [`Mount::mount`] of one resource.
pub type MountFn<S> = fn(&mut Offers<'_, S>);

impl<N: Copy, T, const ID: u64> TheOneType<N, T, ID> {
    /// The function of the resource that was found by its name.
    #[must_use]
    pub const fn mount<S, M>(self, _: N) -> MountFn<S>
    where
        T: Mounted<S, M>,
    {
        T::mount
    }

    /// The same, of a block beside the one that asks.
    #[must_use]
    pub const fn beside<S, M>(self, _: N) -> MountFn<S>
    where
        T: Beside<S, M>,
    {
        T::mount
    }
}

#[expect(clippy::unused_self, reason = "called as that of a type that was found")]
impl<N: Copy> Nobody<N> {
    /// A function that offers nothing. The check says that the resource is missing.
    #[must_use]
    pub const fn mount<S>(self, _: N) -> MountFn<S> {
        |_| {}
    }

    /// The same.
    #[must_use]
    pub const fn beside<S>(self, _: N) -> MountFn<S> {
        |_| {}
    }
}

/// The handlers of a resource, with their names.
pub(crate) struct Handlers<S: 'static>(Vec<(&'static str, Erased<S>)>);

impl<S: RouterState> Handlers<S> {
    /// Puts a layer around each of them.
    pub(crate) fn layer<M>(&mut self, layer: &impl Layers<M>) {
        for (_, handler) in &mut self.0 {
            handler.layer(layer);
        }
    }
}

impl<S> Handlers<S> {
    /// The handler with a name, if there is one.
    pub(crate) fn named(&self, name: &str) -> Option<Erased<S>> {
        let found = self.0.iter().find(|(offered, _)| *offered == name);
        found.map(|(_, handler)| handler.clone())
    }
}

/// The handlers that a resource offers.
pub(crate) fn offered<S>(mount: MountFn<S>) -> Handlers<S> {
    let mut handlers = Handlers(Vec::new());
    mount(&mut Offers(&mut handlers));
    handlers
}
