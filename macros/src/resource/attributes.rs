//! The attributes of a block and of its items, as far as they matter.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::{Error, LitStr};

use super::cursor::{Cursor, parts, without_fragments};
use super::options::Mark;
use crate::span;

/// Whether the types of handlers are registered. The page that shows what the macros write shows it without.
pub(super) const ARE_TYPES_REGISTERED: bool = cfg!(all(feature = "types", not(test)));

/// The attributes of an item.
#[derive(Default)]
pub(super) struct Attributes {
    /// The first line of the documentation.
    pub(super) docs: String,
    /// All of it, where the types of handlers are registered.
    pub(super) documentation: String,
    /// Whether one is about what is deprecated, as `#[deprecated]` and `#[allow(deprecated)]` are.
    pub(super) is_deprecated: bool,
    /// The conditions of `#[cfg(...)]`, and of those that stand in a `#[cfg_attr(...)]`.
    pub(super) conditions: Vec<TokenStream>,
    /// What `#[handler]` says, and where it stands.
    pub(super) mark: Option<(Ident, Mark)>,
    /// Whether axum's `#[debug_handler]` is among them, which looks for the function outside of the block, and asks what
    /// `#[resource]` asks itself.
    pub(super) is_debugged: bool,
    /// Whether another `#[resource]` is among them.
    pub(super) has_resource: bool,
    /// Whether what they stand on may not be there.
    pub(super) is_conditional: bool,
}

impl Attributes {
    /// Reads the attributes that stand next. `marks` are the names of the mark.
    pub(super) fn read(from: &mut Cursor, marks: &[String]) -> syn::Result<Self> {
        let mut found = Attributes::default();
        while from.is_sign(0, '#') {
            let is_inner = from.is_sign(1, '!');
            if !from.is_group(1 + usize::from(is_inner), Delimiter::Bracket) {
                break;
            }
            from.next();
            from.sign('!');
            // What stands inside of a block is about all of it.
            if let Some(group) = from.group(Delimiter::Bracket).filter(|_| !is_inner) {
                found.add(Cursor::of(without_fragments(group.stream())), marks)?;
            }
        }
        Ok(found)
    }

    fn add(&mut self, mut attribute: Cursor, marks: &[String]) -> syn::Result<()> {
        let Some(path) = attribute.path() else { return Ok(()) };
        let Some(TokenTree::Ident(word)) = attribute.last().cloned() else {
            return Ok(());
        };
        if path == "doc" {
            if (self.docs.is_empty() || ARE_TYPES_REGISTERED)
                && attribute.sign('=')
                && let Some(text) = attribute.next().map(|text| written(&text))
            {
                if self.docs.is_empty() {
                    self.docs = first_line(&text);
                }
                if ARE_TYPES_REGISTERED {
                    self.documentation.push_str(&text);
                    self.documentation.push('\n');
                }
            }
            return Ok(());
        }
        let list = attribute.group(Delimiter::Parenthesis).map(|list| list.stream());
        if marks.contains(&path) {
            if self.mark.is_some() {
                return Err(Error::new(word.span(), "`#[handler]` stands twice"));
            }
            if !attribute.is_empty() {
                return Err(Error::new(
                    word.span(),
                    "write `#[handler]` or `#[handler(allow(unrouted))]`",
                ));
            }
            self.mark = Some((word, Mark::parse(list.unwrap_or_default())?));
            return Ok(());
        }
        let list = list.unwrap_or_default();
        self.is_debugged |= is_debug(&path);
        self.has_resource |= path == "resource" || path.ends_with("::resource");
        self.is_conditional |= path == "cfg" || path == "cfg_attr";
        match path.as_str() {
            "cfg" => self.conditions.push(list),
            "cfg_attr" => self.conditional(list, marks)?,
            _ => {
                let mut words = list.into_iter();
                let says = words.any(|tree| matches!(tree, TokenTree::Ident(word) if word == "deprecated"));
                self.is_deprecated |= path == "deprecated" || says;
            }
        }
        Ok(())
    }

