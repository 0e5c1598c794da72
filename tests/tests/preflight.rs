//! A service that no gateway stands before answers preflights as the gateway would, if it is told to.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use axum::http::{HeaderMap, Request, StatusCode};
use bluegate::{resource, routes};
use bluegate_core::{Mode, Source, openapi, read_blueprint};
use tower::ServiceExt as _;

struct Crossed;

#[resource(name = "crossed")]
impl Crossed {
    async fn get() {}

    async fn post() {}

    async fn delete() {}

    async fn any() -> &'static str {
        "any"
    }

    async fn options() -> StatusCode {
        StatusCode::IM_A_TEAPOT
    }
}

async fn preflight(app: Router, path: &str, origin: &str) -> (StatusCode, HeaderMap) {
    let request = Request::options(path)
        .header(ORIGIN, origin)
        .header(ACCESS_CONTROL_REQUEST_METHOD, "GET");
    let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status(), response.headers().clone())
}

/// What the document tells the gateway to answer.
fn of_the_document(path: &str) -> BTreeMap<String, String> {
    let text = include_str!("preflight/routes.json");
    let (blueprint, _) = read_blueprint(&Source::new("r", text), Mode::Strict)
        .into_result()
        .unwrap();
    let document = openapi::document(&blueprint, &openapi::Target::default()).to_json();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let integration = &document["paths"][path]["options"]["x-amazon-apigateway-integration"];
    let parameters = integration["responses"]["default"]["responseParameters"]
        .as_object()
        .unwrap();
    let pairs = parameters.iter().map(|(name, value)| {
        let name = name.strip_prefix("method.response.header.").unwrap();
        (
            name.to_lowercase(),
            value.as_str().unwrap().trim_matches('\'').to_owned(),
        )
    });
    pairs.collect()
}

fn shown(headers: &HeaderMap) -> BTreeMap<String, String> {
    let pairs = headers.iter().filter(|(name, _)| *name != "content-length");
    pairs
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test]
async fn the_answer_is_that_of_the_gateway() {
    let app: Router = routes!("./preflight/routes.json", preflight = true);
    for (path, gateway, origin) in [
        ("/api/v1/items", "/v1/items", "http://localhost:5173"),
        ("/api/v1/items/", "/v1/items", "http://localhost:5173"),
        ("/api/v1/several/7", "/v1/several/{id}", "https://a.example.com"),
        ("/api/v1/several/7", "/v1/several/{id}", "https://elsewhere.example.com"),
    ] {
        let (status, headers) = preflight(app.clone(), path, origin).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(shown(&headers), of_the_document(gateway), "{path}");
    }
    let (_, headers) = preflight(app, "/api/v1/several/7", "https://b.example.com").await;
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "https://b.example.com");
}

#[tokio::test]
async fn what_the_gateway_does_not_answer_stays_with_the_handlers() {
    let app: Router = routes!("./preflight/routes.json", preflight = true);
    assert_eq!(
        preflight(app.clone(), "/api/v1/own", "x").await.0,
        StatusCode::IM_A_TEAPOT
    );
    let (status, headers) = preflight(app.clone(), "/api/v1/closed", "x").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    for method in ["GET", "PUT", "DELETE"] {
        let request = Request::builder().method(method).uri("/api/v1/several/7");
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{method}");
    }
}

#[tokio::test]
async fn without_it_nothing_is_different() {
    let off: Router = routes!("./preflight/routes.json", preflight = false);
    let without: Router = routes!("./preflight/routes.json");
    for path in [
        "/api/v1/items",
        "/api/v1/several/7",
        "/api/v1/own",
        "/api/v1/closed",
        "/api/v1/none",
    ] {
        let answers = [off.clone(), without.clone()].map(|app| preflight(app, path, "x"));
        let [one, other] = answers;
        assert_eq!(one.await, other.await, "{path}");
    }
    let (_, headers) = preflight(off, "/api/v1/items", "x").await;
    assert!(!headers.contains_key("access-control-allow-methods"));
}
