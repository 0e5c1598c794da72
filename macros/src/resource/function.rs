//! A function of a block: whether it is a handler, and what keeps it from being one.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::Error;
use syn::ext::IdentExt as _;

use super::attributes::Attributes;
use super::cursor::is_sign;
use super::options::Allowed;
use crate::span::spanned;

/// The names that make an `async fn` a handler.
const VERBS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "any"];

/// A function as far as its signature goes.
pub(super) struct Function {
    pub(super) name: Ident,
    pub(super) attributes: Attributes,
    /// The lifetimes that it declares.
    pub(super) lifetimes: Vec<Ident>,
    /// Its first other parameter, and whether that is a constant.
    pub(super) parameter: Option<(Ident, bool)>,
    pub(super) is_async: bool,
    pub(super) unsafety: Option<Span>,
    pub(super) receiver: Option<Span>,
    /// The types of its arguments.
    pub(super) arguments: Vec<Vec<TokenTree>>,
    /// Whether an argument is there under a condition, so that their number is not known.
    pub(super) has_conditional_arguments: bool,
    /// Its return type.
    pub(super) returned: Vec<TokenTree>,
    /// Whether that is written as a future.
    pub(super) returns_future: bool,
}

impl Function {
    /// Whether it is a handler: it is marked, or named after a verb and can be called as one.
    pub(super) fn is_handler(&self) -> bool {
        if self.attributes.mark.is_some() {
            return true;
        }
        let name = self.name.unraw().to_string();
        // An `async fn` with a receiver is meant as a handler and refused as one; any other is an ordinary method.
        VERBS.contains(&name.as_str()) && (self.is_async || self.returns_future && self.receiver.is_none())
    }

    /// What routes files and the proof do not ask of it.
    pub(super) fn allowed(&self) -> Allowed {
        self.attributes
            .mark
            .as_ref()
            .map(|(_, mark)| mark.allowed)
            .unwrap_or_default()
    }

    /// What is to be laid around it.
    pub(super) fn layer(&self) -> Option<&TokenStream> {
        self.attributes.mark.as_ref()?.1.layer.as_ref()
    }

    /// What keeps a handler from being one.
    pub(super) fn check(&self) -> syn::Result<()> {
        let is_counted = !self.has_conditional_arguments;
        let (span, wrong) = if let Some(span) = self.unsafety {
            let wrong = "is `unsafe`, and nobody keeps for a request what it asks of its callers\n\
                         help: remove `unsafe`, and write an `unsafe` block where its body needs one";
            (span, wrong.to_owned())
        } else if let Some(receiver) = self.receiver {
            let wrong = "has a receiver, but there is no value to call it on\n\
                         help: remove `self`; what handlers share comes in through `State`";
            (receiver, wrong.to_owned())
        } else if let Some((parameter, is_constant)) = &self.parameter {
            let (kind, help) = if *is_constant {
                ("constant", "value")
            } else {
                ("type", "type")
            };
            let wrong = format!("has a {kind} parameter, which nothing decides\nhelp: write the {help}");
            (parameter.span(), wrong)
        } else if let Some(argument) = self.arguments.get(MOST_ARGUMENTS).filter(|_| is_counted) {
            let count = self.arguments.len();
            let wrong = format!(
                "has {count} arguments, and axum gives {MOST_ARGUMENTS} at most\n\
                 help: put several of them into a type with `#[derive(FromRequestParts)]`"
            );
            (spanned(argument), wrong)
        } else if let Some((word, span)) = self.arguments.iter().find_map(|argument| open_type(argument)) {
            let wrong = format!("has an argument whose type `{word}` leaves open\nhelp: write the type");
            (span, wrong)
        } else {
            return Ok(());
        };
        Err(Error::new(span, format!("the handler `{}` {wrong}", self.name)))
    }
}

/// As many arguments as axum's handlers have.
pub(super) const MOST_ARGUMENTS: usize = 16;

/// Where the first `impl` or `_` of a type stands. Values in braces and what macros are given is not looked at, nor is
/// the name of an argument in `fn(_: u8)`.
fn open_type(trees: &[TokenTree]) -> Option<(String, Span)> {
    trees.iter().enumerate().find_map(|(at, tree)| match tree {
        TokenTree::Ident(word) => {
            let is_lifetime = at > 0 && is_sign(&trees[at - 1], '\'');
            let is_name = trees.get(at + 1).is_some_and(|next| is_sign(next, ':'));
            let is_open = word == "impl" || word == "_" && !is_lifetime && !is_name;
            is_open.then(|| (word.to_string(), word.span()))
        }
        TokenTree::Group(group) => {
            let is_type = group.delimiter() != Delimiter::Brace && !(at > 0 && is_sign(&trees[at - 1], '!'));
            is_type.then(|| open_type(&group.stream().into_iter().collect::<Vec<_>>()))?
        }
        _ => None,
    })
}
