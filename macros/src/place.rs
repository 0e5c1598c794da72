//! Where the user's code stands.

use std::path::PathBuf;

use proc_macro2::Span;

/// `src/users.rs:12:14`. Outside of the compiler there is nothing to say.
pub(crate) fn location(span: Span) -> String {
    if !proc_macro::is_available() {
        return elsewhere(span);
    }
    let span = span.unwrap();
    format!("{}:{}:{}", span.file(), span.line(), span.column())
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
