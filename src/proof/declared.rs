//! What a resource declares about its handlers, in the short form in which `#[resource]` writes it.
//!
//! Flat tuples, for the compiler of the user's crate needs its time for every single value that is nested; and one text
//! of whatever only messages and people want, which it is done with at once, however long it is.

use super::params::Argument;

/// A resource, as the check of a routes file reads it.
#[derive(Debug)]
pub struct Declared(
    /// Its name in routes files.
    pub &'static str,
    /// The module of the type that serves it.
    pub &'static str,
    /// Its handlers. Those whose `#[cfg]` does not hold are in the text, but not here.
    pub &'static [Handler],
    /// What handlers take of a path.
    pub &'static [Argument],
);

/// The name of a handler; the number of its line in the text, from 0; the number of what it takes in the list of its
/// resource, from 1, where 0 is nothing; and what it allows, see the constants of [`Declared`].
pub(crate) type Handler = (&'static str, usize, usize, u8);

impl Declared {
    /// Routes files may leave it out.
    pub const UNROUTED: u8 = 1;
    /// Nothing need be known about what it takes of a path.
    pub const UNJUDGED: u8 = 1 << 1;
}

/// The name of a resource's type, a tab, the place of the resource, a tab, and the first line of its documentation. Then
/// the same for each function: with a sign before its name if it is no handler, see [`Sign`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text(pub(crate) &'static str);

impl Text {
    /// The type, its place and documentation.
    pub(crate) const fn head(self) -> Function {
        Function::read(cut(self.0, b'\n').0, Sign::Handler)
    }

    pub(crate) const fn functions(self) -> Functions {
        Functions {
            rest: cut(self.0, b'\n').1,
        }
    }
}

/// What a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A handler.
    Handler,
    /// `-`: no handler.
    Other,
    /// `&`: no handler, for it has a receiver.
    Method,
    /// `!`: a macro, which may make any.
    Macro,
}

/// A function of a resource's `impl` block, or its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    pub(crate) sign: Sign,
    pub(crate) name: &'static str,
    pub(crate) location: &'static str,
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "only people read it"))]
    pub(crate) summary: &'static str,
}

impl Function {
    const fn read(line: &'static str, sign: Sign) -> Self {
        let (name, line) = cut(line, b'\t');
        let (location, summary) = cut(line, b'\t');
        Function {
            sign,
            name,
            location,
            summary,
        }
    }
}

/// The functions that are left to read.
pub(crate) struct Functions {
    rest: &'static str,
}

impl Functions {
    /// The next one. No iterator, for constants have none.
    pub(crate) const fn next(&mut self) -> Option<Function> {
        let (line, rest) = cut(self.rest, b'\n');
        self.rest = rest;
        let (sign, line) = match line.as_bytes() {
            [] => return None,
            [b'-', ..] => (Sign::Other, line.split_at(1).1),
            [b'&', ..] => (Sign::Method, line.split_at(1).1),
            [b'!', ..] => (Sign::Macro, line.split_at(1).1),
            _ => (Sign::Handler, line),
        };
        Some(Function::read(line, sign))
    }
}

/// What stands before the first of a byte, and behind it; all of the text and nothing when it is not there.
const fn cut(text: &str, byte: u8) -> (&str, &str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == byte {
            let (before, rest) = text.split_at(at);
            return (before, rest.split_at(1).1);
        }
        at += 1;
    }
    (text, "")
}

#[cfg(test)]
mod tests;
