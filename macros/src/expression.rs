//! Expressions of the user's, which go into the code as they are.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Error, Ident, Token};

/// Reads `= limits(3)` behind a key, up to the comma that ends it. A comma between `::<` and `>` does not.
pub(crate) fn parse(input: ParseStream<'_>, key: &Ident, example: &str) -> syn::Result<TokenStream> {
    let missing = || {
        Error::new(
            key.span(),
            format!("`{key}` has no value\nhelp: write `{key} = {example}`"),
        )
    };
    input.parse::<Option<Token![=]>>()?.ok_or_else(missing)?;
    let mut trees: Vec<TokenTree> = Vec::new();
    let mut depth = 0_usize;
    while !(input.is_empty() || depth == 0 && input.peek(Token![,])) {
        let tree: TokenTree = input.parse()?;
        match sign(Some(&tree)) {
            Some('<') if depth > 0 || is_behind_colons(&trees) => depth += 1,
            Some('>') if !is_arrow(&trees) => depth = depth.saturating_sub(1),
            _ => {}
        }
        trees.push(tree);
    }
    if trees.is_empty() {
        return Err(missing());
    }
    Ok(trees.into_iter().collect())
}

fn sign(tree: Option<&TokenTree>) -> Option<char> {
    match tree {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    }
}

fn is_behind_colons(trees: &[TokenTree]) -> bool {
    matches!(trees, [.., first, last] if sign(Some(first)) == Some(':') && sign(Some(last)) == Some(':'))
}

/// Whether a `>` is the second half of `->` or `=>`.
fn is_arrow(trees: &[TokenTree]) -> bool {
    matches!(trees.last(), Some(TokenTree::Punct(punct))
        if punct.spacing() == Spacing::Joint && matches!(punct.as_char(), '-' | '='))
}

#[cfg(test)]
mod tests;
