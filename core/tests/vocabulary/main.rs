//! Who may call, who answers, what is mapped, taken and given: what of it is refused, and what becomes of the rest.

mod access;
mod contract;
mod cors;
mod integration;
mod mapping;
mod values;

use bluegate_core::openapi::{self, Document, Target};
use bluegate_core::{Blueprint, Code, Diagnostics, Files, Mode, Outcome, Source, read_blueprint, read_routes};
use serde_json::{Value, json};

/// A file with keys of the blueprint, and actions on `/users/{id}`.
fn file(keys: &str, actions: &str) -> Source {
    let text = format!(
        "blueprint:\n  name: shop\n{}  resources:\n    - name: users\n      methods:\n        - path: /users/{{id}}\n          \
         actions: [{actions}]\n",
        keys.lines().map(|line| format!("  {line}\n")).collect::<String>()
    );
    Source::new("routes.yaml", text)
}

fn read(keys: &str, actions: &str) -> Outcome<Blueprint> {
    read_blueprint(&file(keys, actions), Mode::Strict)
}

/// The document of a file without findings.
fn document(keys: &str, actions: &str) -> Value {
    let outcome = read(keys, actions);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    let document = openapi::document(&outcome.value.expect("a blueprint"), &Target::default());
    serde_json::to_value(&document).expect("JSON")
}

/// The only operation of a document.
fn operation(keys: &str, action: &str) -> Value {
    document(keys, action)["paths"]["/users/{id}"]["get"].clone()
}

const INTEGRATION: &str = "x-amazon-apigateway-integration";

/// What is found, with the text from where each finding is.
fn found(source: &Source, diagnostics: &Diagnostics) -> Vec<(Code, String, String)> {
    let diagnostics = diagnostics.iter().map(|one| {
        let span = one.span.expect("a place");
        let text = &source.text()[span.start..];
        (one.code, text.to_owned(), one.help.clone().unwrap_or_default())
    });
    diagnostics.collect()
}

fn refuses(keys: &str, actions: &str, code: Code, at: &str, help: &str) {
    let source = file(keys, actions);
    let all = found(&source, &read_blueprint(&source, Mode::Strict).diagnostics);
    let [(known, text, told)] = all.as_slice() else {
        panic!("{keys} {actions}: {all:?}");
    };
    assert_eq!(*known, code, "{keys} {actions}");
    assert!(text.starts_with(at), "{keys} {actions}: {text}");
    assert!(told.contains(help), "{keys} {actions}: {told}");
}

const MEMBERS: &str = "authorizers: {members: {type: COGNITO, userPools: [\"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a\"]}}";
