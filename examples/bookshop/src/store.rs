//! The shop's data, in memory.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bluegate::PathParams;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A kind of book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, PathParams)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Genre {
    Fiction,
    History,
    Science,
}

/// What is known about a book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Description {
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) genre: Genre,
    pub(crate) price: f64,
}

/// A book on a shelf.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Book {
    pub(crate) id: u32,
    #[serde(flatten)]
    pub(crate) description: Description,
}

/// Where an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Progress {
    Open,
    Sent,
    Delivered,
}

/// Some copies of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) book: u32,
    pub(crate) copies: u16,
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Order {
    pub(crate) id: Uuid,
    pub(crate) progress: Progress,
    pub(crate) lines: Vec<Line>,
}

/// A picture.
#[derive(Debug, Clone)]
pub(crate) struct Cover {
    pub(crate) kind: String,
    pub(crate) bytes: axum::body::Bytes,
}

/// All tables.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) books: BTreeMap<u32, Book>,
    pub(crate) orders: BTreeMap<Uuid, Order>,
    pub(crate) covers: BTreeMap<String, Cover>,
}

impl Tables {
    /// Puts a book on a shelf, under a number that no book had before.
    pub(crate) fn add(&mut self, description: Description) -> Book {
        let id = self.books.keys().next_back().map_or(1, |last| last.saturating_add(1));
        let book = Book { id, description };
        self.books.insert(id, book.clone());
        book
    }
}

/// The tables, for many requests at once.
#[derive(Debug, Default)]
pub(crate) struct Store {
    tables: RwLock<Tables>,
}

impl Store {
    /// A store with a few books.
    pub(crate) fn stocked() -> Self {
        let store = Store::default();
        let books = [
            ("The Time Machine", "H. G. Wells", Genre::Fiction, 7.5),
            ("The Outline of History", "H. G. Wells", Genre::History, 24.0),
            ("On the Origin of Species", "Charles Darwin", Genre::Science, 15.25),
        ];
        for (title, author, genre, price) in books {
            store.write().add(Description {
                title: title.to_owned(),
                author: author.to_owned(),
                genre,
                price,
            });
        }
        store
    }

    /// The tables, to look at. No handler panics while it changes them: what a poisoned lock holds is whole.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Tables> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tables, to change.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Tables> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }
}
