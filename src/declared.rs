//! A resource in the short form in which `#[resource]` writes it.
//!
//! Whatever only messages and people want is one text: the compiler of the user's crate is done with a text at once,
//! however long it is, and needs its time for every single value.

use crate::mount::Id;
use crate::proof::Argument;

/// A resource.
#[derive(Debug)]
pub struct Declared(
    /// Its name in routes files.
    pub &'static str,
    /// The module of the type that serves it.
    pub &'static str,
    /// The name of that type, a tab, the place of the resource, a tab, and the first line of its documentation. Then the
    /// same for each function: with a sign before its name if it is not simply a handler, see `Sign`.
    pub &'static str,
    /// Its handlers. Those whose `#[cfg]` does not hold are in the text, but not here.
    pub &'static [Handler],
    /// What handlers take of a path.
    pub &'static [Argument],
);

/// The hash of a handler's name; the number of its line in the text, from 0; the number of what it takes in the list
/// of its resource, from 1, where 0 is nothing. A tuple is what the compiler is done with quickest.
pub(crate) type Handler = (Id, usize, usize);

impl Declared {
    /// Its type, place and documentation.
    pub(crate) const fn head(&self) -> Function {
        let (line, _) = cut(self.2, b'\n');
        Function::read(line, Sign::Handler, 0)
    }

    pub(crate) const fn functions(&self) -> Functions {
        Functions {
            rest: cut(self.2, b'\n').1,
            number: 0,
        }
    }

    /// The handler with a hash, if there is one.
    pub(crate) const fn handler(&self, id: Id) -> Option<&'static Handler> {
        let mut left = self.3;
        while let [handler, rest @ ..] = left {
            if handler.0 == id {
                return Some(handler);
            }
            left = rest;
        }
        None
    }

    /// The handler that a function is, if it is one and its `#[cfg]` holds.
    pub(crate) const fn handler_of(&self, function: &Function) -> Option<&'static Handler> {
        let mut left = self.3;
        while let [handler, rest @ ..] = left {
            if handler.1 == function.number {
                return Some(handler);
            }
            left = rest;
        }
        None
    }

    /// The function that a handler is.
    pub(crate) const fn function_of(&self, handler: &Handler) -> Option<Function> {
        let mut functions = self.functions();
        while let Some(function) = functions.next() {
            if function.number == handler.1 {
                return Some(function);
            }
        }
        None
    }

    /// What a handler takes of a path.
    pub(crate) const fn argument_of(&self, handler: &Handler) -> Option<&'static Argument> {
        match handler.2 {
            0 => None,
            number => Some(&self.4[number - 1]),
        }
    }
}

/// What a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A handler.
    Handler,
    /// `?`: a handler that routes files may leave out.
    Spare,
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
    /// The number of its line, from 0.
    number: usize,
}

impl Function {
    const fn read(line: &'static str, sign: Sign, number: usize) -> Self {
        let (name, line) = cut(line, b'\t');
        let (location, summary) = cut(line, b'\t');
        Function {
            sign,
            name,
            location,
            summary,
            number,
        }
    }

    #[cfg(test)]
    pub(crate) const fn named(name: &'static str, location: &'static str) -> Self {
        Function {
            sign: Sign::Handler,
            name,
            location,
            summary: "",
            number: 0,
        }
    }
}

/// The functions that are left to read.
pub(crate) struct Functions {
    rest: &'static str,
    number: usize,
}

impl Functions {
    /// The next one. No iterator, for constants have none.
    pub(crate) const fn next(&mut self) -> Option<Function> {
        let (line, rest) = cut(self.rest, b'\n');
        self.rest = rest;
        let (sign, line) = match line.as_bytes() {
            [] => return None,
            [b'?', ..] => (Sign::Spare, line.split_at(1).1),
            [b'-', ..] => (Sign::Other, line.split_at(1).1),
            [b'&', ..] => (Sign::Method, line.split_at(1).1),
            [b'!', ..] => (Sign::Macro, line.split_at(1).1),
            _ => (Sign::Handler, line),
        };
        let number = self.number;
        self.number += 1;
        Some(Function::read(line, sign, number))
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
mod tests {
    use super::*;
    use crate::proof::NOTHING;

    const USERS: Declared = Declared(
        "users",
        "shop",
        "Users\tsrc/users.rs:4:1\tPeople.\nget\tsrc/users.rs:6:14\tAll\tof them.\n?purge\tsrc/users.rs:8:14\t\n\
         windows\tsrc/users.rs:9:14\t\n-list\tsrc/users.rs:12:8\t\n&is_new\tsrc/users.rs:14:8\t\n!\tsrc/users.rs:20:5\t",
        &[(7, 0, 0), (8, 1, 1)],
        &[NOTHING],
    );

    #[test]
    fn every_function_is_read_with_its_sign() {
        let head = USERS.head();
        assert_eq!(
            (head.name, head.location, head.summary),
            ("Users", "src/users.rs:4:1", "People.")
        );
        let mut functions = USERS.functions();
        let read: Vec<Function> = std::iter::from_fn(|| functions.next()).collect();
        let signs: Vec<(&str, Sign)> = read.iter().map(|function| (function.name, function.sign)).collect();
        assert_eq!(
            signs,
            [
                ("get", Sign::Handler),
                ("purge", Sign::Spare),
                ("windows", Sign::Handler),
                ("list", Sign::Other),
                ("is_new", Sign::Method),
                ("", Sign::Macro)
            ]
        );
        assert_eq!(
            (read[0].location, read[0].summary),
            ("src/users.rs:6:14", "All\tof them.")
        );
        assert_eq!((read[5].location, read[5].summary), ("src/users.rs:20:5", ""));
    }

    #[test]
    fn handlers_and_their_lines_belong_together() {
        let mut functions = USERS.functions();
        let handlers: Vec<(&str, u64)> = std::iter::from_fn(|| functions.next())
            .filter_map(|function| Some((function.name, USERS.handler_of(&function)?.0)))
            .collect();
        // The condition of `windows` does not hold.
        assert_eq!(handlers, [("get", 7), ("purge", 8)]);
        let purge = USERS.handler(8).unwrap();
        assert_eq!(USERS.function_of(purge).unwrap().location, "src/users.rs:8:14");
        assert_eq!(USERS.argument_of(purge), Some(&NOTHING));
        assert_eq!(USERS.argument_of(USERS.handler(7).unwrap()), None);
        assert_eq!(USERS.handler(9), None);
    }

    #[test]
    fn a_resource_without_functions_has_none() {
        let empty = Declared("users", "", "", &[], &[]);
        assert_eq!(empty.head().name, "");
        assert!(empty.functions().next().is_none());
    }
}
