//! Pages of lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json, json};

use super::call::{Call, unexpected};
use super::reply::{Answered, Refusal, reply};

/// How many entries a page has unless the caller says otherwise, and at most.
const PAGE: usize = 25;
const LARGEST_PAGE: usize = 500;

/// A page of a list. The position of the next one names the last entry of this one by the member `key`.
pub(super) fn items(call: &Call<'_>, key: &str, list: Vec<Json>) -> Answered {
    let name = |item: &Json| item.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let limit = match call.query("limit").map(str::parse::<i32>) {
        Some(Err(_)) => return Err(Refusal::serialization(unexpected(&json!(""), "Integer"))),
        Some(Ok(limit)) => usize::try_from(limit).unwrap_or(0).min(LARGEST_PAGE),
        None => 0,
    };
    let limit = if limit == 0 { PAGE } else { limit };
    let begin = match call.query("position").filter(|position| !position.is_empty()) {
        None => 0,
        Some(position) => {
            let last = URL_SAFE_NO_PAD
                .decode(position)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let at = last.and_then(|last| list.iter().position(|item| name(item) == last));
            at.ok_or_else(|| Refusal::bad_request("Invalid position parameter specified"))? + 1
        }
    };
    let is_last = list.len().saturating_sub(begin) <= limit;
    let page: Vec<Json> = list.into_iter().skip(begin).take(limit).collect();
    let mut body = Map::new();
    if let Some(last) = page.last().filter(|_| !is_last) {
        body.insert("position".to_owned(), json!(URL_SAFE_NO_PAD.encode(name(last))));
    }
    body.insert("item".to_owned(), Json::Array(page));
    Ok(reply(200, Json::Object(body)))
}
