//! What `#[resource]` writes behind the user's item.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Error, LitStr, Type};

use super::arguments::{self, Arguments};
use super::attribute::Attribute;
use super::block::{self, Block, Definition};
use super::function::Function;
use crate::claims;
use crate::identity;
use crate::place;

/// A handler, wherever it was found.
struct Handler<'a> {
    name: &'a Ident,
    docs: &'a str,
    conditions: &'a [TokenStream],
    may_be_unrouted: bool,
    /// What is known about its arguments: a constant slice.
    arguments: TokenStream,
    /// How many there are, where they are seen.
    arity: Option<usize>,
}

/// A type and what it serves with.
struct Served<'a> {
    self_type: &'a Type,
    docs: &'a str,
    conditions: &'a [TokenStream],
    handlers: Vec<Handler<'a>>,
    /// Functions that are no handlers.
    others: Vec<&'a Function>,
    /// Where a macro makes what is not seen.
    made: Option<Span>,
    arguments: Arguments,
}

/// The code for an `impl` block.
pub(super) fn block(attribute: &Attribute, block: &Block) -> syn::Result<TokenStream> {
    let seen = |name: &Ident| {
        block
            .functions
            .iter()
            .any(|function| function.name.unraw() == name.unraw())
    };
    let listed: &[Ident] = attribute.handlers.as_ref().map_or(&[], |list| &list.names);
    if let Some(list) = &attribute.handlers
        && (block.made.is_none() || list.names.iter().any(seen))
    {
        return Err(Error::new(
            list.key.span(),
            "an `impl` block shows its handlers by itself; `handlers(...)` is for structs and enums, and for what \
             macros in a block make\n\
             help: remove it, and mark handlers that are not named after a verb with `#[handler]`",
        ));
    }
    if block.functions.iter().any(|function| function.is_dropped) {
        // The compiler has said so, and knows no such function.
        return Ok(stand_in(&attribute.name).unwrap_or_default());
    }
    let (functions, others): (Vec<&Function>, Vec<&Function>) =
        block.functions.iter().partition(|function| function.is_handler());
    let mut errors = functions.iter().filter_map(|function| function.check().err());
    if let Some(mut first) = errors.next() {
        errors.for_each(|error| first.combine(error));
        return Err(first);
    }
    let mut arguments = Arguments::default();
    let made = listed
        .iter()
        .map(|name| unseen(name, &block.self_type, attribute.allow_unrouted));
    let handlers: Vec<Handler<'_>> = functions
        .iter()
        .map(|function| Handler {
            arguments: {
                let known = arguments.of(function, &block.self_type);
                quote!(&[#(#known),*])
            },
            arity: (!function.is_unreadable).then_some(function.arguments.len()),
            name: &function.name,
            docs: &function.docs,
            conditions: &function.conditions,
            may_be_unrouted: attribute.allow_unrouted || function.mark.as_ref().is_some_and(|mark| mark.allow_unrouted),
        })
        .chain(made)
        .collect();
    let bounds = match &attribute.state {
        None => Bounds::of(&functions, &block.self_type),
        Some(_) => Bounds::default(),
    };
    let served = Served {
        self_type: &block.self_type,
        docs: &block.docs,
        conditions: &block.conditions,
        handlers,
        others,
        made: block.made,
        arguments,
    };
    code(attribute, &served, &bounds)
}

/// The code for a type that lists its handlers.
pub(super) fn definition(attribute: &Attribute, definition: &Definition) -> syn::Result<TokenStream> {
    let Some(list) = &attribute.handlers else {
        return Err(Error::new(
            definition.name.span(),
            format!(
                "a type does not show its handlers\n\
                 help: list them, as in `#[resource(name = \"{}\", handlers(get, post))]`, or put `#[resource]` on \
                 an `impl` block",
                attribute.name.value()
            ),
        ));
    };
    let mut seen = HashSet::new();
    if let Some(repeated) = list.names.iter().find(|name| !seen.insert(name.unraw())) {
        return Err(Error::new(
            repeated.span(),
            format!("the handler `{repeated}` is listed twice"),
        ));
    }
    let name = &definition.name;
    let self_type: Type = syn::parse2(quote!(#name))?;
    let handlers: Vec<Handler<'_>> = list
        .names
        .iter()
        .map(|name| unseen(name, &self_type, attribute.allow_unrouted))
        .collect();
    let served = Served {
        self_type: &self_type,
        docs: &definition.docs,
        conditions: &definition.conditions,
        handlers,
        others: Vec::new(),
        made: None,
        arguments: Arguments::default(),
    };
    code(attribute, &served, &Bounds::default())
}

/// A handler of which nothing but its name is seen.
fn unseen<'a>(name: &'a Ident, self_type: &Type, may_be_unrouted: bool) -> Handler<'a> {
    Handler {
        name,
        docs: "",
        conditions: &[],
        may_be_unrouted,
        arguments: arguments::listed(name, self_type),
        arity: None,
    }
}

/// What the handlers ask of the state.
#[derive(Default)]
struct Bounds {
    /// Names for arguments of handlers that are there under a condition.
    aliases: Vec<TokenStream>,
    /// Types with the names of handlers, for messages.
    names: Vec<Ident>,
    /// The markers of last arguments.
    markers: Vec<Ident>,
    predicates: Vec<TokenStream>,
}

impl Bounds {
    /// Any argument but the last is taken out of a request's head, the last one out of the whole request. Whether a
    /// state can give it is left to who mounts the handlers, so that every extractor works with every state.
    fn of(functions: &[&Function], self_type: &Type) -> Self {
        let mut bounds = Bounds::default();
        let mut seen = HashSet::new();
        for function in functions {
            let Some((last, others)) = function.arguments.split_last() else {
                continue;
            };
            for argument in others {
                bounds.add(function, argument, self_type, &mut seen, false);
            }
            bounds.add(function, last, self_type, &mut seen, true);
        }
        bounds
    }

    fn add(
        &mut self,
        function: &Function,
        argument_type: &Type,
        self_type: &Type,
        seen: &mut HashSet<(String, bool)>,
        last: bool,
    ) {
        let tokens = without_self(quote!(#argument_type), &quote!(#self_type));
        // No extractor borrows; the compiler says so when the handler is mounted.
        if block::elides_lifetimes(&tokens) {
            return;
        }
        let lifetimes = block::lifetimes(&function.generics);
        let (lifetimes, argument) = if function.conditions.is_empty() {
            let quantified = (!lifetimes.is_empty()).then(|| quote!(for<#(#lifetimes),*>));
            if !seen.insert((tokens.to_string(), last)) {
                return;
            }
            (quantified, tokens)
        } else {
            (None, self.alias(function, &tokens))
        };
        let span = place::at(argument_type.span());
        let name = self.name(function, self_type);
        let is_state = arguments::is_state(argument_type);
        let predicate = if last {
            let marker = format_ident!("__BluegateMarker{}", self.markers.len());
            let question = if is_state {
                quote!(LastStateArgument)
            } else {
                quote!(LastArgument)
            };
            let predicate = quote_spanned!(span=>
                #lifetimes #argument: __bluegate::#question<__BluegateState, #marker, #name>
            );
            self.markers.push(marker);
            predicate
        } else {
            let question = if is_state {
                quote!(StateArgument)
            } else {
                quote!(EarlyArgument)
            };
            quote_spanned!(span=>
                #lifetimes #argument: __bluegate::#question<__BluegateState, #name>
            )
        };
        self.predicates.push(predicate);
    }

    /// The type that stands for a handler in messages.
    fn name(&mut self, function: &Function, self_type: &Type) -> Ident {
        let owner = match self_type {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.unraw().to_string()),
            _ => None,
        };
        let name = format_ident!(
            "{}_{}",
            owner.unwrap_or_else(|| "Self".to_owned()),
            function.name.unraw(),
            // An editor would show it for the function's name otherwise.
            span = Span::call_site()
        );
        if !self.names.contains(&name) {
            self.names.push(name.clone());
        }
        name
    }

    /// A bound cannot stand under a condition, but a name for its type can.
    fn alias(&mut self, function: &Function, argument: &TokenStream) -> TokenStream {
        let alias = format_ident!("__BluegateArgument{}", self.aliases.len());
        let conditions = &function.conditions;
        self.aliases.push(quote! {
            #[cfg(all(#(#conditions),*))]
            type #alias = #argument;
            #[cfg(not(all(#(#conditions),*)))]
            type #alias = ();
        });
        quote!(#alias)
    }
}

/// A type in which `Self` is written out.
pub(super) fn without_self(tokens: TokenStream, self_type: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Ident(word) if word == "Self" => self_type.clone(),
            TokenTree::Group(group) => {
                let inner = without_self(group.stream(), self_type);
                let mut replaced = proc_macro2::Group::new(group.delimiter(), inner);
                replaced.set_span(group.span());
                TokenTree::Group(replaced).into()
            }
            other => other.into(),
        })
        .collect()
}

/// The name under which the compiler's messages show a resource.
fn token_name(name: &str) -> Ident {
    syn::parse_str(&format!("Resource_{}", identity::word(name))).unwrap_or_else(|_| format_ident!("Resource"))
}

fn code(attribute: &Attribute, served: &Served<'_>, bounds: &Bounds) -> syn::Result<TokenStream> {
    let Served {
        self_type,
        docs,
        conditions,
        handlers,
        others,
        made,
        arguments,
    } = served;
    let constants = arguments.constants();
    let name = attribute.name.value();
    let id = Literal::u64_unsuffixed(identity::id(&name));
    let type_name = quote!(#self_type).to_string().replace(' ', "");
    let location = place::location(Span::call_site());
    if conditions.is_empty() {
        claims::claim(&attribute.name, &location)?;
    }
    let declared = handlers.iter().map(|handler| {
        let conditions = handler.conditions;
        let name = handler.name.unraw().to_string();
        let id = Literal::u64_unsuffixed(identity::id(&name));
        let docs = handler.docs;
        let location = place::location(handler.name.span());
        let may_be_unrouted = handler.may_be_unrouted;
        let arguments = &handler.arguments;
        quote! {
            #(#[cfg(#conditions)])*
            __bluegate::Handler {
                name: #name,
                summary: #docs,
                location: #location,
                id: #id,
                may_be_unrouted: #may_be_unrouted,
                arguments: #arguments,
            }
        }
    });
    let others = others.iter().map(|function| {
        let conditions = &function.conditions;
        let name = function.name.unraw().to_string();
        let location = place::location(function.name.span());
        quote!(#(#[cfg(#conditions)])* (#name, #location))
    });
    // No function has this name.
    let others = others.chain(made.map(|made| {
        let location = place::location(made);
        quote!(("!", #location))
    }));
    let state = match &attribute.state {
        Some(state) => quote!(#state),
        None => quote!(__BluegateState),
    };
    let offers = handlers.iter().map(|handler| {
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
                quote_spanned!(span=> __bluegate::#offer(adding, #id, __bluegate::#bit, <#self_type>::#function))
            }
            None => {
                let path = arguments::in_type(self_type, function, span);
                quote_spanned!(span=> __bluegate::handler(adding, #id, __bluegate::#bit, #path))
            }
        };
        quote!(#(#[cfg(#conditions)])* let adding = #offer;)
    });
    let is_listed = handlers.iter().any(|handler| handler.arity.is_none());
    let questions = match (is_listed, arguments.are_asked()) {
        (true, _) => quote!(
            use __bluegate::{Look1 as _, Look2 as _, Look3 as _, Look4 as _, Unjudged as _};
        ),
        (false, true) => quote!(
            use __bluegate::Unjudged as _;
        ),
        (false, false) => quote!(),
    };
    let resource = token_name(&name);
    let Bounds {
        aliases,
        names,
        markers,
        predicates,
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
    Ok(quote! {
        #(#[cfg(#conditions)])*
        #[allow(non_local_definitions, non_camel_case_types, unused, unreachable_pub, clippy::all, clippy::pedantic)]
        const _: () = {
            use ::bluegate::__private as __bluegate;
            #questions

            #(#aliases)*
            #(#constants)*
            #(pub struct #names;)*

            // Stands for the user's type, which may be private to its module.
            pub struct #resource;

            impl __bluegate::Named<#resource, #id> for __bluegate::Registry {}

            impl __bluegate::Declares for #resource {
                const RESOURCE: &'static __bluegate::Resource = &__bluegate::Resource {
                    name: #name,
                    type_name: ::core::concat!(::core::module_path!(), "::", #type_name),
                    summary: #docs,
                    location: #location,
                    handlers: &[#(#declared),*],
                    functions: &[#(#others),*],
                };
            }

            impl #generics __bluegate::Mount<#state, (#(#markers,)*)> for #resource
            #clause
            {
                fn mount<__BluegateRules: __bluegate::Rules>(
                    handler: __bluegate::Id,
                    place: __bluegate::Place<#state>,
                    router: __bluegate::MethodRouter<#state>,
                ) -> __bluegate::MethodRouter<#state> {
                    let adding = __bluegate::adding::<_, __BluegateRules>(handler, place, router);
                    #(#offers)*
                    adding.done()
                }
            }

            __bluegate::inventory::submit! {
                __bluegate::Registered(<#resource as __bluegate::Declares>::RESOURCE)
            }
        };
    })
}

/// What stands for a resource that is not understood, so that a router is not reported as well.
///
/// Nothing when another type has its name: that one is the router's.
pub(super) fn stand_in(name: &LitStr) -> Option<TokenStream> {
    claims::claim(name, &place::location(Span::call_site())).ok()?;
    let name = name.value();
    let id = Literal::u64_unsuffixed(identity::id(&name));
    let resource = token_name(&name);
    // With a name, for the item may stand in an `impl` block.
    let constant = format_ident!("__BLUEGATE_{}", identity::id(&name).to_string());
    Some(quote! {
        #[allow(non_local_definitions, non_camel_case_types, unused, unreachable_pub, clippy::all, clippy::pedantic)]
        const #constant: () = {
            use ::bluegate::__private as __bluegate;

            pub struct #resource;

            impl __bluegate::Named<#resource, #id> for __bluegate::Registry {}

            impl __bluegate::Declares for #resource {
                const RESOURCE: &'static __bluegate::Resource = &__bluegate::Resource {
                    name: #name,
                    type_name: "",
                    summary: "",
                    location: "",
                    handlers: &[],
                    functions: &[],
                };
                const IS_UNDERSTOOD: ::core::primitive::bool = false;
            }

            impl<__BluegateState: __bluegate::RouterState> __bluegate::Mount<__BluegateState, ()> for #resource {
                fn mount<__BluegateRules: __bluegate::Rules>(
                    _: __bluegate::Id,
                    _: __bluegate::Place<__BluegateState>,
                    router: __bluegate::MethodRouter<__BluegateState>,
                ) -> __bluegate::MethodRouter<__BluegateState> {
                    router
                }
            }
        };
    })
}
