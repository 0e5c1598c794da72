use serde_json::{Value, json};

use super::*;
use crate::{Mode, Source, read_blueprint};

fn written(text: &str, edition: Edition) -> Value {
    let source = Source::new("routes.yaml", text);
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
    serde_json::from_str(&document(&blueprint, &Target::default(), edition).to_json()).unwrap()
}

const FILE: &str = r##"
blueprint:
  name: shop
  authorizers:
    members: {type: COGNITO, userPools: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"]}
    partners: {type: LAMBDA, function: f, identity: [query.token]}
  binaryMediaTypes: [image/png]
  gatewayResponses:
    THROTTLED: {status: 420, templates: {text/plain: slow down}}
  openapi: {info: {contact: {name: us}}, x-amazon-apigateway-importexport-version: "1"}
  models:
    Old: {type: object, properties: {name: {type: string, nullable: true}}}
    Secret: {type: object}
  resources:
    - name: users
      methods:
        - path: /users/{id}
          cors: {enable: true}
          actions:
            - {type: GET, answers: {200: {model: Old}, 403: {model: Old}}, authorization: members}
            - {type: PUT, body: Old, validate: true, authorization: AWS_IAM, apiKey: true}
            - {type: DELETE, internal: true, answers: {200: {model: Secret}}}
        - path: /files/{name+}
          actions: [{type: ANY, authorization: partners, tags: [files]}]
        - path: /version
          actions: [{type: GET, answer: {body: "{}"}}]
"##;

#[test]
fn clients_see_routes_that_are_not_internal_and_nothing_of_the_gateway() {
    let document = written(FILE, Edition::V3_0);
    assert_eq!(document["openapi"], "3.0.3");
    assert_eq!(document["info"]["contact"]["name"], "us");
    assert_eq!(document["servers"], json!([{"url": "/"}]));
    assert_eq!(document["tags"], json!([{"name": "users"}, {"name": "files"}]));
    assert!(!document.to_string().contains("x-amazon"), "{document}");
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(
        paths.keys().collect::<Vec<_>>(),
        ["/files/{name}", "/users/{id}", "/version"]
    );
    let users: Vec<&String> = paths["/users/{id}"].as_object().unwrap().keys().collect();
    assert_eq!(users, ["get", "put"]);
    // A model that only internal routes have is internal too.
    let schemas: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
    assert_eq!(schemas, ["GatewayError", "Old"]);
}

#[test]
fn any_is_every_verb_that_the_path_does_not_have() {
    let document = written(FILE, Edition::V3_0);
    let files = document["paths"]["/files/{name}"].as_object().unwrap();
    assert_eq!(files.len(), 7);
    assert_eq!(files["patch"]["operationId"], "any_files_name_patch");
    assert_eq!(files["get"]["parameters"][0]["name"], "name");
}

#[test]
fn answers_of_the_gateway_are_those_that_a_route_may_give() {
    let document = written(FILE, Edition::V3_0);
    let statuses = |path: &str, verb: &str| -> Vec<String> {
        let responses = document["paths"][path][verb]["responses"].as_object().unwrap();
        responses.keys().cloned().collect()
    };
    assert_eq!(statuses("/version", "get"), ["200", "420"]);
    assert_eq!(statuses("/users/{id}", "get"), ["200", "401", "403", "420", "504"]);
    assert_eq!(
        statuses("/users/{id}", "put"),
        ["200", "400", "403", "413", "420", "504"]
    );
    let get = &document["paths"]["/users/{id}"]["get"]["responses"];
    assert_eq!(get["420"]["content"], json!({"text/plain": {"schema": {}}}));
    assert_eq!(
        get["403"]["content"]["application/json"]["schema"]["anyOf"],
        json!([{"$ref": "#/components/schemas/Old"}, {"$ref": "#/components/schemas/GatewayError"}])
    );
    assert_eq!(
        get["504"]["content"]["application/json"]["schema"],
        json!({"$ref": "#/components/schemas/GatewayError"})
    );
}

#[test]
fn callers_are_told_how_to_prove_who_they_are() {
    let document = written(FILE, Edition::V3_0);
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        schemes["members"],
        json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    );
    assert_eq!(
        schemes["partners"],
        json!({"type": "apiKey", "in": "query", "name": "token"})
    );
    assert_eq!(
        schemes["api_key"],
        json!({"type": "apiKey", "in": "header", "name": "x-api-key"})
    );
    assert!(schemes["sigv4"]["description"].as_str().unwrap().contains("Version 4"));
    let put = &document["paths"]["/users/{id}"]["put"];
    assert_eq!(put["security"], json!([{"sigv4": [], "api_key": []}]));
}

#[test]
fn schemas_are_those_of_the_edition() {
    let name = |edition| written(FILE, edition)["components"]["schemas"]["Old"]["properties"]["name"].clone();
    assert_eq!(name(Edition::V3_0), json!({"type": "string", "nullable": true}));
    assert_eq!(name(Edition::V3_1), json!({"type": ["string", "null"]}));
}

#[test]
fn values_of_the_path_that_a_parameter_does_not_take_are_answered_with_404() {
    let document = written(
        r#"
blueprint:
  name: shop
  resources:
    - name: users
      methods:
        - path: /users/{id}
          pathParams: [{name: id, type: int}]
          actions: [{type: GET}, {type: PUT, answers: {404: {description: No such user.}}}]
        - path: /names/{name}
          actions: [{type: GET}]
"#,
        Edition::V3_0,
    );
    let description = |path: &str, verb: &str| document["paths"][path][verb]["responses"]["404"]["description"].clone();
    assert_eq!(
        description("/users/{id}", "get"),
        "A parameter of the path has no such value."
    );
    assert_eq!(description("/users/{id}", "put"), "No such user.");
    assert_eq!(description("/names/{name}", "get"), Value::Null);
}

#[test]
fn numbers_of_a_type_of_rust_have_its_bounds_where_openapi_does_not_know_its_format() {
    let file = FILE.replace(
        "{type: string, nullable: true}",
        "{type: integer, format: uint32, minimum: 0}",
    );
    for edition in [Edition::V3_0, Edition::V3_1] {
        let name = written(&file, edition)["components"]["schemas"]["Old"]["properties"]["name"].clone();
        assert_eq!(
            name,
            json!({"type": "integer", "format": "uint32", "minimum": 0, "maximum": u32::MAX})
        );
    }
}
