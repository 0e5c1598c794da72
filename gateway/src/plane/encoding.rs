//! Percent-encoding of paths, queries and forms.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode};

/// What is encoded in a path: all but what RFC 3986, 3.3, lets stand there, and slashes.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// What RFC 3986, 2.3, does not call unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const RESERVED_BUT_SLASHES: &AsciiSet = &RESERVED.remove(b'/');

/// What `java.net.URLEncoder` encodes; spaces become `+`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');

/// A value of a path. Slashes stay, so that a greedy value is a path again.
pub(super) fn path_encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, PATH)
}

/// A path as signatures have it: nothing but what is unreserved, and slashes.
pub(super) fn path_encoded_strictly(path: &str) -> String {
    utf8_percent_encode(path, RESERVED_BUT_SLASHES).to_string()
}

/// A name or a value of a query.
pub(super) fn query_encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// What was encoded in a path. What is no UTF-8 is replaced.
pub(crate) fn path_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// As forms are encoded.
pub(super) fn form_encoded(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string().replace("%20", "+")
}

/// What was encoded in a form or a query.
pub(super) fn form_decoded(text: &str) -> String {
    match text.contains('+') {
        true => path_decoded(&text.replace('+', " ")),
        false => path_decoded(text),
    }
}

/// Names and values of a query, decoded, in their order. A semicolon that is not encoded splits it too
/// ([important notes](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)).
pub(crate) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split(['&', ';']).filter(|part| !part.is_empty());
    let pairs = parts.map(|part| part.split_once('=').unwrap_or((part, "")));
    pairs
        .map(|(name, value)| (form_decoded(name), form_decoded(value)))
        .collect()
}

/// The text that a header value has that is sent: no line ends, nothing that is not printable.
pub(super) fn is_header_value(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'\t' || byte >= b' ' && byte != 0x7f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded_for_their_place() {
        assert_eq!(path_encoded("a b/ü%?").to_string(), "a%20b/%C3%BC%25%3F");
        assert_eq!(query_encoded("a b&c=d").to_string(), "a%20b%26c%3Dd");
        assert_eq!(form_encoded(r#"{"some": "value"}"#), "%7B%22some%22%3A+%22value%22%7D");
        assert_eq!(form_decoded("a%2Bb+c"), "a+b c");
    }

    #[test]
    fn pairs_of_a_query_are_decoded_in_their_order() {
        let pairs = query_pairs("a=test%2Balias&b=test+alias&a&&=x;c=1%3B2");
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let found = [
            ("a", "test+alias"),
            ("b", "test alias"),
            ("a", ""),
            ("", "x"),
            ("c", "1;2"),
        ];
        assert_eq!(pairs, found);
    }

    proptest::proptest! {
        #[test]
        fn what_was_encoded_is_decoded_again(text in ".*") {
            proptest::prop_assert_eq!(path_decoded(&path_encoded(&text).to_string()), text.clone());
            proptest::prop_assert_eq!(path_decoded(&query_encoded(&text).to_string()), text.clone());
            proptest::prop_assert_eq!(form_decoded(&form_encoded(&text)), text);
        }
    }
}
