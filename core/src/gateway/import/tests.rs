use serde_json::json;

use super::*;
use crate::gateway::{Field, Key};

fn imported(document: serde_json::Value) -> Definition {
    Definition::from(&serde_json::from_value::<Document>(document).expect("a document"))
}

#[test]
fn who_may_call_is_read_from_every_kind_of_scheme() {
    let function = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations";
    let document = json!({
        "paths": {"/a": {
            "get": {"security": [{"sigv4": []}, {"api_key": []}]},
            "post": {"security": [{"staff": []}]},
            "put": {"security": [{"pool": ["a/read", "a/write"]}]},
            "delete": {"x-amazon-apigateway-auth": {"type": "NONE"}},
            "parameters": [],
        }},
        "components": {"securitySchemes": {
            "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header",
                      "x-amazon-apigateway-authtype": "awsSigv4"},
            "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            "staff": {"type": "apiKey", "name": "Token", "in": "header", "x-amazon-apigateway-authtype": "custom",
                      "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": function}},
            "pool": {"type": "apiKey", "name": "Authorization", "in": "header",
                     "x-amazon-apigateway-authtype": "cognito_user_pools",
                     "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:p"]}},
        }},
    });
    let definition = imported(document);
    let of = |verb: &str, field: Field| {
        let key = Key {
            path: "/a".into(),
            verb: verb.into(),
        };
        definition.routes[&key].get(&field).cloned().unwrap_or_default()
    };
    assert_eq!(
        (of("GET", Field::Authorization), of("GET", Field::ApiKey)),
        ("AWS_IAM".into(), "required".into())
    );
    assert_eq!(
        (of("POST", Field::Authorization), of("POST", Field::Authorizer)),
        ("CUSTOM".into(), "staff".into())
    );
    assert_eq!(of("PUT", Field::Authorization), "COGNITO_USER_POOLS");
    assert_eq!(of("PUT", Field::Scopes), "a/read a/write");
    assert_eq!(of("DELETE", Field::Authorization), "NONE");
    assert_eq!(definition.authorizers.len(), 2);
    assert_eq!(
        definition.authorizers["staff"][&Field::IdentitySource],
        "method.request.header.Token"
    );
}

#[test]
fn an_integration_is_read_down_to_its_cache() {
    let definition = imported(json!({"paths": {"/a": {"get": {"x-amazon-apigateway-integration": {
        "type": "http", "httpMethod": "GET", "uri": "https://a.example",
        "connectionType": "VPC_LINK", "connectionId": "v2", "integrationTarget": "arn:balancer",
        "tlsConfig": {"insecureSkipVerification": true},
        "responseTransferMode": "STREAM",
        "contentHandling": "CONVERT_TO_TEXT",
        "cacheNamespace": "shared",
        "cacheKeyParameters": ["method.request.querystring.q"],
        "responses": {"default": {"statusCode": 200, "contentHandling": "CONVERT_TO_BINARY"}},
    }}}}}));
    let facts = definition.routes.values().next().unwrap();
    let facts: Vec<String> = facts.iter().map(|(field, value)| format!("{field}: {value}")).collect();
    assert_eq!(
        facts,
        [
            "VPC link: v2",
            "answer content handling 200: CONVERT_TO_BINARY",
            "answers 200: default",
            "authorization: NONE",
            "cache key method.request.querystring.q: yes",
            "cache namespace: shared",
            "certificate check: off",
            "connection: VPC_LINK",
            "content handling: CONVERT_TO_TEXT",
            "integration: HTTP",
            "integration target: arn:balancer",
            "integration URI: https://a.example",
            "integration verb: GET",
            "response transfer: STREAM",
        ]
    );
}

#[test]
fn models_validators_and_shared_parameters_are_read() {
    let document: Document = serde_json::from_value(json!({
        "paths": {"/a/{id}": {
            "parameters": [{"name": "id", "in": "path"}, {"name": "q", "in": "query", "required": true}],
            "post": {
                "parameters": [{"name": "session", "in": "cookie"}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
            },
        }},
        "components": {"schemas": {"Book": {"type": "object", "description": "What is sold."}}},
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true}},
        "x-amazon-apigateway-request-validator": "all",
    }))
    .unwrap();
    let api = Api::from(&document);
    assert_eq!(api.models[0].description.as_deref(), Some("What is sold."));
    assert!(api.validators[0].body && !api.validators[0].parameters);
    let definition = Definition::of(&api);
    let facts: Vec<String> = definition
        .routes
        .values()
        .flatten()
        .map(|(field, _)| field.to_string())
        .collect();
    assert_eq!(
        facts,
        [
            "authorization",
            "body application/json",
            "request validator",
            "takes method.request.path.id",
            "takes method.request.querystring.q",
        ]
    );
}

