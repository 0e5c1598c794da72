//! The application that was recorded, as axum handlers.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Router, http::header::ALLOW};
use bluegate::{resource, routes};
use serde_json::{Value, json};

/// The values of a path, whatever they are.
pub(crate) type Values = Path<HashMap<String, String>>;

/// What a resource was asked.
pub(crate) fn info(resource: &str, Path(values): Values) -> Json<Value> {
    Json(json!({"resource": resource, "args": values}))
}

struct Users;

#[resource(name = "Users")]
impl Users {
    async fn get(values: Values) -> Json<Value> {
        info("Users", values)
    }

    async fn post(values: Values) -> (StatusCode, [(&'static str, &'static str); 1], Json<Value>) {
        (StatusCode::CREATED, [("X-Custom", "1")], info("Users", values))
    }
}

struct Strict;

#[resource(name = "Strict")]
impl Strict {
    async fn get(values: Values) -> Json<Value> {
        info("Strict", values)
    }
}

struct Loose;

#[resource(name = "Loose")]
impl Loose {
    async fn get(values: Values) -> Json<Value> {
        info("Loose", values)
    }

    async fn put(values: Values) -> Json<Value> {
        info("Loose", values)
    }
}

struct Conv;

#[resource(name = "Conv")]
impl Conv {
    async fn get(values: Values) -> Json<Value> {
        info("Conv", values)
    }

    async fn delete(_: Values) -> StatusCode {
        StatusCode::NO_CONTENT
    }
}

struct Failing;

#[resource(name = "Err")]
impl Failing {
    async fn get(Query(query): Query<HashMap<String, String>>) -> Response {
        let message = |text: &str| Json(json!({"message": text}));
        match query.get("w").map(String::as_str) {
            Some("abort") => {
                let teapot = message("This server is a teapot, not a coffee machine");
                (StatusCode::IM_A_TEAPOT, teapot).into_response()
            }
            Some("abort400") => (StatusCode::BAD_REQUEST, message("bad thing")).into_response(),
            Some("none") => Json(Value::Null).into_response(),
            Some("tuple") => (StatusCode::ACCEPTED, Json(json!({"a": 1}))).into_response(),
            Some("list") => Json(json!([1, 2])).into_response(),
            Some("uni") => Json(json!({"é": "日本"})).into_response(),
            _ => Json(json!({})).into_response(),
        }
    }
}

struct OptionsOwn;

#[resource(name = "OptionsOwn")]
impl OptionsOwn {
    async fn get() -> Json<Value> {
        Json(json!({}))
    }

    async fn options() -> impl IntoResponse {
        ([(ALLOW, "GET")], Json(json!({"mine": true})))
    }
}

struct HeadOwn;

#[resource(name = "HeadOwn")]
impl HeadOwn {
    async fn get() -> Json<Value> {
        Json(json!({"b": "get"}))
    }

    async fn head() -> [(&'static str, &'static str); 1] {
        [("X-Head", "own")]
    }
}

/// The service.
pub(crate) fn router() -> Router {
    routes!("./routes.json")
}
