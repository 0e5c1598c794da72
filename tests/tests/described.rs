//! What a program knows about the file that it was built from.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use bluegate::{resource, routes};
use tower::ServiceExt as _;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(State(greeting): State<&'static str>) -> &'static str {
        greeting
    }

    #[handler]
    async fn rest() {}

    #[handler]
    async fn file(Path(name): Path<String>) -> String {
        name
    }
}

struct Forgotten;

#[resource(name = "forgotten")]
impl Forgotten {
    async fn get() {}
}

routes!(
    struct Api = "tests/described/routes.json", &'static str
);

async fn body(router: Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[test]
fn the_routes_are_constants() {
    const FIRST: bluegate::Route = Api::ROUTES[0];
    assert_eq!(Api::NAME, "the \"shop\"");
    assert_eq!((FIRST.verb, FIRST.path, FIRST.handler), ("GET", "/api/users", "get"));
    assert_eq!(FIRST.authorization, "AWS_IAM");
    let shown: Vec<String> = Api::ROUTES
        .iter()
        .map(|route| {
            let bluegate::Route {
                verb,
                gateway_path,
                resource,
                handler,
                authorization,
                ..
            } = route;
            format!("{verb} {gateway_path} {resource}.{handler} {authorization}")
        })
        .collect();
    assert_eq!(
        shown,
        [
            "GET /users users.get AWS_IAM",
            "ANY /users users.rest NONE",
            "GET /files/{name+} users.file NONE"
        ]
    );
}

#[test]
fn the_digest_is_that_of_the_file() {
    let text = std::fs::read_to_string("tests/described/routes.json").unwrap();
    assert_eq!(Api::DIGEST, bluegate_core::file_digest(&text));
}

#[tokio::test]
async fn a_service_says_what_it_was_built_from() {
    let service = || Api::router().merge(Api::well_known()).with_state("hello");
    assert_eq!(
        body(service(), "/api/users").await,
        (StatusCode::OK, "hello".to_owned())
    );
    let (status, text) = body(service(), "/.well-known/bluegate").await;
    assert_eq!(status, StatusCode::OK);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        answer,
        serde_json::json!({"name": Api::NAME, "digest": Api::DIGEST, "routes": Api::ROUTES.len()})
    );
}

#[test]
fn a_resource_that_no_file_names_is_found() {
    let names: Vec<&str> = bluegate::unrouted_resources()
        .iter()
        .map(|resource| resource.name)
        .collect();
    assert_eq!(names, ["forgotten"]);
    let message = std::panic::catch_unwind(bluegate::assert_resources_are_routed).unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(
        message.contains("`forgotten` (described::Forgotten, tests/tests/described.rs:"),
        "{message}"
    );
}
