//! A handler, as it is offered to routers.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::block::Item;
use super::function::Function;
use super::options::Allowed;
use super::path_argument::{Questions, in_type, owned};

/// A handler, wherever it was found.
pub(super) struct Handler<'a> {
    pub(super) name: &'a Ident,
    pub(super) docs: &'a str,
    pub(super) conditions: &'a [TokenStream],
    pub(super) allowed: Allowed,
    pub(super) layer: Option<&'a TokenStream>,
    /// The number of what it takes of a path, in the list of all; 0 when that is nothing.
    pub(super) argument: usize,
    /// The function.
    pub(super) path: Vec<TokenTree>,
    /// The same as it is written, where it is seen.
    pub(super) function: Option<&'a Function>,
    /// The types of its arguments, where they are seen.
    pub(super) arguments: Option<Vec<Vec<TokenTree>>>,
}

/// A handler of a block.
pub(super) fn seen<'a>(function: &'a Function, item: &Item, questions: &mut Questions) -> Handler<'a> {
    let owned = |argument: &Vec<TokenTree>| owned(argument.clone(), &function.lifetimes, &item.self_type);
    Handler {
        name: &function.name,
        docs: &function.attributes.docs,
        conditions: &function.attributes.conditions,
        allowed: function.allowed(),
        layer: function.layer(),
        argument: questions.of(function, &item.self_type),
        path: in_type(&item.self_type, &function.name),
        function: Some(function),
        arguments: (!function.has_conditional_arguments).then(|| function.arguments.iter().map(owned).collect()),
    }
}
