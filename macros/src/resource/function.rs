//! The functions of an `impl` block.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, ExprLit, Generics, Lit, Meta, Path, Token, Type, Visibility, parenthesized, token};

use super::VERBS;
use super::argument::Argument;
use super::{attribute, block};

/// How the mark of a handler may be written, without spaces.
pub(super) const MARKS: [&str; 3] = ["handler", "bluegate::handler", "::bluegate::handler"];

/// As many arguments as axum's handlers have.
pub(super) const MOST_ARGUMENTS: usize = 16;

/// A function as far as its signature goes.
pub(super) struct Function {
    pub(super) name: Ident,
    pub(super) docs: String,
    /// Whether an attribute is about what is deprecated.
    pub(super) is_deprecated: bool,
    /// The conditions of its `#[cfg(...)]`.
    pub(super) conditions: Vec<TokenStream>,
    pub(super) generics: Generics,
    pub(super) is_async: bool,
    /// Where its `unsafe` stands.
    pub(super) unsafety: Option<Span>,
    /// Where its `self` stands.
    pub(super) receiver: Option<Span>,
    pub(super) arguments: Vec<Argument>,
    /// Whether an argument could not be read. The compiler says so; nothing is asked about any of them.
    pub(super) is_unreadable: bool,
    /// Whether an argument is there under a condition, so that their number is not known.
    pub(super) has_conditional_arguments: bool,
    /// Whether the compiler refuses how it is written, and may drop it.
    pub(super) is_dropped: bool,
    /// Whether its return type is written as a future.
    pub(super) returns_future: bool,
    pub(super) mark: Option<Mark>,
}

/// `#[handler]`.
pub(super) struct Mark {
    pub(super) allow_unrouted: bool,
}

impl Function {
    /// Whether it is a handler: it is marked, or named after a verb and can be called as one.
    pub(super) fn is_handler(&self) -> bool {
        if self.mark.is_some() {
            return true;
        }
        let name = self.name.unraw().to_string();
        // An `async fn` with a receiver is meant as a handler and refused as one; any other is an ordinary method.
        VERBS.contains(&name.as_str()) && (self.is_async || self.returns_future && self.receiver.is_none())
    }

    /// What keeps a handler from being one.
    pub(super) fn check(&self) -> syn::Result<()> {
        let name = &self.name;
        if let Some(span) = self.unsafety {
            return Err(Error::new(
                span,
                format!(
                    "the handler `{name}` is `unsafe`, and nobody keeps for a request what it asks of its callers\n\
                     help: remove `unsafe`, and write an `unsafe` block where its body needs one"
                ),
            ));
        }
        if let Some(receiver) = &self.receiver {
            return Err(Error::new(
                *receiver,
                format!(
                    "the handler `{name}` has a receiver, but there is no value to call it on\n\
                     help: remove `self`; what handlers share comes in through `State`"
                ),
            ));
        }
        if let Some(parameter) = self.generics.type_params().next() {
            return Err(Error::new(
                parameter.ident.span(),
                format!("the handler `{name}` has a type parameter, which nothing decides\nhelp: write the type"),
            ));
        }
        if let Some(parameter) = self.generics.const_params().next() {
            return Err(Error::new(
                parameter.ident.span(),
                format!("the handler `{name}` has a constant parameter, which nothing decides\nhelp: write the value"),
            ));
        }
        if let Some(argument) = self.arguments.get(MOST_ARGUMENTS) {
            return Err(Error::new(
                argument.span(),
                format!(
                    "the handler `{name}` has {} arguments, and axum gives {MOST_ARGUMENTS} at most\n\
                     help: put several of them into a type with `#[derive(FromRequestParts)]`",
                    self.arguments.len()
                ),
            ));
        }
        let generic = self.arguments.iter().find_map(|argument| argument.impl_trait);
        match generic {
            Some(span) => Err(Error::new(
                span,
                format!(
                    "the handler `{name}` has an argument of type `impl`, which nothing decides\nhelp: write the type"
                ),
            )),
            None => Ok(()),
        }
    }
}

/// What stands in the braces of an `impl` block.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) functions: Vec<Function>,
    /// Where the first macro stands: what it makes is not known yet.
    pub(super) made: Option<Span>,
    /// Whether something stands there that is no item. The compiler says so, and drops the block.
    pub(super) is_broken: bool,
}

