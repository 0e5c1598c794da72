//! Parts of JSON pointers ([RFC 6901, 3](https://www.rfc-editor.org/rfc/rfc6901#section-3)).

/// A name as it stands in a pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that stands in a pointer.
#[cfg(any(feature = "gateway", feature = "import"))]
pub(crate) fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
