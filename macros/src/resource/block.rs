//! The item that `#[resource]` stands on.
//!
//! Only what matters is read: bodies of functions are passed over as they are, which is quick and leaves code that
//! is being typed to the compiler.

use std::iter::Peekable;

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Error, Generics, Lifetime, Token, Type, Visibility, token};

use super::argument::Argument;
use super::function::{self, Function};
use super::plain;
use crate::place;

/// What `#[resource]` stands on.
pub(super) enum Item {
    /// An `impl` block.
    Block(Box<Block>),
    /// A struct, an enum or a union.
    Type(Definition),
}

/// An `impl` block.
pub(super) struct Block {
    pub(super) docs: String,
    /// Whether an attribute of it, or of a function, is about what is deprecated.
    pub(super) is_deprecated: bool,
    /// The conditions of its `#[cfg(...)]`.
    pub(super) conditions: Vec<TokenStream>,
    pub(super) self_type: SelfType,
    pub(super) functions: Vec<Function>,
    /// Where the first macro stands.
    pub(super) made: Option<Span>,
    /// Whether something in it is no item.
    pub(super) is_broken: bool,
    /// Whether a function has a `#[handler]`.
    pub(super) has_marks: bool,
}

/// The type that serves a resource.
pub(super) struct SelfType {
    pub(super) tokens: TokenStream,
    /// What messages call it.
    pub(super) word: String,
    /// All of it, without spaces.
    pub(super) text: String,
}

impl SelfType {
    fn of(written: &Type) -> Self {
        let word = match written {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.unraw().to_string()),
            _ => None,
        };
        let tokens = written.to_token_stream();
        SelfType {
            text: one_text(&tokens),
            tokens,
            word: word.unwrap_or_else(|| "Self".to_owned()),
        }
    }

    pub(super) fn named(name: &Ident) -> Self {
        SelfType {
            tokens: name.to_token_stream(),
            word: name.unraw().to_string(),
            text: name.to_string(),
        }
    }
}

fn one_text(tokens: &TokenStream) -> String {
    tokens.to_string().replace(char::is_whitespace, "")
}

/// A struct, an enum or a union.
pub(super) struct Definition {
    pub(super) docs: String,
    /// Whether an attribute is about what is deprecated.
    pub(super) is_deprecated: bool,
    /// The conditions of its `#[cfg(...)]`.
    pub(super) conditions: Vec<TokenStream>,
    pub(super) name: Ident,
}

const WHERE: &str = "`#[resource]` stands on an `impl` block with handlers, or on a struct or an enum with \
                     `handlers(...)`";

pub(super) fn parse(item: TokenStream) -> syn::Result<Item> {
    match plain::block(&item) {
        Some(block) => Ok(Item::Block(Box::new(block))),
        None => parse_any(item),
    }
}

/// Reads any item.
pub(super) fn parse_any(item: TokenStream) -> syn::Result<Item> {
    let whole: Vec<TokenTree> = item.clone().into_iter().collect();
    (|input: ParseStream<'_>| self::item(input, &whole)).parse2(without_bodies(item))
}

/// The item with nothing in the braces of its block's items, and next to nothing in those of its type: syn looks at
/// every token that it is given, and most of them stand there.
fn without_bodies(item: TokenStream) -> TokenStream {
    fn in_braces(tree: TokenTree, inside: impl FnOnce(TokenStream) -> TokenStream) -> TokenTree {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                regrouped(&group, inside(group.stream()))
            }
            other => other,
        }
    }
    let emptied = |block: TokenStream| {
        let items = without_fragments(block).into_iter();
        items.map(|tree| in_braces(tree, |_| TokenStream::new())).collect()
    };
    let mut trees: Vec<TokenTree> = item.into_iter().collect();
    let body = trees.pop().map(|tree| in_braces(tree, emptied));
    // Values in the type: syn reads numbers, and few expressions.
    let number = |_| TokenTree::Literal(Literal::u8_unsuffixed(0)).into();
    let before = trees.into_iter().map(|tree| in_braces(tree, number));
    before.chain(body).collect()
}

/// The tokens without the groups around what came through `macro_rules!` as a fragment, such as an item.
pub(super) fn without_fragments(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => without_fragments(group.stream()),
            other => other.into(),
        })
        .collect()
}

