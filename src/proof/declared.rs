//! What a resource declares about its handlers, in the short form in which `#[resource]` writes it.
//!
//! Flat tuples, for the compiler of the user's crate needs its time for every single value that is nested; and one text
//! of whatever only messages and people want, which it is done with at once, however long it is.

use super::params::Argument;

/// A block of a resource, as the check of a routes file reads it.
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

/// A block of a resource, a text, and the block behind it.
///
/// In the text stand the name of the type, a tab, the place of the resource, a tab, and the first line of its
/// documentation. Then the same for each function: with a sign before its name if it is no handler.
#[derive(Debug, Clone, Copy)]
pub struct Registered(pub &'static Declared, pub &'static str, pub Option<&'static Registered>);

impl Registered {
    /// Its type, the place of that, and its documentation.
    pub(crate) const fn head(&self) -> Function {
        Function::read(cut(self.1, b'\n').0, Sign::Handler)
    }

    /// The functions of this block and of the further ones.
    pub(crate) const fn functions(&self) -> Functions {
        Functions {
            rest: cut(self.1, b'\n').1,
            next: self.2,
        }
    }

    /// The function that a handler of this block is.
    pub(crate) const fn function(&self, handler: &Handler) -> Function {
        let mut functions = self.functions();
        let mut line = 0;
        while let Some(function) = functions.next() {
            if line == handler.1 {
                return function;
            }
            line += 1;
        }
        self.head()
    }

    /// The handlers of all blocks.
    pub(super) const fn handlers(&self) -> Handlers<'_> {
        Handlers { of: Some(self), at: 0 }
    }
}

/// The name of a handler; the number of its line in the text, from 0; the number of what it takes in the list of its
/// resource, from 1, where 0 is nothing; and what it allows, see the constants of [`Declared`].
pub(crate) type Handler = (&'static str, usize, usize, u8);

impl Declared {
    /// Routes files may leave it out.
    pub const UNROUTED: u8 = 1;
    /// Nothing need be known about what it takes of a path.
    pub const UNJUDGED: u8 = 1 << 1;
    /// Its schemas may refuse what its types take.
    pub const STRICTER: u8 = 1 << 2;
    /// Its schemas may take what its types refuse.
    pub const LOOSER: u8 = 1 << 3;
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

/// The handlers that are left.
pub(super) struct Handlers<'a> {
    of: Option<&'a Registered>,
    at: usize,
}

impl Handlers<'_> {
    /// The next one. No iterator, for constants have none.
    pub(super) const fn next(&mut self) -> Option<&'static Handler> {
        while let Some(part) = self.of {
            if self.at < part.0.2.len() {
                self.at += 1;
                return Some(&part.0.2[self.at - 1]);
            }
            self.of = part.2;
            self.at = 0;
        }
        None
    }
}

/// The functions that are left to read.
pub(crate) struct Functions {
    rest: &'static str,
    next: Option<&'static Registered>,
}

impl Functions {
    /// The next one.
    pub(crate) const fn next(&mut self) -> Option<Function> {
        while let ([], Some(part)) = (self.rest.as_bytes(), self.next) {
            self.rest = cut(part.1, b'\n').1;
            self.next = part.2;
        }
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
