//! The documents that are put. None of them calls anything outside of API Gateway.

use bluegate_core::openapi::{self, Target};
use bluegate_core::{Mode, Source, read_blueprint};
use serde_json::{Value, json};

/// A method that answers by itself, with a version in its body.
pub(crate) fn mock(version: &str) -> Value {
    json!({
        "responses": {"200": {"description": "OK"}},
        "security": [],
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": json!({"version": version}).to_string()},
            }},
        },
    })
}

/// A method that takes a signature.
pub(crate) fn signed(mut method: Value) -> Value {
    method["security"] = json!([{"sigv4": []}]);
    method
}

/// The same with the parameter of its path.
pub(crate) fn with_parameter(mut method: Value, name: &str) -> Value {
    method["parameters"] = json!([{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}]);
    method
}

/// One of each kind of path that bluegate knows.
pub(crate) fn base(version: &str) -> Value {
    let mut document = plain(version);
    document["paths"]["/files/{path+}"] = json!({"get": with_parameter(mock(version), "path")});
    document
}

/// The same without a greedy path, of which nobody knows whether AWS warns.
pub(crate) fn plain(version: &str) -> Value {
    json!({
        "openapi": "3.0.1",
        // The title is the name of the API, which whoever puts the document knows.
        "info": {"title": "", "version": version},
        "paths": {
            "/": {"get": mock(version)},
            "/a/{b}": {"get": with_parameter(mock(version), "b")},
            "/any": {"x-amazon-apigateway-any-method": mock(version)},
            "/closed": {"get": signed(mock(version))},
        },
        "components": {"securitySchemes": {"sigv4": {
            "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4",
        }}},
    })
}

/// The same, and as many paths as make it a large one.
pub(crate) fn large(paths: usize) -> Value {
    let mut document = base("1");
    for number in 0..paths {
        document["paths"][format!("/large{number}")] = json!({"get": signed(mock("1"))});
    }
    document
}

/// A routes file with all that it can say of a route: every type of parameter, greedy paths, preflights, both kinds of
/// authorization, integrations that pass everything on and such that do not.
const ROUTES: &str = include_str!("routes.json");

/// The same of bodies, callers and answers: authorizers, models, validators, mappings, answers of the gateway itself.
const CONTRACT: &str = include_str!("contract.json");

/// What bluegate makes of the first.
pub(crate) fn generated() -> Value {
    of_routes(ROUTES)
}

/// What it makes of the second.
pub(crate) fn contract() -> Value {
    of_routes(CONTRACT)
}

fn of_routes(text: &str) -> Value {
    let source = Source::new("routes.json", text);
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    let document = openapi::document(&blueprint, &Target::default());
    serde_json::to_value(document).expect("a document is data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generated_one_has_all_that_a_routes_file_can_say() {
        let text = generated().to_string();
        let parts = [
            "{path+}",
            "awsSigv4",
            "\"mock\"",
            "\"http_proxy\"",
            "\"http\"",
            "int64",
            "uuid",
            "double",
        ];
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
