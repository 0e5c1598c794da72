//! The shop, asked by HTTP.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

struct Answer {
    status: u16,
    headers: axum::http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn send(app: &Router, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", kind)
        .body(Body::from(body))
        .unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: to_bytes(body, 1 << 20).await.unwrap().to_vec(),
    }
}

async fn ask(app: &Router, method: &str, path: &str, body: Value) -> Answer {
    let body = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    send(app, method, path, "application/json", body).await
}

#[tokio::test]
async fn a_book_is_added_changed_and_removed() {
    let app = bookshop::app();
    let book = json!({"title": "Emma", "author": "Jane Austen", "genre": "fiction", "price": 9.5});
    let added = ask(&app, "POST", "/api/books", book).await;
    assert_eq!((added.status, &added.json()["id"]), (201, &json!(4)));
    assert_eq!(added.headers["access-control-allow-origin"], "*");
    let amended = ask(&app, "PATCH", "/api/books/4", json!({"price": 8.0})).await;
    assert_eq!(amended.json()["price"], 8.0);
    let other = json!({"title": "Persuasion", "author": "Jane Austen", "genre": "fiction", "price": 8});
    assert_eq!(
        ask(&app, "PUT", "/api/books/4", other).await.json()["title"],
        "Persuasion"
    );
    assert_eq!(
        ask(&app, "GET", "/api/books?author=Jane%20Austen", Value::Null)
            .await
            .json()[0]["id"],
        4
    );
    assert_eq!(ask(&app, "DELETE", "/api/books/4", Value::Null).await.status, 204);
    assert_eq!(ask(&app, "GET", "/api/books/4", Value::Null).await.status, 404);
}

#[tokio::test]
async fn every_type_of_parameter_is_kept_to() {
    let app = bookshop::app();
    for (path, status) in [
        ("/api/books/1", 200),
        ("/api/books/0", 404),
        ("/api/books/x", 404),
        ("/api/books/4294967296", 404),
        ("/api/books/by-genre/science", 200),
        ("/api/books/by-genre/cooking", 404),
        ("/api/books/up-to/10.0", 200),
        ("/api/books/up-to/10", 404),
        ("/api/authors/H.%20G.%20Wells", 200),
        ("/api/authors/Nobody", 404),
        ("/api/authors/", 200),
        ("/api/orders/8c9d6b3e-1d5f-4c3b-9a44-0c4f6a3f2b11", 404),
        ("/api/orders/8c9d6b3e", 404),
        ("/api/covers/a/b.png", 404),
        ("/api/payments/card", 200),
        ("/api/payments/shells", 404),
        ("/api/health", 200),
        ("/api/health/covers", 200),
        ("/api/health/cellar", 404),
    ] {
        assert_eq!(ask(&app, "GET", path, Value::Null).await.status, status, "{path}");
    }
    assert_eq!(
        ask(&app, "HEAD", "/api/authors/H.%20G.%20Wells", Value::Null)
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn an_order_goes_its_way() {
    let app = bookshop::app();
    let wanted = json!({"lines": [{"book": 1, "copies": 2}, {"book": 3, "copies": 1}]});
    let order = ask(&app, "POST", "/api/orders", wanted).await;
    assert_eq!(order.status, 201);
    let path = format!("/api/orders/{}", order.json()["id"].as_str().unwrap());
    assert_eq!(
        ask(&app, "GET", &format!("{path}/lines/2"), Value::Null).await.json()["book"],
        3
    );
    assert_eq!(
        ask(&app, "GET", &format!("{path}/lines/3"), Value::Null).await.status,
        404
    );
    assert_eq!(ask(&app, "DELETE", "/api/books/3", Value::Null).await.status, 409);
    let sent = ask(&app, "PATCH", &path, json!({"progress": "sent"})).await;
    assert_eq!(sent.json()["progress"], "sent");
    assert_eq!(ask(&app, "DELETE", &path, Value::Null).await.status, 409);
    let open = ask(&app, "PATCH", &path, json!({"progress": "open"})).await;
    assert_eq!(open.status, 200);
    assert_eq!(ask(&app, "DELETE", &path, Value::Null).await.status, 204);
    let nothing = ask(&app, "POST", "/api/orders", json!({"lines": []})).await;
    assert_eq!(
        (nothing.status, nothing.json()),
        (422, json!({"message": "an order has 1 to 100 lines"}))
    );
}

#[tokio::test]
async fn a_cover_is_kept_under_its_path() {
    let app = bookshop::app();
    let put = send(&app, "PUT", "/api/covers/wells/machine.png", "image/png", vec![1, 2, 3]).await;
    assert_eq!(put.status, 201);
    let desk = "https://desk.bookshop.example";
    assert_eq!(put.headers["access-control-allow-origin"], desk);
    let preflight = ask(&app, "OPTIONS", "/api/covers/wells/machine.png", Value::Null).await;
    assert_eq!(
        (
            preflight.status,
            preflight.headers["access-control-allow-origin"].to_str().unwrap()
        ),
        (204, desk)
    );
    let got = send(&app, "GET", "/api/covers/wells/machine.png", "", Vec::new()).await;
    assert_eq!((got.status, got.body), (200, vec![1, 2, 3]));
    assert_eq!(got.headers["content-type"], "image/png");
    let text = send(&app, "PUT", "/api/covers/x", "text/plain", Vec::new()).await;
    assert_eq!(text.status, 415);
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_with_a_message() {
    let app = bookshop::app();
    let answer = ask(&app, "POST", "/api/books", json!({"title": "x"})).await;
    assert_eq!(answer.status, 422);
    assert!(answer.json()["message"].as_str().unwrap().contains("missing field"));
}
