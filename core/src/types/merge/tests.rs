use serde_json::{Value, json};

use super::*;
use crate::openapi::{Target, document};
use crate::source::Source;
use crate::{Mode, read_blueprint};

const ROUTES: &str = r#"{"blueprint": {"name": "shop", "resources": [{"name": "books", "methods": [
    {"path": "/books", "actions": [
        {"type": "GET", "handler": "list"},
        {"type": "POST", "handler": "add", "summary": "Put a book on the shelf", "validate": true}
    ]}
]}]}}"#;

fn types() -> Value {
    json!({
        "types": 1,
        "handlers": {
            "books::add": {
                "summary": "Adds a book.",
                "description": "The price is in cents.",
                "headers": {
                    "authorization": {"required": true, "schema": {"type": "string"}},
                    "x-request-id": {"required": true, "schema": {"type": "string"}},
                },
                "body": {"required": true, "content": {"application/json": {"$ref": "#/models/NewBook"}}},
                "answers": {"201": {
                    "description": "The book.",
                    "content": {"application/json": {"$ref": "#/models/Book"}},
                    "headers": {"location": {"type": "string"}},
                }},
            },
            "books::list": {
                "query": {
                    "author": {"required": true, "schema": {"type": "string"}},
                    "page[size]": {"schema": {"type": "string"}},
                    "year": {"required": true, "description": "Of print.", "schema": {"type": "integer", "format": "int32"}},
                },
                "answers": {"200": {"content": {
                    "application/json": {"type": "array", "items": {"$ref": "#/models/Book"}},
                    "text/csv": {"type": "string"},
                }}},
                "unknown": ["Extension<User>"],
            },
        },
        "models": {
            "Book": {"type": "object", "properties": {"id": {"type": "integer"}, "at": {"type": ["string", "null"]}}},
            "NewBook": {"type": "object", "properties": {"title": {"type": "string", "format": "email"}}, "required": ["title"]},
        },
    })
}

fn merged(routes: &str, types: &Value, schemas: Schemas) -> (Blueprint, Merged) {
    let source = Source::new("routes.json", routes);
    let (mut blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
    let source = Source::new("routes.types.json", serde_json::to_string_pretty(types).unwrap());
    let (types, warnings) = Types::read(&source).into_result().unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let merged = types.merge(&mut blueprint, schemas);
    (blueprint, merged)
}

fn codes(found: &Diagnostics) -> Vec<(Code, &str)> {
    found.iter().map(|one| (one.code, one.message.as_str())).collect()
}

#[test]
fn what_types_say_is_in_the_document_of_the_gateway() {
    let (blueprint, merged) = merged(ROUTES, &types(), Schemas::Models);
    assert!(merged.routes.is_empty() && merged.types.is_empty(), "{merged:?}");
    let document: Value = serde_json::from_str(&document(&blueprint, &Target::default()).to_json()).unwrap();
    let add = &document["paths"]["/books"]["post"];
    // What the file says itself stays.
    assert_eq!(add["summary"], "Put a book on the shelf");
    assert_eq!(add["description"], "The price is in cents.");
    assert_eq!(
        add["requestBody"],
        json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewBook"}}}})
    );
    assert_eq!(
        add["responses"],
        json!({"201": {
            "description": "The book.",
            "headers": {"location": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}},
        }})
    );
    // A blank header is none to API Gateway, and a text to the service.
    assert_eq!(
        add["parameters"],
        json!([{"name": "x-request-id", "in": "header", "schema": {"type": "string"}}])
    );
    let list = &document["paths"]["/books"]["get"];
    let parameters = list["parameters"].as_array().unwrap();
    let names: Vec<(&Value, &Value)> = parameters.iter().map(|one| (&one["name"], &one["required"])).collect();
    assert_eq!(
        names,
        [(&json!("author"), &Value::Null), (&json!("year"), &json!(true))]
    );
    assert_eq!(list["responses"]["200"]["content"].as_object().unwrap().len(), 1);
    assert_eq!(
        document["components"]["schemas"]["Book"]["properties"]["at"],
        json!({"anyOf": [{"type": "string"}, {"enum": [null]}]})
    );
    let unchecked: Vec<(&str, &str)> = merged
        .unchecked
        .iter()
        .map(|one| (one.model.as_str(), one.lost.pointer.as_str()))
        .collect();
    assert_eq!(unchecked, [("NewBook", "/properties/title")]);
}

