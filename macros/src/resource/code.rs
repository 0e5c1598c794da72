//! The code behind the user's item: the traits that `routes!` asks for, and a description.

use proc_macro2::{Delimiter, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt as _;

use super::arguments;
use super::attribute::Attribute;
use super::block::SelfType;
use super::expand::{Bounds, Handler, Served, without_self};
use crate::claims;
use crate::identity;
use crate::located::Located;
use crate::place;
use crate::written::Code;

pub(super) fn code(attribute: &Attribute, served: &Served<'_>, bounds: &Bounds) -> syn::Result<TokenStream> {
    let name = attribute.name.value();
    let location = place::location(Span::call_site());
    let conditions = served.conditions;
    if conditions.is_empty() {
        claims::claim(&attribute.name, &location, &served.self_type.text)?;
    }
    let resource = token_name(&name);
    let mut code = Code::default();
    // Other lints say nothing about what a macro of another crate writes, and an `allow` of what a crate forbids is an
    // error.
    let allowed = if served.is_deprecated {
        "#[allow(deprecated)]"
    } else {
        ""
    };
    code.conditions(conditions).text(allowed).text("const _: () =");
    code.open(Delimiter::Brace);
    code.text("use ::bluegate::__private as __bluegate;");
    let is_listed = served.handlers.iter().any(|handler| handler.arity.is_none());
    if is_listed {
        code.text("use __bluegate::{Look1 as _, Look2 as _, Look3 as _, Look4 as _, Unjudged as _};");
    } else if served.arguments.are_asked() {
        code.text("use __bluegate::Unjudged as _;");
    }
    for alias in &bounds.aliases {
        code.tokens(alias.clone());
    }
    for name in &bounds.names {
        code.text("pub enum").text(&name.to_string()).text("{}");
    }
    // Stands for the user's type, which may be private to its module.
    code.text("pub enum").text(&resource).text("{}");
    named(&mut code, &name, &resource, true, |code| {
        description(code, &name, &location, served);
    });
    mount(&mut code, attribute, served, bounds, &resource);
    registered(&mut code, &name, &resource);
    code.close().text(";");
    Ok(code.finish())
}

/// Lists the resource for `bluegate::resources()`.
fn registered(code: &mut Code, name: &str, resource: &str) {
    if !cfg!(feature = "registry") {
        return;
    }
    code.text("__bluegate::inventory::submit! {__bluegate::Registered(<__bluegate::Registry as __bluegate::Named<");
    code.text(resource).text(",").number(identity::id(name));
    code.text(">> ::RESOURCE)}");
}

/// The name under which the compiler's messages show a resource.
fn token_name(name: &str) -> String {
    let name = format!("Resource_{}", identity::word(name));
    if name.is_ascii() || syn::parse_str::<Ident>(&name).is_ok() {
        name
    } else {
        "Resource".to_owned()
    }
}

/// Registers the resource under its name, with its description.
fn named(code: &mut Code, name: &str, resource: &str, is_understood: bool, description: impl FnOnce(&mut Code)) {
    code.text("impl __bluegate::Named<").text(resource).text(",");
    code.number(identity::id(name)).text("> for __bluegate::Registry");
    code.open(Delimiter::Brace)
        .text("const RESOURCE: & 'static __bluegate::Declared = &");
    description(code);
    code.text(";");
    if !is_understood {
        code.text("const IS_UNDERSTOOD: ::core::primitive::bool = false;");
    }
    code.close();
}

/// Describes the resource and its handlers: as little as possible as values, all else as one text.
fn description(code: &mut Code, name: &str, location: &str, served: &Served<'_>) {
    let mut text = format!("{}\t{}\t{}", served.self_type.text, in_line(location), served.docs);
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
    code.text("__bluegate::Declared").open(Delimiter::Parenthesis);
    code.string(name).text(", ::core::module_path!(),").string(&text);
    code.text(", &").open(Delimiter::Bracket);
    for (line, handler) in served.handlers.iter().enumerate() {
        if line > 0 {
            code.text(",");
        }
        let id = identity::id(&handler.name.unraw().to_string());
        code.conditions(handler.conditions);
        code.text(&format!("({id}, {line}, {})", handler.argument));
    }
    code.close().text(", &").open(Delimiter::Bracket);
    for (at, question) in served.arguments.asked().iter().enumerate() {
        let comma = TokenTree::Punct(Punct::new(',', Spacing::Alone));
        code.trees((at > 0).then_some(comma)).trees(question.iter().cloned());
    }
    code.close().text(",").close();
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
fn mount(code: &mut Code, attribute: &Attribute, served: &Served<'_>, bounds: &Bounds, resource: &str) {
    let self_type = served.self_type;
    let own_state = attribute.state.as_ref();
    let own_state = own_state.map(|state| without_self(quote!(#state), &self_type.tokens));
    let state = |code: &mut Code| match &own_state {
        Some(state) => {
            code.tokens(state.clone());
        }
        None => {
            code.text("__BluegateState");
        }
    };
    let markers: Vec<String> = bounds.markers.iter().map(Ident::to_string).collect();
    code.text("impl");
    if own_state.is_none() {
        code.text("< __BluegateState ,");
        for (at, marker) in markers.iter().enumerate() {
            code.text(if at > 0 { "," } else { "" });
            code.text(marker).text(": 'static");
        }
        code.text(">");
    }
    code.text("__bluegate::Mount<");
    state(code);
    code.text(", (");
    for marker in &markers {
        code.text(marker).text(",");
    }
    code.text(") > for").text(resource);
    if own_state.is_none() {
        code.text("where __BluegateState: __bluegate::RouterState,");
        for predicate in &bounds.predicates {
            code.trees(predicate.iter().cloned());
        }
    }
    code.open(Delimiter::Brace);
    code.text("fn mount<__BluegateRules: __bluegate::Rules>");
    code.open(Delimiter::Parenthesis);
    code.text("__bluegate_adding: &mut __bluegate::Adding< '_,");
    state(code);
    code.text(", __BluegateRules > ,").close();
    code.open(Delimiter::Brace);
    let written_type: Vec<TokenTree> = self_type.tokens.clone().into_iter().collect();
    for handler in &served.handlers {
        code.conditions(handler.conditions);
        code.trees(offer(handler, self_type, &written_type, markers.len() > 1));
    }
    code.close().close();
}

/// Offers a handler. Two last arguments may be one type in two spellings: then there are two answers to what its marker
/// is, and the one that belongs to the handler has to be named.
fn offer(
    handler: &Handler<'_>,
    self_type: &SelfType,
    written_type: &[TokenTree],
    has_many_markers: bool,
) -> Vec<TokenTree> {
    let function = handler.name;
    let name = function.unraw().to_string();
    // The function's own place, so that the compiler shows it when it is no handler.
    let span = place::at(function.span());
    let mut offer = Located::at(span);
    match handler.arity {
        Some(arity) => offer.of_ours(&format!("handler_{arity}")),
        None => offer.of_ours("handler"),
    };
    if let Some(marker) = &handler.marker
        && has_many_markers
    {
        offer.double(':').sign('<');
        // Before it: the state, the rules, the bit, the function, its answer and its arguments.
        for _ in 0..5 + handler.arity.unwrap_or_default() {
            offer.tree(Ident::new("_", Span::call_site())).sign(',');
        }
        offer.tree(marker.clone()).sign('>');
    }
    let mut given = Located::at(span);
    given.word("__bluegate_adding").sign(',');
    given.tree(Literal::u64_unsuffixed(identity::id(&name))).sign(',');
    given.of_ours(&format!("B{}", identity::handler_bit(&name))).sign(',');
    match handler.arity {
        Some(_) => {
            given.sign('<').trees(written_type.iter().cloned()).sign('>');
            given.double(':').tree(function.clone());
        }
        None => {
            given.trees(arguments::in_type(self_type, function, span));
        }
    }
    offer.parentheses(given);
    offer.tree(Punct::new(';', Spacing::Alone));
    offer.finish()
}

/// What stands for a resource that is not understood, so that a router is not reported as well.
///
/// Nothing when another type has its name: that one is the router's.
pub(super) fn stand_in(name: &LitStr) -> Option<TokenStream> {
    claims::claim(name, &place::location(Span::call_site()), "").ok()?;
    let name = name.value();
    let resource = token_name(&name);
    let mut code = Code::default();
    // With a name, for the item may stand in an `impl` block.
    code.text(&format!("const __BLUEGATE_{}: () =", identity::id(&name)));
    code.open(Delimiter::Brace);
    code.text("use ::bluegate::__private as __bluegate; pub enum")
        .text(&resource)
        .text("{}");
    named(&mut code, &name, &resource, false, |code| {
        code.text("__bluegate::Declared").open(Delimiter::Parenthesis);
        code.string(&name).text(", \"\", \"\", &[], &[]").close();
    });
    code.text("impl<__BluegateState: __bluegate::RouterState> __bluegate::Mount<__BluegateState, ()> for")
        .text(&resource)
        .text(
            "{fn mount<__BluegateRules: __bluegate::Rules> \
             (_: &mut __bluegate::Adding< '_, __BluegateState, __BluegateRules> ,) {}}",
        );
    code.close().text(";");
    Some(code.finish())
}
