//! What the compiler is asked about the arguments of handlers: which of them take parameters or headers, and which.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::block::{SelfType, text};
use super::cursor::{is_sign, parts, without_fragments};
use super::function::{Function, MOST_ARGUMENTS};
use crate::span;
use crate::tokens::Code;

/// The questions of all handlers of a block, each once.
#[derive(Default)]
pub(super) struct Questions {
    known: HashMap<String, usize>,
    asked: Vec<Code>,
}

impl Questions {
    /// The number of what a function takes, from 1; 0 when it certainly takes nothing that a file declares.
    pub(super) fn of(&mut self, function: &Function, self_type: &SelfType) -> usize {
        if function.has_conditional_arguments {
            let path = in_type(self_type, &function.name);
            return self.ask(&function.attributes.conditions, listed(path, function.name.span()));
        }
        let mut taken = function.arguments.clone();
        taken = taken.into_iter().flat_map(extractors).collect();
        taken.retain(|argument| !matches!(May::of_handler(argument, &function.name), May::Body | May::Nothing));
        if taken.is_empty() {
            return 0;
        }
        if function.attributes.conditions.is_empty() {
            let mut key: Vec<String> = taken.iter().map(|argument| text(argument)).collect();
            // What another function calls so may be something else.
            key.extend(function.lifetimes.iter().map(Ident::to_string));
            let number = self.asked.len() + 1;
            let known = *self.known.entry(key.join("|")).or_insert(number);
            if known != number {
                return known;
            }
        }
        let may = |argument: &[TokenTree]| May::of_handler(argument, &function.name);
        let paths = taken.iter().filter(|argument| may(argument).be_path());
        let mut questions = paths.map(|argument| question(argument, function, self_type));
        let mut asked = questions.next().unwrap_or_else(nothing);
        for other in questions {
            let mut both = Code::default();
            both.text("__bluegate::both").open(Delimiter::Parenthesis);
            both.code(asked).text(",").code(other).close();
            asked = both;
        }
        if taken.iter().any(|argument| may(argument).be_input()) {
            asked.text(".with").open(Delimiter::Parenthesis).text("&");
            asked.array(|code| {
                for argument in &taken {
                    inputs(code, argument, function, self_type);
                }
            });
            asked.close();
        }
        self.ask(&function.attributes.conditions, asked)
    }

    /// The number of what a function takes of which nothing but its name is seen.
    pub(super) fn of_listed(&mut self, path: Vec<TokenTree>, at: Span) -> usize {
        self.ask(&[], listed(path, at))
    }

    /// What was asked, as constants in the order of their numbers.
    pub(super) fn asked(self) -> Vec<Code> {
        self.asked
    }

