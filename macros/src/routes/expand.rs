//! What `routes!` writes.

use std::cell::LazyCell;

use bluegate_core::Converter;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};

use super::input::Input;
use super::plan::{self, Placed, Plan, Resource, Rule};
use super::unregistered;
use crate::{claims, identity};

/// The items and the expression of a router.
///
/// Of each resource: its rules as constant data, and the check of its handlers. Every item costs the user's compiler
/// something at every build, so that there are no more of them.
pub(super) fn router(plan: &Plan<'_>, input: &Input, file: &str) -> TokenStream {
    let state = match &input.state {
        Some(state) => state.to_token_stream(),
        None if input.named.is_some() => quote!(()),
        None => quote!(_),
    };
    if plan
        .resources
        .iter()
        .any(|resource| claims::may_be_unnamed(resource.name))
    {
        return quote!(::bluegate::__private::axum::Router::<#state>::new());
    }
    // Errors about what is written here are shown at the path.
    let span = Span::mixed_site().located_at(input.path.span());
    let in_source = LazyCell::new(|| unregistered::names_in_source(span));
    let numbers = (0..plan.resources.len()).map(|number| format_ident!("R{}", number, span = span));
    let mut asked = TokenStream::new();
    let types: Vec<TokenStream> = plan
        .resources
        .iter()
        .enumerate()
        .map(|(number, resource)| {
            let id = Literal::u64_unsuffixed(identity::id(resource.name));
            if claims::is_taken(resource.name) {
                return quote_spanned!(span=> b::the_one_type::<#id, _>());
            }
            let message = unregistered::message(resource, file, span, || LazyCell::force(&in_source).clone());
            let of = of(number, resource, span);
            asked.extend(question(number, &of, &id, &message, span));
            quote_spanned!(span=> #of())
        })
        .collect();
    let resources = plan
        .resources
        .iter()
        .zip(numbers.clone())
        .zip(&types)
        .map(|((resource, number), of)| {
            let rules = resource.rules.iter().map(|rule| self::rule(rule, span));
            let check = (!claims::is_disputed(resource.name))
                .then(|| quote_spanned!(span=> const _: () = #of.check(&#number);));
            quote_spanned! {span=>
                struct #number;
                impl b::Rules for #number {
                    type Table = R;
                    const RULES: &'static [b::Rule] = &[#(#rules),*];
                }
                #check
            }
        });
    let bare = &plan.bare;
    let names = plan.resources.iter().map(|resource| resource.name);
    let mounts = numbers
        .clone()
        .zip(&types)
        .map(|(number, of)| quote_spanned!(span=> #of.mount(&#number)));
    quote_spanned! {span=>
        // Before the items below, whose names may be those of the user's.
        let state = ::bluegate::__private::of_state::<#state>();
        {
            use ::bluegate::__private as b;
            struct R;
            impl b::InTable for R {
                const FILE: &'static ::core::primitive::str = #file;
                fn table() -> &'static b::Table { &TABLE }
            }
            #asked
            #(#resources)*
            b::inventory::submit! { b::Routed { resources: &[#(#names),*] } }
            static TABLE: b::Table = b::Table::new(&[#(b::rules(&#numbers)),*], &[#(#bare),*]);
            b::build(state, &TABLE, const { &[#(#mounts),*] })
        }
    }
}

/// The function that finds the type of a resource. Its name is what the compiler says where it finds two.
fn of(number: usize, resource: &Resource<'_>, span: Span) -> Ident {
    let name = format!("the_one_type_of_{}_{number}", identity::word(resource.name));
    let mut name: Ident = syn::parse_str(&name).unwrap_or_else(|_| format_ident!("the_one_type_of_{}", number));
    name.set_span(span);
    name
}

/// Asks for the type of a resource that this crate may not have: with a trait of its own, whose only purpose is what
/// the compiler says when no crate has it.
fn question(number: usize, of: &Ident, id: &Literal, message: &TokenStream, span: Span) -> TokenStream {
    let registered = format_ident!("Registered{}", number);
    quote_spanned! {span=>
        #message
        trait #registered<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> #registered<T> for b::Registry where b::Registry: b::Named<T, #id> {}
        #[allow(non_snake_case)]
        const fn #of<T>() -> b::Of<T> where b::Registry: #registered<T> { b::Of::new() }
    }
}

fn rule(rule: &Rule<'_>, span: Span) -> TokenStream {
    let path = &rule.path.axum;
    let flags = Literal::u8_unsuffixed(rule.flags());
    let params = rule.parameters.iter().map(|placed| parameter(placed, span));
    let actions = rule.actions.iter().map(|action| {
        let handler = action.handler;
        let id = Literal::u64_unsuffixed(identity::id(handler));
        let verbs = Literal::u16_unsuffixed(action.verbs);
        let line = Literal::usize_unsuffixed(action.location.line);
        let column = Literal::usize_unsuffixed(action.location.column);
        quote_spanned!(span=> b::Action { handler: #handler, id: #id, verbs: b::Verbs(#verbs), line: #line, column: #column })
    });
    quote_spanned!(span=> b::Rule { path: #path, flags: #flags, params: &[#(#params),*], actions: &[#(#actions),*] })
}

fn parameter(placed: &Placed<'_>, span: Span) -> TokenStream {
    let skip = Literal::usize_unsuffixed(placed.skip);
    let kind = match plan::converter(placed.parameter) {
        Converter::String {
            min_length: 0 | 1,
            max_length: None,
        } => quote_spanned!(span=> Text),
        Converter::String { min_length, max_length } => {
            let max = max_length.unwrap_or(u32::MAX);
            quote_spanned!(span=> Length { min: #min_length, max: #max })
        }
        // Most of them, in fewer words.
        Converter::Int {
            signed: false,
            fixed_digits: 0,
            min: None,
            max: None,
        } => return quote_spanned!(span=> b::Param { skip: #skip, kind: b::Kind::INT }),
        Converter::Int {
            signed,
            fixed_digits,
            min,
            max,
        } => {
            let (min, max) = (option(min, span), option(max, span));
            quote_spanned!(span=> Int { signed: #signed, digits: #fixed_digits, min: #min, max: #max })
        }
        Converter::Float { signed, min, max } => {
            let (min, max) = (option(min, span), option(max, span));
            quote_spanned!(span=> Float { signed: #signed, min: #min, max: #max })
        }
        Converter::Path => quote_spanned!(span=> Rest),
        Converter::Uuid => quote_spanned!(span=> Uuid),
        Converter::Any { values } => quote_spanned!(span=> Any(&[#(#values),*])),
    };
    quote_spanned!(span=> b::Param { skip: #skip, kind: b::Kind::#kind })
}

fn option<T: quote::ToTokens>(value: Option<T>, span: Span) -> TokenStream {
    match value {
        Some(value) => quote_spanned!(span=> ::core::option::Option::Some(#value)),
        None => quote_spanned!(span=> ::core::option::Option::None),
    }
}
