//! Small documents of every kind: what tools, versions and people write.

use std::path::{Path, PathBuf};

use bluegate_core::import::import;
use bluegate_core::{Code, Diagnostics, Source};

use crate::facts::Facts;
use crate::{document, generated};

/// What is told and does not come over.
const TOLD: [(&str, &[&str]); 4] = [
    // Nobody knows whom a method asks that asks an authorizer and nobody: it asks the authorizer.
    ("authorizers.yaml", &["put /b callers"]),
    // A method that declares no answer; bluegate declares what its integration answers.
    ("crlf.yaml", &["get /a declares 200"]),
    // What a function makes is known when its stack is.
    ("cloudformation.json", &["get /b role"]),
    ("sam.yaml", &["get /y uri", "post /x uri"]),
];

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/kinds");
    let files = std::fs::read_dir(folder).expect("the documents");
    let mut files: Vec<PathBuf> = files.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

#[test]
fn documents_of_every_kind_come_back_as_they_were_or_it_is_told() {
    let mut wrong = Vec::new();
    for path in documents() {
        let name = crate::name(&path);
        let source = Source::read(&path).expect("a document");
        let (import, found) = match import(&source, None).into_result() {
            Ok(made) => made,
            Err(found) => {
                let errors: Vec<&str> = found
                    .iter()
                    .filter(|one| one.is_error())
                    .map(|one| &*one.message)
                    .collect();
                wrong.push(format!("{name} is refused: {}", errors.join("; ")));
                continue;
            }
        };
        let again = document::read(&generated(&import, name)).expect("JSON");
        let original = document::read(source.text()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let original = body(&original);
        for difference in Facts::of(&original).differences(&Facts::of(&again)) {
            let known = TOLD.iter().find(|(known, _)| *known == name);
            let is_expected =
                known.is_some_and(|(_, matters)| matters.iter().any(|matter| difference.contains(matter)));
            if !(is_expected && names(&found, &difference)) {
                wrong.push(format!("{name}: {difference}"));
            }
        }
        let lost = found.iter().filter(|one| one.code == Code::LostPart);
        let lost: Vec<&str> = lost.map(|one| one.message.as_str()).collect();
        if !lost.is_empty() && !TOLD.iter().any(|(known, _)| *known == name) {
            wrong.push(format!("{name} tells of {lost:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether somebody was told of the operation of a difference.
fn names(found: &Diagnostics, difference: &str) -> bool {
    let (verb, rest) = difference.split_once(' ').unwrap_or_default();
    let path = rest.split(' ').next().unwrap_or_default();
    let operation = format!("{} {path}", verb.to_uppercase());
    let mut lost = found.iter().filter(|one| one.code == Code::LostPart);
    lost.any(|one| one.message.starts_with(&operation))
}

/// The document inside of a template.
fn body(root: &serde_json::Value) -> serde_json::Value {
    let properties = root.pointer("/Resources/Api/Properties");
    let body = properties.and_then(|properties| properties.get("DefinitionBody").or(properties.get("Body")));
    let mut document = body.unwrap_or(root).clone();
    if let Some(types) = properties.and_then(|properties| properties.get("BinaryMediaTypes")) {
        document["x-amazon-apigateway-binary-media-types"] = types.clone();
    }
    document
}

/// What is told of a document with some more keys at its root.
fn told(more: &str) -> (String, Vec<String>) {
    let text = format!(
        "openapi: 3.0.1\ninfo: {{title: a}}\npaths: {{/a: {{get: {{x-amazon-apigateway-integration: {{type: mock}}}}}}}}\n{more}"
    );
    let (import, found) = import(&Source::new("api.yaml", text), None)
        .into_result()
        .expect("an import");
    let found = found.iter().map(|one| format!("{}: {}", one.code, one.message));
    (import.routes_yaml(), found.collect())
}

#[test]
fn what_no_api_can_have_is_left_out_and_told() {
    for (more, said, lacks) in [
        (
            "x-amazon-apigateway-binary-media-types: [image, image/png]",
            "BG0303: `image` is no media type",
            "[image,",
        ),
        (
            "x-amazon-apigateway-gateway-responses: {OOPS: {}}",
            "BG0303: there is no gateway response of the type `OOPS`",
            "OOPS",
        ),
        (
            "components: {schemas: {$ref: ./all.yaml}}",
            "BG0303: the schema `$ref` is none",
            "all.yaml",
        ),
    ] {
        let (routes, found) = told(more);
        assert!(
            found.iter().any(|told| told.starts_with(said)) && !routes.contains(lacks),
            "{routes} {found:?}"
        );
    }
    let (routes, found) = told("x-amazon-apigateway-binary-media-types: ['${type}']");
    assert!(routes.contains("${var.type}") && found.is_empty(), "{routes} {found:?}");
}

#[test]
fn what_stands_beside_a_reference_stays() {
    let schemas = "components: {schemas: {A: {type: object}, B: {properties: {a: {$ref: '#/components/schemas/A', description: the one}}}}}";
    let (routes, _) = told(schemas);
    assert!(routes.contains("description: the one"), "{routes}");
}
