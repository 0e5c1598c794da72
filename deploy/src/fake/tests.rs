use std::time::Duration;

use super::*;
use crate::api::{ApiGateway as _, Cause, Operation, Patch, Request, Texts};

/// `ANY /orders` and `GET /users/{id}`, the latter signed, which the stage `dev` serves.
const DOCUMENT: &str = r#"{
    "openapi": "3.0.1",
    "info": {"title": "Shop"},
    "paths": {
        "/orders": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {"type": "mock"}}},
        "/users/{id}": {"get": {"security": [{"sigv4": []}], "x-amazon-apigateway-integration": {"type": "mock"}}}
    },
    "components": {"securitySchemes": {"sigv4": {"x-amazon-apigateway-authtype": "awsSigv4"}}},
    "x-amazon-apigateway-minimum-compression-size": 1000
}"#;

async fn deployed() -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    fake.put_rest_api("abc", DOCUMENT, true).await.unwrap();
    let deployment = fake.create_deployment("abc", "first").await.unwrap();
    fake.create_stage("abc", "dev", &deployment.id, &Texts::new())
        .await
        .unwrap();
    fake
}

#[tokio::test]
async fn an_overwrite_resets_what_the_document_does_not_carry() {
    let fake = deployed().await;
    assert_eq!(fake.api("abc").api.minimum_compression_size, Some(1000));
    fake.put_rest_api(
        "abc",
        r#"{"openapi": "3.0.1", "info": {"title": "Shop"}, "paths": {}}"#,
        true,
    )
    .await
    .unwrap();
    let api = fake.api("abc");
    assert_eq!(api.api.minimum_compression_size, None);
    assert_eq!(api.resources.len(), 1, "the root is always there");
    assert_eq!(
        api.live("dev").unwrap().resources.len(),
        4,
        "a stage serves what it did"
    );
}

#[tokio::test]
async fn a_document_says_who_may_call_and_with_what() {
    let document = r#"{
        "openapi": "3.0.1",
        "info": {"title": "Shop"},
        "paths": {"/users/{id}": {
            "get": {
                "security": [{"users": ["read"], "key": []}],
                "parameters": [
                    {"name": "id", "in": "path", "required": true},
                    {"name": "all", "in": "query"}
                ]
            },
            "put": {"security": [{"lambda": []}], "x-amazon-apigateway-request-validator": "body"},
            "post": {"security": []}
        }},
        "x-amazon-apigateway-request-validators": {"body": {"validateRequestBody": true}},
        "components": {"securitySchemes": {
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            "lambda": {
                "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "arn:aws:lambda"}
            },
            "users": {
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:aws:cognito"]}
            }
        }}
    }"#;
    let fake = Fake::with_api("abc", "Shop");
    fake.put_rest_api("abc", document, true).await.unwrap();
    let api = fake.api("abc");
    let users = api.resources.iter().find(|one| one.path == "/users/{id}").unwrap();
    let who = |verb: &str| {
        let method = &users.methods[verb];
        let authorizer = method.authorizer_id.as_deref();
        (method.authorization.as_deref(), authorizer, method.api_key_required)
    };
    assert_eq!(who("GET"), (Some("COGNITO_USER_POOLS"), Some("id:users"), true));
    assert_eq!(who("PUT"), (Some("CUSTOM"), Some("id:lambda"), false));
    assert_eq!(who("POST"), (Some("NONE"), None, false));
    let get = &users.methods["GET"];
    assert_eq!(get.authorization_scopes, ["read"]);
    let parameters = [
        ("method.request.path.id", true),
        ("method.request.querystring.all", false),
    ];
    assert_eq!(
        get.request_parameters,
        parameters.map(|(name, must)| (name.to_owned(), must)).into()
    );
    assert_eq!(users.methods["PUT"].request_validator_id.as_deref(), Some("id:body"));
    let authorizers = fake.get_authorizers("abc", None).await.unwrap().items;
    let token = authorizers.iter().find(|one| one.kind == "TOKEN").unwrap();
    assert_eq!(
        token.identity_source.as_deref(),
        Some("method.request.header.Authorization")
    );
}

#[tokio::test]
async fn a_stage_answers_by_the_path_first_and_forbids_the_rest() {
    let fake = deployed().await;
    fake.answers("DELETE /orders", 404);
    for (verb, path, signed, status) in [
        ("DELETE", "/orders?all=1", false, 404),
        ("PATCH", "/orders/", false, 200),
        ("GET", "/users/7", true, 200),
        ("GET", "/users/7", false, 403),
        ("POST", "/users/7", true, 403),
        ("GET", "/users", true, 403),
    ] {
        let request = Request {
            verb: verb.to_owned(),
            signed,
            ..Request::default()
        };
        let url = format!("https://abc.execute-api.eu-west-1.amazonaws.com/dev{path}");
        let reply = fake.invoke(&url, &request).await.unwrap();
        assert_eq!(reply.status, status, "{verb} {path}");
    }
}

