//! Resources whose rules compete for paths, as axum handlers.

use axum::http::StatusCode;
use axum::http::header::ALLOW;
use axum::response::IntoResponse;
use axum::{Json, Router};
use bluegate::{resource, routes};
use serde_json::{Value, json};

use crate::service::{Values, info};

struct WideRead;

#[resource(name = "WideRead")]
impl WideRead {
    async fn get(values: Values) -> Json<Value> {
        info("WideRead", values)
    }
}

struct WideWrite;

#[resource(name = "WideWrite")]
impl WideWrite {
    async fn put(values: Values) -> Json<Value> {
        info("WideWrite", values)
    }
}

struct Me;

#[resource(name = "Me")]
impl Me {
    async fn get(values: Values) -> Json<Value> {
        info("Me", values)
    }
}

struct Item;

#[resource(name = "Item")]
impl Item {
    async fn get(values: Values) -> Json<Value> {
        info("Item", values)
    }

    async fn post(values: Values) -> Json<Value> {
        info("Item", values)
    }
}

struct Deep;

#[resource(name = "Deep")]
impl Deep {
    async fn get(values: Values) -> Json<Value> {
        info("Deep", values)
    }
}

struct DeepPost;

#[resource(name = "DeepPost")]
impl DeepPost {
    async fn post(values: Values) -> Json<Value> {
        info("DeepPost", values)
    }
}

struct SlashGet;

#[resource(name = "SlashGet")]
impl SlashGet {
    async fn get(values: Values) -> Json<Value> {
        info("SlashGet", values)
    }
}

struct BarePost;

#[resource(name = "BarePost")]
impl BarePost {
    async fn post(values: Values) -> Json<Value> {
        info("BarePost", values)
    }
}

struct Converters;

#[resource(name = "Converters")]
impl Converters {
    async fn get(values: Values) -> Json<Value> {
        info("Converters", values)
    }
}

struct LooseAll;

#[resource(name = "LooseAll")]
impl LooseAll {
    async fn get(values: Values) -> Json<Value> {
        info("LooseAll", values)
    }

    async fn patch(values: Values) -> Json<Value> {
        info("LooseAll", values)
    }
}

struct HeadOnly;

#[resource(name = "HeadOnly")]
impl HeadOnly {
    async fn head() -> [(&'static str, &'static str); 1] {
        [("X-Head", "only")]
    }

    async fn delete() -> StatusCode {
        StatusCode::NO_CONTENT
    }
}

struct OptOnly;

#[resource(name = "OptOnly")]
impl OptOnly {
    async fn options() -> impl IntoResponse {
        ([(ALLOW, "PUT")], Json(json!({"own": 1})))
    }

    async fn put(values: Values) -> Json<Value> {
        info("OptOnly", values)
    }
}

struct Catch;

#[resource(name = "Catch")]
impl Catch {
    async fn get(values: Values) -> Json<Value> {
        info("Catch", values)
    }

    async fn post(values: Values) -> Json<Value> {
        info("Catch", values)
    }
}

/// The service.
pub(crate) fn router() -> Router {
    routes!("./wide.json")
}
