//! Patches
//! ([patch operations](https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html)).

use serde_json::Value as Json;

use super::Refusal;

/// One operation of a patch.
pub(super) struct Operation {
    pub(super) is_removal: bool,
    /// The parts of the path, unescaped.
    pub(super) parts: Vec<String>,
    pub(super) value: Option<String>,
}

pub(super) fn operations(body: &Json) -> Result<Vec<Operation>, Refusal> {
    let listed = body.get("patchOperations").and_then(Json::as_array);
    let listed = listed.ok_or_else(|| Refusal::bad_request("patchOperations are missing"))?;
    listed.iter().map(operation).collect()
}

fn operation(one: &Json) -> Result<Operation, Refusal> {
    let text = |key: &str| one.get(key).and_then(Json::as_str);
    let path = text("path").unwrap_or_default();
    let parts = path.strip_prefix('/').unwrap_or(path).split('/');
    let is_removal = match text("op") {
        Some("remove") => true,
        Some("add" | "replace") => false,
        op => {
            return Err(Refusal::bad_request(format!(
                "Invalid patch operation specified: {op:?}"
            )));
        }
    };
    Ok(Operation {
        is_removal,
        parts: parts.map(unescaped).collect(),
        value: text("value").map(str::to_owned),
    })
}

impl Operation {
    pub(super) fn path(&self) -> Vec<&str> {
        self.parts.iter().map(String::as_str).collect()
    }
}

/// RFC 6901, 4.
fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

pub(super) fn unknown(path: &[&str]) -> Refusal {
    Refusal::bad_request(format!("Invalid patch path /{} specified", path.join("/")))
}