#[tokio::test]
async fn what_api_gateway_refuses_is_refused() {
    let fake = deployed().await;
    let kind = |error: crate::api::CallError| error.cause.kind();
    let no_json = fake.put_rest_api("abc", "openapi: 3.0.1", true).await;
    assert_eq!(kind(no_json.unwrap_err()), "refused");
    assert_eq!(
        kind(fake.delete_deployment("abc", "dep1").await.unwrap_err()),
        "refused"
    );
    let stage = |name, deployment| fake.create_stage("abc", name, deployment, const { &Texts::new() });
    assert_eq!(kind(stage("dev", "dep1").await.unwrap_err()), "already_exists");
    assert_eq!(kind(stage("prod", "dep9").await.unwrap_err()), "refused");
    assert_eq!(
        kind(fake.flush_stage_cache("abc", "prod").await.unwrap_err()),
        "not_found"
    );
    assert_eq!(kind(fake.get_rest_api("zzz").await.unwrap_err()), "not_found");
    fake.warn("a header is ignored");
    assert_eq!(
        kind(fake.put_rest_api("abc", DOCUMENT, true).await.unwrap_err()),
        "refused"
    );
    let warned = fake.put_rest_api("abc", DOCUMENT, false).await.unwrap();
    assert_eq!(warned.warnings, ["a header is ignored"]);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_not_done_refuses_the_next_one_and_no_tag() {
    let fake = deployed().await;
    fake.updates_slowly(Duration::from_secs(5), Duration::ZERO);
    fake.put_rest_api("abc", DOCUMENT, true).await.unwrap();
    fake.tag_resource("abc", "key", "value").await.unwrap();
    let read = fake.get_rest_api("abc").await.unwrap();
    assert_eq!(read.status.as_deref(), Some("UPDATING"));
    let busy = fake.create_deployment("abc", "d").await.unwrap_err();
    assert_eq!(busy.cause.kind(), "busy");
    let patch = [Patch::replace("/name", "Shop")];
    assert_eq!(
        fake.update_rest_api("abc", &patch).await.unwrap_err().cause.kind(),
        "busy"
    );
    tokio::time::sleep(Duration::from_secs(5)).await;
    fake.update_rest_api("abc", &patch).await.unwrap();
}

#[tokio::test]
async fn a_fault_says_whether_the_call_happened() {
    let lost = || Cause::Unreachable { detail: "reset".into() };
    for (fault, happened) in [
        (Fault::Before(lost()), 0),
        (Fault::After(lost()), 4),
        // Half of the paths, or none of them with all of the settings.
        (Fault::Half, 2),
        (Fault::OtherHalf, 0),
    ] {
        let fake = Fake::with_api("abc", "Shop");
        fake.fail_next(Operation::PutRestApi, fault);
        let error = fake.put_rest_api("abc", DOCUMENT, true).await.unwrap_err();
        assert!(error.is_ambiguous());
        assert_eq!(fake.api("abc").resources.len(), happened);
        fake.put_rest_api("abc", DOCUMENT, true).await.unwrap();
        assert_eq!(fake.api("abc").resources.len(), 4);
        assert_eq!(fake.calls(Operation::PutRestApi), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_may_be_older_than_the_write_before_it() {
    let fake = deployed().await;
    fake.lags(Duration::from_secs(5), 2);
    tokio::time::sleep(Duration::from_secs(6)).await;
    fake.delete_stage("abc", "dev").await.unwrap();
    let stages = async || fake.get_stages("abc").await.unwrap().len();
    assert_eq!([stages().await, stages().await, stages().await], [0, 1, 0]);
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(stages().await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_old_read_may_show_half_of_a_write() {
    let fake = deployed().await;
    fake.lags(Duration::from_secs(5), 1);
    fake.shows_half();
    tokio::time::sleep(Duration::from_secs(6)).await;
    let document = r#"{"openapi": "3.0.1", "paths": {"/new": {"get": {}}, "/news": {"get": {}}}}"#;
    fake.put_rest_api("abc", document, true).await.unwrap();
    let seen = fake.get_resources("abc", None).await.unwrap().items;
    let mut paths: Vec<&str> = seen.iter().map(|one| one.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/", "/new", "/orders", "/users/{id}"]);
}

#[tokio::test]
async fn pages_of_a_list_follow_each_other_whichever_way_it_comes() {
    let fake = deployed().await;
    fake.paginate(3);
    fake.forgets_order();
    for _ in 0..3 {
        let first = fake.get_resources("abc", None).await.unwrap();
        let second = fake.get_resources("abc", first.next.as_deref()).await.unwrap();
        let mut ids: Vec<String> = first.items.into_iter().chain(second.items).map(|one| one.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 4);
    }
}

#[tokio::test]
async fn pages_come_one_after_the_other() {
    let fake = deployed().await;
    fake.paginate(3);
    let first = fake.get_resources("abc", None).await.unwrap();
    let second = fake.get_resources("abc", first.next.as_deref()).await.unwrap();
    assert_eq!((first.items.len(), second.items.len(), second.next), (3, 1, None));
}