#[test]
fn a_body_of_a_number_is_checked_like_any_other() {
    let mut types = types();
    let number = json!({"type": "integer", "minimum": 0});
    types["handlers"]["books::add"]["body"]["content"] = json!({"application/json": number});
    types["handlers"]["books::add"]["answers"]["201"]["content"] = json!({"application/json": number});
    let (blueprint, _) = merged(ROUTES, &types, Schemas::Models);
    let document: Value = serde_json::from_str(&document(&blueprint, &Target::default()).to_json()).unwrap();
    let add = &document["paths"]["/books"]["post"];
    assert_eq!(
        add["requestBody"]["content"]["application/json"]["schema"],
        json!({"$ref": "#/components/schemas/BooksAddBody"})
    );
    assert_eq!(document["components"]["schemas"]["BooksAddBody"], number);
    assert_eq!(add["responses"]["201"].get("content"), None);
}

#[test]
fn for_readers_everything_stays_as_it_is_written() {
    let (blueprint, merged) = merged(ROUTES, &types(), Schemas::Whole);
    assert!(merged.unchecked.is_empty());
    let list = blueprint.routes[0].contract.as_ref().unwrap();
    assert_eq!(list.query.len(), 3);
    assert!(list.query.iter().any(|one| one.name == "author" && one.required));
    assert_eq!(list.answers[0].1.bodies.len(), 2);
    let (_, book) = &blueprint.gateway.models[0];
    assert_eq!(value(&book.0)["properties"]["at"], json!({"type": ["string", "null"]}));
}

#[test]
fn a_body_that_may_be_missing_may_be_empty_at_the_gateway() {
    let mut types = types();
    types["handlers"]["books::add"]["body"]["required"] = json!(false);
    let (blueprint, _) = merged(ROUTES, &types, Schemas::Models);
    let contract = blueprint.routes[1].contract.as_ref().unwrap();
    let ModelWord::Named(name) = &contract.bodies[0].1 else {
        panic!("{contract:?}");
    };
    assert_eq!(name.value, "BooksAddBody");
    let (_, schema) = blueprint
        .gateway
        .models
        .iter()
        .find(|(known, _)| *known == name.value)
        .unwrap();
    let models = [("NewBook".to_owned(), json!({"type": "object", "required": ["title"]}))].into();
    let validator = Validator::new(models);
    let takes = |body: Value| validator.validate(&value(&schema.0), &body).unwrap().is_empty();
    assert!(takes(json!({})) && takes(json!({"title": "Emma"})));
    assert!(!takes(json!({"titel": "Emma"})));
}

#[test]
fn handlers_that_one_of_the_files_does_not_know_are_told() {
    let mut types = types();
    let list = types["handlers"]
        .as_object_mut()
        .unwrap()
        .remove("books::list")
        .unwrap();
    types["handlers"]["books::index"] = list.clone();
    types["handlers"]["books::list_all"] = list;
    let (_, merged) = merged(ROUTES, &types, Schemas::Models);
    assert_eq!(
        codes(&merged.types),
        [(Code::StaleTypes, "no route is served by the handler `books::index`")]
    );
    let notes = &merged.types.iter().next().unwrap().notes;
    assert_eq!(notes[0].message, "so it is with 1 more, down to this one");
    assert_eq!(
        codes(&merged.routes),
        [(
            Code::StaleTypes,
            "the handler `books::list` is not in routes.types.json"
        )]
    );
}

