//! The code behind the user's item: the traits that `routes!` asks for, and a description.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{LitStr, Type};

use super::arguments;
use super::attribute::Attribute;
use super::expand::{Bounds, Handler, Served, without_self};
use crate::claims;
use crate::identity;
use crate::place;
use crate::purpose;

pub(super) fn code(attribute: &Attribute, served: &Served<'_>, bounds: &Bounds) -> syn::Result<TokenStream> {
    let name = attribute.name.value();
    let location = place::location(Span::call_site());
    let conditions = served.conditions;
    if conditions.is_empty() {
        claims::claim(&attribute.name, &location, &shown_type(served.self_type))?;
    }
    let is_listed = served.handlers.iter().any(|handler| handler.arity.is_none());
    let questions = match (is_listed, served.arguments.are_asked()) {
        (true, _) => quote!(
            use __bluegate::{Look1 as _, Look2 as _, Look3 as _, Look4 as _, Unjudged as _};
        ),
        (false, true) => quote!(
            use __bluegate::Unjudged as _;
        ),
        (false, false) => quote!(),
    };
    let resource = token_name(&name);
    let Bounds { aliases, names, .. } = bounds;
    let named = named(&name, &resource, &description(&name, &location, served), true);
    let mount = mount(attribute, served, bounds, &resource);
    let registered = registered(&name, &resource);
    let allowed = allowed();
    Ok(quote! {
        #(#[cfg(#conditions)])*
        #allowed
        const _: () = {
            use ::bluegate::__private as __bluegate;
            #questions

            #(#aliases)*
            #(pub enum #names {})*

            // Stands for the user's type, which may be private to its module.
            pub enum #resource {}

            #named

            #mount

            #registered
        };
    })
}

/// Lists the resource for `bluegate::resources()`. The compiler is longer busy with that than with all that it proves,
/// and nothing can ask for it where nothing will run.
fn registered(name: &str, resource: &Ident) -> TokenStream {
    if purpose::is_check() {
        return TokenStream::new();
    }
    let id = Literal::u64_unsuffixed(identity::id(name));
    quote! {
        __bluegate::inventory::submit! {
            __bluegate::Registered(<__bluegate::Registry as __bluegate::Named<#resource, #id>>::RESOURCE)
        }
    }
}

/// What the lints of the user's crate say nothing about.
fn allowed() -> TokenStream {
    quote! {
        #[allow(non_local_definitions, non_camel_case_types, unused, unreachable_pub, clippy::all, clippy::pedantic)]
    }
}

/// The name under which the compiler's messages show a resource.
fn token_name(name: &str) -> Ident {
    syn::parse_str(&format!("Resource_{}", identity::word(name))).unwrap_or_else(|_| format_ident!("Resource"))
}

/// Registers the resource under its name, with its description.
fn named(name: &str, resource: &Ident, description: &TokenStream, is_understood: bool) -> TokenStream {
    let id = Literal::u64_unsuffixed(identity::id(name));
    let is_understood = (!is_understood).then(|| {
        quote!(
            const IS_UNDERSTOOD: ::core::primitive::bool = false;
        )
    });
    quote! {
        impl __bluegate::Named<#resource, #id> for __bluegate::Registry {
            const RESOURCE: &'static __bluegate::Declared = &#description;
            #is_understood
        }
    }
}

fn shown_type(self_type: &Type) -> String {
    self_type.to_token_stream().to_string().replace(char::is_whitespace, "")
}

