//! What `routes!` writes.

use std::fmt::Write as _;

use bluegate_core::{Contract, Converter, Cors, Manners, ParameterForm, RequestParameter, Verb};
use proc_macro2::{Delimiter, Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::input::Input;
use super::plan::{Plan, Rule, sent};
use crate::tokens::Code;
use crate::{crate_path, hash, span};

/// The router of a file, as an expression.
///
/// The rules of all resources are constant data, and of each resource the handlers are checked. Every item costs the
/// user's compiler something at every build, so that there are no more of them.
pub(super) fn router(plan: &Plan<'_>, input: &Input, file: &str) -> TokenStream {
    let root = crate_path::tokens(input.root.as_ref());
    let state = match &input.state {
        Some(state) => {
            let state = state.to_token_stream();
            let trees: Vec<_> = state.clone().into_iter().collect();
            // In parentheses it is a type, and no value that may be meant.
            quote_spanned!(Span::mixed_site().located_at(span::spanned(&trees))=> (#state))
        }
        None if input.named.is_some() => quote!(()),
        None => quote!(_),
    };
    let mut code = Code::default();
    let mut data = Code::default();
    data.text("use b::Unregistered as _;");
    rules(&mut data, plan);
    let mut mounts = Vec::new();
    for (number, resource) in plan.resources.iter().enumerate() {
        let found = format!("<b::TheOneType<_, _, {}>>::FOUND", hash::id(resource.name));
        code.text(&format!("const _: () = {found}.check"))
            .open(Delimiter::Parenthesis);
        code.text("0,")
            .string(file)
            .text(&format!(", &RESOURCES[{number}]"))
            .close()
            .text(";");
        mounts.push(format!("{found}.mount(0)"));
    }
    if cfg!(feature = "registry") {
        code.text("b::inventory::submit! { b::Routed(&RESOURCES) }");
    }
    code.open(Delimiter::Parenthesis).text("&RESOURCES,");
    match plan.manners {
        Manners::Axum => {
            code.text("b::Manners::Axum");
        }
        Manners::Flask => {
            code.text("b::Manners::Flask").open(Delimiter::Parenthesis).text("&");
            code.array(|code| {
                for path in &plan.bare {
                    code.string(path).text(",");
                }
            });
            code.close();
        }
    }
    code.text(&format!(", const {{ &[{}] }}", mounts.join(","))).close();
    // Errors about what is written here are shown at the path.
    let span = Span::mixed_site().located_at(input.path.span());
    let (data, code) = (data.finish(), code.finish_at(span));
    let options = options(&input.options, plan);
    // What the user wrote stands outside of the items, whose names may be those of the user's.
    quote_spanned!(span=> #root::__private::service::<#state>({ use #root::__private as b; #data #code }) #options .router())
}

/// What is said of the service before its router is made, each at its own place.
fn options(options: &[(Ident, TokenStream)], plan: &Plan<'_>) -> TokenStream {
    let calls = options.iter().map(|(key, value)| {
        let method = Ident::new(&key.to_string(), span::at(value.span()));
        let known = (key == "preflight").then(|| {
            let preflights = preflights(plan);
            quote!(, &[#preflights])
        });
        quote_spanned!(method.span()=> .#method(#value #known))
    });
    calls.collect()
}

/// Each path whose preflights are answered: the path, who may call, and the headers of the answer.
fn preflights(plan: &Plan<'_>) -> TokenStream {
    let mut list = List::default();
    for (path, answer) in &plan.preflights {
        list.add(|code| {
            code.string(path).text(", &").array(|code| {
                for origin in &answer.cors.origins {
                    code.string(origin).text(",");
                }
            });
            code.text(", &").array(|code| {
                for (name, value) in answer.headers() {
                    code.open(Delimiter::Parenthesis).string(name).text(",");
                    code.string(&value).close().text(",");
                }
            })
        });
    }
    list.code.finish()
}

/// The rules of all resources, flat: what belongs together is put together by what is called here.
///
/// Statics, for the compiler notes where a reference to one leads; of a constant's it notes all that is behind it, anew
/// for each constant that has a part of it.
fn rules(code: &mut Code, plan: &Plan<'_>) {
    let all = || plan.resources.iter().flat_map(|resource| &resource.rules);
    let mut kinds: Vec<&Converter> = Vec::new();
    let mut params = List::default();
    let mut actions = List::default();
    let mut others = List::default();
    let mut rules = List::default();
    let mut contracts: Vec<(usize, &Contract)> = Vec::new();
    for rule in all() {
        for parameter in rule.parameters() {
            let converter = &parameter.converter;
            let kind = kinds.iter().position(|kind| *kind == converter).unwrap_or_else(|| {
                kinds.push(converter);
                kinds.len() - 1
            });
            params.add(|code| code.text(&format!("{}, {kind}", parameter.offset)));
        }
        for action in &rule.actions {
            let verbs = verbs(action.verb, &action.but);
            contracts.extend(action.contract.map(|contract| (actions.length, contract)));
            let place = format!(", {verbs}, {}, {}", action.location.line, action.location.column);
            actions.add(|code| code.string(action.handler).text(&place));
        }
        for (path, owns) in &rule.others {
            others.add(|code| code.string(path).text(&format!(", {owns}")));
        }
        let counts = [rule.parameters().count(), rule.actions.len(), rule.others.len()];
        let behind = format!(", {}, {}, {}, {}", flags(rule), counts[0], counts[1], counts[2]);
        rules.add(|code| code.string(&rule.path.axum).text(&behind));
    }
    let mut kinds_of = Code::default();
    kinds_of.text("&").array(|code| {
        for converter in kinds {
            kind(code, converter);
            code.text(",");
        }
    });
    kinds_of.text(",");
    params.constant(code, "PARAMS", "b::Param", "b::params", kinds_of);
    if contracts.is_empty() {
        actions.constant(code, "ACTIONS", "b::Action", "b::actions", Code::default());
    } else {
        let count = actions.length;
        actions.constant(code, "SILENT", "b::Action", "b::actions", Code::default());
        declaring(code, &contracts, count);
    }
    others.constant(code, "OTHERS", "b::Other", "b::others", Code::default());
    let mut parts = Code::default();
    parts.text("&PARAMS, &ACTIONS, &OTHERS,");
    let restricted: Vec<(usize, &Cors)> = all()
        .enumerate()
        .filter_map(|(number, rule)| Some((number, rule.restricted()?)))
        .collect();
    if restricted.is_empty() {
        rules.constant(code, "RULES", "b::Rule", "b::rules", parts);
    } else {
        rules.constant(code, "OPEN", "b::Rule", "b::rules", parts);
        sharing(code, &restricted, all().count());
    }
    let mut resources = List::default();
    for resource in &plan.resources {
        let place = format!(
            ", {}, {}, {}",
            resource.location.line,
            resource.location.column,
            resource.rules.len()
        );
        resources.add(|code| code.string(resource.name).text(&place));
    }
    let mut parts = Code::default();
    parts.text("&RULES,");
    resources.constant(code, "RESOURCES", "b::Resource", "b::resources", parts);
}

/// The actions that declare a query or headers.
fn declaring(code: &mut Code, contracts: &[(usize, &Contract)], count: usize) {
    code.text(&format!("static CONTRACTS: [b::Contract; {}] =", contracts.len()));
    code.array(|code| {
        for (_, contract) in contracts {
            code.text("b::Contract").open(Delimiter::Brace).text("query: &");
            code.array(|code| contract.query.iter().for_each(|parameter| declared(code, parameter)));
            code.text(", headers: &");
            code.array(|code| contract.headers.iter().for_each(|header| declared(code, header)));
            code.close().text(",");
        }
    });
    let numbers: String = contracts.iter().map(|(number, _)| format!("{number},")).collect();
    code.text(&format!(
        "; static ACTIONS: [b::Action; {count}] = b::declaring(SILENT, &CONTRACTS, &[{numbers}]);"
    ));
}

fn declared(code: &mut Code, parameter: &RequestParameter) {
    code.text("b::RequestParameter").open(Delimiter::Parenthesis);
    code.string(&parameter.name).text(&format!(", {},", parameter.required));
    match &parameter.form {
        ParameterForm::Typed(converter) => {
            code.text("::core::option::Option::Some").open(Delimiter::Parenthesis);
            kind(code, converter);
            code.close()
        }
        ParameterForm::Schema(_) => code.text("::core::option::Option::None"),
    };
    code.close().text(",");
}

/// The rules whose answers not every origin may read.
fn sharing(code: &mut Code, restricted: &[(usize, &Cors)], count: usize) {
    let mut ways: Vec<&Cors> = Vec::new();
    let mut shared = String::new();
    for (number, cors) in restricted {
        let is_same = |way: &&Cors| sent(Some(way)) == sent(Some(cors));
        let way = ways.iter().position(is_same).unwrap_or_else(|| {
            ways.push(cors);
            ways.len() - 1
        });
        let _ = write!(shared, "({number}, {way}),");
    }
    code.text(&format!("static WAYS: [b::Cors; {}] =", ways.len()));
    code.array(|code| {
        for way in ways {
            code.text("b::Cors::new").open(Delimiter::Parenthesis).text("&");
            code.array(|code| {
                for origin in &way.origins {
                    code.string(origin).text(",");
                }
            });
            code.text(&format!(", {},", way.credentials));
            code.string(&way.expose_headers.join(", ")).close().text(",");
        }
    });
    code.text(&format!(
        "; static RULES: [b::Rule; {count}] = b::sharing(OPEN, &WAYS, &[{shared}]);"
    ));
}

/// Tuples in an array.
#[derive(Default)]
struct List {
    code: Code,
    length: usize,
}

impl List {
    fn add(&mut self, tuple: impl FnOnce(&mut Code) -> &mut Code) {
        tuple(self.code.open(Delimiter::Parenthesis)).close().text(",");
        self.length += 1;
    }

    /// Writes the array as the last argument of the function that makes the elements of a static of it.
    fn constant(self, code: &mut Code, name: &str, of: &str, made_by: &str, before: Code) {
        code.text(&format!("static {name}: [{of}; {}] = {made_by}", self.length))
            .open(Delimiter::Parenthesis);
        code.code(before).text("&").array(|code| {
            code.code(self.code);
        });
        code.close().text(";");
    }
}

fn verbs(verb: Verb, but: &[Verb]) -> String {
    let but: Vec<String> = but.iter().map(|verb| format!("b::{verb}")).collect();
    match but.split_first() {
        None => format!("b::{verb}"),
        Some((first, others)) => {
            let others: String = others.iter().map(|verb| format!(".and({verb})")).collect();
            format!("b::{verb}.but({first}{others})")
        }
    }
}

fn flags(rule: &Rule<'_>) -> String {
    let flags = [
        (rule.strict, "b::STRICT"),
        (rule.cors.is_some(), "b::CORS"),
        (rule.owns, "b::OWNS"),
    ];
    let set: Vec<&str> = flags
        .into_iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, flag)| flag)
        .collect();
    if set.is_empty() { "0".to_owned() } else { set.join("|") }
}

fn kind(code: &mut Code, converter: &Converter) {
    let kind = match converter {
        Converter::String {
            min_length: 0 | 1,
            max_length: None,
        } => "Text".to_owned(),
        Converter::String { min_length, max_length } => {
            format!(
                "Length {{ min: {min_length}, max: {} }}",
                max_length.unwrap_or(u32::MAX)
            )
        }
        Converter::Int {
            signed,
            fixed_digits,
            min,
            max,
        } => {
            let (min, max) = (option(min.as_ref(), ""), option(max.as_ref(), ""));
            format!("Int {{ signed: {signed}, digits: {fixed_digits}, min: {min}, max: {max} }}")
        }
        Converter::Float { signed, min, max } => {
            let (min, max) = (option(min.as_ref(), "f64"), option(max.as_ref(), "f64"));
            format!("Float {{ signed: {signed}, min: {min}, max: {max} }}")
        }
        Converter::Path => "Rest".to_owned(),
        Converter::Uuid => "Uuid".to_owned(),
        Converter::Any { values } => {
            code.text("b::Kind::Any")
                .open(Delimiter::Parenthesis)
                .text("&")
                .array(|code| {
                    for value in values {
                        code.string(value).text(",");
                    }
                });
            code.close();
            return;
        }
    };
    code.text(&format!("b::Kind::{kind}"));
}

fn option<T: std::fmt::Display>(value: Option<&T>, suffix: &str) -> String {
    let mut text = String::new();
    let _ = match value {
        Some(value) => write!(text, "::core::option::Option::Some({value}{suffix})"),
        None => write!(text, "::core::option::Option::None"),
    };
    text
}
