//! What `#[resource]` writes behind the user's item: the traits that `routes!` asks for, and a description.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{Error, LitStr};

use super::attributes::ARE_TYPES_REGISTERED;
use super::block::{Item, SelfType};
use super::handler::{Handler, seen};
use super::options::{Allowed, Listed, Options};
use super::path_argument::{Questions, extractors, generic, has_word, in_type, is_own, owned, reads_body};
use super::types;
use crate::tokens::Code;
use crate::{crate_path, hash, span};

/// The code for an item.
pub(super) fn code(options: &Options, item: &Item) -> syn::Result<TokenStream> {
    let mut questions = Questions::default();
    refuse(item)?;
    let seen = |function| seen(function, item, &mut questions);
    let mut handlers: Vec<Handler<'_>> = item.handlers().map(seen).collect();
    for Listed { name, function } in listed(options, item)? {
        let path = match function {
            Some(function) => function.to_token_stream().into_iter().collect(),
            None => in_type(&item.self_type, name),
        };
        handlers.push(Handler {
            name,
            docs: "",
            conditions: &[],
            allowed: Allowed::default(),
            layer: None,
            argument: questions.of_listed(path.clone(), name.span()),
            function: None,
            arguments: None,
            path,
        });
    }
    for handler in &mut handlers {
        handler.allowed = handler.allowed.and(options.allowed);
    }
    let state = match &options.state {
        Some(state) => Some(owned(
            state.to_token_stream().into_iter().collect(),
            &[],
            &item.self_type,
        )),
        None => inferred_state(options, item)?,
    };
    refuse_open(options, item, state.as_deref())?;
    let name = options.name.value();
    let mut code = opened(
        options,
        item,
        questions.are_asked(),
        handlers.iter().any(|handler| handler.arguments.is_none()),
    );
    let token = token(&name);
    let part = options.part;
    let description = description(&name, &handlers, questions);
    named(&mut code, &name, part, description, &described(item, &handlers));
    mount(&mut code, &handlers, item, options, state);
    if part > 1 {
        required(&mut code, &name, part);
    }
    if cfg!(feature = "registry") && part <= 2 {
        let (registration, id) = (registration(part), id(&name, part));
        code.text(&format!(
            "__bluegate::inventory::submit! {{ __bluegate::Submitted(__bluegate::registered::<{registration}, {token}, {id}>) }}"
        ));
    }
    if ARE_TYPES_REGISTERED {
        types::register(&mut code, &name, &handlers, &item.self_type);
    }
    code.close().text(";");
    Ok(code.finish())
}

/// How a block is registered: the first one and the second one under the name, the others under their numbers.
fn registration(part: usize) -> &'static str {
    if part == 2 {
        "__bluegate::Several"
    } else {
        "__bluegate::Only"
    }
}

/// The number under which the compiler finds a block.
fn id(name: &str, part: usize) -> u64 {
    if part > 2 {
        hash::part_id(name, part)
    } else {
        hash::id(name)
    }
}

/// The block with a number, or what stands for it where there is none.
fn found(name: &str, part: usize) -> String {
    let registration = if part > 2 { "_" } else { registration(part) };
    format!("<__bluegate::TheOneType<{registration}, _, {}>>::FOUND", id(name, part))
}

/// Asks for the block before a further one.
fn required(code: &mut Code, name: &str, part: usize) {
    code.text(&format!("const _: () = {}.require", found(name, part - 1)));
    code.open(Delimiter::Parenthesis).text("0,").string(name);
    code.text(&format!(", ::core::module_path!(), {part}"))
        .close()
        .text(";");
}

/// Refuses handlers that are none.
fn refuse(item: &Item) -> syn::Result<()> {
    let mut errors = item.handlers().filter_map(|function| function.check().err());
    let Some(mut first) = errors.next() else { return Ok(()) };
    errors.for_each(|error| first.combine(error));
    Err(first)
}

/// The handlers that `handlers(...)` lists.
fn listed<'a>(options: &'a Options, item: &Item) -> syn::Result<&'a [Listed]> {
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
        let is_shown = |listed: &Listed| {
            let mut functions = block.functions.iter();
            let is_seen = functions.any(|function| function.name.unraw() == listed.name.unraw());
            is_seen || listed.function.is_none() && block.made.is_none()
        };
        if list.list.iter().any(is_shown) {
            return Err(Error::new(
                list.key.span(),
                "an `impl` block shows its handlers by itself; `handlers(...)` is for functions that do not stand in it, as \
                 in `handlers(get = list_books)`, and for what macros in a block make\n\
                 help: remove it, and mark handlers that are not named after a verb with `#[handler]`",
            ));
        }
    }
    for (at, Listed { name, .. }) in list.list.iter().enumerate() {
        if list.list[..at].iter().any(|listed| listed.name.unraw() == name.unraw()) {
            return Err(Error::new(name.span(), format!("the handler `{name}` is listed twice")));
        }
    }
    Ok(&list.list)
}

