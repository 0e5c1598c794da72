use serde_json::{Value, json};

use super::*;
use crate::openapi::{Target, document};
use crate::{Mode, Source, read_blueprint};

/// Reads a document, writes it, and holds the two against each other.
fn comes_back(written: &Value) {
    let document: Document = serde_json::from_value(written.clone()).expect("a document");
    let read: Value = serde_json::from_str(&document.to_json()).expect("JSON");
    assert_eq!(read, *written);
}

#[test]
fn what_was_made_is_read_and_written_byte_by_byte() {
    let text = json!({"blueprint": {"name": "shop", "description": "sells", "resources": [{"name": "a", "methods": [
        {"path": "/a/{id}", "pathParams": [{"name": "id", "type": "int(min=3)"}], "cors": {"enable": true},
         "actions": [{"type": "GET", "authorization": "AWS_IAM"}, {"type": "ANY", "proxyIntegration": false},
                     {"type": "PUT", "integration": "VPC_LINK", "vpcLink": "abc123"}]},
        {"path": "/b", "actions": [{"type": "HEAD"}]},
    ]}]}});
    let source = Source::new("routes.json", text.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    let made = document(&blueprint, &Target::default());
    let read: Document = made.to_json().parse().expect("a document");
    assert_eq!(read.to_json(), made.to_json());
    assert_eq!(read.to_yaml(), made.to_yaml());
    assert_eq!((read.digest(), read.json_bytes()), (made.digest(), made.json_bytes()));
    assert_eq!(read.digest(), crate::file_digest(&made.to_json()));
}

#[test]
fn an_export_as_recorded_of_aws_comes_back() {
    comes_back(&json!({
        "openapi": "3.0.1",
        "info": {"title": "Simple PetStore (Swagger)", "version": "1.0.0"},
        "servers": [{
            "url": "https://abc123.execute-api.us-east-1.amazonaws.com/{basePath}",
            "variables": {"basePath": {"default": "local"}},
        }],
        "paths": {"/pets/{petId}": {"get": {
            "parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "200 response", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Pets"},
            }}}},
            "x-amazon-apigateway-integration": {
                "httpMethod": "GET",
                "uri": "http://petstore-demo-endpoint.execute-api.com/petstore/pets/{id}",
                "responses": {"default": {"statusCode": "200"}},
                "requestParameters": {"integration.request.path.id": "method.request.path.petId"},
                "passthroughBehavior": "when_no_match",
                "type": "http",
            },
        }}},
        "components": {"schemas": {"Pets": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Pet"}}}},
    }));
}

#[test]
fn what_this_crate_knows_nothing_of_is_kept_at_every_place() {
    let other = json!({"deep": [1, {"er": null}]});
    comes_back(&json!({
        "openapi": "3.1.0",
        "x-other": other,
        "tags": [{"name": "a"}],
        "info": {"title": "t", "version": "1", "contact": other},
        "servers": [{
            "url": "/",
            "x-other": other,
            "variables": {"basePath": {"default": "v1", "enum": ["v1"]}},
            "x-amazon-apigateway-endpoint-configuration": {
                "vpcEndpointIds": ["vpce-1"], "disableExecuteApiEndpoint": true, "types": ["PRIVATE"],
            },
        }],
        "paths": {"/a": {
            "summary": "Summary.",
            "parameters": [{"$ref": "#/components/parameters/limit"}],
            "get": {
                "deprecated": true,
                "parameters": [{"name": "q", "in": "query", "required": true, "example": other, "schema": {"type": "string"}}],
                "requestBody": {"required": true, "content": {"a/b": {"schema": other, "example": other}}},
                "security": [{"pool": ["read"]}, {"sigv4": []}],
                "responses": {
                    "200": {"$ref": "#/components/responses/ok"},
                    "404": {"description": "d", "links": other, "headers": {"X-A": {"schema": other, "required": true}}},
                },
                "x-amazon-apigateway-auth": {"type": "NONE", "x-other": other},
                "x-amazon-apigateway-request-validator": "all",
                "x-amazon-apigateway-integration": {
                    "type": "aws_proxy", "credentials": "arn:role", "timeoutInMillis": 1000, "x-other": other,
                    "tlsConfig": {"insecureSkipVerification": true, "x-other": other},
                    "responses": {"default": {"statusCode": "200", "x-other": other}},
                },
            },
        }},
        "components": {
            "parameters": {"limit": other},
            "securitySchemes": {
                "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header",
                          "x-amazon-apigateway-authtype": "awsSigv4", "description": "d"},
                "pool": {"type": "apiKey", "name": "Authorization", "in": "header",
                         "x-amazon-apigateway-authtype": "cognito_user_pools",
                         "x-amazon-apigateway-authorizer": {
                             "type": "cognito_user_pools", "providerARNs": ["arn:p"],
                             "authorizerResultTtlInSeconds": 300,
                         }},
                "oauth": {"type": "oauth2", "flows": other},
            },
        },
        "x-amazon-apigateway-gateway-responses": {"THROTTLED": {
            "statusCode": "429", "responseTemplates": {"a/b": "c"}, "x-other": other,
        }},
        "x-amazon-apigateway-request-validators": {"all": {
            "validateRequestBody": true, "validateRequestParameters": false, "x-other": other,
        }},
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-policy": {"Statement": []},
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        "x-amazon-apigateway-minimum-compression-size": 0,
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
        "x-amazon-apigateway-security-policy": "TLS_1_2",
        "x-amazon-apigateway-endpoint-access-mode": "STRICT",
    }));
}

#[test]
fn what_is_no_document_is_refused_with_a_reason() {
    for (text, reason) in [
        ("", "EOF"),
        ("{}", "paths"),
        (r#"{"paths": 1}"#, "a map"),
        (
            r#"{"paths": {"/a": {"get": {"x-amazon-apigateway-integration": {"uri": {"Fn::Sub": "x"}}}}}}"#,
            "expected a string",
        ),
    ] {
        let error = text.parse::<Document>().unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn what_people_write_otherwise_is_read() {
    let text = r#"{"paths": {"/a": {"get": {"tags": null, "parameters": null, "x-amazon-apigateway-integration": {
        "type": "mock", "responses": {"default": {"statusCode": 204}}}}}}}"#;
    let document: Document = text.parse().unwrap();
    let item = document.paths.get("/a").unwrap();
    let integration = item.operations.get("get").unwrap().integration.as_ref().unwrap();
    assert_eq!(integration.responses.get("default").unwrap().status_code, "204");
}
