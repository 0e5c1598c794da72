use serde_json::{Value, json};

use crate::gateway::{Definition, Difference};
use crate::openapi::Document;

fn definition(verb: &str, operation: &Value) -> Definition {
    let document = json!({
        "openapi": "3.0.1",
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestBody": true, "validateRequestParameters": true},
            "full": {"validateRequestBody": true, "validateRequestParameters": true},
            "body": {"validateRequestBody": true},
        },
        "paths": {"/a/{id}": {verb: operation, "put": {}, "get": {}}},
    });
    Definition::from(&serde_json::from_value::<Document>(document).expect("a document"))
}

/// The fields that change between two operations.
fn changed(verb: &str, one: &Value, other: &Value) -> Vec<String> {
    let difference = Difference::between(&definition(verb, one), &definition(verb, other));
    let changes = difference.changed.into_iter().flat_map(|one| one.changes);
    changes.map(|change| change.field).collect()
}

fn http(proxy: bool, more: Value) -> Value {
    let mut integration = json!({
        "type": if proxy { "http_proxy" } else { "http" },
        "httpMethod": "POST",
        "uri": "https://a.example/{id}",
        "requestParameters": {"integration.request.path.id": "method.request.path.id"},
    });
    if let (Some(into), Value::Object(more)) = (integration.as_object_mut(), more) {
        into.extend(more);
    }
    json!({"x-amazon-apigateway-integration": integration})
}

#[test]
fn bodies_and_answers_pass_through_a_proxy_whatever_is_said_of_them() {
    for more in [
        json!({"passthroughBehavior": "never"}),
        json!({"requestTemplates": {"application/json": "{}"}}),
        json!({"responses": {"default": {"statusCode": "200", "responseTemplates": {"a/b": "x"}}}}),
    ] {
        assert!(
            changed("post", &http(true, json!({})), &http(true, more.clone())).is_empty(),
            "{more}"
        );
        assert!(
            !changed("post", &http(false, json!({})), &http(false, more.clone())).is_empty(),
            "{more}"
        );
    }
}

#[test]
fn what_is_declared_and_not_checked_changes_nothing() {
    let takes = |validator: &str, required: bool| {
        json!({
            "parameters": [{"name": "q", "in": "query", "required": required}, {"name": "id", "in": "path"}],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "x-amazon-apigateway-request-validator": validator,
        })
    };
    let bare = json!({});
    assert!(changed("post", &bare, &takes("none", true)).is_empty());
    assert_eq!(
        changed("post", &bare, &takes("body", true)),
        ["body application/json", "request validator"]
    );
    let all = [
        "body application/json",
        "request validator",
        "takes method.request.querystring.q",
    ];
    assert_eq!(changed("post", &bare, &takes("all", true)), all);
    // What validators are called says nothing, and one that has nothing to check checks nothing.
    assert!(changed("post", &takes("all", true), &takes("full", true)).is_empty());
    assert!(changed("post", &takes("all", false), &takes("body", false)).is_empty());
    let idle = json!({"x-amazon-apigateway-request-validator": "all"});
    assert!(changed("post", &bare, &idle).is_empty());
}

#[test]
fn names_of_holes_in_a_url_say_nothing_and_what_fills_them_does() {
    let filled = |hole: &str, with: &str| {
        let parameter = format!("integration.request.path.{hole}");
        http(
            true,
            json!({"uri": format!("https://a.example/{{{hole}}}"), "requestParameters": {parameter: with}}),
        )
    };
    let plain = http(true, json!({}));
    assert!(changed("post", &plain, &filled("who", "method.request.path.id")).is_empty());
    assert_eq!(
        changed("post", &plain, &filled("id", "method.request.querystring.id")),
        ["integration URI"]
    );
    // A hole that is not there, and a placeholder that is none.
    let idle = json!({"requestParameters": {
        "integration.request.path.id": "method.request.path.id", "integration.request.path.x": "'1'"}});
    assert!(changed("post", &plain, &http(true, idle)).is_empty());
    let placeholder = |name: &str| {
        let parameter = format!("integration.request.path.{name}");
        http(
            true,
            json!({"uri": "https://${a}/", "requestParameters": {parameter: "'1'"}}),
        )
    };
    assert!(changed("post", &placeholder("a"), &placeholder("b")).is_empty());
}

#[test]
fn any_verb_behind_one_verb_is_that_verb() {
    let any = http(true, json!({"httpMethod": "ANY"}));
    assert!(changed("post", &http(true, json!({})), &any).is_empty());
    assert_eq!(changed("patch", &http(true, json!({})), &any), ["integration verb"]);
}

#[test]
fn bytes_made_texts_matter_where_there_are_bytes() {
    let (plain, text) = (
        http(true, json!({})),
        http(true, json!({"contentHandling": "CONVERT_TO_TEXT"})),
    );
    assert!(changed("post", &plain, &text).is_empty());
    let mut with_bytes = definition("post", &plain);
    with_bytes.has_binary = true;
    let difference = Difference::between(&with_bytes, &definition("post", &text));
    assert_eq!(difference.changed[0].changes[0].field, "content handling");
    let bytes = http(true, json!({"contentHandling": "CONVERT_TO_BINARY"}));
    assert_eq!(changed("post", &plain, &bytes), ["content handling"]);
}

fn preflight(status: u16, methods: &str, headers: &str, origin: &str) -> Value {
    json!({
        "responses": {"500": {}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": format!("{{\"statusCode\": {status}}}")},
            "responses": {
                status.to_string(): {"statusCode": status.to_string(), "responseParameters": {
                    "method.response.header.Access-Control-Allow-Methods": methods,
                    "method.response.header.Access-Control-Allow-Headers": headers,
                    "method.response.header.Access-Control-Allow-Origin": origin,
                }},
                "BAD.*": {"statusCode": "400", "responseParameters": {
                    "method.response.header.Access-Control-Allow-Origin": "'https://never.example'",
                }},
            },
        },
    })
}

#[test]
fn preflights_are_compared_by_what_browsers_make_of_them() {
    let one = preflight(200, "'GET,PUT,DELETE'", "'Content-Type,X-Own'", "'*'");
    for same in [
        preflight(204, "'put, get, options'", "'x-own,content-type'", "'*'"),
        preflight(200, "'*'", "'Content-Type, X-Own'", "'*'"),
    ] {
        assert!(changed("options", &one, &same).is_empty(), "{same}");
    }
    let header = |name: &str| vec![format!("answer 2xx method.response.header.access-control-allow-{name}")];
    for (other, fields) in [
        (
            preflight(200, "'GET'", "'Content-Type,X-Own'", "'*'"),
            header("methods"),
        ),
        (preflight(200, "'PUT'", "'Content-Type'", "'*'"), header("headers")),
        (
            preflight(200, "'PUT'", "'Content-Type,X-Own'", "'https://a.example'"),
            header("origin"),
        ),
    ] {
        assert_eq!(changed("options", &one, &other), fields);
    }
    let refused = preflight(403, "'PUT'", "'Content-Type,X-Own'", "'*'");
    assert_eq!(changed("options", &one, &refused), ["status"]);
    // Other verbs have answers, not preflights.
    assert!(!changed("patch", &one, &preflight(204, "'PUT'", "'Content-Type,X-Own'", "'*'")).is_empty());
}