/// Reads functions. Everything else is passed over.
pub(super) fn all(content: ParseStream<'_>) -> syn::Result<Contents> {
    content.call(Attribute::parse_inner)?;
    let mut found = Contents::default();
    while !content.is_empty() {
        if content.peek(Token![#]) && !content.peek2(token::Bracket) {
            found.is_broken = true;
            content.parse::<TokenTree>()?;
            continue;
        }
        let attributes = content.call(Attribute::parse_outer)?;
        if content.is_empty() {
            break;
        }
        content.parse::<Visibility>()?;
        if let Some(qualifiers) = qualifiers(content)? {
            match function(content, &attributes, &qualifiers)? {
                Some(function) => found.functions.push(function),
                None => {
                    found.is_broken = true;
                    pass_item(content)?;
                }
            }
            continue;
        }
        let ahead = content.fork();
        let is_made = ahead.call(Path::parse_mod_style).is_ok() && ahead.peek(Token![!]);
        let is_item = content.peek(Token![const]) || content.peek(Token![type]);
        if is_made {
            found.made.get_or_insert(content.span());
        }
        if !is_made && !is_item {
            found.is_broken = true;
        } else if mark(&attributes)?.is_some() {
            return Err(content.error("`#[handler]` marks functions\nhelp: remove it here"));
        }
        pass_item(content)?;
    }
    Ok(found)
}

/// What may stand before `fn`.
#[derive(Default)]
struct Qualifiers {
    is_async: bool,
    unsafety: Option<Span>,
    /// Whether they stand in an order that the compiler refuses.
    is_misplaced: bool,
}

/// Reads what stands before `fn`, and `fn` itself. `None`, with nothing read, when no function follows.
fn qualifiers(content: ParseStream<'_>) -> syn::Result<Option<Qualifiers>> {
    let ahead = content.fork();
    let mut found = Qualifiers::default();
    while !ahead.peek(Token![fn]) {
        if ahead.peek(Token![async]) {
            found.is_async = true;
            found.is_misplaced |= found.unsafety.is_some();
        } else if ahead.peek(Token![unsafe]) {
            found.unsafety = Some(ahead.span());
        } else if !(ahead.peek(Token![const])
            || ahead.peek(Token![extern])
            || ahead.peek(Token![default])
            || ahead.peek(syn::LitStr))
        {
            return Ok(None);
        }
        ahead.parse::<TokenTree>()?;
    }
    ahead.parse::<Token![fn]>()?;
    content.advance_to(&ahead);
    Ok(Some(found))
}

/// Reads a function from its name on. `None` when it is none: the compiler says so, and drops the block.
fn function(
    content: ParseStream<'_>,
    attributes: &[Attribute],
    qualifiers: &Qualifiers,
) -> syn::Result<Option<Function>> {
    let Ok(name) = content.call(Ident::parse_any) else {
        return Ok(None);
    };
    let Ok(generics) = content.parse::<Generics>() else {
        return Ok(None);
    };
    if !content.peek(token::Paren) {
        return Ok(None);
    }
    let inputs;
    parenthesized!(inputs in content);
    let Inputs {
        receiver,
        types,
        is_unreadable,
        are_conditional,
    } = self::arguments(&inputs)?;
    let mut returns_future = false;
    let is_dropped = qualifiers.is_misplaced
        || content.peek(Token![->])
            && (content.peek3(token::Brace) || content.peek3(Token![->]) || content.peek3(Token![=>]));
    let mut is_bounds = false;
    while !content.peek(token::Brace) && !content.peek(Token![;]) && !content.is_empty() {
        is_bounds |= content.peek(Token![where]);
        let tree: TokenTree = content.parse()?;
        returns_future |= !is_bounds && names_future(&tree);
    }
    content.parse::<Option<TokenTree>>()?;
    let declared = block::lifetimes(&generics);
    let is_unreadable = is_unreadable || types.iter().any(|argument| block::is_refused(argument, &declared));
    Ok(Some(Function {
        name,
        docs: summary(attributes),
        is_deprecated: is_deprecated(attributes),
        conditions: conditions(attributes),
        generics,
        is_async: qualifiers.is_async,
        unsafety: qualifiers.unsafety,
        receiver,
        arguments: if is_unreadable || are_conditional {
            Vec::new()
        } else {
            types
        },
        is_unreadable,
        has_conditional_arguments: are_conditional,
        is_dropped,
        returns_future,
        mark: mark(attributes)?,
    }))
}

/// Whether a part of a return type says that it is a future, as `Future` and `BoxFuture` do.
pub(super) fn names_future(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Ident(word) => word.to_string().ends_with("Future"),
        TokenTree::Group(group) => group.stream().into_iter().any(|tree| names_future(&tree)),
        _ => false,
    }
}

/// What stands in the parentheses of a function.
#[derive(Default)]
struct Inputs {
    receiver: Option<Span>,
    types: Vec<Argument>,
    is_unreadable: bool,
    are_conditional: bool,
}

