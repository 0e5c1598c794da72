//! An argument of a function: its type, and what that says by itself.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{GenericArgument, PathArguments, Type};

/// An argument's type.
pub(super) struct Argument {
    /// It, as syn writes it.
    pub(super) trees: Vec<TokenTree>,
    /// The same text for the same type, within a block.
    pub(super) text: String,
    pub(super) shape: Shape,
    /// Whether words are all that it is made of: there is no lifetime in it, and no `Self`.
    pub(super) is_plain: bool,
    /// Where the `impl` of an `impl Trait` stands.
    pub(super) impl_trait: Option<Span>,
}

impl Argument {
    pub(super) fn of(written: &Type) -> Self {
        let tokens = written.to_token_stream();
        Argument {
            text: tokens.to_string(),
            trees: tokens.into_iter().collect(),
            shape: Shape::of(written),
            is_plain: false,
            impl_trait: match written {
                Type::ImplTrait(written) => Some(written.impl_token.span),
                _ => None,
            },
        }
    }

    pub(super) fn tokens(&self) -> TokenStream {
        self.trees.iter().cloned().collect()
    }

    /// It, as the compiler prints it.
    pub(super) fn printed(&self) -> String {
        if self.is_plain {
            self.tokens().to_string()
        } else {
            // The compiler prints differently what was taken apart.
            self.text.clone()
        }
    }

    /// Where it stands, as far as a compiler can say that of several tokens.
    pub(super) fn span(&self) -> Span {
        let [first, .., last] = &self.trees[..] else {
            return self.trees.first().map_or_else(Span::call_site, TokenTree::span);
        };
        first.span().join(last.span()).unwrap_or(first.span())
    }

    /// Whether it is certainly no path extractor. Every question costs the user's compiler something.
    pub(super) fn is_no_path(&self) -> bool {
        matches!(&self.shape, Shape::Path { word, .. } if NO_PATHS.contains(&word.as_str()))
    }

    /// Whether it is written as a `State<T>`. Only the words of a message depend on it.
    pub(super) fn is_state(&self) -> bool {
        self.shape.generic().is_some_and(|(word, _)| word == "State")
    }

    /// Whether it is an `Option` of something that names a lifetime.
    pub(super) fn is_borrowing_option(&self) -> bool {
        self.text.contains('\'') && self.shape.generic().is_some_and(|(word, _)| word == "Option")
    }

    /// Whether it is a `Path` of everyday types, of which one question tells all.
    pub(super) fn is_everyday(&self) -> bool {
        match self.shape.generic() {
            Some(("Path", Shape::Tuple(elements))) => {
                !elements.is_empty() && elements.iter().all(|element| element.shape.is_everyday())
            }
            Some(("Path", inner)) => inner.is_everyday(),
            _ => false,
        }
    }

    /// The elements of a `Path<(A, B)>`, perhaps in an `Option`, that is written in that way.
    pub(super) fn elements(&self) -> Option<&[Element]> {
        match self.shape.generic()? {
            ("Option", inner) => inner.path_elements(),
            _ => self.shape.path_elements(),
        }
    }
}

/// What a type looks like, as far as somebody asks.
pub(super) enum Shape {
    /// `a::Word` with whatever it has in angle brackets.
    Path {
        word: String,
        /// Whether the word is all there is.
        is_word: bool,
        /// What is in the angle brackets, when that is one type.
        inner: Option<Box<Shape>>,
    },
    Tuple(Vec<Element>),
    Other,
}

/// An element of a tuple.
pub(super) struct Element {
    pub(super) shape: Shape,
    pub(super) trees: Vec<TokenTree>,
}

impl Shape {
    fn of(written: &Type) -> Self {
        match written {
            Type::Path(path) => {
                let Some(last) = path.path.segments.last() else {
                    return Shape::Other;
                };
                let inner = match &last.arguments {
                    PathArguments::AngleBracketed(arguments) if arguments.args.len() == 1 => {
                        match arguments.args.first() {
                            Some(GenericArgument::Type(inner)) => Some(Box::new(Shape::of(inner))),
                            _ => None,
                        }
                    }
                    _ => None,
                };
                Shape::Path {
                    word: last.ident.to_string(),
                    is_word: path.qself.is_none() && path.path.get_ident().is_some(),
                    inner,
                }
            }
            Type::Tuple(tuple) => {
                let element = |written: &Type| Element {
                    shape: Shape::of(written),
                    trees: written.to_token_stream().into_iter().collect(),
                };
                Shape::Tuple(tuple.elems.iter().map(element).collect())
            }
            _ => Shape::Other,
        }
    }

    /// The last word of a type with one type as its argument, and that type.
    fn generic(&self) -> Option<(&str, &Shape)> {
        match self {
            Shape::Path {
                word,
                inner: Some(inner),
                ..
            } => Some((word, inner)),
            _ => None,
        }
    }

    /// Whether it is an everyday type, called by its name.
    fn is_everyday(&self) -> bool {
        matches!(self, Shape::Path { word, is_word: true, .. } if EVERYDAY.contains(&word.as_str()))
    }

    /// The elements of a `Path<(A, B)>`.
    fn path_elements(&self) -> Option<&[Element]> {
        match self.generic()? {
            ("Path", Shape::Tuple(elements)) if !elements.is_empty() => Some(elements),
            _ => None,
        }
    }
}

/// Types that are what they are called, wherever nobody plays tricks.
const EVERYDAY: [&str; 14] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "String", "bool",
];

/// Extractors of axum that are not asked about, for no path extractor is written in that way.
const NO_PATHS: [&str; 8] = [
    "State",
    "Json",
    "Query",
    "Form",
    "Extension",
    "HeaderMap",
    "Bytes",
    "Request",
];

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn elements(tokens: TokenStream) -> Option<usize> {
        Argument::of(&syn::parse2(tokens).unwrap()).elements().map(<[_]>::len)
    }

    #[test]
    fn written_tuples_are_taken_apart() {
        assert_eq!(elements(quote!(Path<(u64, Own)>)), Some(2));
        assert_eq!(elements(quote!(axum::extract::Path<(u64,)>)), Some(1));
        assert_eq!(elements(quote!(Option<Path<(u64, u64, Own)>>)), Some(3));
        assert_eq!(elements(quote!(Path<u64>)), None);
        assert_eq!(elements(quote!(Path<()>)), None);
        assert_eq!(elements(quote!(Json<(u64, u64)>)), None);
        assert_eq!(elements(quote!(Option<Json<(u64, u64)>>)), None);
        assert_eq!(elements(quote!(Option<Option<Path<(u64, u64)>>>)), None);
    }
}
