//! What `#[resource]` writes behind the user's item.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{Error, Lifetime};

use super::argument::Argument;
use super::arguments::Arguments;
use super::attribute::Attribute;
use super::block::{self, Block, Definition, SelfType};
use super::code::{self, code};
use super::function::Function;
use crate::located::Located;
use crate::place;

/// A handler, wherever it was found.
pub(super) struct Handler<'a> {
    pub(super) name: &'a Ident,
    pub(super) docs: &'a str,
    pub(super) conditions: &'a [TokenStream],
    pub(super) may_be_unrouted: bool,
    /// The number of what it takes of a path, in the list of all; 0 when that is nothing.
    pub(super) argument: usize,
    /// How many there are, where they are seen.
    pub(super) arity: Option<usize>,
    /// The marker of the last one, where it is asked for.
    pub(super) marker: Option<Ident>,
}

/// A type and what it serves with.
pub(super) struct Served<'a> {
    pub(super) self_type: &'a SelfType,
    pub(super) docs: &'a str,
    /// Whether it may name what is deprecated.
    pub(super) is_deprecated: bool,
    pub(super) conditions: &'a [TokenStream],
    pub(super) handlers: Vec<Handler<'a>>,
    /// Functions that are no handlers.
    pub(super) others: Vec<&'a Function>,
    /// Where a macro makes what is not seen.
    pub(super) made: Option<Span>,
    pub(super) arguments: Arguments,
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
    if block.is_broken || block.functions.iter().any(|function| function.is_dropped) {
        // The compiler says so, and knows no such function.
        return Ok(code::stand_in(&attribute.name).unwrap_or_default());
    }
    let (functions, others): (Vec<&Function>, Vec<&Function>) =
        block.functions.iter().partition(|function| function.is_handler());
    let mut errors = functions.iter().filter_map(|function| function.check().err());
    if let Some(mut first) = errors.next() {
        errors.for_each(|error| first.combine(error));
        return Err(first);
    }
    let (bounds, markers) = match &attribute.state {
        None => Bounds::of(&functions, &block.self_type),
        Some(_) => (Bounds::default(), vec![None; functions.len()]),
    };
    let mut arguments = Arguments::default();
    let mut handlers: Vec<Handler<'_>> = functions
        .iter()
        .zip(markers)
        .map(|(function, marker)| Handler {
            marker,
            argument: arguments.of(function, &block.self_type),
            arity: (!function.is_unreadable && !function.has_conditional_arguments).then_some(function.arguments.len()),
            name: &function.name,
            docs: &function.docs,
            conditions: &function.conditions,
            may_be_unrouted: attribute.allow_unrouted || function.mark.as_ref().is_some_and(|mark| mark.allow_unrouted),
        })
        .collect();
    handlers.extend(
        listed
            .iter()
            .map(|name| unseen(name, &block.self_type, attribute, &mut arguments)),
    );
    let served = Served {
        self_type: &block.self_type,
        docs: &block.docs,
        is_deprecated: block.is_deprecated,
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
    let self_type = SelfType::named(name);
    let mut arguments = Arguments::default();
    let handlers: Vec<Handler<'_>> = list
        .names
        .iter()
        .map(|name| unseen(name, &self_type, attribute, &mut arguments))
        .collect();
    let served = Served {
        self_type: &self_type,
        docs: &definition.docs,
        is_deprecated: definition.is_deprecated,
        conditions: &definition.conditions,
        handlers,
        others: Vec::new(),
        made: None,
        arguments,
    };
    code(attribute, &served, &Bounds::default())
}

/// A handler of which nothing but its name is seen.
fn unseen<'a>(name: &'a Ident, self_type: &SelfType, attribute: &Attribute, arguments: &mut Arguments) -> Handler<'a> {
    Handler {
        name,
        docs: "",
        conditions: &[],
        may_be_unrouted: attribute.allow_unrouted,
        argument: arguments.of_listed(name, self_type),
        arity: None,
        marker: None,
    }
}

/// What the handlers ask of the state.
#[derive(Default)]
pub(super) struct Bounds {
    /// Names for arguments of handlers that are there under a condition.
    pub(super) aliases: Vec<TokenStream>,
    /// Types with the names of handlers, for messages.
    pub(super) names: Vec<Ident>,
    /// The markers of last arguments.
    pub(super) markers: Vec<Ident>,
    /// With the comma behind each.
    pub(super) predicates: Vec<Vec<TokenTree>>,
}

