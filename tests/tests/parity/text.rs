//! Resources whose parameters take any text, as axum handlers.

use std::collections::HashMap;

use axum::extract::Path;
use axum::{Json, Router};
use bluegate::{resource, routes};
use serde_json::Value;

use crate::service::{Values, info};

struct TextStrict;

#[resource(name = "TextStrict")]
impl TextStrict {
    async fn get(values: Option<Values>) -> Json<Value> {
        info("TextStrict", values.unwrap_or_else(|| Path(HashMap::new())))
    }

    async fn post(values: Values) -> Json<Value> {
        info("TextStrict", values)
    }
}

struct TextLoose;

#[resource(name = "TextLoose")]
impl TextLoose {
    async fn get(values: Values) -> Json<Value> {
        info("TextLoose", values)
    }
}

/// The service.
pub(crate) fn router() -> Router {
    routes!("./text.json")
}
