//! What stands in the parentheses of `routes!`.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, Ident, LitStr, Path, Token, Type, Visibility};

use super::location::Location;
use crate::{crate_path, expression};

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
    /// `layer = limits()` and the like, in the order in which they are written.
    pub(super) options: Vec<(Ident, TokenStream)>,
}

/// The options, each with an example of a value. An option is a method of `bluegate::__private::Service`.
const OPTIONS: [(&str, &str); 3] = [
    ("errors", "problem"),
    ("layer", "axum::middleware::from_fn(signed)"),
    ("preflight", "cfg!(debug_assertions)"),
];

fn options(input: ParseStream<'_>) -> syn::Result<Vec<(Ident, TokenStream)>> {
    let mut options: Vec<(Ident, TokenStream)> = Vec::new();
    while !input.is_empty() {
        if !is_option(input) {
            let message = format!("`routes!` takes a path, a type and options by name\nhelp: {USAGE}");
            return Err(input.error(message));
        }
        let key = input.call(Ident::parse_any)?;
        let name = key.to_string();
        let refuse = |message: String| Err(Error::new(key.span(), message));
        if name == "state" {
            return refuse(format!(
                "the type of the state stands behind the path, without a key\nhelp: {USAGE}"
            ));
        }
        let Some((_, example)) = OPTIONS.into_iter().find(|(known, _)| *known == name) else {
            let near = match bluegate_core::nearest(&name, OPTIONS.map(|(known, _)| known)) {
                Some(near) => format!("did you mean `{near}`? Its"),
                None => "its".to_owned(),
            };
            let shown = OPTIONS.map(|(known, _)| format!("`{known}`")).join(", ");
            return refuse(format!(
                "`routes!` has no option `{name}`\nhelp: {near} options are {shown}"
            ));
        };
        if options.iter().any(|(other, _)| *other == key) {
            return refuse(format!("`{name}` is given twice"));
        }
        let value = expression::parse(input, &key, example)?;
        options.push((key, value));
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(options)
}

/// Whether an option follows: a word and an equals sign. A type has none behind its first word.
fn is_option(input: ParseStream<'_>) -> bool {
    input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==])
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
            if !input.is_empty() && !is_option(input) {
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
            Ok(Input {
                root,
                named,
                path,
                variables,
                state,
                options: options(input)?,
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
