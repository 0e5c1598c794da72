//! The few control plane calls that a test makes by itself, so as not to depend on what it tests.
//!
//! The requests are signed with the key that local tools agree on, `test` with the secret `test`.

use serde_json::{Value, json};

use crate::{
    HarnessError,
    http::{Request, Response},
};

/// Sends one request to a service of an emulator; `target` is the path with its query.
///
/// # Errors
/// When there is no answer. An answer of any status is an answer.
pub fn call(
    endpoint: &str,
    service: &str,
    method: &str,
    target: &str,
    content_type: &str,
    body: &str,
) -> Result<Response, HarnessError> {
    Request::new(method, &format!("{endpoint}{target}"))
        .header("Content-Type", content_type)
        .body(body)
        .signed_for(service)
        .send()
}

/// One API Gateway call with JSON in and out, for instance `GET /restapis/{id}/resources`.
///
/// # Errors
/// When there is no answer, or its status is not 2xx, or its body is not JSON.
pub fn api_gateway(endpoint: &str, method: &str, target: &str, body: Option<&Value>) -> Result<Value, HarnessError> {
    let text = body.map(Value::to_string).unwrap_or_default();
    let response = call(endpoint, "apigateway", method, target, "application/json", &text)?;
    if !(200..300).contains(&response.status) {
        return Err(HarnessError::answer(
            format!("{method} {target}"),
            format!("{response:?}"),
        ));
    }
    if response.body.is_empty() {
        return Ok(Value::Null);
    }
    response.json()
}

/// Creates an empty REST API and returns its id.
///
/// # Errors
/// Those of [`api_gateway`].
pub fn create_rest_api(endpoint: &str, name: &str) -> Result<String, HarnessError> {
    let answer = api_gateway(endpoint, "POST", "/restapis", Some(&json!({ "name": name })))?;
    match answer["id"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => Err(HarnessError::answer("POST /restapis", answer.to_string())),
    }
}
