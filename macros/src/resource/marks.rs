//! The tokens of `#[handler]`, which is no attribute that the compiler knows.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;

use super::block::{regrouped, without_fragments};
use super::function;

/// The item without the `#[handler]` of its functions; every other token is the user's own.
pub(super) fn without_marks(item: TokenStream) -> TokenStream {
    with_attributes(item, &|attribute| {
        if is_mark(&attribute) {
            return None;
        }
        Some(attribute)
    })
}

/// Whether another `#[resource]` stands on the item.
pub(super) fn has_another(item: &TokenStream) -> bool {
    let mut trees = item.clone().into_iter();
    while let (Some(TokenTree::Punct(_)), Some(TokenTree::Group(attribute))) = (trees.next(), trees.next()) {
        let path = words(&path(&attribute.stream()));
        if path == "resource" || path.ends_with("::resource") {
            return true;
        }
    }
    false
}

/// The item with `#[handler]` in the place of each `#[gate::handler]`, where `gate` is this crate.
pub(super) fn with_plain_marks(item: TokenStream, root: &syn::Path) -> TokenStream {
    let root = root.to_token_stream().to_string().replace(' ', "");
    let mark = format!("{}::handler", root.trim_start_matches("::"));
    with_attributes(item, &|attribute| {
        let path = path(&attribute);
        if words(&path).trim_start_matches("::") != mark {
            return Some(attribute);
        }
        Some(attribute.into_iter().skip(path.len().saturating_sub(1)).collect())
    })
}

/// The item with other attributes on its functions, or without some.
fn with_attributes(item: TokenStream, edit: &impl Fn(TokenStream) -> Option<TokenStream>) -> TokenStream {
    in_last(item, |tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            regrouped(&group, edited(group.stream(), edit))
        }
        other => other,
    })
}

fn edited(content: TokenStream, edit: &impl Fn(TokenStream) -> Option<TokenStream>) -> TokenStream {
    let mut trees = content.into_iter().peekable();
    let mut kept = Vec::new();
    while let Some(tree) = trees.next() {
        let attribute = match (&tree, trees.peek()) {
            (TokenTree::Punct(pound), Some(TokenTree::Group(group)))
                if pound.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
            {
                Some(group.clone())
            }
            _ => None,
        };
        match (tree, attribute) {
            (pound, Some(group)) => {
                trees.next();
                if let Some(attribute) = edit(group.stream()) {
                    kept.extend([pound, regrouped(&group, attribute)]);
                }
            }
            (TokenTree::Group(group), None) if group.delimiter() == Delimiter::None => {
                kept.push(regrouped(&group, edited(group.stream(), edit)));
            }
            (other, None) => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// The path of an attribute.
fn path(attribute: &TokenStream) -> Vec<TokenTree> {
    without_fragments(attribute.clone())
        .into_iter()
        .take_while(|tree| match tree {
            TokenTree::Group(_) => false,
            TokenTree::Punct(punct) => punct.as_char() != '=',
            _ => true,
        })
        .collect()
}

fn words(path: &[TokenTree]) -> String {
    path.iter().map(TokenTree::to_string).collect()
}

/// Whether an attribute is a mark, or would be one under a condition.
fn is_mark(attribute: &TokenStream) -> bool {
    let path = words(&path(attribute));
    function::MARKS.contains(&path.as_str()) || path == "cfg_attr" && function::is_conditional_mark(attribute)
}

/// The item with another last tree, in which its block is: braces before it are values in its type.
fn in_last(item: TokenStream, edit: impl FnOnce(TokenTree) -> TokenTree) -> TokenStream {
    let mut trees: Vec<TokenTree> = item.into_iter().collect();
    let last = trees.pop().map(edit);
    trees.into_iter().chain(last).collect()
}
