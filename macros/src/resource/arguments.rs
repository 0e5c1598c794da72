//! What the compiler is asked about the arguments of handlers: which of them are path extractors, and of what.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::argument::Argument;
use super::block::SelfType;
use super::expand::without_self;
use super::function::{Function, MOST_ARGUMENTS};
use crate::located::Located;
use crate::place;

/// The questions of all handlers of a block, each once.
#[derive(Default)]
pub(super) struct Arguments {
    known: HashMap<String, usize>,
    asked: Vec<Vec<TokenTree>>,
}

impl Arguments {
    /// The number of what a function takes, from 1; 0 when it certainly takes nothing of a path.
    pub(super) fn of(&mut self, function: &Function, self_type: &SelfType) -> usize {
        if function.has_conditional_arguments {
            return self.ask(&function.conditions, listed(&function.name, self_type));
        }
        let mut arguments = function.arguments.iter().filter(|argument| !argument.is_no_path());
        let Some(first) = arguments.next() else { return 0 };
        let others: Vec<&Argument> = arguments.collect();
        if function.conditions.is_empty() {
            let mut key = first.text.clone();
            for other in &others {
                key.push('|');
                key.push_str(&other.text);
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
            let mut both = Located::at(Span::call_site());
            both.trees(asked).sign(',').trees(question(function, other, self_type));
            let mut question = Located::at(Span::call_site());
            question.of_ours("both").parentheses(both);
            asked = question.finish();
        }
        self.ask(&function.conditions, asked)
    }

    /// The number of what a function takes of which nothing but its name is seen.
    pub(super) fn of_listed(&mut self, function: &Ident, self_type: &SelfType) -> usize {
        self.ask(&[], listed(function, self_type))
    }

    /// Whether there are any.
    pub(super) fn are_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// What was asked, as constants in the order of their numbers.
    pub(super) fn asked(&self) -> &[Vec<TokenTree>] {
        &self.asked
    }

    /// Types may be there under a condition only, as the function is. Numbers must not depend on it.
    fn ask(&mut self, conditions: &[TokenStream], question: Vec<TokenTree>) -> usize {
        self.asked.push(match conditions {
            [] => question,
            _ => quote! {
                {
                    #[cfg(all(#(#conditions),*))]
                    { #(#question)* }
                    #[cfg(not(all(#(#conditions),*)))]
                    { __bluegate::NOTHING }
                }
            }
            .into_iter()
            .collect(),
        });
        self.asked.len()
    }
}

/// What a function takes that is known by its name only, as a constant.
fn listed(function: &Ident, self_type: &SelfType) -> Vec<TokenTree> {
    let numbers = (0..MOST_ARGUMENTS).map(Literal::usize_unsuffixed);
    let span = place::at(function.span());
    let path = in_type(self_type, function, span);
    quote_spanned! {span=>
        __bluegate::listed(&|| {
            let __bluegate_arguments = __bluegate::seen(#path);
            (#((&&&__bluegate_arguments.#numbers).bluegate_look(),)*)
        })
    }
    .into_iter()
    .collect()
}

/// A function of a type, all of it at one place, so that the compiler shows that place.
pub(super) fn in_type(self_type: &SelfType, function: &Ident, span: Span) -> TokenStream {
    let self_type: TokenStream = self_type
        .tokens
        .clone()
        .into_iter()
        .map(|mut tree| {
            tree.set_span(tree.span().located_at(span));
            tree
        })
        .collect();
    quote_spanned!(span=> <#self_type>::#function)
}

fn question(function: &Function, argument: &Argument, self_type: &SelfType) -> Vec<TokenTree> {
    let call_site = Span::call_site();
    let plain = |trees: &[TokenTree]| -> Vec<TokenTree> {
        if argument.is_plain {
            return trees.to_vec();
        }
        let tokens = without_self(trees.iter().cloned().collect(), &self_type.tokens);
        without_lifetimes(tokens, function).into_iter().collect()
    };
    let mut given = Located::at(call_site);
    given.tree(Literal::string(&shown(&argument.printed()))).sign(',');
    let argument_type = plain(&argument.trees);
    let probe = |given: &mut Located, question: &str| {
        given.sign('<').of_ours("Probe").sign('<');
        given.trees(argument_type.iter().cloned());
        given.double('>').double(':').word(question);
    };
    let mut asked = Located::at(call_site);
    if argument.is_everyday() {
        probe(&mut given, "KNOWN");
        asked.of_ours("Argument").parentheses(given);
        return asked.finish();
    }
    probe(&mut given, "PRESENCE");
    given.sign(',');
    match argument.elements() {
        // Elements that nothing is known about do not hide the others.
        Some(elements) => {
            let elements = elements
                .iter()
                .map(|element| plain(&element.trees).into_iter().collect::<TokenStream>());
            let values = quote! {
                __bluegate::Shape::Values(&[#(<__bluegate::Inside<#elements>>::VALUE),*]), ::core::option::Option::None
            };
            given.trees(values);
        }
        None => {
            probe(&mut given, "SHAPE");
            given.sign(',');
            probe(&mut given, "LENGTH");
        }
    }
    asked.of_ours("argument").parentheses(given);
    asked.finish()
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

/// A printed type for messages.
fn shown(printed: &str) -> String {
    let mut text = printed.split_whitespace().collect::<Vec<_>>().join(" ");
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

    #[test]
    fn types_are_shown_as_people_write_them() {
        assert_eq!(
            shown(&quote!(axum::extract::Path<(u64, String)>).to_string()),
            "axum::extract::Path<(u64, String)>"
        );
        assert_eq!(
            shown(&quote!(Option<Path<HashMap<String, u8>>>).to_string()),
            "Option<Path<HashMap<String, u8>>>"
        );
    }
}
