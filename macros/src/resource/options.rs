//! What stands in the parentheses of `#[resource(...)]` and `#[handler(...)]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Error, Ident, LitInt, LitStr, Path, Token, Type, TypePath, parenthesized, token};

use crate::{crate_path, expression, routes};

/// The arguments of `#[resource]`.
pub(super) struct Options {
    pub(super) name: LitStr,
    /// `handlers(get, show = show_book)`.
    pub(super) handlers: Option<Handlers>,
    /// `state = AppState`.
    pub(super) state: Option<Type>,
    /// `layer = limits()`, around all handlers.
    pub(super) layer: Option<TokenStream>,
    /// `part = 2`: which of the blocks of a resource it is; the first one has 1.
    pub(super) part: usize,
    /// `allow(unrouted)`.
    pub(super) allowed: Allowed,
    /// `crate = gate`.
    pub(super) root: Option<Path>,
}

/// What `allow(...)` allows, of a resource or of one handler. The bits are those that `bluegate` has for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Allowed(u8);

const ALLOWABLE: [(&str, u8); 4] = [
    // Routes files may leave it out.
    ("unrouted", 1),
    // Nothing need be known about what it takes of a path.
    ("unjudged", 1 << 1),
    // Its schemas may refuse what its types take.
    ("stricter", 1 << 2),
    // Its schemas may take what its types refuse.
    ("looser", 1 << 3),
];

impl Allowed {
    pub(super) fn and(self, other: Allowed) -> Allowed {
        Allowed(self.0 | other.0)
    }

    pub(super) fn bits(self) -> u8 {
        self.0
    }
}

/// `handlers(get, show = show_book)`.
pub(super) struct Handlers {
    pub(super) key: Ident,
    pub(super) list: Vec<Listed>,
}

/// A handler that is listed.
pub(super) struct Listed {
    pub(super) name: Ident,
    /// The function that it is, where that is none of the type with the same name.
    pub(super) function: Option<TypePath>,
}

impl Parse for Listed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let function = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Listed { name, function })
    }
}

const USAGE: &str = "write `#[resource(name = \"users\")]`, with the resource's name in the routes file";

const SECOND_TEXT: &str = "only the name of the resource is a text without a key\nhelp: it stands first, and once: write \
                           `#[resource(\"users\")]` or `#[resource(name = \"users\")]`";

const KEYS: [&str; 6] = ["name", "handlers", "state", "layer", "part", "allow"];
const KEYS_SHOWN: &str = "`name`, `handlers(...)`, `state`, `layer`, `part`, `allow(...)` and `crate`";
/// What other frameworks say here.
const OF_THE_FILE: [&str; 4] = ["path", "prefix", "method", "methods"];
const LAYER: &str = "axum::middleware::from_fn(signed)";
const MARK: &str =
    "write `#[handler]`, with `layer = ...`, `status = ...` or `allow(unrouted)` in parentheses where it needs them";
const STATUS: &str = "the status that documents show of an answer whose type does not tell it is a number from 200 to \
                      599\nhelp: write `status = 201`";
const PART: &str = "of several blocks of a resource each but the first says which it is\nhelp: write `part = 2` at the \
                    second, `part = 3` at the third, and nothing at the first";
const ALLOWED: &str = "what can be allowed is `unrouted`: a handler that no action routes to, `unjudged`: a `Path` of a type that \
                       nothing is known about, and `stricter` or `looser`: a schema that takes less or more than its type";

impl Options {
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

/// The name that arguments with a mistake seem to give: the first text, or the word behind `name =`.
pub(super) fn likely_name(tokens: TokenStream) -> Option<LitStr> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let text = trees
        .iter()
        .find_map(|tree| syn::parse2::<LitStr>(tree.clone().into()).ok());
    text.or_else(|| match &trees[..] {
        [
            TokenTree::Ident(key),
            TokenTree::Punct(_),
            TokenTree::Ident(word),
            rest @ ..,
        ] if key == "name" => {
            // A constant or a macro may be anything.
            let is_whole = rest.first().is_none_or(|next| next.to_string() == ",");
            let word_text = word.unraw().to_string();
            (is_whole && word_text.chars().any(char::is_lowercase)).then(|| LitStr::new(&word_text, word.span()))
        }
        _ => None,
    })
}

