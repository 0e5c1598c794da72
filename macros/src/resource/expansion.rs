//! What `#[resource]` writes behind the user's item: the traits that `routes!` asks for, and a description.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::{Error, LitStr};

use super::block::{Block, Item, SelfType};
use super::function::Function;
use super::options::{Allowed, Options};
use super::path_argument::{Questions, extractors, generic, in_type, owned};
use crate::tokens::Code;
use crate::{crate_path, hash, span};

/// A handler, wherever it was found.
struct Handler<'a> {
    name: &'a Ident,
    docs: &'a str,
    conditions: &'a [TokenStream],
    allowed: Allowed,
    layer: Option<&'a TokenStream>,
    /// The number of what it takes of a path, in the list of all; 0 when that is nothing.
    argument: usize,
    /// The types of its arguments, where they are seen.
    arguments: Option<Vec<Vec<TokenTree>>>,
}

/// The code for an item.
pub(super) fn code(options: &Options, item: &Item) -> syn::Result<TokenStream> {
    let mut questions = Questions::default();
    let mut handlers = Vec::new();
    if let Some(block) = &item.block {
        refuse(block)?;
        for function in block.functions.iter().filter(|function| function.is_handler()) {
            handlers.push(seen(function, item, &mut questions));
        }
    }
    for name in listed(options, item)? {
        handlers.push(Handler {
            name,
            docs: "",
            conditions: &[],
            allowed: Allowed::default(),
            layer: None,
            argument: questions.of_listed(name, &item.self_type),
            arguments: None,
        });
    }
    for handler in &mut handlers {
        handler.allowed = handler.allowed.and(options.allowed);
    }
    let state = match &options.state {
        Some(state) => {
            let state: TokenStream = quote::ToTokens::to_token_stream(state);
            Some(owned(state.into_iter().collect(), &[], &item.self_type))
        }
        None => inferred_state(options, item)?,
    };
    let name = options.name.value();
    let mut code = opened(
        options,
        item,
        questions.are_asked(),
        handlers.iter().any(|handler| handler.arguments.is_none()),
    );
    let token = token(&name);
    named(&mut code, &name, &token, |code| {
        description(code, &name, &handlers, questions);
        code.text(";const TEXT: & 'static ::core::primitive::str =");
        code.string(&described(item, &handlers)).text(";");
    });
    mount(&mut code, options, &handlers, item, &token, state);
    if cfg!(feature = "registry") {
        let id = hash::id(&name);
        code.text(&format!(
            "__bluegate::inventory::submit! {{ __bluegate::registered::<{token}, {id}>() }}"
        ));
    }
    code.close().text(";");
    Ok(code.finish())
}

/// Refuses handlers that are none.
fn refuse(block: &Block) -> syn::Result<()> {
    let functions = block.functions.iter().filter(|function| function.is_handler());
    let mut errors = functions.filter_map(|function| function.check().err());
    let Some(mut first) = errors.next() else { return Ok(()) };
    errors.for_each(|error| first.combine(error));
    Err(first)
}

/// A handler of a block.
fn seen<'a>(function: &'a Function, item: &Item, questions: &mut Questions) -> Handler<'a> {
    let owned = |argument: &Vec<TokenTree>| owned(argument.clone(), &function.lifetimes, &item.self_type);
    Handler {
        name: &function.name,
        docs: &function.attributes.docs,
        conditions: &function.attributes.conditions,
        allowed: function.allowed(),
        layer: function.layer(),
        argument: questions.of(function, &item.self_type),
        arguments: (!function.has_conditional_arguments).then(|| function.arguments.iter().map(owned).collect()),
    }
}

/// The handlers that `handlers(...)` lists.
fn listed<'a>(options: &'a Options, item: &Item) -> syn::Result<&'a [Ident]> {
    let Some(list) = &options.handlers else {
        return match &item.block {
            Some(_) => Ok(&[]),
            None => Err(Error::new(
                item.self_type.span,
                format!(
                    "a type does not show its handlers\n\
                     help: list them, as in `#[resource(name = \"{}\", handlers(get, post))]`, or put `#[resource]` on \
                     an `impl` block",
                    options.name.value()
                ),
            )),
        };
    };
    if let Some(block) = &item.block {
        let is_seen = |name: &Ident| {
            block
                .functions
                .iter()
                .any(|function| function.name.unraw() == name.unraw())
        };
        if block.made.is_none() || list.names.iter().any(is_seen) {
            return Err(Error::new(
                list.key.span(),
                "an `impl` block shows its handlers by itself; `handlers(...)` is for structs and enums, and for what \
                 macros in a block make\n\
                 help: remove it, and mark handlers that are not named after a verb with `#[handler]`",
            ));
        }
    }
    let is_repeated = |at: usize| {
        list.names[..at]
            .iter()
            .any(|name| name.unraw() == list.names[at].unraw())
    };
    match (0..list.names.len()).find(|at| is_repeated(*at)) {
        Some(at) => Err(Error::new(
            list.names[at].span(),
            format!("the handler `{}` is listed twice", list.names[at]),
        )),
        None => Ok(&list.names),
    }
}