fn item(input: ParseStream<'_>, whole: &[TokenTree]) -> syn::Result<Item> {
    let attributes = input.call(Attribute::parse_outer)?;
    let docs = function::summary(&attributes);
    let is_deprecated = function::is_deprecated(&attributes);
    let conditions = function::conditions(&attributes);
    input.parse::<Visibility>()?;
    if input.peek(Token![impl]) || input.peek(Token![unsafe]) && input.peek2(Token![impl]) {
        let mut block = block(input, whole, docs, conditions)?;
        block.is_deprecated |= is_deprecated;
        return Ok(Item::Block(Box::new(block)));
    }
    let is_union = input.peek(Ident::peek_any) && input.fork().parse::<Ident>().is_ok_and(|word| word == "union");
    if !(input.peek(Token![struct]) || input.peek(Token![enum]) || is_union) {
        return Err(input.error(WHERE));
    }
    input.call(Ident::parse_any)?;
    let name: Ident = input.parse()?;
    let generics: Generics = input.parse()?;
    rest(input)?;
    refuse_generics(&generics, "the type")?;
    Ok(Item::Type(Definition {
        docs,
        is_deprecated,
        conditions,
        name,
    }))
}

fn block(
    input: ParseStream<'_>,
    whole: &[TokenTree],
    docs: String,
    conditions: Vec<TokenStream>,
) -> syn::Result<Block> {
    if input.peek(Token![unsafe]) {
        input.parse::<Token![unsafe]>()?;
    }
    input.parse::<Token![impl]>()?;
    let generics: Generics = input.parse()?;
    let self_type: Type = input.parse()?;
    if input.peek(Token![for]) {
        return Err(Error::new(
            self_type.span(),
            "`#[resource]` stands on an `impl` block of a type, not of a trait for a type",
        ));
    }
    let mut of_type = SelfType::of(&self_type);
    of_type.tokens = with_bodies(of_type.tokens, whole, input);
    of_type.text = one_text(&of_type.tokens);
    // A `where` clause says nothing about handlers.
    while !input.peek(token::Brace) && !input.is_empty() {
        input.parse::<TokenTree>()?;
    }
    let content;
    syn::braced!(content in input);
    let function::Contents {
        functions,
        made,
        is_broken,
    } = function::all(&content)?;
    refuse_generics(&generics, "the `impl` block")?;
    Ok(Block {
        docs,
        is_deprecated: functions.iter().any(|function| function.is_deprecated),
        conditions,
        self_type: of_type,
        has_marks: functions.iter().any(|function| function.mark.is_some()),
        functions,
        made,
        is_broken,
    })
}

/// What was just read, with what stands in its braces in the whole item.
fn with_bodies(read: TokenStream, whole: &[TokenTree], input: ParseStream<'_>) -> TokenStream {
    let is_body = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    if !read.clone().into_iter().any(|tree| is_body(&tree)) {
        return read;
    }
    let end = whole.len() - input.cursor().token_stream().into_iter().count();
    let start = end.saturating_sub(read.into_iter().count());
    whole[start..end].iter().cloned().collect()
}

fn refuse_generics(generics: &Generics, what: &str) -> syn::Result<()> {
    if generics.params.is_empty() {
        return Ok(());
    }
    let example = if generics.params.len() == generics.lifetimes().count() {
        "impl Users<'_>"
    } else {
        "impl Users<Postgres>"
    };
    Err(Error::new(
        generics.params.span(),
        format!(
            "{what} has parameters, so that a router could not know which type serves the resource\n\
             help: write `#[resource]` on an `impl` block of one type, such as `{example}`"
        ),
    ))
}

fn rest(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// The item with its `impl` in a place of ours. What it mentions, the code behind it mentions again: the compiler
/// reports a type that is not there once when it would say the same both times, and only to code that is all the
/// user's it suggests to make the type a parameter of the block.
pub(super) fn with_own_impl(item: TokenStream) -> TokenStream {
    item.into_iter()
        .map(|mut tree| {
            if matches!(&tree, TokenTree::Ident(word) if word == "impl") && !place::is_in_editor() {
                tree.set_span(place::at(tree.span()));
            }
            tree
        })
        .collect()
}

/// A group with other contents.
pub(super) fn regrouped(group: &Group, content: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), content);
    new.set_span(group.span());
    TokenTree::Group(new)
}

/// Whether a type names a lifetime that stands for nothing in particular, as `&str` and `Cow<'_, str>` do. Those of a
/// `fn(&str) -> &str` are its own.
pub(super) fn elides_lifetimes(tokens: &TokenStream) -> bool {
    let mut trees = tokens.clone().into_iter().peekable();
    let mut borrowed = false;
    while let Some(tree) = trees.next() {
        let quote = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '\'');
        if borrowed && !quote {
            return true;
        }
        borrowed = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '&');
        match &tree {
            TokenTree::Group(group) if elides_lifetimes(&group.stream()) => return true,
            TokenTree::Ident(word) if word == "_" => return true,
            TokenTree::Ident(word) if is_function(&word.to_string()) => {
                pass_signature(&mut trees);
            }
            _ => {}
        }
    }
    false
}

/// Whether arguments in parentheses follow a word of a type.
fn is_function(word: &str) -> bool {
    matches!(
        word,
        "fn" | "Fn" | "FnMut" | "FnOnce" | "AsyncFn" | "AsyncFnMut" | "AsyncFnOnce"
    )
}