/// The number of the block that arguments with a mistake seem to give.
pub(super) fn likely_part(tokens: TokenStream) -> usize {
    let is_further = tokens.into_iter().any(|tree| tree.to_string() == "part");
    1 + usize::from(is_further)
}

fn arguments(input: ParseStream<'_>) -> syn::Result<Options> {
    let mut name = None;
    let mut handlers = None;
    let mut state = None;
    let mut layer = None;
    let mut part = None;
    let mut allowed = None;
    let mut root = None;
    let start = input.span();
    let mut is_first = true;
    while !input.is_empty() {
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            // `#[resource("users")]`: the name, by its place.
            if is_first {
                is_first = false;
                name = Some(literal);
                comma(input)?;
                continue;
            }
            return Err(Error::new(literal.span(), SECOND_TEXT));
        }
        is_first = false;
        let is_root = input.peek(Token![crate]) && root.is_none();
        if is_root && let Some(path) = crate_path::parse(input)? {
            root = Some(path);
            comma(input)?;
            continue;
        }
        let key = Ident::parse_any(input)?;
        match key.to_string().as_str() {
            "name" => once(&key, &mut name, text(input, &key)?)?,
            "state" => once(&key, &mut state, self::state(input, &key)?)?,
            "handlers" => {
                let list = Handlers {
                    key: key.clone(),
                    list: list(input, &key)?,
                };
                once(&key, &mut handlers, list)?;
            }
            "layer" => once(&key, &mut layer, expression::parse(input, &key, LAYER)?)?,
            "part" => once(&key, &mut part, number(input, &key)?)?,
            "allow" => once(&key, &mut allowed, allowance(input, &key)?)?,
            other => {
                let near = match bluegate_core::nearest(other, KEYS) {
                    _ if OF_THE_FILE.contains(&other) => "paths and verbs stand in the routes file; its".to_owned(),
                    Some(near) => format!("did you mean `{near}`? Its"),
                    None => "its".to_owned(),
                };
                return Err(Error::new(
                    key.span(),
                    format!(
                        "`#[resource]` has no key `{other}`\n\
                         help: {near} keys are {KEYS_SHOWN}"
                    ),
                ));
            }
        }
        comma(input)?;
    }
    let name: LitStr = name.ok_or_else(|| Error::new(start, format!("the resource has no name\nhelp: {USAGE}")))?;
    if name.value().trim().is_empty() {
        return Err(Error::new(
            name.span(),
            format!("the resource's name is empty\nhelp: {USAGE}"),
        ));
    }
    if !name.suffix().is_empty() {
        let message = format!(
            "`{}` follows the name\nhelp: write `name = {:?}`",
            name.suffix(),
            name.value()
        );
        return Err(Error::new(name.span(), message));
    }
    Ok(Options {
        name,
        handlers,
        state,
        layer,
        part: part.unwrap_or(1),
        allowed: allowed.unwrap_or_default(),
        root,
    })
}

fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
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

/// `= 2`, or more.
fn number(input: ParseStream<'_>, key: &Ident) -> syn::Result<usize> {
    let number = value::<LitInt>(input, key).map_err(|error| Error::new(error.span(), PART))?;
    match number.base10_parse() {
        Ok(found @ 2..=99) => Ok(found),
        _ => Err(Error::new(number.span(), PART)),
    }
}

/// `= 201`.
fn status(input: ParseStream<'_>, key: &Ident) -> syn::Result<u16> {
    let number = value::<LitInt>(input, key).map_err(|error| Error::new(error.span(), STATUS))?;
    match number.base10_parse() {
        Ok(found @ 200..=599) => Ok(found),
        _ => Err(Error::new(number.span(), STATUS)),
    }
}

/// `= AppState`.
fn state(input: ParseStream<'_>, key: &Ident) -> syn::Result<Type> {
    match value::<LitStr>(&input.fork(), key) {
        Ok(text) => Err(Error::new(text.span(), routes::no_type(&text, "state = ", ""))),
        Err(_) => {
            let state = value(input, key)?;
            if input.is_empty() || input.peek(Token![,]) {
                return Ok(state);
            }
            Err(input.error("the state is a type, and no value\nhelp: write `state = AppState`"))
        }
    }
}

