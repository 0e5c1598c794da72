//! What the compiler is asked about the arguments of handlers: which of them are path extractors, and of what.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, Type};

use super::expand::without_self;
use super::function::{Function, MOST_ARGUMENTS};
use crate::place;

/// The questions of all handlers of a block, each once.
#[derive(Default)]
pub(super) struct Arguments {
    known: HashMap<String, usize>,
    asked: Vec<TokenStream>,
}

impl Arguments {
    /// The number of what a function takes, from 1; 0 when it certainly takes nothing of a path.
    pub(super) fn of(&mut self, function: &Function, self_type: &Type) -> usize {
        if function.has_conditional_arguments {
            return self.ask(&function.conditions, &listed(&function.name, self_type));
        }
        let mut arguments = function.arguments.iter().filter(|argument| !is_no_path(argument));
        let Some(first) = arguments.next() else { return 0 };
        let others: Vec<&Type> = arguments.collect();
        if function.conditions.is_empty() {
            let mut key = first.to_token_stream().to_string();
            for other in &others {
                key.push('|');
                key.push_str(&other.to_token_stream().to_string());
            }
            for parameter in function.generics.lifetimes() {
                // What another function calls so may be something else.
                key.push_str(&parameter.lifetime.ident.to_string());
            }
            if let Some(number) = self.known.get(&key) {
                return *number;
            }
            self.known.insert(key, self.asked.len() + 1);
        }
        let mut asked = question(function, first, self_type);
        for other in others {
            let other = question(function, other, self_type);
            asked = quote!(__bluegate::both(#asked, #other));
        }
        self.ask(&function.conditions, &asked)
    }

    /// The number of what a function takes of which nothing but its name is seen.
    pub(super) fn of_listed(&mut self, function: &Ident, self_type: &Type) -> usize {
        self.ask(&[], &listed(function, self_type))
    }

    /// Whether there are any.
    pub(super) fn are_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// What was asked, as constants in the order of their numbers.
    pub(super) fn asked(&self) -> &[TokenStream] {
        &self.asked
    }

    /// Types may be there under a condition only, as the function is. Numbers must not depend on it.
    fn ask(&mut self, conditions: &[TokenStream], question: &TokenStream) -> usize {
        self.asked.push(match conditions {
            [] => question.clone(),
            _ => quote! {
                {
                    #[cfg(all(#(#conditions),*))]
                    { #question }
                    #[cfg(not(all(#(#conditions),*)))]
                    { __bluegate::NOTHING }
                }
            },
        });
        self.asked.len()
    }
}

/// What a function takes that is known by its name only, as a constant.
fn listed(function: &Ident, self_type: &Type) -> TokenStream {
    let numbers = (0..MOST_ARGUMENTS).map(Literal::usize_unsuffixed);
    let span = place::at(function.span());
    let path = in_type(self_type, function, span);
    quote_spanned! {span=>
        __bluegate::listed(&|| {
            let __bluegate_arguments = __bluegate::seen(#path);
            (#((&&&__bluegate_arguments.#numbers).look(),)*)
        })
    }
}

/// A function of a type, all of it at one place, so that the compiler shows that place.
pub(super) fn in_type(self_type: &Type, function: &Ident, span: Span) -> TokenStream {
    let self_type: TokenStream = self_type
        .to_token_stream()
        .into_iter()
        .map(|mut tree| {
            tree.set_span(tree.span().located_at(span));
            tree
        })
        .collect();
    quote_spanned!(span=> <#self_type>::#function)
}

fn question(function: &Function, argument: &Type, self_type: &Type) -> TokenStream {
    let plain = |argument: &Type| {
        let tokens = without_self(argument.to_token_stream(), &self_type.to_token_stream());
        without_lifetimes(tokens, function)
    };
    let text = shown(&argument.to_token_stream());
    let argument_type = plain(argument);
    let probe = quote!(<__bluegate::Probe<#argument_type>>);
    if is_everyday(argument) {
        return quote!(__bluegate::known(#text, #probe::KNOWN));
    }
    let (shape, length) = match tuple(argument) {
        // Elements that nothing is known about do not hide the others.
        Some(elements) => {
            let elements = elements.iter().map(plain);
            (
                quote!(__bluegate::Shape::Values(&[#(<__bluegate::Inside<#elements>>::VALUE),*])),
                quote!(::core::option::Option::None),
            )
        }
        None => (quote!(#probe::SHAPE), quote!(#probe::LENGTH)),
    };
    quote!(__bluegate::argument(#text, #probe::PRESENCE, #shape, #length))
}

/// The elements of a `Path<(A, B)>`, perhaps in an `Option`, that is written in that way.
fn tuple(argument: &Type) -> Option<Vec<Type>> {
    let (word, inner) = generic(argument)?;
    if word == "Option" {
        return tuple(inner).filter(|_| generic(inner).is_some_and(|(word, _)| word == "Path"));
    }
    match inner {
        Type::Tuple(tuple) if word == "Path" && !tuple.elems.is_empty() => Some(tuple.elems.iter().cloned().collect()),
        _ => None,
    }
}

/// Types that are what they are called, wherever nobody plays tricks.
const EVERYDAY: [&str; 14] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "String", "bool",
];

/// Whether an argument is a `Path` of everyday types, of which one question tells all.
fn is_everyday(argument: &Type) -> bool {
    let is_one = |inner: &Type| {
        let Type::Path(path) = inner else { return false };
        let word = path.path.get_ident();
        path.qself.is_none() && word.is_some_and(|word| EVERYDAY.iter().any(|everyday| word == everyday))
    };
    match generic(argument) {
        Some((word, Type::Tuple(tuple))) if word == "Path" => !tuple.elems.is_empty() && tuple.elems.iter().all(is_one),
        Some((word, inner)) if word == "Path" => is_one(inner),
        _ => false,
    }
}

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

/// Whether an argument is certainly no path extractor. Every question costs the user's compiler something.
fn is_no_path(argument: &Type) -> bool {
    let Type::Path(path) = argument else { return false };
    let last = path.path.segments.last();
    last.is_some_and(|last| NO_PATHS.iter().any(|word| last.ident == word))
}

/// Whether an argument is written as a `State<T>`. Only the words of a message depend on it.
pub(super) fn is_state(argument: &Type) -> bool {
    generic(argument).is_some_and(|(word, _)| word == "State")
}

/// The last word of a type with one type as its argument, and that type.
fn generic(argument: &Type) -> Option<(&Ident, &Type)> {
    let Type::Path(path) = argument else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if arguments.args.len() == 1 => Some((&last.ident, inner)),
        _ => None,
    }
}

/// The type with its function's own lifetimes left to the compiler.
fn without_lifetimes(tokens: TokenStream, function: &Function) -> TokenStream {
    if function.generics.lifetimes().next().is_none() {
        return tokens;
    }
    let mut quoted = false;
    tokens
        .into_iter()
        .map(|tree| {
            let own = quoted;
            quoted = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '\'');
            match tree {
                TokenTree::Ident(word)
                    if own
                        && function
                            .generics
                            .lifetimes()
                            .any(|parameter| parameter.lifetime.ident == word) =>
                {
                    TokenTree::Ident(Ident::new("_", word.span()))
                }
                TokenTree::Group(group) => {
                    let inner = without_lifetimes(group.stream(), function);
                    let mut replaced = proc_macro2::Group::new(group.delimiter(), inner);
                    replaced.set_span(group.span());
                    TokenTree::Group(replaced)
                }
                other => other,
            }
        })
        .collect()
}

/// A type for messages.
pub(super) fn shown(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    for (spaced, tight) in [
        (" < ", "<"),
        (" >", ">"),
        ("> ", ">"),
        (" :: ", "::"),
        ("< ", "<"),
        (" ,", ","),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(tokens: TokenStream) -> Option<usize> {
        tuple(&syn::parse2(tokens).unwrap()).map(|elements| elements.len())
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

    #[test]
    fn types_are_shown_as_people_write_them() {
        assert_eq!(
            shown(&quote!(axum::extract::Path<(u64, String)>)),
            "axum::extract::Path<(u64, String)>"
        );
        assert_eq!(
            shown(&quote!(Option<Path<HashMap<String, u8>>>)),
            "Option<Path<HashMap<String, u8>>>"
        );
    }
}
