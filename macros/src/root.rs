//! Where the user's crate finds `bluegate`.
//!
//! The generated code says `::bluegate`. A crate that has it under another name, or by way of another crate, says which:
//! `crate = gate`.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Error, LitStr, Path, Token};

/// Reads `crate = gate` where it stands, and nothing where it does not.
pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Option<Path>> {
    if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
        return Ok(None);
    }
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    if let Ok(text) = input.fork().parse::<LitStr>() {
        let written = text.value();
        let message = format!("the crate is a path, and no text\nhelp: write `crate = {written}`");
        return Err(Error::new(text.span(), message));
    }
    input.call(Path::parse_mod_style).map(Some)
}

/// The generated code with another path in the place of `::bluegate`.
pub(crate) fn rename(code: TokenStream, root: Option<&Path>) -> TokenStream {
    match root {
        Some(root) => renamed(code, &root.to_token_stream()),
        None => code,
    }
}

fn renamed(code: TokenStream, root: &TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = code.into_iter().collect();
    let mut found = TokenStream::new();
    let mut at = 0;
    while let Some(tree) = trees.get(at) {
        if let [
            TokenTree::Punct(first),
            TokenTree::Punct(second),
            TokenTree::Ident(name),
            ..,
        ] = &trees[at..]
            && first.as_char() == ':'
            && second.as_char() == ':'
            && name == "bluegate"
        {
            found.extend(root.clone());
            at += 3;
            continue;
        }
        match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream(), root));
                inner.set_span(group.span());
                found.extend([TokenTree::Group(inner)]);
            }
            other => found.extend([other.clone()]),
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse::Parser as _;

    use super::*;

    fn root(tokens: TokenStream) -> syn::Result<Option<Path>> {
        (|input: ParseStream<'_>| {
            let root = parse(input);
            input.parse::<TokenStream>()?;
            root
        })
        .parse2(tokens)
    }

    #[test]
    fn every_mention_of_the_crate_is_replaced_and_nothing_else_is() {
        let path = root(quote!(crate = frame::gate, "x")).unwrap();
        let code = quote! {
            use ::bluegate::__private as b;
            impl ::bluegate::A for bluegate::B { fn c() -> [::bluegate::D; 1] { "::bluegate" } }
        };
        let expected = quote! {
            use frame::gate::__private as b;
            impl frame::gate::A for bluegate::B { fn c() -> [frame::gate::D; 1] { "::bluegate" } }
        };
        assert_eq!(rename(code.clone(), path.as_ref()).to_string(), expected.to_string());
        assert_eq!(rename(code.clone(), None).to_string(), code.to_string());
    }

    #[test]
    fn what_is_no_root_is_left_to_others() {
        assert!(root(quote!(crate::State)).unwrap().is_none());
        assert!(root(quote!("x")).unwrap().is_none());
        assert!(root(quote!(crate = 1)).is_err());
        let error = root(quote!(crate = "gate")).err().unwrap().to_string();
        assert!(error.contains("write `crate = gate`"), "{error}");
    }
}