    /// Whether anything was.
    pub(super) fn are_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Types may be there under a condition only, as the function is. Numbers must not depend on it.
    fn ask(&mut self, conditions: &[TokenStream], question: Code) -> usize {
        let asked = if conditions.is_empty() {
            question
        } else {
            let all = quote!(all(#(#conditions),*));
            let mut asked = Code::default();
            asked.open(Delimiter::Brace).conditions(std::slice::from_ref(&all));
            asked.open(Delimiter::Brace).code(question).close();
            asked
                .conditions(&[quote!(not(#all))])
                .text("{ __bluegate::NOTHING }")
                .close();
            asked
        };
        self.asked.push(asked);
        self.asked.len()
    }
}

/// What a function takes that is known by its path only, as a constant.
fn listed(path: Vec<TokenTree>, at: Span) -> Code {
    let looks = (0..MOST_ARGUMENTS).map(|number| format!("(&&&&&&&__bluegate_arguments.{number}).bluegate_look(),"));
    let text = format!(
        "__bluegate::listed(&|| {{ let __bluegate_arguments = __bluegate::seen($); ({}) }})",
        looks.collect::<String>()
    );
    let mut code = Code::default();
    code.trees(span::filled(&text, span::at(at), [path].into_iter()));
    code
}

/// The path of a function of a type, all of it at the function's place, so that the compiler shows that place.
pub(super) fn in_type(self_type: &SelfType, function: &Ident) -> Vec<TokenTree> {
    let span = span::at(function.span());
    let mut self_type: Vec<TokenTree> = self_type.tokens.clone().into_iter().collect();
    for tree in &mut self_type {
        // Lints say nothing about brackets that a macro wrote: they have said it of the block.
        let own = matches!(tree, TokenTree::Group(_)).then_some(span);
        tree.set_span(own.unwrap_or_else(|| tree.span().located_at(span)));
    }
    let given = [self_type, vec![TokenTree::Ident(function.clone())]];
    span::filled("<$>::$", span, given.into_iter())
}

/// Whether one of the words of a type is such a word.
pub(super) fn has_word(trees: &[TokenTree], is_such: &dyn Fn(&Ident) -> bool) -> bool {
    trees.iter().any(|tree| match tree {
        TokenTree::Ident(word) => is_such(word),
        TokenTree::Group(group) => has_word(&group.stream().into_iter().collect::<Vec<_>>(), is_such),
        _ => false,
    })
}

/// What takes nothing.
fn nothing() -> Code {
    let mut code = Code::default();
    code.text("__bluegate::NOTHING");
    code
}

/// Whether an argument names a parameter of the block, so that no constant can ask about it.
fn is_open(argument: &[TokenTree], self_type: &SelfType) -> bool {
    let parameters = &self_type.parameters;
    has_word(argument, &|word| {
        parameters.contains(word) || word == "Self" && !parameters.is_empty()
    })
}

/// Adds what is asked about an argument beside the path.
fn inputs(code: &mut Code, argument: &[TokenTree], function: &Function, self_type: &SelfType) {
    let may = May::of_handler(argument, &function.name);
    let is_open = is_open(argument, self_type);
    let mut owned = owned(argument.to_vec(), &function.lifetimes, self_type);
    if may == May::Query && is_form(argument) {
        let form: TokenStream = owned.into_iter().collect();
        owned = quote!(__bluegate::FormOfGet<#form>).into_iter().collect();
    }
    let mut ask = |kind: &str, questions: &[&str], behind: &str| {
        code.text("__bluegate::Input::").text(kind).open(Delimiter::Parenthesis);
        code.string(&text(argument));
        for question in questions {
            code.text(",");
            match (is_open, *question) {
                // It is one, and of what nobody knows.
                (true, "QUERY") if may == May::Query => code.text("__bluegate::Reads::SOME"),
                (true, "QUERY_SHAPE") => code.text("__bluegate::Shape::Unknown"),
                (true, _) => code.text("::core::option::Option::None"),
                (false, question) => code
                    .text("<__bluegate::Probe<")
                    .trees(owned.iter().cloned())
                    .text(">>::")
                    .text(question),
            };
        }
        code.text(behind).close().text(",");
    };
    if matches!(may, May::Query | May::Anything) {
        ask("query", &["QUERY", "QUERY_SHAPE"], "");
    }
    match may {
        May::Header => ask("header", &["HEADER"], ", true"),
        May::Anything => ask("header", &["HEADER"], ", false"),
        May::Body | May::Nothing | May::Path | May::Query => {}
    }
}

/// What an argument is, as far as it is written, that no constant can ask about.
fn unknown(argument: &[TokenTree]) -> Code {
    let is_path = |trees: &[TokenTree]| generic(trees).is_some_and(|(word, _)| word == "Path");
    let presence = match generic(argument) {
        Some((word, inner)) if word == "Option" && is_path(inner) => "Optional",
        _ if is_path(argument) => "Always",
        _ => "Never",
    };
    let mut code = Code::default();
    code.text("__bluegate::argument").open(Delimiter::Parenthesis);
    code.string(&text(argument));
    code.text(&format!(
        ", __bluegate::Presence::{presence}, __bluegate::Shape::Unknown, ::core::option::Option::None"
    ));
    code.close();
    code
}

fn question(argument: &[TokenTree], function: &Function, self_type: &SelfType) -> Code {
    if is_open(argument, self_type) {
        return unknown(argument);
    }
    let owned = owned(argument.to_vec(), &function.lifetimes, self_type);
    let probe = |code: &mut Code, question: &str| {
        code.text("<__bluegate::Probe<")
            .trees(owned.iter().cloned())
            .text(">>::")
            .text(question);
    };
    let mut code = Code::default();
    let elements = elements(argument);
    if is_everyday(argument, elements.as_deref()) {
        code.text("__bluegate::Argument").open(Delimiter::Parenthesis);
        code.string(&text(argument)).text(",");
        probe(&mut code, "KNOWN");
        code.close();
        return code;
    }
    code.text("__bluegate::argument").open(Delimiter::Parenthesis);
    code.string(&text(argument)).text(",");
    probe(&mut code, "PRESENCE");
    code.text(",");
    match elements {
        // Elements that nothing is known about do not hide the others.
        Some(elements) => {
            code.text("__bluegate::Shape::Values")
                .open(Delimiter::Parenthesis)
                .text("&");
            code.open(Delimiter::Bracket);
            for element in elements {
                let element = self::owned(element, &function.lifetimes, self_type);
                code.text("<__bluegate::Inside<").trees(element).text(">>::VALUE,");
            }
            code.close().close().text(", ::core::option::Option::None");
        }
        None => {
            probe(&mut code, "SHAPE");
            code.text(",");
            probe(&mut code, "LENGTH");
        }
    }
    code.close();
    code
}

/// A type for use outside of its function and its block: in the place of `Self` the type that this is, and lifetimes left
/// to the compiler, but for those that a `for<'a>` of its own declares.
pub(super) fn owned(trees: Vec<TokenTree>, lifetimes: &[Ident], self_type: &SelfType) -> Vec<TokenTree> {
    let declares = trees
        .iter()
        .any(|tree| matches!(tree, TokenTree::Ident(word) if word == "for"));
    let is_open = |word: &Ident| lifetimes.contains(word) || !declares && word != "static";

    let mut owned = Vec::with_capacity(trees.len());
    let mut trees = trees.into_iter().peekable();
    let mut is_lifetime = false;
    while let Some(tree) = trees.next() {
        let was_lifetime = std::mem::replace(&mut is_lifetime, is_sign(&tree, '\''));
        match tree {
            TokenTree::Ident(word) if was_lifetime && is_open(&word) => {
                owned.push(TokenTree::Ident(Ident::new("_", word.span())));
            }
            TokenTree::Ident(word) if word == "Self" => {
                // `Users<u8>::COUNT` would be a comparison.
                let is_path = trees.peek().is_some_and(|next| is_sign(next, ':'));
                let tokens = self_type.tokens.clone();
                owned.extend(if is_path { quote!(<#tokens>) } else { tokens });
            }
            TokenTree::Group(group) => {
                let inner = self::owned(group.stream().into_iter().collect(), lifetimes, self_type);
                let mut new = Group::new(group.delimiter(), inner.into_iter().collect());
                new.set_span(group.span());
                owned.push(TokenTree::Group(new));
            }
            other => owned.push(other),
        }
    }
    owned
}

/// The extractors that an argument is: those of a tuple, or itself.
pub(super) fn extractors(argument: Vec<TokenTree>) -> Vec<Vec<TokenTree>> {
    match tuple(&argument) {
        Some(elements) => elements.into_iter().flat_map(extractors).collect(),
        None => vec![argument],
    }
}

/// The elements of a type that is written as a tuple of some.
fn tuple(trees: &[TokenTree]) -> Option<Vec<Vec<TokenTree>>> {
    let [TokenTree::Group(group)] = trees else { return None };
    match group.delimiter() {
        Delimiter::Parenthesis => parts(group.stream().into_iter().collect()).filter(|elements| !elements.is_empty()),
        Delimiter::None => tuple(&without_fragments(group.stream())),
        Delimiter::Brace | Delimiter::Bracket => None,
    }
}

/// The last word of a type with one type in its angle brackets, and that type.
pub(super) fn generic(trees: &[TokenTree]) -> Option<(&Ident, &[TokenTree])> {
    let open = trees.iter().position(|tree| is_sign(tree, '<'))?;
    let (TokenTree::Ident(word), [_, inner @ .., last]) = (trees.get(open.checked_sub(1)?)?, &trees[open..]) else {
        return None;
    };
    let is_one = is_sign(last, '>') && parts(inner.to_vec()).is_some_and(|parts| parts.len() == 1);
    is_one.then_some((word, inner))
}

/// What an argument may take, by the way that it is written. Every question about its type costs the user's compiler
/// something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    /// The body.
    Body,
    /// Nothing that a file declares, or all of it.
    Nothing,
    Path,
    Query,
    Header,
    Anything,
}

impl May {
    pub(super) fn of(argument: &[TokenTree]) -> May {
        match last_word(present(argument)).as_str() {
            "Path" => May::Path,
            "Query" | "OptionalQuery" => May::Query,
            "TypedHeader" => May::Header,
            "Json" | "Form" | "Bytes" | "Request" | "String" | "Multipart" | "RawForm" | "Body" => May::Body,
            "State" | "Extension" | "HeaderMap" | "Method" | "Uri" | "OriginalUri" | "MatchedPath" | "ConnectInfo"
            | "WebSocketUpgrade" | "RawQuery" => May::Nothing,
            _ => May::Anything,
        }
    }

    /// The same for a handler of this name. A form of a `GET` or a `HEAD` is the query string.
    fn of_handler(argument: &[TokenTree], handler: &Ident) -> May {
        match May::of(argument) {
            May::Body if is_form(argument) && (handler == "get" || handler == "head") => May::Query,
            may => may,
        }
    }

    fn be_path(self) -> bool {
        matches!(self, May::Path | May::Anything)
    }

    fn be_input(self) -> bool {
        matches!(self, May::Query | May::Header | May::Anything)
    }
}

/// Whether an argument is written as a form.
fn is_form(argument: &[TokenTree]) -> bool {
    last_word(argument) == "Form"
}

/// The type that an argument has where it is there: that in an `Option`, or itself.
fn present(argument: &[TokenTree]) -> &[TokenTree] {
    match generic(argument) {
        Some((word, inner)) if word == "Option" => inner,
        _ => argument,
    }
}

/// The last word of a type before its angle brackets.
fn last_word(trees: &[TokenTree]) -> String {
    let end = trees.iter().position(|tree| is_sign(tree, '<')).unwrap_or(trees.len());
    trees[..end].last().map(TokenTree::to_string).unwrap_or_default()
}

/// Whether an argument is written as an extractor of axum that reads the body.
pub(super) fn reads_body(argument: &[TokenTree]) -> bool {
    May::of(argument) == May::Body
}

/// Whether an argument is none of axum's extractors, or takes a part of the state.
pub(super) fn is_own(argument: &[TokenTree], state: &[TokenTree]) -> bool {
    match generic(argument) {
        Some((word, part)) if word == "State" => text(part) != text(state),
        Some((word, inner)) if word == "Path" || word == "Option" || word == "Result" => {
            word != "Path" && is_own(inner, state)
        }
        _ => !is_everyday_value(argument) && May::of(argument) == May::Anything,
    }
}

/// The elements of a `Path<(A, B)>`, perhaps in an `Option`, that is written in that way.
fn elements(trees: &[TokenTree]) -> Option<Vec<Vec<TokenTree>>> {
    match generic(trees)? {
        (word, inner) if word == "Path" => tuple(inner),
        (word, inner) if word == "Option" => match generic(inner)? {
            (word, inner) if word == "Path" => tuple(inner),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it is a `Path` of everyday types, of which one question tells all.
fn is_everyday(trees: &[TokenTree], elements: Option<&[Vec<TokenTree>]>) -> bool {
    match generic(trees) {
        Some((word, inner)) if word == "Path" => match elements {
            Some(elements) => elements.iter().all(|element| is_everyday_value(element)),
            None => is_everyday_value(inner),
        },
        _ => false,
    }
}

/// Whether it is a type that is what it is called, wherever nobody plays tricks.
fn is_everyday_value(trees: &[TokenTree]) -> bool {
    let [word] = trees else { return false };
    matches!(
        word.to_string().as_str(),
        "u8" | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "String"
            | "bool"
    )
}
