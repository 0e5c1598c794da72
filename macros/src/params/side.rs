//! What the derives for paths and for query strings differ in.

use proc_macro2::{Ident, Span};

/// What parameters are of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Path,
    Query,
}

impl Side {
    /// The trait of what takes parameters, and of what takes one of them; the constants that tell of other types.
    pub(super) fn names(self) -> [Ident; 4] {
        let names = match self {
            Side::Path => ["PathParams", "PathValue", "SHAPE", "VALUE"],
            Side::Query => ["QueryParams", "QueryValue", "QUERY_SHAPE", "QUERY_VALUE"],
        };
        names.map(|name| Ident::new(name, Span::call_site()))
    }

    /// The attribute of the derive itself.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Side::Path => "path_params",
            Side::Query => "query_params",
        }
    }

    /// What the derive stands on.
    pub(super) fn place(self) -> &'static str {
        match self {
            Side::Path => {
                "`#[derive(PathParams)]` stands on a struct with fields, which take path parameters by their names or in the \
                 order of the path, or on an enum of words, which takes one of them"
            }
            Side::Query => {
                "`#[derive(QueryParams)]` stands on a struct with named fields, which take the parameters of a query string, on \
                 a struct around one value, or on an enum of words, which takes one of them"
            }
        }
    }
}