impl Bounds {
    /// Any argument but the last is taken out of a request's head, the last one out of the whole request. Whether a
    /// state can give it is left to who mounts the handlers, so that every extractor works with every state.
    ///
    /// With them come the markers of the functions' last arguments.
    fn of(functions: &[&Function], self_type: &SelfType) -> (Self, Vec<Option<Ident>>) {
        let mut bounds = Bounds::default();
        let mut seen = HashMap::new();
        let mut markers = Vec::with_capacity(functions.len());
        for function in functions {
            let Some((last, others)) = function.arguments.split_last() else {
                markers.push(None);
                continue;
            };
            for argument in others {
                bounds.add(function, argument, self_type, &mut seen, false);
            }
            markers.push(bounds.add(function, last, self_type, &mut seen, true));
        }
        (bounds, markers)
    }

    fn add(
        &mut self,
        function: &Function,
        argument: &Argument,
        self_type: &SelfType,
        seen: &mut HashMap<(String, bool), Option<Ident>>,
        last: bool,
    ) -> Option<Ident> {
        let is_plain = function.conditions.is_empty();
        let key = (argument.text.clone(), last);
        if is_plain && let Some(marker) = seen.get(&key) {
            return marker.clone();
        }
        let mut tokens = argument.tokens();
        if !argument.is_plain {
            tokens = without_self(tokens, &self_type.tokens);
            // No extractor borrows; the compiler says so when the handler is mounted.
            if block::elides_lifetimes(&tokens) {
                return None;
            }
        }
        let lifetimes = block::lifetimes(&function.generics);
        // For any lifetime at once, the compiler does not see that serde reads what is in it.
        if !lifetimes.is_empty() && argument.is_borrowing_option() {
            return None;
        }
        let quantified = (!lifetimes.is_empty()).then(|| quote!(for<#(#lifetimes),*>));
        let marker = last.then(|| format_ident!("__BluegateMarker{}", self.markers.len()));
        let bound = if is_plain {
            seen.insert(key, marker.clone());
            tokens
        } else {
            self.alias(function, &tokens, &lifetimes)
        };
        let name = self.name(function, self_type);
        let question = match (argument.is_state(), last) {
            (true, true) => "LastStateArgument",
            (true, false) => "StateArgument",
            (false, true) => "LastArgument",
            (false, false) => "EarlyArgument",
        };
        let mut predicate = Located::at(place::at(argument.span()));
        predicate.trees(quantified.into_iter().flatten()).trees(bound);
        predicate.sign(':').word("__bluegate").double(':');
        predicate.tree(Ident::new(question, Span::call_site()));
        predicate.sign('<').word("__BluegateState").sign(',');
        if let Some(marker) = &marker {
            predicate.tree(marker.clone()).sign(',');
            self.markers.push(marker.clone());
        }
        predicate.tree(name).sign('>');
        predicate.tree(Punct::new(',', Spacing::Alone));
        self.predicates.push(predicate.finish());
        marker
    }

    /// The type that stands for a handler in messages.
    fn name(&mut self, function: &Function, self_type: &SelfType) -> Ident {
        let name = format_ident!(
            "{}_{}",
            self_type.word,
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
    fn alias(&mut self, function: &Function, argument: &TokenStream, lifetimes: &[Lifetime]) -> TokenStream {
        let alias = format_ident!("__BluegateArgument{}", self.aliases.len());
        let conditions = &function.conditions;
        let parameters = (!lifetimes.is_empty()).then(|| quote!(<#(#lifetimes),*>));
        self.aliases.push(quote! {
            #[cfg(all(#(#conditions),*))]
            type #alias #parameters = #argument;
            #[cfg(not(all(#(#conditions),*)))]
            type #alias #parameters = ();
        });
        quote!(#alias #parameters)
    }
}

/// A type in which `Self` is written out.
pub(super) fn without_self(tokens: TokenStream, self_type: &TokenStream) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut replaced = TokenStream::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) if word == "Self" => {
                let path = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ':');
                // `Users<u8>::COUNT` would be a comparison.
                let written = match trees.peek().is_some_and(path) {
                    true => quote!(<#self_type>),
                    false => self_type.clone(),
                };
                replaced.extend(written);
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_self(group.stream(), self_type));
                inner.set_span(group.span());
                replaced.extend([TokenTree::Group(inner)]);
            }
            other => replaced.extend([other]),
        }
    }
    replaced
}
