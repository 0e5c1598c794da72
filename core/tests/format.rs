//! The reference of the files, `docs/format.md`, has every key, and its examples are read.
#![cfg(all(feature = "openapi", feature = "yaml"))]

use std::collections::BTreeSet;

use bluegate_core::{Code, Diagnostics, Mode, Source, read_aws, read_blueprint, schema};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../docs/format.md");

/// The keys of all objects of a schema.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                found.extend(properties.keys().cloned());
            }
            members.values().for_each(|part| keys(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| keys(part, found)),
        _ => {}
    }
}

#[test]
fn every_key_stands_in_the_reference() {
    let mut known = BTreeSet::new();
    keys(&schema::routes(), &mut known);
    keys(&schema::aws(), &mut known);
    assert!(known.len() > 100, "{}", known.len());
    let is_told = |key: &String| PAGE.contains(&format!("`{key}`")) || PAGE.contains(&format!("\"{key}\""));
    let missing: Vec<&String> = known.iter().filter(|key| !is_told(key)).collect();
    assert_eq!(missing, [""; 0]);
}

fn routes(text: &str) -> Diagnostics {
    read_blueprint(&Source::new("routes.yaml", text), Mode::Strict).diagnostics
}

fn aws(file: &Value) -> Diagnostics {
    read_aws(&Source::new("aws.config.json", file.to_string())).diagnostics
}

/// A routes file in which the examples mean something.
fn file() -> Value {
    let schema = json!({"type": "object"});
    json!({"blueprint": {
        "name": "shop",
        "authorizers": {"members": {"type": "LAMBDA_TOKEN", "function": "f"}},
        "backends": {"search": {"url": "https://search.example.com"}},
        "models": {"Book": schema, "NewBook": schema},
        "resources": [{"name": "users", "methods": [{
            "path": "/users/{id}", "pathParams": [{"name": "id"}], "actions": [{"type": "GET"}],
        }]}],
    }})
}

/// Where the keys of a table stand, by the heading over it.
const TABLES: [(&str, &str); 8] = [
    ("### blueprint", "/blueprint"),
    ("### resource", "/blueprint/resources/0"),
    ("### axum or flask", "/blueprint/resources/0/axum"),
    ("### method", "/blueprint/resources/0/methods/0"),
    ("### cors", "/blueprint/resources/0/methods/0/cors"),
    ("### parameter", "/blueprint/resources/0/methods/0/pathParams/0"),
    ("### action", "/blueprint/resources/0/methods/0/actions/0"),
    ("## Who answers", "/blueprint/resources/0/methods/0/actions/0"),
];

/// The keys under a heading that have an example, with it.
fn examples(heading: &str) -> Vec<(String, Value)> {
    let start = PAGE.find(&format!("\n{heading}\n")).expect(heading) + heading.len() + 2;
    let section = &PAGE[start..];
    let section = &section[..section.find("\n#").unwrap_or(section.len())];
    let mut found = Vec::new();
    let mut has_example = false;
    for line in section.lines() {
        if line.starts_with("| key ") {
            has_example = line.ends_with("| example |");
        }
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
            continue;
        };
        let Some(text) = last.strip_prefix('`').and_then(|last| last.strip_suffix('`')) else {
            continue;
        };
        if has_example && first.starts_with('`') {
            let key = first.split('`').nth(1).unwrap_or_default();
            let value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{key}: {text}: {error}"));
            found.push((key.to_owned(), value));
        }
    }
    assert!(!found.is_empty(), "{heading}");
    found
}

/// What says that an example is none of the format.
fn misreads(found: &Diagnostics) -> Vec<&str> {
    let misread = [
        Code::UnknownKey,
        Code::WrongType,
        Code::UnknownValue,
        Code::BadParameterType,
    ];
    let found = found.iter().filter(|one| misread.contains(&one.code));
    found.map(|one| one.message.as_str()).collect()
}

#[test]
fn the_examples_in_its_tables_are_read() {
    for (heading, pointer) in TABLES {
        for (key, value) in examples(heading) {
            let mut file = file();
            let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
            let parent = if parent.is_empty() {
                Some(&mut file)
            } else {
                file.pointer_mut(parent)
            };
            let parent = parent.expect(pointer);
            if let Value::Object(members) = parent {
                let entry = members.entry(last).or_insert_with(|| json!({}));
                entry[&key] = value.clone();
            } else {
                parent[last.parse::<usize>().expect("a number")][&key] = value.clone();
            }
            let found = routes(&file.to_string());
            assert_eq!(misreads(&found), [""; 0], "{heading} {key}: {value}");
        }
    }
    for (key, value) in examples("## The AWS file") {
        let mut file = json!({"apiGateway": {}});
        let is_of_top = ["region", "account_id", "emulator", "variables"].contains(&key.as_str());
        if is_of_top {
            file[&key] = value.clone();
        } else {
            file["apiGateway"][&key] = value.clone();
        }
        assert_eq!(misreads(&aws(&file)), [""; 0], "{key}: {value}");
    }
}

#[test]
fn the_longer_examples_have_no_errors() {
    let mut count = 0;
    for block in PAGE.split("\n```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').expect("a language");
        let found = match language {
            "yaml" if text.starts_with("blueprint:") => routes(text),
            "yaml" => {
                let indented: String = text.lines().map(|line| format!("  {line}\n")).collect();
                let rest = match text.contains("resources:") {
                    true => "",
                    false => "  resources: [{name: a, methods: [{path: /a, actions: [{type: GET}]}]}]\n",
                };
                routes(&format!("blueprint:\n  name: shop\n{indented}{rest}"))
            }
            "json" => {
                let text = if text.starts_with('{') {
                    text.to_owned()
                } else {
                    format!("{{{text}}}")
                };
                let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                match &value {
                    value if value.get("blueprint").is_some() => routes(&text),
                    value if value.get("apiGateway").is_some() => aws(value),
                    value if value.get("types").is_some() => continue,
                    part => aws(&json!({"apiGateway": part})),
                }
            }
            _ => continue,
        };
        let errors: Vec<_> = found.iter().filter(|one| one.is_error()).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
        count += 1;
    }
    assert!(count > 6, "{count}");
}
