//! `#[resource]`: from an `impl` block or a type to the traits that `routes!` asks for.

mod attribute;
mod block;
mod claims;
mod expand;
mod function;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::Error;

use attribute::Attribute;
use block::{Block, Item};

/// The names that make an `async fn` a handler.
const VERBS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "any"];

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    match try_expand(attribute, item.clone()) {
        Ok(tokens) => tokens,
        Err(error) => {
            // The item itself stays, so that what uses it is not reported as well.
            let errors = error.into_compile_error();
            let item = block::without_marks(item);
            quote!(#item #errors)
        }
    }
}

fn try_expand(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let attribute = Attribute::parse(attribute);
    let parsed = block::parse(item.clone());
    let (attribute, parsed) = match (attribute, parsed) {
        (Ok(attribute), Ok(parsed)) => (attribute, parsed),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            return Err(error);
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let code = match &parsed {
        Item::Block(block) => expand::block(&attribute, block)?,
        Item::Type(definition) => expand::definition(&attribute, definition)?,
    };
    let item = match parsed {
        Item::Block(Block { has_marks: true, .. }) => block::without_marks(item),
        _ => item,
    };
    Ok(quote!(#item #code))
}

/// A `#[handler]` that no `#[resource]` took away.
pub(crate) fn stray_mark(item: TokenStream) -> TokenStream {
    let at = item.clone().into_iter().next().map(|first| first.span());
    let error = Error::new(
        at.unwrap_or_else(proc_macro2::Span::call_site),
        "`#[handler]` marks functions of an `impl` block that has `#[resource(name = \"...\")]`",
    );
    let mut tokens = item;
    error.into_compile_error().to_tokens(&mut tokens);
    tokens
}