/// The state that handlers take as `State<T>`; none when they take none.
fn inferred_state(options: &Options, item: &Item) -> syn::Result<Option<Vec<TokenTree>>> {
    let mut found: Option<(Vec<TokenTree>, String)> = None;
    for function in item.handlers() {
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

/// Refuses parameters of a block that a router's state does not decide.
fn refuse_open(options: &Options, item: &Item, state: Option<&[TokenTree]>) -> syn::Result<()> {
    let names = |parameter: &Ident| state.is_some_and(|state| has_word(state, &|word| word == parameter));
    let parameters = &item.self_type.parameters;
    let name = options.name.value();
    if let Some(open) = parameters.iter().find(|parameter| !names(parameter)) {
        return Err(Error::new(
            open.span(),
            format!(
                "the `impl` block has the parameter `{open}`, which the state of a router does not decide\n\
                 help: name a state that does: `#[resource(name = \"{name}\", state = AppState<{open}>)]`\n\
                 help: or write `#[resource]` on an `impl` block of one type, such as `impl Users<Postgres>`",
            ),
        ));
    }
    let mut unseen = item.handlers().filter(|function| function.has_conditional_arguments);
    let listed = options.handlers.as_ref().map(|handlers| handlers.key.span());
    match listed.or_else(|| unseen.next().map(|function| function.name.span())) {
        Some(unseen) if !parameters.is_empty() => Err(Error::new(
            unseen,
            "in an `impl` block with parameters, all arguments of handlers are to be seen\n\
             help: write the handlers into the block, without `#[cfg]` on their arguments",
        )),
        _ => Ok(()),
    }
}

/// The constant around all that is written, so that none of its names can meet one of the user's.
fn opened(options: &Options, item: &Item, are_asked: bool, are_listed: bool) -> Code {
    let mut code = Code::default();
    code.conditions(&item.attributes.conditions);
    let mut attributes = item
        .functions()
        .map(|function| &function.attributes)
        .chain([&item.attributes]);
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
        code.text("use __bluegate::{Look1 as _, Look2 as _, Look3 as _, Look4 as _, Look5 as _, Look6 as _, Look7 as _, Look8 as _};");
    }
    if are_asked {
        code.text("use __bluegate::Unjudged as _;");
    }
    if options.part > 1 {
        code.text("use __bluegate::Unregistered as _;");
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

/// Registers a block of a resource, with its description and its text. The second one says what the first one says, for it
/// stands for both.
fn named(code: &mut Code, name: &str, part: usize, description: Code, text: &str) {
    let (token, registration, id) = (token(name), registration(part), id(name, part));
    code.text(&format!(
        "pub enum {token} {{}} impl __bluegate::Named<{registration}, {token}> for __bluegate::Key<{id}>"
    ));
    code.open(Delimiter::Brace);
    let [resource, shown, next] = [
        "const RESOURCE: & 'static __bluegate::Declared =",
        "const TEXT: & 'static ::core::primitive::str =",
        "const NEXT: ::core::option::Option<& 'static __bluegate::Registered> =",
    ];
    if part == 2 {
        let first = format!("__bluegate::first({}.part(0))", found(name, 1));
        code.text(&format!(
            "{resource} {first}.0; {shown} {first}.1; {next} ::core::option::Option::Some"
        ));
        code.open(Delimiter::Parenthesis)
            .text("&__bluegate::Registered")
            .open(Delimiter::Parenthesis);
        code.text("&").code(description).text(",").string(text);
        code.text(&format!(", {}.part(0)", found(name, 3)));
        code.close().close().text(";");
    } else {
        code.text(resource).text("&").code(description);
        code.text(";").text(shown).string(text).text(";");
        if part > 2 {
            code.text(&format!("{next} {}.part(0);", found(name, part + 1)));
        }
    }
    code.close();
}

/// Describes the handlers to the check: as little as possible as values.
fn description(name: &str, handlers: &[Handler<'_>], questions: Questions) -> Code {
    let mut code = Code::default();
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
    code
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
fn mount(code: &mut Code, handlers: &[Handler<'_>], item: &Item, options: &Options, state: Option<Vec<TokenTree>>) {
    let name = options.name.value();
    let [declared, bounds] = item
        .block
        .as_ref()
        .map(|block| block.generics.clone())
        .unwrap_or_default();
    code.text("impl").trees(declared);
    let known = state.clone();
    let has_layers = options.layer.is_some() || handlers.iter().any(|handler| handler.layer.is_some());
    let state = state.unwrap_or_else(|| {
        code.text(match has_layers {
            true => "<__AnyState: __bluegate::RouterState>",
            // Whether it can be the state of a router is said once.
            false => "<__AnyState: ::core::marker::Send + ::core::marker::Sync + 'static>",
        });
        vec![TokenTree::Ident(Ident::new("__AnyState", Span::call_site()))]
    });
    code.text("__bluegate::Mount<").trees(state.iter().cloned());
    code.text("> for").text(&token(&name));
    code.trees(owned(bounds, &[], &item.self_type)).open(Delimiter::Brace);
    code.text("fn mount").open(Delimiter::Parenthesis);
    code.text("__bluegate_offers: &mut __bluegate::Offers< '_,")
        .trees(state)
        .text(">")
        .close();
    code.open(Delimiter::Brace);
    for handler in handlers {
        code.conditions(handler.conditions)
            .trees(offer(handler, known.as_deref()));
        if let Some(layer) = handler.layer {
            code.conditions(handler.conditions)
                .trees(laid(layer, "layer_last", &item.self_type));
        }
    }
    if let Some(layer) = &options.layer {
        code.trees(laid(layer, "layer", &item.self_type));
    }
    // A type of which no function is a handler is used all the same.
    if item.block.is_none() {
        code.text("let _ = ::core::marker::PhantomData::<")
            .tokens(item.self_type.tokens.clone())
            .text(">;");
    }
    // The second block stands for all, and each one behind it for those that follow.
    let further = match options.part {
        1 => &[][..],
        2 => &[1, 3],
        part => &[part + 1],
    };
    for further in further {
        code.text(&format!(
            "__bluegate_offers.further({}.beside(0));",
            found(&name, *further)
        ));
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
///
/// Where axum's own extractors are wrong, words of ours say more than axum's; of others axum's say what they lack, as long as
/// the state is known.
fn offer(handler: &Handler<'_>, state: Option<&[TokenTree]>) -> Vec<TokenTree> {
    let method = match handler.arguments.as_deref() {
        None => "handler".to_owned(),
        Some([]) => "handler_0".to_owned(),
        Some(arguments @ [early @ .., _]) => {
            let is_own = state.is_some_and(|state| arguments.iter().any(|argument| is_own(argument, state)));
            let is_own = is_own && !early.iter().any(|argument| reads_body(argument));
            let count = arguments.len();
            let name = if is_own { "own" } else { "handler" };
            format!("{name}_{count}::<{}_, _, _>", "$, ".repeat(count))
        }
    };
    let name = handler.name.unraw().to_string();
    let text = format!("__bluegate_offers.{method}({name:?}, $);");
    let arguments = handler.arguments.iter().flatten().cloned();
    let given = arguments.chain([handler.path.clone()]);
    span::filled(&text, span::at(handler.name.span()), given)
}

/// What stands for a resource that is not understood, beside the error that says so: a router is not reported as well.
pub(super) fn stand_in(name: &LitStr, part: usize, root: Option<&syn::Path>) -> TokenStream {
    let name = name.value();
    let mut code = Code::default();
    // With a name, for the item may stand in an `impl` block.
    code.text(&format!("const __BLUEGATE_{}_{part}: () =", id(&name, part)))
        .open(Delimiter::Brace);
    code.text("use")
        .tokens(crate_path::tokens(root))
        .text("::__private as __bluegate; use __bluegate::Unregistered as _;");
    let mut description = Code::default();
    description.text("__bluegate::Declared").open(Delimiter::Parenthesis);
    description.string(&name).text(", \"\", &[], &[]").close();
    named(&mut code, &name, part, description, "");
    code.text("impl<__AnyState> __bluegate::Mount<__AnyState> for")
        .text(&token(&name));
    code.text("{fn mount(_: &mut __bluegate::Offers< '_, __AnyState>) {}}");
    code.close().text(";");
    code.finish()
}