fn arguments(inputs: ParseStream<'_>) -> syn::Result<Inputs> {
    let mut found = Inputs::default();
    while !inputs.is_empty() {
        let attributes = inputs.call(Attribute::parse_outer)?;
        let mut names = attributes.iter().map(Attribute::path);
        found.are_conditional |= names.any(|name| name.is_ident("cfg") || name.is_ident("cfg_attr"));
        let mut words = 0;
        while !inputs.is_empty() && !inputs.peek(Token![,]) {
            if inputs.peek(Token![::]) {
                inputs.parse::<Token![::]>()?;
            } else if inputs.peek(Token![:]) {
                inputs.parse::<Token![:]>()?;
                let ahead = inputs.fork();
                match ahead.parse::<Type>() {
                    Ok(written) => {
                        inputs.advance_to(&ahead);
                        found.types.push(Argument::of(&written));
                    }
                    Err(_) => found.is_unreadable = true,
                }
                continue;
            } else if found.types.is_empty() && inputs.peek(Token![self]) && !inputs.peek2(Token![::]) && words <= 3 {
                found.receiver = Some(inputs.parse::<Token![self]>()?.span);
            } else {
                inputs.parse::<TokenTree>()?;
            }
            words += 1;
        }
        inputs.parse::<Option<Token![,]>>()?;
    }
    Ok(found)
}

/// Passes over an item that is no function.
fn pass_item(content: ParseStream<'_>) -> syn::Result<()> {
    // The value of a constant may end with braces.
    let is_constant = content.peek(Token![const]);
    while !content.is_empty() {
        let ends = content.peek(Token![;]) || !is_constant && content.peek(token::Brace);
        content.parse::<TokenTree>()?;
        if ends {
            break;
        }
    }
    Ok(())
}

/// The first line of the documentation.
pub(super) fn summary(attributes: &[Attribute]) -> String {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text), ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
        .map(|text| first_line(&text))
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}

/// The first line of a text that is not empty.
pub(super) fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or_default().to_owned()
}

/// Whether an attribute is about what is deprecated, as `#[deprecated]` and `#[allow(deprecated)]` are.
pub(super) fn is_deprecated(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let inside = attribute.meta.require_list().ok().map(|list| list.tokens.clone());
        attribute.path().is_ident("deprecated")
            || inside
                .into_iter()
                .flatten()
                .any(|tree| matches!(tree, TokenTree::Ident(word) if word == "deprecated"))
    })
}

/// The conditions of `#[cfg(...)]`, and of those that stand in a `#[cfg_attr(...)]`.
pub(super) fn conditions(attributes: &[Attribute]) -> Vec<TokenStream> {
    let mut found = Vec::new();
    for attribute in attributes {
        match &attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg") => found.push(list.tokens.clone()),
            meta => {
                if let Some((condition, metas)) = conditional(meta) {
                    let inner = metas.iter().filter(|meta| meta.path().is_ident("cfg"));
                    let inner = inner.filter_map(|meta| meta.require_list().ok());
                    found.extend(inner.map(|list| {
                        let tokens = &list.tokens;
                        quote!(any(not(#condition), #tokens))
                    }));
                }
            }
        }
    }
    found
}

/// The condition of a `#[cfg_attr(...)]`, and what stands there under it.
fn conditional(meta: &Meta) -> Option<(Meta, Vec<Meta>)> {
    let list = meta.require_list().ok().filter(|list| list.path.is_ident("cfg_attr"))?;
    let metas = list
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    let mut metas = metas.into_iter();
    Some((metas.next()?, metas.collect()))
}

/// Whether a mark stands in a `cfg_attr(...)`.
pub(super) fn is_conditional_mark(attribute: &TokenStream) -> bool {
    let metas = syn::parse2(attribute.clone()).ok().and_then(|meta| conditional(&meta));
    metas.is_some_and(|(_, metas)| metas.iter().any(|meta| is_mark(meta.path())))
}

/// Whether a path is that of the mark.
fn is_mark(path: &Path) -> bool {
    MARKS.contains(&path.to_token_stream().to_string().replace(' ', "").as_str())
}

pub(super) fn mark(attributes: &[Attribute]) -> syn::Result<Option<Mark>> {
    let mut found = None;
    for attribute in attributes {
        if let Some((_, metas)) = conditional(&attribute.meta)
            && let Some(meta) = metas.iter().find(|meta| is_mark(meta.path()))
        {
            return Err(Error::new_spanned(
                meta,
                "`#[handler]` stands in a `#[cfg_attr(...)]`, which is looked at too late\n\
                 help: write `#[handler]` by itself, with a `#[cfg(...)]` for the whole function",
            ));
        }
        if !is_mark(attribute.path()) {
            continue;
        }
        if found.is_some() {
            return Err(Error::new_spanned(attribute, "`#[handler]` stands twice"));
        }
        let tokens = match &attribute.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens.clone(),
            Meta::NameValue(pair) => {
                return Err(Error::new_spanned(
                    pair,
                    "write `#[handler]` or `#[handler(allow(unrouted))]`",
                ));
            }
        };
        found = Some(Mark {
            allow_unrouted: attribute::mark(tokens)?,
        });
    }
    Ok(found)
}
