//! JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) with places.
//!
//! The parser goes on behind the slips that people make (a missing comma, a comma too many, a missing
//! colon), so that one run reports all of them.

mod string;

use std::borrow::Cow;

use super::{EMPTY_HELP, MAX_DEPTH, MAX_SYNTAX_ERRORS, Member, Node, Value, check_duplicates, too_deep};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Span;

/// Room for the members of most objects. What is left of it is given back: a large file has many objects.
const FEW: usize = 8;

/// Nothing sensible can be read behind this point.
struct GiveUp;

type Parsed<T> = Result<T, GiveUp>;

pub(super) fn parse<'a>(text: &'a str, found: &mut Diagnostics) -> Option<Node<'a>> {
    let mut parser = Parser {
        text,
        at: text.len() - text.trim_start_matches('\u{feff}').len(),
        depth: 0,
        slips: 0,
        found,
    };
    parser.document().ok()
}

struct Parser<'a, 'f> {
    text: &'a str,
    at: usize,
    depth: usize,
    slips: usize,
    found: &'f mut Diagnostics,
}

impl<'a> Parser<'a, '_> {
    fn document(&mut self) -> Parsed<Node<'a>> {
        self.skip_space()?;
        if self.rest().is_empty() {
            return self.stop(self.at, "the file is empty", EMPTY_HELP);
        }
        let node = self.value()?;
        self.skip_space()?;
        if !self.rest().is_empty() {
            self.slip(self.at, "there is text behind the end of the document", "remove it")?;
        }
        Ok(node)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reports a slip behind which reading goes on.
    fn slip(&mut self, at: usize, message: &str, help: &str) -> Parsed<()> {
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        self.found.push(
            Diagnostic::new(Code::BadSyntax, message)
                .at(Span::new(at, at + width))
                .with_help(help),
        );
        self.slips += 1;
        if self.slips >= MAX_SYNTAX_ERRORS {
            return Err(GiveUp);
        }
        Ok(())
    }

    fn stop<T>(&mut self, at: usize, message: &str, help: &str) -> Parsed<T> {
        self.slip(at, message, help)?;
        Err(GiveUp)
    }

    fn skip_space(&mut self) -> Parsed<()> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'/' if self.rest().starts_with("//") || self.rest().starts_with("/*") => {
                    self.comment()?;
                }
                b'#' => self.comment()?,
                _ => break,
            }
        }
        Ok(())
    }

    /// JSON has no comments, but people write them: one message, then on behind it.
    fn comment(&mut self) -> Parsed<()> {
        let start = self.at;
        let length = if self.rest().starts_with("/*") {
            self.rest().find("*/").map_or(self.rest().len(), |end| end + 2)
        } else {
            self.rest().find('\n').unwrap_or(self.rest().len())
        };
        self.slip(
            start,
            "JSON has no comments",
            "remove it, or write the file as `routes.yaml`, where `#` starts a comment",
        )?;
        self.at += length;
        Ok(())
    }

    fn value(&mut self) -> Parsed<Node<'a>> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'\'') => {
                return self.stop(start, "a string is in single quotes", "write it in double quotes");
            }
            Some(_) => self.word()?,
            None => {
                return self.stop(start, "the file ends where a value should stand", "is it cut off?");
            }
        };
        Ok(Node {
            span: Span::new(start, self.at),
            value,
        })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Parsed<Value<'a>>) -> Parsed<Value<'a>> {
        if self.depth == MAX_DEPTH {
            self.found.push(too_deep(Span::new(self.at, self.at)));
            return Err(GiveUp);
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Parsed<Value<'a>> {
        let open = self.at;
        self.at += 1;
        let mut members: Vec<Member<'a>> = Vec::with_capacity(FEW);
        loop {
            self.skip_space()?;
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b'"') => {
                    let key_start = self.at;
                    let key = self.string()?;
                    let key_span = Span::new(key_start, self.at);
                    self.skip_space()?;
                    if self.peek() == Some(b':') {
                        self.at += 1;
                    } else {
                        let at = self.at.min(self.text.len());
                        self.slip(at, "a colon is missing behind this key", "write `\"key\": value`")?;
                        if self.peek() == Some(b'=') {
                            self.at += 1;
                        }
                    }
                    self.skip_space()?;
                    let node = self.value()?;
                    members.push(Member { key, key_span, node });
                    self.separator(b'}')?;
                }
                Some(b',') => {
                    self.slip(self.at, "there is a comma too many", "remove it")?;
                    self.at += 1;
                }
                Some(b'\'') => {
                    return self.stop(self.at, "a key is in single quotes", "write it in double quotes");
                }
                Some(_) => {
                    return self.stop(
                        self.at,
                        "a key in double quotes or `}` should stand here",
                        "write keys as `\"key\"`",
                    );
                }
                None => {
                    return self.stop(open, "this `{` is never closed", "add the missing `}`");
                }
            }
        }
        members.shrink_to_fit();
        check_duplicates(&members, self.found);
        Ok(Value::Object(members))
    }

    fn array(&mut self) -> Parsed<Value<'a>> {
        let open = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space()?;
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    self.slip(self.at, "there is a comma too many", "remove it")?;
                    self.at += 1;
                }
                Some(b'}') => {
                    return self.stop(open, "this `[` is never closed", "add the missing `]`");
                }
                Some(_) => {
                    items.push(self.value()?);
                    self.separator(b']')?;
                }
                None => {
                    return self.stop(open, "this `[` is never closed", "add the missing `]`");
                }
            }
        }
        Ok(Value::Array(items))
    }

    /// Behind a member or an item: a comma and another one, or the end.
    fn separator(&mut self, close: u8) -> Parsed<()> {
        let behind = self.at;
        self.skip_space()?;
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space()?;
                if self.peek() == Some(close) {
                    self.slip(comma, "there is a comma behind the last entry", "remove it")?;
                }
                Ok(())
            }
            Some(byte) if byte == close => Ok(()),
            // The other bracket, or the end of the file: the caller knows what was never closed.
            Some(b'}' | b']') | None => Ok(()),
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                self.slip(behind, "a comma is missing here", "separate entries with a comma")
            }
            Some(_) => self.stop(
                self.at,
                "this character cannot stand here",
                "separate entries with a comma, and write text in double quotes",
            ),
        }
    }

    fn word(&mut self) -> Parsed<Value<'a>> {
        let start = self.at;
        let length = self
            .rest()
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-')))
            .unwrap_or(self.rest().len());
        let word = &self.rest()[..length];
        let (value, meant) = match word {
            "null" | "None" | "undefined" | "nil" => (Value::Null, "null"),
            "true" | "True" | "TRUE" => (Value::Bool(true), "true"),
            "false" | "False" | "FALSE" => (Value::Bool(false), "false"),
            "" => {
                return self.stop(
                    start,
                    "this character cannot start a value",
                    "a value is a text in double quotes, a number, `true`, `false`, `null`, a list or an object",
                );
            }
            _ => {
                return self.stop(start, "this is no JSON value", "write text in double quotes");
            }
        };
        if word != meant {
            self.slip(start, "this is no JSON value", &format!("write `{meant}`"))?;
        }
        self.at += length;
        Ok(value)
    }

    fn number(&mut self) -> Parsed<Value<'a>> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = start + usize::from(bytes[start] == b'-');
        let whole = digits(end);
        let leading_zero = whole > 1 && bytes[end] == b'0';
        end += whole;
        let mut good = whole > 0 && !leading_zero;
        if bytes.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            good &= fraction > 0;
            end += 1 + fraction;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            good &= exponent > 0;
            end += 1 + sign + exponent;
        }
        if !good {
            return self.stop(start, "this is no JSON number", "write it as `10`, `-1` or `0.5`");
        }
        self.at = end;
        Ok(Value::Number(Cow::Borrowed(&self.text[start..end])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node<'_>>, Diagnostics) {
        let mut found = Diagnostics::new();
        let node = parse(text, &mut found);
        (node, found)
    }

    fn value(text: &str) -> Value<'_> {
        let (node, found) = read(text);
        assert!(found.is_empty(), "{text}: {found:?}");
        node.unwrap().value
    }

    #[test]
    fn every_kind_of_value_is_read() {
        assert_eq!(value(" null "), Value::Null);
        assert_eq!(value("-1.5e+3"), Value::Number("-1.5e+3".into()));
        assert_eq!(
            value(r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#),
            Value::String("a\"\\/\u{8}\u{c}\n\r\té😀é".into())
        );
        assert!(matches!(value("[1, [], {}]"), Value::Array(items) if items.len() == 3));
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(value("\u{feff}true"), Value::Bool(true));
    }

    #[test]
    fn several_slips_are_reported_in_one_run() {
        let (node, found) = read("{\n \"a\": 1\n \"b\" 2,\n // note\n \"c\": [1,],\n \"d\": True,\n}");
        assert!(node.is_some());
        let messages: Vec<_> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "a comma is missing here",
                "a colon is missing behind this key",
                "JSON has no comments",
                "there is a comma behind the last entry",
                "this is no JSON value",
                "there is a comma behind the last entry",
            ]
        );
    }

    #[test]
    fn hopeless_texts_are_refused_once() {
        for text in [
            "",
            "  ",
            "{",
            "[",
            "{\"a",
            "{'a': 1}",
            "['a']",
            "{a: 1}",
            "[1 2",
            "nul",
            "01",
            "1.",
            "-",
            "1e",
            "\"\\",
            "{\"a\":",
            "\"\\u12\"",
            "{]",
            "[}",
            "@",
            "\"\u{1}\"",
            "[1]]",
            "{\"a\": 'b'}",
            "<html>",
            "\u{0}",
        ] {
            let (_, found) = read(text);
            assert!(found.has_errors(), "{text:?} passed");
            for found in &found {
                let span = found.span.expect("a place");
                assert!(text.get(span.start..span.end).is_some(), "{text:?}: {found:?}");
            }
        }
    }

    #[test]
    fn deep_nesting_ends_before_the_stack_does() {
        for open in ["[", "{\"a\":"] {
            let text = open.repeat(200_000);
            let (node, found) = read(&text);
            assert!(node.is_none());
            assert_eq!(found.iter().next().unwrap().code, Code::TooLarge);
        }
    }

    #[test]
    fn a_flood_of_errors_ends() {
        let (_, found) = read(&"[,".repeat(10_000));
        assert!(found.errors() <= MAX_SYNTAX_ERRORS);
    }
}
