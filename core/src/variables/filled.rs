//! A text with values in the places of its variables.

use std::collections::BTreeMap;

use super::START;
use crate::placeholder::has_placeholder;
use crate::span::Span;

/// A text in which variables were filled in.
#[derive(Debug)]
pub(super) struct FilledText {
    pub(super) span: Span,
    pub(super) written: String,
    pub(super) text: String,
    /// The variables that have a value.
    pub(super) names: Vec<String>,
    /// Whether another tool is to fill in more, or all of it: it is empty, or a value has placeholders.
    pub(super) is_open: bool,
}

impl FilledText {
    /// A text with its variables filled in, if there is one to fill in. What is filled in is not looked at again.
    pub(super) fn of(written: &str, span: Span, values: &BTreeMap<String, String>) -> Option<Self> {
        let mut rest = written;
        let mut filled = Self {
            span,
            written: written.to_owned(),
            text: String::new(),
            names: Vec::new(),
            is_open: false,
        };
        while let Some(at) = rest.find(START) {
            let (before, reference) = rest.split_at(at);
            filled.text.push_str(before);
            let inner = &reference[START.len()..];
            let value = inner
                .split_once('}')
                .and_then(|(name, rest)| Some((name, values.get(name)?, rest)));
            if let Some((name, value, behind)) = value {
                filled.text.push_str(value);
                filled.is_open |= has_placeholder(value);
                if !filled.names.iter().any(|known| known == name) {
                    filled.names.push(name.to_owned());
                }
                rest = behind;
            } else {
                filled.text.push_str(START);
                rest = inner;
            }
        }
        filled.text.push_str(rest);
        filled.is_open |= filled.text.is_empty();
        (!filled.names.is_empty()).then_some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_in_place_of_its_variable_and_is_not_looked_at_again() {
        let known = [("host", "${var.other}"), ("other", "no"), ("a.b", "1")];
        let known = BTreeMap::from(known.map(|(name, value)| (name.to_owned(), value.to_owned())));
        for (text, expected) in [
            ("https://${var.host}/x", Some("https://${var.other}/x")),
            ("${var.a.b}${var.a.b}", Some("11")),
            ("${var.none}", None),
            ("${var.none}${var.a.b}", Some("${var.none}1")),
            ("${var.host", None),
            ("plain", None),
        ] {
            assert_eq!(
                FilledText::of(text, Span::default(), &known)
                    .map(|filled| filled.text)
                    .as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
