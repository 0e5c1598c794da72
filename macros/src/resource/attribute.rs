//! What stands in the parentheses of `#[resource(...)]` and `#[handler(...)]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Error, Ident, LitStr, Path, Token, Type, parenthesized, token};

use crate::{root, routes};

/// The arguments of `#[resource]`.
pub(super) struct Attribute {
    pub(super) name: LitStr,
    /// `handlers(get, show)`, which only types have.
    pub(super) handlers: Option<Handlers>,
    /// `state = AppState`.
    pub(super) state: Option<Type>,
    /// `allow(unrouted)`.
    pub(super) allow_unrouted: bool,
    /// `crate = gate`.
    pub(super) root: Option<Path>,
}

/// `handlers(get, show)`.
pub(super) struct Handlers {
    pub(super) key: Ident,
    pub(super) names: Vec<Ident>,
}

const USAGE: &str = "write `#[resource(name = \"users\")]`, with the resource's name in the routes file";

const KEYS: [&str; 4] = ["name", "handlers", "state", "allow"];
const KEYS_SHOWN: &str = "`name`, `handlers`, `state`, `allow(unrouted)` and `crate`";
const UNROUTED: &str = "the only thing to allow is `unrouted`: a handler that no action routes to";

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

fn arguments(input: ParseStream<'_>) -> syn::Result<Attribute> {
    let mut name = None;
    let mut handlers = None;
    let mut state = None;
    let mut allow_unrouted = None;
    let mut root = None;
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
        let is_root = input.peek(Token![crate]) && root.is_none();
        if is_root && let Some(path) = root::parse(input)? {
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
                    names: names(input, &key)?,
                };
                once(&key, &mut handlers, list)?;
            }
            "allow" => once(&key, &mut allow_unrouted, allowance(input, &key)?)?,
            other => {
                let near = match bluegate_core::nearest(other, KEYS) {
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
    Ok(Attribute {
        name,
        handlers,
        state,
        allow_unrouted: allow_unrouted.is_some(),
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

/// `= AppState`.
fn state(input: ParseStream<'_>, key: &Ident) -> syn::Result<Type> {
    match value::<LitStr>(&input.fork(), key) {
        Ok(text) => Err(Error::new(text.span(), routes::no_type(&text, "state = ", ""))),
        Err(_) => value(input, key),
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

/// `(get, show)`.
fn names(input: ParseStream<'_>, key: &Ident) -> syn::Result<Vec<Ident>> {
    const LIST: &str = "`handlers` lists the names of functions\nhelp: write `handlers(get, show)`";
    if !input.peek(token::Paren) {
        return Err(Error::new(key.span(), LIST));
    }
    let content;
    parenthesized!(content in input);
    let names = content.parse_terminated(Ident::parse_any, Token![,]);
    let names = names.map_err(|error| Error::new(error.span(), LIST))?;
    if names.is_empty() {
        return Err(Error::new(key.span(), LIST));
    }
    Ok(names.into_iter().collect())
}

/// `(unrouted)`.
fn allowance(input: ParseStream<'_>, key: &Ident) -> syn::Result<()> {
    if !input.peek(token::Paren) {
        return Err(Error::new(
            key.span(),
            "`allow` says in parentheses what it allows\nhelp: write `allow(unrouted)`",
        ));
    }
    let content;
    parenthesized!(content in input);
    let what = Ident::parse_any(&content).map_err(|_| Error::new(key.span(), UNROUTED))?;
    content.parse::<Option<Token![,]>>()?;
    if what != "unrouted" || !content.is_empty() {
        return Err(Error::new(what.span(), UNROUTED));
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
        if !input.peek(Ident::peek_any) {
            return Err(input.error(
                "a handler is named by its function and its action\nhelp: write `#[handler]` or \
                 `#[handler(allow(unrouted))]`",
            ));
        }
        let key = Ident::parse_any(input)?;
        if key != "allow" {
            return Err(Error::new(
                key.span(),
                format!("`#[handler]` has no key `{key}`\nhelp: write `#[handler]` or `#[handler(allow(unrouted))]`"),
            ));
        }
        allowance(input, &key)?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("nothing follows `allow(unrouted)`"));
        }
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
            allow(unrouted,),
            handlers(get, r#type,),
            name = "users",
            crate = gate,
            state = crate::AppState
        ))
        .unwrap();
        assert_eq!(attribute.name.value(), "users");
        assert_eq!(attribute.handlers.unwrap().names, ["get", "r#type"]);
        assert!(attribute.allow_unrouted && attribute.state.is_some() && attribute.root.is_some());
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
        assert!(refused(quote!(name = "a", allow())).contains("`unrouted`"));
        assert!(refused(quote!(name = "a", allow)).contains("write `allow(unrouted)`"));
        assert!(refused(quote!(name = "a", handler(get))).contains("did you mean `handlers`?"));
        assert!(refused(quote!(name = "a", handlers = [get])).contains("write `handlers(get, show)`"));
        assert!(refused(quote!(name = "a", handlers())).contains("write `handlers(get, show)`"));
        assert!(refused(quote!(name = "a", handlers(get, 1))).contains("write `handlers(get, show)`"));
        assert!(refused(quote!(name = users)).contains("write `name = \"users\"`"));
        for written in [
            quote!(name = books),
            quote!(name = r#books),
            quote!(name = b"books"),
            quote!(name = c"books"),
            quote!(name = br#"books"#),
            quote!(name = books, state = S),
        ] {
            assert!(
                refused(written.clone()).contains("write `name = \"books\"`"),
                "{written}"
            );
        }
        assert!(refused(quote!(name = concat!("a", "b"))).contains("write `name = \"users\"`"));
        assert!(refused(quote!(name =)).contains("expected"));
        assert!(refused(quote!(name = "a", state = "Db")).contains("write `state = Db`"));
        assert!(refused(quote!(name = "a", crate = "gate")).contains("write `crate = gate`"));
        assert!(refused(quote!(name = "users"x)).contains("write `name = \"users\"`"));
    }

    #[test]
    fn a_name_is_found_beside_a_mistake() {
        let name = |tokens| likely_name(tokens).map(|name| name.value());
        assert_eq!(name(quote!("users")).as_deref(), Some("users"));
        assert_eq!(name(quote!(nam = "users", x)).as_deref(), Some("users"));
        assert_eq!(name(quote!(name = users)).as_deref(), Some("users"));
        assert_eq!(name(quote!(handlers(get))), None);
        assert_eq!(name(quote!(name = USERS)), None);
        assert_eq!(name(quote!(name = concat!("us", "ers"))), None);
        assert_eq!(name(quote!(name = 'u')), None);
    }

    #[test]
    fn marks_may_allow_a_handler_to_be_unrouted() {
        assert!(!mark(quote!()).unwrap());
        assert!(mark(quote!(allow(unrouted))).unwrap() && mark(quote!(allow(unrouted),)).unwrap());
        assert!(
            mark(quote!("get"))
                .unwrap_err()
                .to_string()
                .contains("write `#[handler]`")
        );
        assert!(
            mark(quote!(name = "x"))
                .unwrap_err()
                .to_string()
                .contains("`#[handler]` has no key")
        );
    }
}
