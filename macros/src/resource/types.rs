//! What `#[resource]` registers of the types of handlers, for `bluegate::types!`.
//!
//! The types are asked while a test runs: a function a handler, which names the handler and asks what the compiler knows
//! of its signature.

use proc_macro2::{Delimiter, TokenTree};
use syn::ext::IdentExt as _;

use super::block::{SelfType, text};
use super::cursor;
use super::function::{Function, MOST_ARGUMENTS};
use super::handler::Handler;
use super::path_argument::{May, generic};
use crate::tokens::Code;

/// Adds the registration of all handlers of a block.
pub(super) fn register(code: &mut Code, resource: &str, handlers: &[Handler<'_>], self_type: &SelfType) {
    if !cfg!(feature = "types-release") {
        code.text("#[cfg(debug_assertions)]");
    }
    code.text("const _: () =").open(Delimiter::Brace);
    code.text("use __bluegate::{Tell1 as _, Tell2 as _, Tell3 as _, Tell4 as _, Tell5 as _, Tell6 as _, Tell7 as _, Untyped as _};");
    code.text("__bluegate::inventory::submit!").open(Delimiter::Brace);
    code.text("__bluegate::Typed").open(Delimiter::Parenthesis);
    code.string(resource).text(", &").array(|code| {
        for handler in handlers {
            let function = handler.function;
            code.conditions(handler.conditions)
                .text("__bluegate::TypedHandler")
                .open(Delimiter::Parenthesis);
            code.string(&handler.name.unraw().to_string()).text(",");
            code.string(function.map_or("", |function| &function.attributes.documentation));
            let status = function.and_then(|function| function.attributes.mark.as_ref()?.1.status);
            let status = status.unwrap_or_default();
            let own = function.map(Function::allowed).unwrap_or_default();
            code.text(&format!(
                ", {status}, {}, |__bluegate_found: &mut __bluegate::Found|",
                handler.allowed.bits() | own.bits() << 4
            ))
            .open(Delimiter::Brace);
            match function {
                Some(function) if !self_type.parameters.is_empty() => open(code, function),
                function => signature(code, handler, function),
            }
            code.close().close().text(",");
        }
    });
    code.close().close().close().text(";");
}

/// Asks about the types of a handler.
fn signature(code: &mut Code, handler: &Handler<'_>, function: Option<&Function>) {
    code.text("let (__bluegate_arguments, __bluegate_answer) = __bluegate::signature")
        .open(Delimiter::Parenthesis)
        .trees(handler.path.iter().cloned())
        .close()
        .text(";");
    match function.filter(|function| !function.has_conditional_arguments) {
        Some(function) => {
            for (at, argument) in function.arguments.iter().enumerate() {
                let Some(questions) = questions(argument) else { continue };
                takes(code, &format!("{:?}", text(argument)), at, questions);
            }
        }
        None => {
            for at in 0..MOST_ARGUMENTS {
                let name = format!("&__bluegate_arguments.{at}.bluegate_name()");
                takes(code, &name, at, &[BODY, QUERY, HEADER, PATH]);
            }
        }
    }
    let shown = function.map(|function| {
        let [ok, error] = results(&function.returned);
        [ok, error].map(|text| format!("{text:?}"))
    });
    for (at, (side, is_error)) in [("ok", false), ("err", true)].into_iter().enumerate() {
        let answer = format!("__bluegate_answer.bluegate_{side}()");
        let name = shown.as_ref().map(|shown| shown[at].clone());
        let name = name.unwrap_or_else(|| format!("&{answer}.bluegate_name()"));
        code.text(&format!(
            "__bluegate_found.gives({name}, {is_error}, (&&&&&&{answer}.bluegate_answer()).bluegate_model());"
        ));
    }
}

fn takes(code: &mut Code, name: &str, at: usize, questions: &[&str]) {
    let asked: Vec<String> = questions
        .iter()
        .map(|question| question.replace('$', &format!("__bluegate_arguments.{at}")))
        .collect();
    code.text(&format!("__bluegate_found.takes({name}, &[{}]);", asked.join(", ")));
}

const BODY: &str = "(&&&&&&$.bluegate_body()).bluegate_model()";
const QUERY: &str = "(&&&&&&$.bluegate_query()).bluegate_model()";
const HEADER: &str = "$.bluegate_header()";
const PATH: &str = "$.bluegate_path()";

/// What is asked about an argument, by the way that it is written.
fn questions(argument: &[TokenTree]) -> Option<&'static [&'static str]> {
    match May::of(argument) {
        May::Body => Some(&[BODY]),
        May::Nothing | May::Path => None,
        May::Query => Some(&[QUERY]),
        May::Header => Some(&[HEADER]),
        May::Anything => Some(&[BODY, QUERY, HEADER, PATH]),
    }
}

/// Says of a handler of a block with parameters what nothing can be asked about.
fn open(code: &mut Code, function: &Function) {
    let arguments = function.arguments.iter();
    let open = arguments.filter(|argument| questions(argument).is_some());
    let returned = Some(&function.returned).filter(|returned| !returned.is_empty());
    for types in open.chain(returned) {
        code.text("__bluegate_found.unknown").open(Delimiter::Parenthesis);
        code.string(&text(types)).close().text(";");
    }
}

/// How the two answers of a `Result` are written; another type is both.
fn results(returned: &[TokenTree]) -> [String; 2] {
    let open = returned.iter().position(|tree| cursor::is_sign(tree, '<'));
    let is_result =
        open.is_some_and(|open| open > 0 && matches!(&returned[open - 1], TokenTree::Ident(word) if word == "Result"));
    let inside = open.filter(|_| is_result && generic(returned).is_none());
    let parts = inside.and_then(|open| cursor::parts(returned.get(open + 1..returned.len() - 1)?.to_vec()));
    match parts.as_deref() {
        Some([ok, error]) => [text(ok), text(error)],
        _ => [text(returned), text(returned)],
    }
}

#[cfg(test)]
mod tests;
