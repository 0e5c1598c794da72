//! The path of the routes file, as it may be written.
//!
//! A macro is given words and not their values, so that what usually makes paths is evaluated here: `concat!` and
//! `env!`, as in `concat!(env!("OUT_DIR"), "/routes.json")`.

use syn::parse::ParseStream;
use syn::{Error, LitStr, Path, Token, parenthesized, token};

/// The path of the routes file.
pub(super) struct Location {
    /// Its value, where it is written.
    pub(super) path: LitStr,
    /// The environment variables that it was made of.
    pub(super) variables: Vec<LitStr>,
}

impl Location {
    /// Whether a path starts here.
    pub(super) fn is_next(input: ParseStream<'_>) -> bool {
        input.peek(LitStr) || makes(input).is_some()
    }

    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.span();
        if input.peek(LitStr) {
            return Ok(Location {
                path: input.parse()?,
                variables: Vec::new(),
            });
        }
        let mut variables = Vec::new();
        let path = evaluated(input, &mut variables)?;
        Ok(Location {
            path: LitStr::new(&path, start),
            variables,
        })
    }
}

/// The macro that follows, if it is one of the two.
fn makes(input: ParseStream<'_>) -> Option<&'static str> {
    let ahead = input.fork();
    let path = ahead.call(Path::parse_mod_style).ok()?;
    let last = &path.segments.last()?.ident;
    let name = ["concat", "env"].into_iter().find(|name| last == name)?;
    (ahead.peek(Token![!]) && ahead.peek2(token::Paren)).then_some(name)
}

fn evaluated(input: ParseStream<'_>, variables: &mut Vec<LitStr>) -> syn::Result<String> {
    if input.peek(LitStr) {
        return Ok(input.parse::<LitStr>()?.value());
    }
    let Some(name) = makes(input) else {
        return Err(input.error("a text, `env!(\"...\")` or `concat!(...)` of them"));
    };
    input.call(Path::parse_mod_style)?;
    input.parse::<Token![!]>()?;
    let content;
    parenthesized!(content in input);
    if name == "env" {
        let variable: LitStr = content.parse()?;
        // The second argument is a message for when there is none.
        content.parse::<proc_macro2::TokenStream>()?;
        let value = self::variable(&variable)?;
        variables.push(variable);
        return Ok(value);
    }
    let mut text = String::new();
    while !content.is_empty() {
        text += &evaluated(&content, variables)?;
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(text)
}

fn variable(name: &LitStr) -> syn::Result<String> {
    std::env::var(name.value()).map_err(|_| {
        let name_is = name.value();
        Error::new(
            name.span(),
            format!("the environment variable `{name_is}` has no value when the compiler runs"),
        )
    })
}

#[cfg(test)]
mod tests;