    /// Reads what stands in a `#[cfg_attr(...)]`.
    fn conditional(&mut self, list: TokenStream, marks: &[String]) -> syn::Result<()> {
        let mut parts = parts(list.into_iter().collect()).unwrap_or_default().into_iter();
        let condition: TokenStream = parts.next().into_iter().flatten().collect();
        for part in parts {
            let span = part.first().map(TokenTree::span);
            let mut part = Cursor::of(part);
            let path = part.path().unwrap_or_default();
            if let (true, Some(span)) = (marks.contains(&path), span) {
                return Err(Error::new(
                    span,
                    "`#[handler]` stands in a `#[cfg_attr(...)]`, which is looked at too late\n\
                     help: write `#[handler]` by itself, with a `#[cfg(...)]` for the whole function",
                ));
            }
            if let ("cfg", Some(inner)) = (path.as_str(), part.group(Delimiter::Parenthesis)) {
                let inner = inner.stream();
                self.conditions.push(quote!(any(not(#condition), #inner)));
            }
        }
        Ok(())
    }
}

/// What a literal says, if it is a text.
fn written(text: &TokenTree) -> String {
    let text = text.to_string();
    let plain = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match plain.filter(|text| !text.contains('\\')) {
        Some(plain) => plain.to_owned(),
        None => syn::parse_str::<LitStr>(&text)
            .map(|text| text.value())
            .unwrap_or_default(),
    }
}

/// The first line of a text that is not empty.
fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or_default().to_owned()
}

/// What stands in a block without the marks of its functions; every other token is the user's own. `None` where there is
/// no mark.
fn without_marks(content: TokenStream, marks: &[String]) -> Option<TokenStream> {
    let mut trees = content.into_iter().peekable();
    let mut kept = Vec::new();
    let mut has_marks = false;
    while let Some(tree) = trees.next() {
        match (tree, trees.peek()) {
            (TokenTree::Punct(pound), Some(TokenTree::Group(attribute)))
                if pound.as_char() == '#' && is_taken(attribute.stream(), marks) =>
            {
                trees.next();
                has_marks = true;
            }
            (TokenTree::Group(group), _) if group.delimiter() == Delimiter::None => {
                let inside = without_marks(group.stream(), marks);
                has_marks |= inside.is_some();
                kept.push(inside.map_or(TokenTree::Group(group.clone()), |inside| regrouped(&group, inside)));
            }
            (tree, _) => kept.push(tree),
        }
    }
    has_marks.then(|| kept.into_iter().collect())
}

/// A group with other contents.
fn regrouped(group: &Group, content: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), content);
    new.set_span(group.span());
    TokenTree::Group(new)
}

/// The item as the compiler gets it: without the marks, and with its `impl` in a place of ours. What it mentions, the
/// code behind it mentions again: the compiler reports a type that is not there once when it would say the same both
/// times, and only to code that is all the user's it suggests to make the type a parameter of the block.
pub(super) fn handed_back(item: TokenStream, marks: Option<&[String]>) -> TokenStream {
    let mut trees: Vec<TokenTree> = item.into_iter().collect();
    if let (Some(TokenTree::Group(body)), Some(marks)) = (trees.last(), marks)
        && let Some(content) = without_marks(body.stream(), marks)
    {
        let body = regrouped(body, content);
        trees.pop();
        trees.push(body);
    }
    let own = trees
        .iter_mut()
        .find(|tree| matches!(tree, TokenTree::Ident(word) if word == "impl"));
    if let Some(own) = own {
        own.set_span(span::at(own.span()));
    }
    trees.into_iter().collect()
}

/// Whether an attribute is not handed back.
fn is_taken(attribute: TokenStream, marks: &[String]) -> bool {
    let path = Cursor::of(without_fragments(attribute.clone())).path();
    path.is_some_and(|path| is_debug(&path)) || is_mark(attribute, marks)
}

/// Whether an attribute is axum's `#[debug_handler]`.
fn is_debug(path: &str) -> bool {
    path == "debug_handler" || path.ends_with("::debug_handler")
}

/// Whether an attribute is a mark, or would be one under a condition.
fn is_mark(attribute: TokenStream, marks: &[String]) -> bool {
    let mut attribute = Cursor::of(without_fragments(attribute));
    match attribute.path() {
        Some(path) if path == "cfg_attr" => {
            let list = attribute.group(Delimiter::Parenthesis).map(|list| list.stream());
            let parts = parts(list.into_iter().flatten().collect()).unwrap_or_default();
            parts
                .into_iter()
                .skip(1)
                .any(|part| is_mark(part.into_iter().collect(), marks))
        }
        Some(path) => marks.contains(&path),
        None => false,
    }
}