/// The state that handlers take as `State<T>`; none when they take none.
fn inferred_state(options: &Options, item: &Item) -> syn::Result<Option<Vec<TokenTree>>> {
    let mut found: Option<(Vec<TokenTree>, String)> = None;
    let functions = item.block.iter().flat_map(|block| &block.functions);
    for function in functions.filter(|function| function.is_handler()) {
        for argument in function.arguments.iter().cloned().flat_map(extractors) {
            let Some((word, state)) = generic(&argument) else {
                continue;
            };
            if word != "State" {
                continue;
            }
            let text = super::block::text(&owned(state.to_vec(), &[], &item.self_type));
            match &found {
                None => found = Some((owned(state.to_vec(), &function.lifetimes, &item.self_type), text)),
                Some((_, first)) if *first == text => {}
                Some((_, first)) => {
                    return Err(Error::new(
                        crate::span::spanned(&argument),
                        format!(
                            "the handlers take `State<{first}>` and `State<{text}>`, so that the router's state has to be \
                             named\n\
                             help: write `#[resource(name = \"{}\", state = AppState)]`, with the type of that state; a part \
                             of it has `FromRef<AppState>`",
                            options.name.value()
                        ),
                    ));
                }
            }
        }
    }
    Ok(found.map(|(state, _)| state))
}

/// The constant around all that is written, so that none of its names can meet one of the user's.
fn opened(options: &Options, item: &Item, are_asked: bool, are_listed: bool) -> Code {
    let mut code = Code::default();
    code.conditions(&item.attributes.conditions);
    let functions = item.block.iter().flat_map(|block| &block.functions);
    let mut attributes = functions.map(|function| &function.attributes).chain([&item.attributes]);
    // Other lints say nothing about what a macro of another crate writes, and an `allow` of what a crate forbids is an
    // error.
    if attributes.any(|attributes| attributes.is_deprecated) {
        code.text("#[allow(deprecated)]");
    }
    code.text("const _: () =").open(Delimiter::Brace);
    code.text("use")
        .tokens(crate_path::tokens(options.root.as_ref()))
        .text("::__private as __bluegate;");
    if are_listed {
        code.text("use __bluegate::{Look1 as _, Look2 as _, Look3 as _, Look4 as _};");
    }
    if are_asked {
        code.text("use __bluegate::Unjudged as _;");
    }
    code
}

/// The name of the type that stands for the user's, which may be private to its module. Messages show it.
fn token(name: &str) -> String {
    let token = format!("Resource_{}", hash::word(name));
    if token.is_ascii() || syn::parse_str::<Ident>(&token).is_ok() {
        token
    } else {
        "Resource".to_owned()
    }
}

/// Registers the resource under its name.
fn named(code: &mut Code, name: &str, token: &str, inside: impl FnOnce(&mut Code)) {
    let id = hash::id(name);
    code.text(&format!(
        "pub enum {token} {{}} impl __bluegate::Named<{token}, {id}> for __bluegate::Registry"
    ));
    code.open(Delimiter::Brace)
        .text("const RESOURCE: & 'static __bluegate::Declared = &");
    inside(code);
    code.close();
}