#[test]
fn what_a_document_refers_to_is_read_where_it_stands() {
    let document = json!({
        "paths": {"/a/": {"post": {
            "parameters": [{"$ref": "#/components/parameters/Q"}, {"$ref": "#/components/parameters/Nobody"}],
            "requestBody": {"$ref": "#/components/requestBodies/B"},
            "responses": {"200": {"$ref": "#/components/responses/R"}, "default": {}, "x-note": {}},
        }}},
        "components": {
            "parameters": {"Q": {"name": "q", "in": "query", "required": true}},
            "requestBodies": {"B": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/M"}}}}},
            "responses": {"R": {"headers": {"X-R": {}}}},
        },
    });
    let api = Api::from(&serde_json::from_value::<Document>(document).unwrap());
    // The slash at the end is no part of the path.
    let paths: Vec<&str> = api.resources.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["/", "/a"]);
    let method = &api.resources[1].methods["POST"];
    assert_eq!(
        method.request_parameters,
        BTreeMap::from([("method.request.querystring.q".into(), true)])
    );
    assert_eq!(method.request_models["a/b"], "M");
    let headers = BTreeMap::from([("method.response.header.X-R".to_owned(), false)]);
    assert_eq!(method.responses.keys().collect::<Vec<_>>(), ["200"]);
    assert_eq!(method.responses["200"].parameters, headers);
}

#[test]
fn who_may_call_may_be_said_for_all_and_by_schemes_that_mean_nothing() {
    let document = json!({
        "security": [{"key": []}],
        "x-amazon-apigateway-request-validator": "nobody",
        "paths": {"/a": {
            "get": {}, "put": {"security": []}, "post": {"security": [{"bearer": []}, {"token": []}]},
        }},
        "components": {"securitySchemes": {
            "key": {"type": "apiKey", "name": "X-Api-Key", "in": "header"},
            "bearer": {"type": "http", "scheme": "bearer"},
            "token": {"type": "apiKey", "name": "X-Token", "in": "header"},
        }},
    });
    let api = Api::from(&serde_json::from_value::<Document>(document).unwrap());
    let methods = &api.resources[1].methods;
    assert!(methods["GET"].api_key_required);
    assert!(!methods["PUT"].api_key_required && !methods["POST"].api_key_required);
    assert_eq!(methods["GET"].request_validator_id, None);
}

#[test]
fn an_export_as_recorded_of_aws_has_no_facts_that_are_defaults() {
    let document = json!({"openapi": "3.0.1", "paths": {"/pets/{petId}": {"get": {
        "parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "200 response", "content": {}}},
        "x-amazon-apigateway-integration": {
            "httpMethod": "GET",
            "uri": "http://petstore-demo-endpoint.execute-api.com/petstore/pets/{id}",
            "responses": {"default": {"statusCode": "200"}},
            "requestParameters": {"integration.request.path.id": "method.request.path.petId"},
            "passthroughBehavior": "when_no_match",
            "type": "http",
        },
    }}}, "components": {}});
    let definition = imported(document);
    let facts = definition.routes.values().next().unwrap();
    let fields: Vec<String> = facts.keys().map(ToString::to_string).collect();
    assert_eq!(
        fields,
        [
            "answers 200",
            "authorization",
            "declares 200",
            "integration",
            "integration URI",
            "integration verb",
            "parameter integration.request.path.id",
            "takes method.request.path.petId"
        ]
    );
}

fn taking(schema: &serde_json::Value) -> Document {
    let body = json!({"content": {"application/json": {"schema": schema}}});
    let document = json!({"paths": {"/a": {"post": {"requestBody": body, "x-amazon-apigateway-request-validator": "all"}}},
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true}}});
    serde_json::from_value(document).expect("a document")
}

#[test]
fn a_schema_without_a_name_is_a_model_of_its_own() {
    let api = Api::from(&taking(&json!({"type": "object"})));
    let [model] = &api.models[..] else {
        panic!("{:?}", api.models)
    };
    assert!(crate::gateway::is_made_up(&model.name), "{}", model.name);
    assert_eq!(
        api.resources[1].methods["POST"].request_models["application/json"],
        model.name
    );
}

#[test]
fn another_schema_without_a_name_is_a_difference_and_another_name_of_it_is_none() {
    use crate::gateway::Difference;

    let of = |schema| Api::from(&taking(&schema));
    let before = of(json!({"type": "object", "required": ["a", "b"], "maxProperties": 2}));
    // As API Gateway tells it: the keys in its order, and a name that it made up.
    let mut told = of(json!({"maxProperties": 2, "type": "object", "required": ["a", "b"]}));
    told.models[0].name = "MODEL1a2b3c".to_owned();
    told.models[0].description = None;
    let method = told.resources[1].methods.get_mut("POST").unwrap();
    method.request_models = Texts::from([("application/json".to_owned(), "MODEL1a2b3c".to_owned())]);
    let [before, told, after] = [&before, &told, &of(json!({"type": "object"}))].map(Definition::of);
    assert!(Difference::between(&told, &before).is_empty());
    assert_eq!(told.digest(), before.digest());
    let difference = Difference::between(&told, &after);
    let change = &difference.changed[0].changes[0];
    assert_eq!(change.field, "body application/json");
    assert_eq!(change.to.as_deref(), Some(r#"{"type":"object"}"#));
    assert_ne!(told.digest(), after.digest());
}
