//! The macros of [bluegate](https://docs.rs/bluegate), which re-exports and documents them.
//!
//! The code that they write names `::bluegate` and nothing else, so that a crate which uses them needs `bluegate` as a
//! dependency, under that name or under one that it gives as `crate = name`.

#[cfg(feature = "types")]
mod answers;
mod crate_path;
mod expression;
mod hash;
mod params;
mod resource;
mod routes;
mod span;
#[cfg(test)]
mod tests;
mod tokens;

use proc_macro::TokenStream;

/// Declares which type serves a resource of a routes file. See `bluegate::resource`.
#[proc_macro_attribute]
pub fn resource(attribute: TokenStream, item: TokenStream) -> TokenStream {
    resource::expand(attribute.into(), item.into()).into()
}

/// The router of a routes file. See `bluegate::routes`.
#[proc_macro]
pub fn routes(input: TokenStream) -> TokenStream {
    routes::expand(input.into()).into()
}

/// Marks a function as a handler. See `bluegate::handler`.
#[proc_macro_attribute]
pub fn handler(_attribute: TokenStream, item: TokenStream) -> TokenStream {
    // Inside of `#[resource]` the mark is read and taken away, so that this is never reached from there.
    resource::stray_mark(item.into()).into()
}

/// Tells which path parameters a struct takes. See `bluegate::PathParams`.
#[proc_macro_derive(PathParams, attributes(serde, path_params))]
pub fn path_params(item: TokenStream) -> TokenStream {
    params::expand(item.into(), params::Side::Path).into()
}

/// Tells which parameters of a query string a struct takes. See `bluegate::QueryParams`.
#[proc_macro_derive(QueryParams, attributes(serde, query_params))]
pub fn query_params(item: TokenStream) -> TokenStream {
    params::expand(item.into(), params::Side::Query).into()
}

/// Tells which answers an enum of errors stands for. See `bluegate::Answers`.
#[cfg(feature = "types")]
#[proc_macro_derive(Answers, attributes(answer))]
pub fn answers(item: TokenStream) -> TokenStream {
    answers::expand(item.into()).into()
}