/// Passes over `(&str) -> &str`.
fn pass_signature(trees: &mut Peekable<impl Iterator<Item = TokenTree>>) {
    let is_arguments =
        |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
    if trees.next_if(is_arguments).is_none() {
        return;
    }
    let is = |tree: &TokenTree, sign: char| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign);
    if trees.next_if(|tree| is(tree, '-')).is_none() || trees.next_if(|tree| is(tree, '>')).is_none() {
        return;
    }
    let mut depth = 0_usize;
    while let Some(tree) = trees.next_if(|tree| depth > 0 || !['>', ',', '+'].iter().any(|&end| is(tree, end))) {
        depth += usize::from(is(&tree, '<'));
        depth = depth.saturating_sub(usize::from(is(&tree, '>')));
    }
}

/// Whether the compiler refuses an argument wherever it stands: once for the user's own, and again for ours.
pub(super) fn is_refused(argument: &Argument, declared: &[Lifetime]) -> bool {
    names_other_lifetimes(argument, declared) || has_placeholder(argument)
}

/// Whether a type names a lifetime that nobody has declared.
fn names_other_lifetimes(argument: &Argument, declared: &[Lifetime]) -> bool {
    fn in_trees(mut trees: impl Iterator<Item = TokenTree>, declared: &[Lifetime]) -> bool {
        let mut quoted = false;
        trees.any(|tree| {
            let is_name = std::mem::replace(
                &mut quoted,
                matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '\''),
            );
            match tree {
                TokenTree::Ident(word) if is_name => {
                    word != "static" && word != "_" && declared.iter().all(|lifetime| lifetime.ident != word)
                }
                TokenTree::Group(group) => in_trees(group.stream().into_iter(), declared),
                _ => false,
            }
        })
    }
    if argument.is_plain {
        return false;
    }
    // `for<'a>` declares its own.
    let declares = argument.text.split_whitespace().any(|word| word == "for");
    !declares && in_trees(argument.trees.iter().cloned(), declared)
}

/// Whether a `_` stands for a type, which no function may leave open.
fn has_placeholder(argument: &Argument) -> bool {
    fn in_trees(mut trees: impl Iterator<Item = TokenTree>) -> bool {
        let mut sign = ' ';
        trees.any(|tree| {
            let before = std::mem::replace(&mut sign, ' ');
            match tree {
                TokenTree::Ident(word) => before != '\'' && word == "_",
                TokenTree::Group(group) => {
                    group.delimiter() != Delimiter::Brace && before != '!' && in_trees(group.stream().into_iter())
                }
                TokenTree::Punct(punct) => {
                    sign = punct.as_char();
                    false
                }
                TokenTree::Literal(_) => false,
            }
        })
    }
    !argument.is_plain && in_trees(argument.trees.iter().cloned())
}

/// The lifetimes of a function's generics.
pub(super) fn lifetimes(generics: &Generics) -> Vec<Lifetime> {
    generics
        .lifetimes()
        .map(|parameter| parameter.lifetime.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_lifetime_is_declared_or_it_is_not() {
        let declared = [syn::parse_quote!('a)];
        let names =
            |argument: TokenStream| names_other_lifetimes(&Argument::of(&syn::parse2(argument).unwrap()), &declared);
        for known in [
            quote!(Cow<'a, str>),
            quote!(&'static str),
            quote!((Cow<'_, str>,)),
            quote!(fn() -> char),
            quote!(State<for<'b> fn(&'b str) -> &'b str>),
            quote!([u8; { 'x' as usize }]),
        ] {
            assert!(!names(known.clone()), "{known}");
        }
        assert!(names(quote!(Cow<'b, str>)) && names(quote!((u8, &'b str))));
    }

    #[test]
    fn lifetimes_of_functions_are_their_own() {
        for own in [
            quote!(State<Arc<dyn Fn(&str) -> String + Send + Sync>>),
            quote!(State<fn(&str) -> &str>),
            quote!(State<(fn(&str) -> Cow<'_, str>, Box<dyn for<'a> FnMut(&'a str, &u8)>)>),
            quote!(State<fn(&str) -> Result<Cow<'_, str>, Error>>),
            quote!(State<&'static str>),
            quote!(Function),
        ] {
            assert!(!elides_lifetimes(&own), "{own}");
        }
        for elided in [
            quote!(&str),
            quote!(State<Cow<'_, str>>),
            quote!((fn(&str) -> u8, &str)),
            quote!(Both<fn(&str) -> Result<u8, u8>, &str>),
            quote!(&mut (u8, u8)),
        ] {
            assert!(elides_lifetimes(&elided), "{elided}");
        }
    }
}
