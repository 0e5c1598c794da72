//! What stands in the parentheses of `#[resource(...)]` and `#[handler(...)]`.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Error, Ident, LitStr, Token, Type, parenthesized};

/// The arguments of `#[resource]`.
pub(super) struct Attribute {
    pub(super) name: LitStr,
    /// `handlers(get, show)`, which only types have.
    pub(super) handlers: Option<Handlers>,
    /// `state = AppState`.
    pub(super) state: Option<Type>,
    /// `allow(unrouted)`.
    pub(super) allow_unrouted: bool,
}

/// `handlers(get, show)`.
pub(super) struct Handlers {
    pub(super) key: Ident,
    pub(super) names: Vec<Ident>,
}

const USAGE: &str = "write `#[resource(name = \"users\")]`, with the resource's name in the routes file";

impl Attribute {
    pub(super) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        if tokens.is_empty() {
            return Err(Error::new(
                Span::call_site(),
                format!("`#[resource]` needs a name\nhelp: {USAGE}"),
            ));
        }
        (|input: ParseStream<'_>| arguments(input)).parse2(tokens)
    }
}

fn arguments(input: ParseStream<'_>) -> syn::Result<Attribute> {
    let mut name = None;
    let mut handlers = None;
    let mut state = None;
    let mut allow_unrouted = None;
    let start = input.span();
    while !input.is_empty() {
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            return Err(Error::new(
                literal.span(),
                format!(
                    "a name has its key before it\nhelp: write `name = \"{}\"`",
                    literal.value()
                ),
            ));
        }
        let key = Ident::parse_any(input)?;
        match key.to_string().as_str() {
            "name" => once(&key, &mut name, value::<LitStr>(input, &key)?)?,
            "state" => once(&key, &mut state, value::<Type>(input, &key)?)?,
            "handlers" => {
                let content;
                parenthesized!(content in input);
                let names = content.parse_terminated(Ident::parse_any, Token![,])?;
                let list = Handlers {
                    key: key.clone(),
                    names: names.into_iter().collect(),
                };
                once(&key, &mut handlers, list)?;
            }
            "allow" => once(&key, &mut allow_unrouted, allowance(input)?)?,
            other => {
                return Err(Error::new(
                    key.span(),
                    format!(
                        "`#[resource]` has no key `{other}`\n\
                         help: its keys are `name`, `handlers`, `state` and `allow(unrouted)`"
                    ),
                ));
            }
        }
        if input.is_empty() {
            break;
        }
        input.parse::<Token![,]>()?;
    }
    let name: LitStr = name.ok_or_else(|| Error::new(start, format!("the resource has no name\nhelp: {USAGE}")))?;
    if name.value().trim().is_empty() {
        return Err(Error::new(
            name.span(),
            format!("the resource's name is empty\nhelp: {USAGE}"),
        ));
    }
    Ok(Attribute {
        name,
        handlers,
        state,
        allow_unrouted: allow_unrouted.is_some(),
    })
}

fn value<T: Parse>(input: ParseStream<'_>, key: &Ident) -> syn::Result<T> {
    if !input.peek(Token![=]) {
        let example = if key == "name" { "\"users\"" } else { "AppState" };
        return Err(Error::new(
            key.span(),
            format!("`{key}` has no value\nhelp: write `{key} = {example}`"),
        ));
    }
    input.parse::<Token![=]>()?;
    input.parse()
}

/// `(unrouted)`.
fn allowance(input: ParseStream<'_>) -> syn::Result<()> {
    let content;
    parenthesized!(content in input);
    let what = Ident::parse_any(&content)?;
    if what != "unrouted" || !content.is_empty() {
        return Err(Error::new(
            what.span(),
            "the only thing to allow is `unrouted`: a handler that no action routes to",
        ));
    }
    Ok(())
}

fn once<T>(key: &Ident, place: &mut Option<T>, value: T) -> syn::Result<()> {
    if place.replace(value).is_some() {
        return Err(Error::new(key.span(), format!("`{key}` is given twice")));
    }
    Ok(())
}

/// Reads the arguments of `#[handler]`: whether it may be left out of the routes file.
pub(super) fn mark(tokens: TokenStream) -> syn::Result<bool> {
    let parse = |input: ParseStream<'_>| {
        if input.is_empty() {
            return Ok(false);
        }
        let key = Ident::parse_any(input)?;
        if key != "allow" {
            return Err(Error::new(
                key.span(),
                format!("`#[handler]` has no key `{key}`\nhelp: write `#[handler]` or `#[handler(allow(unrouted))]`"),
            ));
        }
        allowance(input)?;
        Ok(true)
    };
    parse.parse2(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn refused(tokens: TokenStream) -> String {
        Attribute::parse(tokens).err().unwrap().to_string()
    }

    #[test]
    fn all_keys_are_read_in_any_order() {
        let attribute = Attribute::parse(quote!(
            allow(unrouted),
            handlers(get, r#type,),
            name = "users",
            state = crate::AppState
        ))
        .unwrap();
        assert_eq!(attribute.name.value(), "users");
        assert_eq!(attribute.handlers.unwrap().names, ["get", "r#type"]);
        assert!(attribute.allow_unrouted && attribute.state.is_some());
    }

    #[test]
    fn misuse_says_what_to_write() {
        assert!(refused(quote!()).contains("#[resource(name = \"users\")]"));
        assert!(refused(quote!("users")).contains("write `name = \"users\"`"));
        assert!(refused(quote!(name)).contains("`name` has no value"));
        assert!(refused(quote!(nam = "users")).contains("no key `nam`"));
        assert!(refused(quote!(name = "a", name = "b")).contains("given twice"));
        assert!(refused(quote!(name = " ")).contains("empty"));
        assert!(refused(quote!(state = S)).contains("no name"));
        assert!(refused(quote!(name = "a", allow(all))).contains("`unrouted`"));
    }

    #[test]
    fn marks_may_allow_a_handler_to_be_unrouted() {
        assert!(!mark(quote!()).unwrap());
        assert!(mark(quote!(allow(unrouted))).unwrap());
        assert!(
            mark(quote!(name = "x"))
                .unwrap_err()
                .to_string()
                .contains("`#[handler]` has no key")
        );
    }
}
