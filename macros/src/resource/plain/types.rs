//! Types of words: paths and tuples of them.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenTree};

use super::trees::Trees;
use crate::resource::argument::{Element, Shape};

/// A type of words as syn would write it: every sign by itself, but `::`.
#[derive(Default)]
pub(super) struct Written {
    pub(super) trees: Vec<TokenTree>,
    pub(super) text: String,
}

impl Written {
    /// Reads a type: a path or a tuple.
    pub(super) fn read(&mut self, from: &mut Trees) -> Option<Shape> {
        match from.group(Delimiter::Parenthesis) {
            Some(group) => self.tuple(&group),
            None => self.path(from),
        }
    }

    fn path(&mut self, from: &mut Trees) -> Option<Shape> {
        let start = from.at;
        loop {
            if from.is_double(':', ':') {
                self.trees.push(from.peek()?.clone());
                from.at += 1;
                self.sign(from, "::")?;
            }
            let word = from.ident()?;
            let name = word.to_string();
            if is_reserved(&name) {
                return None;
            }
            self.text.push_str(&name);
            self.text.push(' ');
            self.trees.push(TokenTree::Ident(word));
            if from.is_double(':', ':') {
                continue;
            }
            let is_word = from.at == start + 1;
            let is_generic = from.is_sign(0, '<');
            return Some(Shape::Path {
                word: name,
                is_word: is_word && !is_generic,
                inner: if is_generic { self.angle_brackets(from)? } else { None },
            });
        }
    }

    /// Reads `<A, B>`, and gives the shape of what is in there when that is one type.
    #[expect(clippy::option_option, reason = "none of them, and none that can be read")]
    fn angle_brackets(&mut self, from: &mut Trees) -> Option<Option<Box<Shape>>> {
        self.sign(from, "<")?;
        let first = self.read(from)?;
        let mut is_one = true;
        while !from.is_sign(0, '>') {
            self.sign(from, ",")?;
            if !from.is_sign(0, '>') {
                self.read(from)?;
                is_one = false;
            }
        }
        self.sign(from, ">")?;
        Some(is_one.then(|| Box::new(first)))
    }

    fn tuple(&mut self, group: &Group) -> Option<Shape> {
        let mut from = Trees::of(group.stream());
        let mut inside = Written::default();
        let mut elements = Vec::new();
        while !from.is_empty() {
            let start = inside.trees.len();
            let shape = inside.read(&mut from)?;
            let trees = inside.trees[start..].to_vec();
            elements.push(Element { shape, trees });
            // One type without a comma is no tuple.
            if !from.is_empty() || elements.len() == 1 {
                inside.sign(&mut from, ",")?;
            }
        }
        let mut written = Group::new(Delimiter::Parenthesis, inside.trees.into_iter().collect());
        written.set_span(group.span());
        self.trees.push(TokenTree::Group(written));
        self.text.push('(');
        self.text.push_str(&inside.text);
        self.text.push(')');
        Some(Shape::Tuple(elements))
    }

    /// Reads a sign, of which all but the last character is read.
    fn sign(&mut self, from: &mut Trees, sign: &str) -> Option<()> {
        let Some(TokenTree::Punct(punct)) = from.peek() else {
            return None;
        };
        if !sign.ends_with(punct.as_char()) {
            return None;
        }
        let mut written = Punct::new(punct.as_char(), Spacing::Alone);
        written.set_span(punct.span());
        self.trees.push(TokenTree::Punct(written));
        self.text.push_str(sign);
        from.at += 1;
        Some(())
    }
}

/// Words that no type of words is made of, in the order of the alphabet.
const RESERVED: [&str; 52] = [
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether a word may be something else than a name. `$crate` stands for the crate of a macro.
pub(super) fn is_reserved(word: &str) -> bool {
    let is_type = word.starts_with(|first: char| first.is_ascii_uppercase()) && word != "Self";
    !is_type && (word.starts_with('$') || RESERVED.binary_search(&word).is_ok())
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;
    use crate::resource::argument::Argument;

    #[test]
    fn reserved_words_are_found() {
        assert!(RESERVED.is_sorted());
        for word in ["Self", "self", "_", "dyn", "yield", "$crate"] {
            assert!(is_reserved(word), "{word}");
        }
        for word in ["Selfie", "u8", "axum", "r#type", "union"] {
            assert!(!is_reserved(word), "{word}");
        }
    }

    #[test]
    fn types_are_written_as_syn_writes_them() {
        for written in [
            quote!(State<Db>),
            quote!(::axum::extract::Path<(u64, axum::Json<Vec<u8>>,)>),
            quote!(Path<(u64,)>),
            quote!(HashMap<String, Vec<Vec<r#type>>>),
            quote!(()),
            quote!((A, (B, C),)),
        ] {
            let mut read = Written::default();
            let mut from = Trees::of(written.clone());
            assert!(read.read(&mut from).is_some() && from.is_empty(), "{written}");
            let argument = Argument::of(&syn::parse2(written).unwrap());
            assert_eq!(format!("{:?}", read.trees), format!("{:?}", argument.trees));
        }
    }

    #[test]
    fn other_types_are_left_to_syn() {
        for written in [
            quote!(Self),
            quote!(&str),
            quote!((u8)),
            quote!(Path<Self>),
            quote!(Cow<'_, str>),
            quote!(Path::<u8>),
            quote!(<A as B>::C),
            quote!(Vec<u8>::Item),
            quote!(Fn(u8)),
            quote!([u8; 3]),
            quote!(Items<Item = u8>),
            quote!(Count<3>),
            quote!(Path < u8),
            quote!(crate::Path),
            quote!(_),
            quote!(a!()),
        ] {
            let mut from = Trees::of(written.clone());
            let is_read = Written::default().read(&mut from).is_some() && from.is_empty();
            assert!(!is_read, "{written}");
        }
    }
}
