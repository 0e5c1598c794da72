//! Where the user's code stands.

use std::path::PathBuf;
use std::sync::LazyLock;

use proc_macro2::{Group, Span, TokenStream, TokenTree};

use crate::tokens;

/// `src/users.rs:12:14`. Outside of the compiler there is nothing to say.
pub(crate) fn location(span: Span) -> String {
    if !proc_macro::is_available() {
        return elsewhere(span);
    }
    let span = span.unwrap();
    format!("{}:{}:{}", span.file(), span.line(), span.column())
}

/// Where several tokens stand, as far as a compiler can say that.
pub(crate) fn spanned(trees: &[TokenTree]) -> Span {
    match trees {
        [first, .., last] => first.span().join(last.span()).unwrap_or(first.span()),
        _ => trees.first().map_or_else(Span::call_site, TokenTree::span),
    }
}

/// A place for generated code that the compiler's messages shall show. Editors would take that code for what stands
/// there, and show it as well, so that they are told nothing.
pub(crate) fn at(span: Span) -> Span {
    if is_in_editor() {
        Span::call_site()
    } else {
        Span::call_site().located_at(span)
    }
}

/// A text as tokens at one place, with what is given in the place of each `$`.
pub(crate) fn filled(text: &str, span: Span, mut given: impl Iterator<Item = Vec<TokenTree>>) -> Vec<TokenTree> {
    fn fill(text: TokenStream, span: Span, given: &mut dyn Iterator<Item = Vec<TokenTree>>) -> Vec<TokenTree> {
        let mut trees = Vec::new();
        for mut tree in text {
            match &tree {
                TokenTree::Punct(punct) if punct.as_char() == '$' => {
                    trees.extend(given.next().unwrap_or_default());
                    continue;
                }
                TokenTree::Group(group) => {
                    let inside = fill(group.stream(), span, given);
                    tree = TokenTree::Group(Group::new(group.delimiter(), inside.into_iter().collect()));
                }
                _ => {}
            }
            tree.set_span(span);
            trees.push(tree);
        }
        trees
    }
    fill(tokens::read(text), span, &mut given)
}

/// Whether this process is an editor's. It outlives a compilation: lines that moved would look like other types.
pub(crate) fn is_in_editor() -> bool {
    static IS_IN_EDITOR: LazyLock<bool> = LazyLock::new(|| {
        let program = std::env::current_exe().ok();
        let name = program.as_deref().and_then(|program| program.file_stem());
        name.is_some_and(|name| name.to_string_lossy().contains("analyzer"))
    });
    *IS_IN_EDITOR
}

#[cfg(not(test))]
fn elsewhere(_: Span) -> String {
    String::new()
}

/// In tests, as if all code stood in one file.
#[cfg(test)]
fn elsewhere(span: Span) -> String {
    let start = span.start();
    format!("src/users.rs:{}:{}", start.line, start.column + 1)
}

/// The file on disk that a span is in, if it is in one.
pub(crate) fn file(span: Span) -> Option<PathBuf> {
    if proc_macro::is_available() {
        span.unwrap().local_file()
    } else {
        None
    }
}
