//! Routes files made by rule: of any size for benches, and at random for property tests.

use proptest::prelude::*;
use serde_json::{Value, json};

/// A routes file of `routes` paths, each with GET, POST and a preflight, every second one with a parameter.
///
/// Every key of the format that the original reads is there, so both tools take it.
#[must_use]
pub fn sized(routes: usize) -> Value {
    let resources: Vec<Value> = (0..routes)
        .map(|number| {
            let parameters = if number % 2 == 0 {
                Value::Null
            } else {
                json!([{"name": "item_id", "type": "int"}])
            };
            let action = |verb: &str| {
                json!({"type": verb, "integration": "INTERNET", "proxyIntegration": true, "vpcLink": null,
                    "authorization": "AWS_IAM"})
            };
            json!({
                "name": format!("resource{number}"),
                "flask": {"resourceModule": "app.resources", "resourceClass": format!("Resource{number}"),
                    "strictSlashes": false},
                "methods": [{
                    "path": format!("/resource{number}/items"),
                    "cors": {"enable": true, "removeDefaultResponseTemplates": true, "allowHeaders": ["X-Tenant"]},
                    "queryParams": parameters,
                    "actions": [action("GET"), action("POST")],
                }],
            })
        })
        .collect();
    json!({"blueprint": {"name": "bench", "url_prefix": "/bench", "resources": resources}})
}

/// A routes file of `routes` routes, with everything switched on that a route can have: callers, checks, parameters, models,
/// mappings, templates, answers and preflights. The original knows none of it.
#[must_use]
pub fn whole(routes: usize) -> Value {
    let etag = json!({"ETag": {"type": "string"}});
    let resources: Vec<Value> = (0..routes / 2)
        .map(|number| {
            json!({
                "name": format!("resource{number}"),
                "methods": [{
                    "path": format!("/resource{number}/items/{{item_id}}"),
                    "pathParams": [{"name": "item_id", "type": "int"}],
                    "cors": {"enable": true, "origins": ["https://a.example", "https://b.example"], "credentials": true,
                        "maxAge": 600, "exposeHeaders": ["ETag"]},
                    "actions": [{
                        "type": "GET", "summary": "One of them", "authorization": "pool", "scopes": ["items/read"],
                        "apiKey": true, "validate": true, "timeout": 5000, "cacheKeys": ["query.page"],
                        "query": [{"name": "page", "type": "int", "required": true}, {"name": "sort"}],
                        "headers": [{"name": "X-Tenant", "required": true}],
                        "answers": {"200": {"model": "Item", "headers": etag}, "404": {"description": "none"}},
                    }, {
                        "type": "PUT", "authorization": "AWS_IAM", "backend": "files", "validate": "BODY",
                        "backendPath": format!("/v2/items/{{item_id}}/{number}"),
                        "body": {"application/json": "Item"},
                        "map": {"header.X-Item": "path.item_id", "query.version": "'2'"},
                        "requestTemplates": {"application/json": "#set($body = $input.json('$'))\n{\"item\": $body}"},
                        "integrationResponses": {
                            "default": {"status": 200, "map": {"header.ETag": "header.ETag"}},
                            "4\\d{2}": {"status": 400, "templates": {"application/json": "{\"message\": \"wrong\"}"}},
                        },
                        "answers": {"200": {"description": "put", "headers": etag}, "400": {"description": "wrong"}},
                    }],
                }],
            })
        })
        .collect();
    let pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a1B2c3D4e";
    json!({"blueprint": {
        "name": "whole", "url_prefix": "/whole", "binaryMediaTypes": ["image/png"], "minimumCompressionSize": 1024,
        "authorizers": {"pool": {"type": "COGNITO", "userPools": [pool]}},
        "backends": {"files": {"url": "https://files.example.com", "proxyIntegration": false}},
        "models": {"Item": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "maxLength": 80}, "tags": {"type": "array", "items": {"type": "string"}},
        }}},
        "gatewayResponses": {"UNAUTHORIZED": {"status": 401, "templates": {
            "application/json": "{\"message\": $context.error.messageString}",
        }}, "DEFAULT_4XX": {}, "DEFAULT_5XX": {}},
        "resources": resources,
    }})
}

/// An AWS file that both tools take, without credentials.
#[must_use]
pub fn aws_file() -> Value {
    json!({
        "region": "us-east-1",
        "aws": {"access_key_id": null, "secret_access_key": null},
        "apiGateway": {"name": "Bench API", "rest_api_id": "a1b2c3d4e5",
            "baseEndpointURL": "https://backend.example.com/", "stage": "v1", "basePath": "/v1"},
    })
}