/// `= "users"`.
fn text(input: ParseStream<'_>, key: &Ident) -> syn::Result<LitStr> {
    let rest = input.fork();
    let is_at_end = |rest: ParseStream<'_>| rest.is_empty() || rest.peek(Token![,]);
    value::<LitStr>(input, key).map_err(|error| match value::<TokenTree>(&rest, key) {
        Ok(other) => {
            let word = match &other {
                TokenTree::Ident(word) if is_at_end(&rest) => word.unraw().to_string(),
                TokenTree::Literal(literal) if is_at_end(&rest) => {
                    let written = literal.to_string();
                    let inside = written.trim_start_matches(['b', 'c', 'r', '#', '\'']);
                    inside.trim_matches(['"', '\'', '#']).to_owned()
                }
                _ => "users".to_owned(),
            };
            Error::new(
                other.span(),
                format!("the name of a resource is a text\nhelp: write `name = \"{word}\"`"),
            )
        }
        Err(_) => error,
    })
}

/// `(get, show = show_book)`.
fn list(input: ParseStream<'_>, key: &Ident) -> syn::Result<Vec<Listed>> {
    const LIST: &str = "`handlers` lists functions\nhelp: write `handlers(get, show)` with functions of the type, or \
                        `handlers(get = list_books)` with any other";
    if !input.peek(token::Paren) {
        return Err(Error::new(key.span(), LIST));
    }
    let content;
    parenthesized!(content in input);
    let listed = content.parse_terminated(Listed::parse, Token![,]);
    let listed = listed.map_err(|error| Error::new(error.span(), LIST))?;
    if listed.is_empty() {
        return Err(Error::new(key.span(), LIST));
    }
    Ok(listed.into_iter().collect())
}

/// `(unrouted, unjudged)`, for example.
fn allowance(input: ParseStream<'_>, key: &Ident) -> syn::Result<Allowed> {
    if !input.peek(token::Paren) {
        return Err(Error::new(
            key.span(),
            "`allow` says in parentheses what it allows\nhelp: write `allow(unrouted)` or `allow(unjudged)`",
        ));
    }
    let content;
    parenthesized!(content in input);
    let words = content.parse_terminated(Ident::parse_any, Token![,]);
    let words = words.map_err(|error| Error::new(error.span(), ALLOWED))?;
    let mut allowed = Allowed::default();
    for word in &words {
        match ALLOWABLE.iter().find(|(known, _)| word == known) {
            Some((_, bit)) => allowed.0 |= bit,
            None => return Err(Error::new(word.span(), ALLOWED)),
        }
    }
    if words.is_empty() {
        return Err(Error::new(key.span(), ALLOWED));
    }
    Ok(allowed)
}

fn once<T>(key: &Ident, place: &mut Option<T>, value: T) -> syn::Result<()> {
    if place.replace(value).is_some() {
        return Err(Error::new(key.span(), format!("`{key}` is given twice")));
    }
    Ok(())
}

/// The arguments of `#[handler]`.
#[derive(Default)]
pub(super) struct Mark {
    /// `allow(unrouted)`.
    pub(super) allowed: Allowed,
    /// `layer = limits()`.
    pub(super) layer: Option<TokenStream>,
    /// `status = 201`: of answers whose type does not tell it.
    pub(super) status: Option<u16>,
}

impl Mark {
    pub(super) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        let parse = |input: ParseStream<'_>| {
            let mut allowed = None;
            let mut layer = None;
            let mut status = None;
            while !input.is_empty() {
                if !input.peek(Ident::peek_any) {
                    return Err(input.error(format!(
                        "a handler is named by its function and its action\nhelp: {MARK}"
                    )));
                }
                let key = Ident::parse_any(input)?;
                match key.to_string().as_str() {
                    "allow" => once(&key, &mut allowed, allowance(input, &key)?)?,
                    "layer" => once(&key, &mut layer, expression::parse(input, &key, LAYER)?)?,
                    "status" => once(&key, &mut status, self::status(input, &key)?)?,
                    _ => {
                        return Err(Error::new(
                            key.span(),
                            format!("`#[handler]` has no key `{key}`\nhelp: {MARK}"),
                        ));
                    }
                }
                comma(input)?;
            }
            Ok(Mark {
                allowed: allowed.unwrap_or_default(),
                layer,
                status,
            })
        };
        parse.parse2(tokens)
    }
}

#[cfg(test)]
mod tests;
