//! Names and types of Rust for what a routes file names.

use bluegate_core::{Converter, is_keyword};

/// The name of a variable that nobody uses yet.
pub(super) fn binding(parameter: &str) -> String {
    format!("_{}", snake(parameter).trim_start_matches('_'))
}

/// `userId` and `user-id` as `user_id`.
pub(super) fn snake(text: &str) -> String {
    let mut name = String::new();
    let mut is_lower = false;
    for c in text.chars() {
        let begins = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && is_lower);
        if begins && !name.ends_with('_') {
            name.push('_');
        }
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        }
        is_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    name.trim_end_matches('_').to_owned()
}

/// What a handler takes for a parameter.
pub(super) fn rust_type(converter: &Converter) -> &'static str {
    match converter {
        Converter::Int { signed: true, .. } => "i64",
        Converter::Int { .. } => "u64",
        Converter::Float { .. } => "f64",
        Converter::String { .. } | Converter::Path | Converter::Uuid | Converter::Any { .. } => "String",
    }
}

/// `api_keys` as `ApiKeys`.
pub(super) fn type_name(resource: &str) -> String {
    let mut name = String::new();
    for word in resource.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_keyword(&name) {
        return name;
    }
    format!("Resource{name}")
}

/// The name of a module for a resource.
pub(super) fn module(resource: &str, taken: &[(String, String)]) -> String {
    let mut name: String = resource
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || is_keyword(&name) || name == "main" {
        name = format!("resource_{name}");
    }
    while taken.iter().any(|(other, _)| *other == name) {
        name.push('_');
    }
    name
}