/// Files that follow the documentation of ct-api-gateway-deployer, duplicates of paths and verbs included.
pub fn legal_for_the_original() -> impl Strategy<Value = Value> {
    let resources = prop::collection::vec(resource(path_with_repeats().boxed()), 1..4);
    (word(), resources).prop_map(|(name, resources)| {
        json!({"blueprint": {"name": name, "url_prefix": format!("/{name}"), "resources": numbered(resources)}})
    })
}

/// Files that API Gateway and axum take as well: no path twice, one name for the parameter at one place.
pub fn legal_everywhere() -> impl Strategy<Value = Value> {
    prop::collection::vec(resource(Just(String::new()).boxed()), 1..5).prop_map(|mut resources| {
        for (number, method) in resources.iter_mut().flat_map(methods_of).enumerate() {
            method["path"] = json!(format!("/part{number}/items"));
        }
        json!({"blueprint": {"name": "api", "url_prefix": "/api", "resources": numbered(resources)}})
    })
}

fn methods_of(resource: &mut Value) -> impl Iterator<Item = &mut Value> {
    resource["methods"].as_array_mut().into_iter().flatten()
}

/// Gives resources names that are their own.
fn numbered(mut resources: Vec<Value>) -> Vec<Value> {
    for (number, resource) in resources.iter_mut().enumerate() {
        resource["name"] = json!(format!("resource {number}"));
        resource["flask"]["resourceClass"] = json!(format!("Resource{number}"));
    }
    resources
}

fn word() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,8}"
}

/// Few paths, so that some are declared twice.
fn path_with_repeats() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/a".to_owned()),
        Just("/a/{id}".to_owned()),
        Just("/a/{id}/b".to_owned()),
        word().prop_map(|word| format!("/{word}")),
        (word(), word()).prop_map(|(one, two)| format!("/{one}/{two}")),
    ]
}

fn resource(path: BoxedStrategy<String>) -> impl Strategy<Value = Value> {
    (prop::collection::vec(method(path), 1..4), any::<bool>()).prop_map(|(methods, strict)| {
        json!({
            "name": "",
            "flask": {"resourceModule": "app.resources", "resourceClass": "", "strictSlashes": strict},
            "methods": methods,
        })
    })
}

fn method(path: BoxedStrategy<String>) -> impl Strategy<Value = Value> {
    let verbs = prop::sample::subsequence(vec!["GET", "POST", "PUT", "DELETE"], 1..=4);
    let actions = verbs.prop_flat_map(|verbs| verbs.into_iter().map(action).collect::<Vec<_>>());
    (path, cors(), parameters(), actions).prop_map(|(path, cors, parameters, actions)| {
        json!({"path": path, "cors": cors, "queryParams": parameters, "actions": actions})
    })
}

fn cors() -> impl Strategy<Value = Value> {
    let headers = prop::sample::subsequence(vec!["X-Tenant", "X-Request-Id", "x-lower"], 0..=3);
    (any::<bool>(), prop::option::of(any::<bool>()), headers).prop_map(|(enable, remove, headers)| {
        let mut cors = json!({"enable": enable, "allowHeaders": headers});
        if let Some(remove) = remove {
            cors["removeDefaultResponseTemplates"] = json!(remove);
        }
        cors
    })
}

/// Parameters whose names and order never make two names stand at one place.
fn parameters() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(vec![
        "int",
        "string",
        "float",
        "uuid",
        "default",
        "path",
        "int(min=1,max=5)",
        "string(length=3)",
        "any(red,green)",
        "int(signed=True)",
    ]);
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        prop::collection::vec(kinds, 1..4).prop_map(|kinds| {
            let names = ["id", "part", "key"];
            let parameters: Vec<Value> = kinds
                .iter()
                .zip(names)
                .map(|(kind, name)| json!({"name": name, "type": kind}))
                .collect();
            json!(parameters)
        }),
    ]
}

fn action(verb: &'static str) -> impl Strategy<Value = Value> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(move |(link, proxy, signed)| {
        json!({
            "type": verb,
            "integration": if link { "VPC_LINK" } else { "INTERNET" },
            "proxyIntegration": proxy,
            "vpcLink": if link { json!("abc123") } else { Value::Null },
            "authorization": if signed { json!("AWS_IAM") } else { Value::Null },
        })
    })
}
