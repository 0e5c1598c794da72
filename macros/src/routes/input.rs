//! What stands in the parentheses of `routes!`.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, Ident, LitStr, Path, Token, Type, Visibility};

use super::location::Location;
use crate::crate_path;

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
            let root = crate_path::parse(input)?;
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
mod tests;