#[test]
fn what_both_files_say_and_cannot_be_is_an_error_with_both_places() {
    for (said, message) in [
        (
            r#""body": {"application/xml": {"type": "object"}}"#,
            "`books::add` takes no body of the type `application/xml`, but `application/json`",
        ),
        (
            r#""body": {"properties": {"title": {"type": "integer"}}}"#,
            "the body `application/json` has values at `/title` that the type of `books::add` does not take",
        ),
        (
            r#""answers": {"201": {"model": {"type": "string"}}}"#,
            "the answer 201 `application/json` has values that the type of `books::add` does not take",
        ),
        (
            r#""headers": [{"name": "X-Request-Id", "type": "int"}]"#,
            "the header `x-request-id` has values that the type of `books::add` does not take",
        ),
        (
            r#""headers": [{"name": "X-Request-Id", "required": false}]"#,
            "the header `x-request-id` may be left out, and `books::add` needs it",
        ),
        (
            r#""body": {"properties": {"title": {}, "isbn": {}}, "required": ["title", "isbn"]}"#,
            "the body `application/json` has values at `/isbn` that the type of `books::add` does not take",
        ),
        (
            r#""body": {"properties": {"title": {}}, "required": []}"#,
            "the body `application/json` may be without `title`, and the type of `books::add` needs it",
        ),
    ] {
        let routes = ROUTES.replace(r#""validate": true"#, said);
        let (_, merged) = merged(&routes, &types(), Schemas::Models);
        assert_eq!(codes(&merged.routes), [(Code::TypesConflict, message)], "{said}");
        let found = merged.routes.iter().next().unwrap();
        assert!(found.help.as_ref().unwrap().contains("routes.types.json:"), "{found:?}");
        let place = found.span.unwrap();
        assert!(routes[..place.end].contains("\"handler\": \"add\""), "{found:?}");
    }
}

#[test]
fn what_a_query_string_must_have_is_what_the_type_reads() {
    let found = |said: &str, types: &Value| {
        let query = format!(r#""handler": "list", "query": [{said}]"#);
        let (_, merged) = merged(&ROUTES.replace(r#""handler": "list""#, &query), types, Schemas::Models);
        merged.routes.iter().map(|one| one.message.clone()).collect::<Vec<_>>()
    };
    let unread = r#"{"name": "author", "required": true}, {"name": "genre", "required": true}"#;
    // What is not known of a handler may read it.
    let mut types = types();
    assert!(found(unread, &types).is_empty());
    types["handlers"]["books::list"]
        .as_object_mut()
        .unwrap()
        .remove("unknown");
    assert_eq!(
        found(unread, &types),
        ["the query parameter `genre` is required, and `books::list` does not read it"]
    );
    assert_eq!(
        found(r#"{"name": "year", "type": "int", "required": false}"#, &types),
        ["the query parameter `year` may be left out, and `books::list` needs it"]
    );
    let agreed = r#"{"name": "genre", "required": false}, {"name": "year", "type": "int"}"#;
    assert!(found(agreed, &types).is_empty());
}

#[test]
fn a_blank_text_in_a_list_is_none_to_the_gateway() {
    let mut types = types();
    let list = |items: &str| json!({"required": true, "schema": {"type": "array", "items": {"type": items}}});
    types["handlers"]["books::list"]["query"] = json!({"tag": list("string"), "number": list("integer")});
    let (blueprint, _) = merged(ROUTES, &types, Schemas::Models);
    let query = &blueprint.routes[0].contract.as_ref().unwrap().query;
    let required: Vec<(&str, bool)> = query.iter().map(|one| (one.name.as_str(), one.required)).collect();
    assert_eq!(required, [("number", true), ("tag", false)]);
}

#[test]
fn what_both_files_say_alike_stays_as_the_routes_file_has_it() {
    let said = r#""body": {"type": "object", "properties": {"title": {"type": "string", "maxLength": 80}}}"#;
    let routes = ROUTES.replace(r#""validate": true"#, said);
    let (blueprint, merged) = merged(&routes, &types(), Schemas::Models);
    assert!(merged.routes.is_empty(), "{:?}", merged.routes);
    let contract = blueprint.routes[1].contract.as_ref().unwrap();
    let ModelWord::Inline(schema) = &contract.bodies[0].1 else {
        panic!("{contract:?}");
    };
    assert_eq!(value(&schema.0)["properties"]["title"]["maxLength"], 80);
}

#[test]
fn a_model_of_both_files_has_to_be_one() {
    let routes = ROUTES.replace(
        r#""name": "shop","#,
        r#""name": "shop", "models": {"Book": {"properties": {"id": {"type": "string"}}}},"#,
    );
    let (_, merged) = merged(&routes, &types(), Schemas::Models);
    assert_eq!(
        codes(&merged.routes),
        [(
            Code::TypesConflict,
            "the model `Book` has values at `/id` that the type does not take"
        )]
    );
}

#[test]
fn a_types_file_that_is_none_is_told_with_its_places() {
    for (text, code) in [
        (r#"{"types": 2}"#, Code::UnknownValue),
        (r#"{"types": 1, "handlers": {"a::b": {"bdy": {}}}}"#, Code::UnknownKey),
        (r#"{"handlers": {}}"#, Code::MissingKey),
        (r#"{"openapi": "3.0.1"}"#, Code::AnotherFile),
        ("{", Code::BadSyntax),
    ] {
        let found = Types::read(&Source::new("routes.types.json", text)).diagnostics;
        let first = found.iter().next().unwrap();
        assert_eq!(first.code, code, "{text}");
        assert!(first.span.is_some(), "{text}");
    }
}
