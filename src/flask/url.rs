//! The spellings of a URL: decoded to be matched, encoded to be sent.

use std::borrow::Cow;

/// A request's path as Flask matches it.
pub(crate) struct Decoded<'a> {
    /// The path without percent signs.
    pub(crate) text: Cow<'a, str>,
    /// Whether axum's extractors would read something else out of the path: a slash was encoded, or what was
    /// encoded is no UTF-8.
    pub(super) reread: bool,
}

/// Decodes a path. What is no UTF-8 becomes U+FFFD, as in Flask; a percent sign without two digits stays.
pub(crate) fn decode(path: &str) -> Decoded<'_> {
    if !path.contains('%') {
        return Decoded {
            text: Cow::Borrowed(path),
            reread: false,
        };
    }
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut slash = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = (byte == b'%')
            .then(|| Some((hex(*bytes.get(at + 1)?)?, hex(*bytes.get(at + 2)?)?)))
            .flatten();
        if let Some((high, low)) = pair {
            let value = high << 4 | low;
            slash |= value == b'/';
            decoded.push(value);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    match String::from_utf8(decoded) {
        Ok(text) => Decoded {
            text: Cow::Owned(text),
            reread: slash,
        },
        Err(error) => Decoded {
            text: Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
            reread: true,
        },
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// Appends a text to a path, encoded but for what may stand in a path
/// ([RFC 3986, 3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)).
pub(super) fn encode(text: &str, path: &mut String) {
    escape(text, "!$&'()*+,/:;=@", path);
}

/// Appends a query, of which only what may not stand in a URL is encoded.
pub(super) fn encode_query(query: &str, url: &mut String) {
    escape(query, "%!$&'()*+,/:;=?@", url);
}

fn escape(text: &str, safe: &str, out: &mut String) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in text.bytes() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-._~".contains(character) || byte.is_ascii() && safe.contains(character) {
            out.push(character);
        } else {
            out.extend(['%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
}

/// Every run of slashes as one.
pub(super) fn merge_slashes(path: &str) -> Cow<'_, str> {
    if !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut merged = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !merged.ends_with('/') {
            merged.push(character);
        }
    }
    Cow::Owned(merged)
}

#[cfg(test)]
mod tests;
