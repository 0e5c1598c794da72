//! What `routes!` writes.

use std::cell::LazyCell;

use bluegate_core::Converter;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};

use super::input::Input;
use super::plan::{self, Plan, Resource};
use super::unregistered;
use crate::{claims, identity};

/// The items and the expression of a router.
///
/// The rules of all resources as constant data, and of each resource the check of its handlers. Every item costs the
/// user's compiler something at every build, so that there are no more of them.
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
    let mut asked = TokenStream::new();
    let (mut checks, mut mounts) = (TokenStream::new(), Vec::new());
    for (number, resource) in plan.resources.iter().enumerate() {
        let id = Literal::u64_unsuffixed(identity::id(resource.name));
        let of = (!claims::is_taken(resource.name)).then(|| {
            let message = unregistered::message(resource, file, span, || LazyCell::force(&in_source).clone());
            let of = of(number, resource, span);
            asked.extend(question(number, &of, &id, &message, span));
            of
        });
        let [high, low] = [number / 64, number % 64].map(|digit| format_ident!("B{}", digit, span = span));
        let number = Literal::usize_unsuffixed(number);
        let rules = quote_spanned!(span=> b::Nth<R, b::#high, b::#low>);
        let of = match of {
            None => quote_spanned!(span=> b::the_one_type::<#id, _>()),
            Some(of) => quote_spanned!(span=> #of()),
        };
        if !claims::is_disputed(resource.name) {
            checks.extend(quote_spanned!(span=> const _: () = #of.check::<R>(#number);));
        }
        mounts.push(quote_spanned!(span=> #of.mount::<_, _, #rules>()));
    }
    let rules = rules(plan, span);
    let bare = &plan.bare;
    let names = plan.resources.iter().map(|resource| resource.name);
    let routed = cfg!(feature = "registry")
        .then(|| quote_spanned!(span=> b::inventory::submit! { b::Routed { resources: &[#(#names),*] } }));
    quote_spanned! {span=>
        // Before the items below, whose names may be those of the user's.
        let __bluegate_state = ::bluegate::__private::of_state::<#state>();
        {
            use ::bluegate::__private as b;
            struct R;
            impl b::InTable for R {
                const FILE: &'static ::core::primitive::str = #file;
                const RESOURCES: &'static [b::Part<b::Rule>] = &RESOURCES;
                fn rules() -> &'static [b::Rule] { &RULES }
                fn table() -> &'static b::Table { &TABLE }
            }
            #rules
            #asked
            #checks
            #routed
            static TABLE: b::Table = b::Table::new(&RESOURCES, &[#(#bare),*]);
            b::build(__bluegate_state, &TABLE, const { &[#(#mounts),*] })
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
        trait #registered<T>: b::Named<T, #id> {}
        #[diagnostic::do_not_recommend]
        impl<T> #registered<T> for b::Registry where b::Registry: b::Named<T, #id> {}
        const fn #of<T>() -> b::Of<T, #id> where b::Registry: #registered<T> { b::the_one_type::<#id, T>() }
    }
}

/// The rules of all resources, flat: what belongs together is put together by what is called here.
///
/// Statics, for the compiler notes where a reference to one leads; of a constant's it notes all that is behind it, anew
/// for each constant that has a part of it.
fn rules(plan: &Plan<'_>, span: Span) -> TokenStream {
    let number = Literal::usize_unsuffixed;
    let all = || plan.resources.iter().flat_map(|resource| &resource.rules);
    let mut kinds: Vec<Converter> = Vec::new();
    let params: Vec<TokenStream> = all()
        .flat_map(|rule| &rule.parameters)
        .map(|placed| {
            let converter = plan::converter(placed.parameter);
            let kind = kinds.iter().position(|kind| *kind == converter).unwrap_or_else(|| {
                kinds.push(converter);
                kinds.len() - 1
            });
            let (skip, kind) = (number(placed.skip), number(kind));
            quote_spanned!(span=> (#skip, #kind))
        })
        .collect();
    let kinds = kinds.into_iter().map(|converter| kind(converter, span));
    let actions = all().flat_map(|rule| &rule.actions).map(|action| {
        let handler = action.handler;
        let id = Literal::u64_unsuffixed(identity::id(handler));
        let verbs = Literal::u16_unsuffixed(action.verbs);
        let (line, column) = (number(action.location.line), number(action.location.column));
        quote_spanned!(span=> (#handler, #id, #verbs, #line, #column))
    });
    let rules = all().map(|rule| {
        let path = &rule.path.axum;
        let flags = Literal::u8_unsuffixed(rule.flags());
        let (params, actions) = (number(rule.parameters.len()), number(rule.actions.len()));
        quote_spanned!(span=> (#path, #flags, #params, #actions))
    });
    let resources = plan.resources.iter().map(|resource| number(resource.rules.len()));
    let of_params = number(params.len());
    let of_actions = number(all().map(|rule| rule.actions.len()).sum());
    let of_rules = number(all().count());
    let of_resources = number(plan.resources.len());
    quote_spanned! {span=>
        static PARAMS: [b::Param; #of_params] = b::params(&[#(#kinds),*], &[#(#params),*]);
        static ACTIONS: [b::Action; #of_actions] = b::actions(&[#(#actions),*]);
        static RULES: [b::Rule; #of_rules] = b::rules(&PARAMS, &ACTIONS, &[#(#rules),*]);
        static RESOURCES: [b::Part<b::Rule>; #of_resources] = b::resources(&RULES, &[#(#resources),*]);
    }
}

fn kind(converter: Converter, span: Span) -> TokenStream {
    let kind = match converter {
        Converter::String {
            min_length: 0 | 1,
            max_length: None,
        } => quote_spanned!(span=> Text),
        Converter::String { min_length, max_length } => {
            let max = max_length.unwrap_or(u32::MAX);
            quote_spanned!(span=> Length { min: #min_length, max: #max })
        }
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
    quote_spanned!(span=> b::Kind::#kind)
}

fn option<T: quote::ToTokens>(value: Option<T>, span: Span) -> TokenStream {
    match value {
        Some(value) => quote_spanned!(span=> ::core::option::Option::Some(#value)),
        None => quote_spanned!(span=> ::core::option::Option::None),
    }
}
