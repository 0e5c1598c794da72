//! What stands in the parentheses of `routes!`.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, Ident, LitStr, Path, Token, Type, Visibility};

use super::location::Location;
use crate::root;

/// `"routes.json"`, or `"routes.json", AppState`, perhaps behind `pub struct Api =`.
pub(super) struct Input {
    /// `crate = gate`.
    pub(super) root: Option<Path>,
    /// The type that describes the file.
    pub(super) named: Option<Named>,
    pub(super) path: LitStr,
    /// The environment variables that the path was made of.
    pub(super) variables: Vec<LitStr>,
    /// The type of the router's state.
    pub(super) state: Option<Type>,
}

/// `pub struct Api`.
pub(super) struct Named {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) name: Ident,
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
            let root = root::parse(input)?;
            if root.is_some() {
                input.parse::<Token![,]>()?;
            }
            let named = named(input)?;
            if !Location::is_next(input) {
                return Err(input.error(format!(
                    "the path of the routes file is a string literal, or `concat!` and `env!` of such\nhelp: {USAGE}"
                )));
            }
            let Location { path, variables } = input.call(Location::parse)?;
            let mut state = None;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            if !input.is_empty() {
                let text = input.fork().parse::<LitStr>();
                if let Ok(text) = text {
                    return Err(Error::new(
                        text.span(),
                        no_type(&text, "routes!(\"routes.json\", ", ")"),
                    ));
                }
                state = Some(input.parse()?);
                input.parse::<Option<Token![,]>>()?;
            }
            if !input.is_empty() {
                return Err(input.error(format!("`routes!` takes a path and a type\nhelp: {USAGE}")));
            }
            Ok(Input {
                root,
                named,
                path,
                variables,
                state,
            })
        };
        parse.parse2(tokens)
    }
}

/// What is wrong with a text where a state belongs.
pub(crate) fn no_type(text: &LitStr, before: &str, behind: &str) -> String {
    let written = text.value();
    format!("the state is a type, and no text\nhelp: write `{before}{written}{behind}`")
}

fn named(input: ParseStream<'_>) -> syn::Result<Option<Named>> {
    let is_named = input.peek(Token![#]) || input.peek(Token![pub]) || input.peek(Token![struct]);
    if !is_named {
        return Ok(None);
    }
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(input.error(
            "a type that describes the file is a struct\nhelp: write `routes!(pub struct Api = \"routes.json\")`",
        ));
    }
    input.parse::<Token![struct]>()?;
    let name = input.parse()?;
    if !input.peek(Token![=]) {
        return Err(input.error("the routes file follows\nhelp: write `routes!(pub struct Api = \"routes.json\")`"));
    }
    input.parse::<Token![=]>()?;
    Ok(Some(Named {
        attributes,
        visibility,
        name,
    }))
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
        assert!(input.state.is_some() && input.root.is_none());
        let input = Input::parse(quote!(crate = gate, "routes.json", crate::AppState)).unwrap();
        assert!(input.state.is_some() && input.root.is_some());
    }

    #[test]
    fn a_struct_may_stand_before_the_path() {
        let input = Input::parse(quote!(
            /// The API.
            pub(crate) struct Api = "routes.json", AppState
        ))
        .unwrap();
        let named = input.named.unwrap();
        assert_eq!(named.name, "Api");
        assert_eq!(named.attributes.len(), 1);
        assert!(input.state.is_some());
        let error = Input::parse(quote!(struct Api, "routes.json")).err().unwrap();
        assert!(error.to_string().contains("pub struct Api ="), "{error}");
    }

    #[test]
    fn a_state_in_quotes_is_told_from_a_type() {
        let error = Input::parse(quote!("routes.json", "AppState")).err().unwrap();
        assert!(
            error.to_string().contains("write `routes!(\"routes.json\", AppState)`"),
            "{error}"
        );
    }

    #[test]
    fn anything_else_says_what_to_write() {
        for tokens in [quote!(), quote!(routes), quote!("routes.json", A, B), quote!(12)] {
            let error = Input::parse(tokens).err().unwrap();
            assert!(error.to_string().contains("routes!(\"routes.json\""), "{error}");
        }
    }
}