/// Describes the resource and its handlers: as little as possible as values, all else as one text.
fn description(name: &str, location: &str, served: &Served<'_>) -> TokenStream {
    let type_name = shown_type(served.self_type);
    let mut text = format!("{type_name}\t{}\t{}", in_line(location), served.docs);
    for handler in &served.handlers {
        let sign = if handler.may_be_unrouted { "?" } else { "" };
        write(&mut text, sign, handler.name, handler.docs);
    }
    for function in &served.others {
        let sign = if function.receiver.is_some() { "&" } else { "-" };
        write(&mut text, sign, &function.name, "");
    }
    if let Some(made) = served.made {
        text.push_str("\n!\t");
        text.push_str(&in_line(&place::location(made)));
        text.push('\t');
    }
    let handlers = served.handlers.iter().enumerate().map(|(line, handler)| {
        let conditions = handler.conditions;
        let id = Literal::u64_unsuffixed(identity::id(&handler.name.unraw().to_string()));
        let line = Literal::usize_unsuffixed(line);
        let argument = Literal::usize_unsuffixed(handler.argument);
        quote!(#(#[cfg(#conditions)])* (#id, #line, #argument))
    });
    let arguments = served.arguments.asked();
    quote! {
        __bluegate::Declared(
            #name,
            ::core::module_path!(),
            #text,
            &[#(#handlers),*],
            &[#(#arguments),*],
        )
    }
}

/// Adds the line of a function.
fn write(text: &mut String, sign: &str, name: &Ident, docs: &str) {
    text.push('\n');
    text.push_str(sign);
    text.push_str(&name.unraw().to_string());
    text.push('\t');
    text.push_str(&in_line(&place::location(name.span())));
    text.push('\t');
    text.push_str(docs);
}

/// A place without what ends it in the text: names of files may have any characters.
fn in_line(place: &str) -> String {
    place.replace(char::is_control, " ")
}

/// Adds the handlers to routers.
fn mount(attribute: &Attribute, served: &Served<'_>, bounds: &Bounds, resource: &Ident) -> TokenStream {
    let self_type = served.self_type;
    let state = match &attribute.state {
        Some(state) => without_self(quote!(#state), &self_type.to_token_stream()),
        None => quote!(__BluegateState),
    };
    let Bounds {
        markers, predicates, ..
    } = bounds;
    let (generics, clause) = match &attribute.state {
        Some(_) => (quote!(), quote!()),
        None => (
            quote!(<__BluegateState, #(#markers: 'static),*>),
            quote! {
                where
                    __BluegateState: __bluegate::RouterState,
                    #(#predicates,)*
            },
        ),
    };
    let offers = served
        .handlers
        .iter()
        .map(|handler| offer(handler, self_type, markers.len() > 1));
    quote! {
        impl #generics __bluegate::Mount<#state, (#(#markers,)*)> for #resource
        #clause
        {
            fn mount<__BluegateRules: __bluegate::Rules>(
                __bluegate_adding: &mut __bluegate::Adding<'_, #state, __BluegateRules>,
            ) {
                #(#offers)*
            }
        }
    }
}

/// Offers a handler. Two last arguments may be one type in two spellings: then there are two answers to what its marker
/// is, and the one that belongs to the handler has to be named.
fn offer(handler: &Handler<'_>, self_type: &Type, has_many_markers: bool) -> TokenStream {
    let conditions = handler.conditions;
    let function = handler.name;
    let name = function.unraw().to_string();
    let id = Literal::u64_unsuffixed(identity::id(&name));
    // The function's own place, so that the compiler shows it when it is no handler.
    let span = place::at(function.span());
    let bit = format_ident!("B{}", identity::handler_bit(&name), span = span);
    let offer = match handler.arity {
        Some(arity) => {
            let offer = format_ident!("handler_{}", arity, span = span);
            let marker = handler.marker.as_ref().filter(|_| has_many_markers);
            let marker = marker.map(|marker| {
                // Before it: the state, the rules, the bit, the function, its answer and its arguments.
                let others = std::iter::repeat_n(quote!(_), 5 + arity);
                quote_spanned!(span=> ::<#(#others,)* #marker>)
            });
            quote_spanned!(span=> __bluegate::#offer #marker (__bluegate_adding, #id, __bluegate::#bit, <#self_type>::#function))
        }
        None => {
            let path = arguments::in_type(self_type, function, span);
            quote_spanned!(span=> __bluegate::handler(__bluegate_adding, #id, __bluegate::#bit, #path))
        }
    };
    quote!(#(#[cfg(#conditions)])* #offer;)
}

/// What stands for a resource that is not understood, so that a router is not reported as well.
///
/// Nothing when another type has its name: that one is the router's.
pub(super) fn stand_in(name: &LitStr) -> Option<TokenStream> {
    claims::claim(name, &place::location(Span::call_site()), "").ok()?;
    let name = name.value();
    let resource = token_name(&name);
    let description = quote!(__bluegate::Declared(#name, "", "", &[], &[]));
    let named = named(&name, &resource, &description, false);
    let allowed = allowed();
    // With a name, for the item may stand in an `impl` block.
    let constant = format_ident!("__BLUEGATE_{}", identity::id(&name).to_string());
    Some(quote! {
        #allowed
        const #constant: () = {
            use ::bluegate::__private as __bluegate;

            pub enum #resource {}

            #named

            impl<__BluegateState: __bluegate::RouterState> __bluegate::Mount<__BluegateState, ()> for #resource {
                fn mount<__BluegateRules: __bluegate::Rules>(
                    _: &mut __bluegate::Adding<'_, __BluegateState, __BluegateRules>,
                ) {
                }
            }
        };
    })
}
