//! Where the user's code stands.

use std::path::PathBuf;

use proc_macro2::Span;

/// `src/users.rs:12:14`. Empty outside of the compiler.
pub(crate) fn location(span: Span) -> String {
    if !proc_macro::is_available() {
        return String::new();
    }
    let span = span.unwrap();
    format!("{}:{}:{}", span.file(), span.line(), span.column())
}

/// The file on disk that a span is in, if it is in one.
pub(crate) fn file(span: Span) -> Option<PathBuf> {
    if proc_macro::is_available() {
        span.unwrap().local_file()
    } else {
        None
    }
}
