//! The spellings of a URL: decoded to be matched, encoded to be sent.

use std::borrow::Cow;

/// A request's path as Flask matches it.
pub(crate) struct Decoded<'a> {
    /// The path without percent signs.
    pub(crate) text: Cow<'a, str>,
    /// Whether axum's extractors would read something else out of the path: a slash was encoded, or what was
    /// encoded is no UTF-8.
    pub(crate) reread: bool,
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
pub(crate) fn encode(text: &str, path: &mut String) {
    escape(text, "!$&'()*+,/:;=@", path);
}

/// Appends a query, of which only what may not stand in a URL is encoded.
pub(crate) fn encode_query(query: &str, url: &mut String) {
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
pub(crate) fn merge_slashes(path: &str) -> Cow<'_, str> {
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

/// The host of a `Host` header or an absolute request target for a URL with the scheme `http`, as Werkzeug takes
/// it: in small letters, without the port 80. `None` when a URL cannot be made of it.
pub(crate) fn host(written: &str) -> Option<String> {
    let host = written.strip_suffix(":80").unwrap_or(written);
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            if !address.contains(':') || !address.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.') {
                return None;
            }
            (address, port)
        }
        None => {
            let at = host.find(':').unwrap_or(host.len());
            let (name, port) = host.split_at(at);
            if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-') {
                return None;
            }
            (name, port)
        }
    };
    let port_fits = port.is_empty()
        || port
            .strip_prefix(':')
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0'))
            .is_some_and(|digits| digits.parse::<u16>().is_ok());
    (!name.is_empty() && port_fits).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_notices_what_axum_reads_differently() {
        let decoded = decode("/a%20b/%C3%A9/%zz/%2");
        assert_eq!((decoded.text.as_ref(), decoded.reread), ("/a b/\u{e9}/%zz/%2", false));
        let decoded = decode("/a%2Fb");
        assert_eq!((decoded.text.as_ref(), decoded.reread), ("/a/b", true));
        let decoded = decode("/%FF%ED%A0%80");
        assert_eq!(
            (decoded.text.as_ref(), decoded.reread),
            ("/\u{fffd}\u{fffd}\u{fffd}\u{fffd}", true)
        );
    }

    #[test]
    fn encoding_keeps_what_a_path_may_hold() {
        let mut path = String::new();
        encode("/a b/\u{e9}/x:y;z=1/%/\"~", &mut path);
        assert_eq!(path, "/a%20b/%C3%A9/x:y;z=1/%25/%22~");
    }

    #[test]
    fn a_query_stays_as_it_was_sent() {
        let mut url = String::new();
        encode_query("q=a%20b&c=<\u{e9}>", &mut url);
        assert_eq!(url, "q=a%20b&c=%3C%C3%A9%3E");
    }

    #[test]
    fn runs_of_slashes_become_one() {
        assert_eq!(merge_slashes("//a///b//"), "/a/b/");
        assert!(matches!(merge_slashes("/a/b/"), Cow::Borrowed("/a/b/")));
    }

    #[test]
    fn a_host_is_taken_only_when_it_can_stand_in_a_url() {
        assert_eq!(host("Example.COM:80").as_deref(), Some("example.com"));
        assert_eq!(host("127.0.0.1:3000").as_deref(), Some("127.0.0.1:3000"));
        assert_eq!(host("[::1]:3000").as_deref(), Some("[::1]:3000"));
        for bad in [
            "",
            "a b",
            "a/b",
            "evil\r\n",
            "x:",
            "x:y",
            "x:99999",
            "[::1",
            "[x]",
            "user@host",
        ] {
            assert_eq!(host(bad), None, "{bad:?}");
        }
    }
}
