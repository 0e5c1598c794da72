//! What Flask does with requests that axum's router does not settle: typed parameters, slashes, 404 before 405.

mod converter;
mod decide;
mod matcher;
mod redispatch;
mod responses;
mod url;

pub(crate) use decide::{Answer, Look, look, without_route};
pub(crate) use url::decode;

use std::sync::OnceLock;

use crate::errors::Errors;
use crate::router::Handlers;
use crate::table::Resource;
use matcher::Trie;

/// The routes of a file, and what serves them.
pub(crate) struct Routes<S: 'static> {
    resources: &'static [Resource],
    handlers: Vec<Handlers<S>>,
    pub(crate) errors: Errors,
    trie: OnceLock<Trie>,
}

impl<S> Routes<S> {
    /// The resources, the handlers of each, and what answers where there is none.
    pub(crate) fn new(resources: &'static [Resource], handlers: Vec<Handlers<S>>, errors: Errors) -> Self {
        Routes {
            resources,
            handlers,
            errors,
            trie: OnceLock::new(),
        }
    }

    /// Every resource with its handlers.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&'static Resource, &Handlers<S>)> {
        self.resources.iter().zip(&self.handlers)
    }

    /// The rules as Flask would search them. Only requests that axum's router cannot settle need it, so that the
    /// first one builds it.
    fn trie(&self) -> &Trie {
        self.trie.get_or_init(|| Trie::new(self.resources))
    }
}