/// Describes the handlers to the check: as little as possible as values.
fn description(code: &mut Code, name: &str, handlers: &[Handler<'_>], questions: Questions) {
    code.text("__bluegate::Declared").open(Delimiter::Parenthesis);
    code.string(name)
        .text(", ::core::module_path!(), &")
        .open(Delimiter::Bracket);
    for (line, handler) in handlers.iter().enumerate() {
        code.conditions(handler.conditions).open(Delimiter::Parenthesis);
        code.string(&handler.name.unraw().to_string());
        code.text(&format!(", {line}, {}, {}", handler.argument, handler.allowed.bits()))
            .close()
            .text(",");
    }
    code.close().text(", &").open(Delimiter::Bracket);
    for question in questions.asked() {
        code.code(question).text(",");
    }
    code.close().close();
}

/// Describes the type and its functions to people.
fn described(item: &Item, handlers: &[Handler<'_>]) -> String {
    let mut text = item.self_type.text.clone();
    add(&mut text, Span::call_site(), &item.attributes.docs);
    for handler in handlers {
        text.push('\n');
        text.push_str(&handler.name.unraw().to_string());
        add(&mut text, handler.name.span(), handler.docs);
    }
    let Some(block) = &item.block else { return text };
    for function in block.functions.iter().filter(|function| !function.is_handler()) {
        text.push_str(if function.receiver.is_some() { "\n&" } else { "\n-" });
        text.push_str(&function.name.unraw().to_string());
        add(&mut text, function.name.span(), "");
    }
    if let Some(made) = block.made {
        text.push_str("\n!");
        add(&mut text, made, "");
    }
    text
}

/// Adds a place and the documentation of what is there.
fn add(text: &mut String, span: Span, docs: &str) {
    text.push('\t');
    // Names of files may have any characters.
    text.push_str(&span::location(span).replace(char::is_control, " "));
    text.push('\t');
    text.push_str(docs);
}

/// Offers the handlers to routers.
fn mount(
    code: &mut Code,
    options: &Options,
    handlers: &[Handler<'_>],
    item: &Item,
    token: &str,
    state: Option<Vec<TokenTree>>,
) {
    let (parameters, state) = match state {
        Some(state) => ("", state),
        None => (
            "<__AnyState: __bluegate::RouterState>",
            vec![TokenTree::Ident(Ident::new("__AnyState", Span::call_site()))],
        ),
    };
    code.text("impl")
        .text(parameters)
        .text("__bluegate::Mount<")
        .trees(state.iter().cloned());
    code.text("> for").text(token).open(Delimiter::Brace);
    code.text("fn mount").open(Delimiter::Parenthesis);
    code.text("__bluegate_offers: &mut __bluegate::Offers< '_,")
        .trees(state)
        .text(">")
        .close();
    code.open(Delimiter::Brace);
    for handler in handlers {
        code.conditions(handler.conditions)
            .trees(offer(handler, &item.self_type));
        if let Some(layer) = handler.layer {
            code.conditions(handler.conditions)
                .trees(laid(layer, "layer_last", &item.self_type));
        }
    }
    if let Some(layer) = &options.layer {
        code.trees(laid(layer, "layer", &item.self_type));
    }
    code.close().close();
}

/// Puts a layer around what was offered, at the place of the layer.
fn laid(layer: &TokenStream, method: &str, self_type: &SelfType) -> Vec<TokenTree> {
    let layer = owned(layer.clone().into_iter().collect(), &[], self_type);
    let text = format!("__bluegate_offers.{method}($);");
    span::filled(&text, span::at(span::spanned(&layer)), [layer].into_iter())
}

/// Offers a handler, at the place of its function and of its arguments, so that the compiler shows them.
fn offer(handler: &Handler<'_>, self_type: &SelfType) -> Vec<TokenTree> {
    let method = match handler.arguments.as_deref() {
        None => "handler".to_owned(),
        Some([]) => "handler_0".to_owned(),
        Some(arguments) => format!(
            "handler_{}::<{}_, _, _>",
            arguments.len(),
            "$, ".repeat(arguments.len())
        ),
    };
    let name = handler.name.unraw().to_string();
    let text = format!("__bluegate_offers.{method}({name:?}, <$>::$);");
    let arguments = handler.arguments.iter().flatten().cloned();
    let given = arguments.chain(in_type(self_type, handler.name));
    span::filled(&text, span::at(handler.name.span()), given)
}

/// What stands for a resource that is not understood, beside the error that says so: a router is not reported as well.
pub(super) fn stand_in(name: &LitStr, root: Option<&syn::Path>) -> TokenStream {
    let name = name.value();
    let token = token(&name);
    let mut code = Code::default();
    // With a name, for the item may stand in an `impl` block.
    code.text(&format!("const __BLUEGATE_{}: () =", hash::id(&name)))
        .open(Delimiter::Brace);
    code.text("use")
        .tokens(crate_path::tokens(root))
        .text("::__private as __bluegate;");
    named(&mut code, &name, &token, |code| {
        code.text("__bluegate::Declared")
            .open(Delimiter::Parenthesis)
            .string(&name);
        code.text(", \"\", &[], &[]")
            .close()
            .text(";const TEXT: & 'static ::core::primitive::str = \"\";");
        code.text("const IS_UNDERSTOOD: ::core::primitive::bool = false;");
    });
    code.text("impl<__AnyState: __bluegate::RouterState> __bluegate::Mount<__AnyState> for")
        .text(&token);
    code.text("{fn mount(_: &mut __bluegate::Offers< '_, __AnyState>) {}}");
    code.close().text(";");
    code.finish()
}
