//! What stands in the parentheses of `routes!`.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{Error, LitStr, Token, Type};

/// `"routes.json"`, or `"routes.json", AppState`.
pub(super) struct Input {
    pub(super) path: LitStr,
    /// The type of the router's state.
    pub(super) state: Option<Type>,
}

const USAGE: &str =
    "write `routes!(\"routes.json\")`, or `routes!(\"routes.json\", AppState)` with the type of the state";

impl Input {
    pub(super) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        if tokens.is_empty() {
            return Err(Error::new(
                Span::call_site(),
                format!("`routes!` needs the path of a routes file\nhelp: {USAGE}"),
            ));
        }
        let parse = |input: ParseStream<'_>| {
            if !input.peek(LitStr) {
                return Err(input.error(format!(
                    "the path of the routes file is a string literal\nhelp: {USAGE}"
                )));
            }
            let path: LitStr = input.parse()?;
            let mut state = None;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            if !input.is_empty() {
                state = Some(input.parse()?);
                input.parse::<Option<Token![,]>>()?;
            }
            if !input.is_empty() {
                return Err(input.error(format!("`routes!` takes a path and a type\nhelp: {USAGE}")));
            }
            Ok(Input { path, state })
        };
        parse.parse2(tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn a_path_may_be_followed_by_the_state() {
        assert!(Input::parse(quote!("routes.json")).unwrap().state.is_none());
        assert!(Input::parse(quote!("routes.json",)).unwrap().state.is_none());
        let input = Input::parse(quote!("routes.json", crate::AppState<Db>,)).unwrap();
        assert_eq!(input.path.value(), "routes.json");
        assert!(input.state.is_some());
    }

    #[test]
    fn anything_else_says_what_to_write() {
        for tokens in [quote!(), quote!(routes), quote!("routes.json", A, B), quote!(12)] {
            let error = Input::parse(tokens).err().unwrap();
            assert!(error.to_string().contains("routes!(\"routes.json\""), "{error}");
        }
    }
}
