//! The resource `payments`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::Method;
use bluegate::resource;
use schemars::JsonSchema;
use serde::Serialize;

struct Payments;

#[derive(Serialize, JsonSchema)]
struct Receipt {
    provider: String,
    method: String,
    bytes: usize,
}

/// Where payment providers call back.
#[resource(name = "payments")]
impl Payments {
    /// Takes a notice. Each provider has its own idea of the verb, so that the action is ANY.
    async fn any(Path(provider): Path<String>, method: Method, notice: Bytes) -> Json<Receipt> {
        tracing::info!(provider, bytes = notice.len(), "notice of a payment");
        Json(Receipt {
            provider,
            method: method.to_string(),
            bytes: notice.len(),
        })
    }
}
