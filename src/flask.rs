//! A router that answers as Flask does: typed parameters, slashes, 404 before 405, JSON bodies.

mod build;
mod converter;
mod decide;
mod guard;
mod matcher;
mod redispatch;
mod responses;
mod url;

pub use build::build;

use std::sync::OnceLock;

use crate::router::MountFn;
use crate::table::Resource;
use matcher::Trie;

/// All routes of a file.
#[derive(Debug)]
pub struct Table {
    resources: &'static [Resource],
    /// Paths that only redirect, to themselves with a slash at the end.
    bare: &'static [&'static str],
    trie: OnceLock<Trie>,
}

impl Table {
    /// The resources, and the paths that only redirect.
    #[must_use]
    pub const fn new(resources: &'static [Resource], bare: &'static [&'static str]) -> Self {
        Table {
            resources,
            bare,
            trie: OnceLock::new(),
        }
    }

    /// The rules as Flask would search them. Only requests that axum's router cannot settle need it, so that the
    /// first one builds it.
    fn trie(&'static self) -> &'static Trie {
        self.trie.get_or_init(|| Trie::new(self.resources))
    }
}

/// The routes of a file, and what serves each of its resources.
#[allow(missing_debug_implementations)]
pub struct Service<S: 'static> {
    /// The routes.
    pub table: &'static Table,
    /// The resources, in the order of the table.
    pub mounts: &'static [MountFn<S>],
}

impl<S> Clone for Service<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Service<S> {}
