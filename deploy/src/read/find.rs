//! Which API is meant.

use crate::api::{ApiGateway, CallError, RestApi};

use super::ReadError;
use super::pages::pages;

/// Finds an API by its id, or by its name when there is no id.
///
/// # Errors
///
/// [`ReadError`] when a call fails, or when not exactly one API has the name.
pub async fn find(gateway: &impl ApiGateway, rest_api_id: Option<&str>, name: &str) -> Result<RestApi, ReadError> {
    if let Some(id) = rest_api_id {
        return Ok(gateway.get_rest_api(id).await?);
    }
    let mut named = all_named(gateway, name).await?;
    match (named.pop(), named.is_empty()) {
        (Some(api), true) => Ok(api),
        (Some(last), false) => Err(ReadError::AmbiguousName {
            name: name.to_owned(),
            ids: named.into_iter().chain([last]).map(|api| api.id).collect(),
        }),
        (None, _) => Err(ReadError::NoSuchName { name: name.to_owned() }),
    }
}

/// All APIs of a name.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn all_named(gateway: &impl ApiGateway, name: &str) -> Result<Vec<RestApi>, CallError> {
    let mut all = pages(|at: Option<String>| async move { gateway.get_rest_apis(at.as_deref()).await }).await?;
    all.retain(|api| api.name == name);
    Ok(all)
}
