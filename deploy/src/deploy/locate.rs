//! Which API to deploy to.

use crate::api::{ApiGateway, CallError, RestApi};

use super::{DeployError, Observer, Order, State};

/// Whether the API is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// It is.
    Existing(Box<RestApi>),
    /// It is not, and is to be created.
    Missing,
}

/// An account has at most 600 regional APIs by default and a page 500 of them: many pages are no account.
const MOST_PAGES: usize = 100;

/// Finds the API by its id, or by its name when the settings have no id.
///
/// # Errors
///
/// [`DeployError`] when a call fails, when no API has the name and none is to be created, or when more than
/// one has it.
pub async fn locate(
    gateway: &impl ApiGateway,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<Located, DeployError> {
    let name = order.settings.name.as_deref().unwrap_or(&order.document.info.title);
    match find(gateway, order.settings.rest_api_id.as_deref(), name, observer).await {
        Ok(api) => Ok(Located::Existing(Box::new(api))),
        Err(DeployError::NoSuchName { .. }) if order.create => Ok(Located::Missing),
        Err(error) => Err(error),
    }
}

/// Finds an API by its id, or by its name when there is no id.
///
/// # Errors
///
/// [`DeployError`] when a call fails, or when not exactly one API has the name.
pub async fn find(
    gateway: &impl ApiGateway,
    rest_api_id: Option<&str>,
    name: &str,
    observer: &mut impl Observer,
) -> Result<RestApi, DeployError> {
    let untouched = |error: CallError| DeployError::Call {
        error,
        state: State::Untouched,
    };
    if let Some(id) = rest_api_id {
        observer.step("Finding", &format!("the API `{id}`"));
        return gateway.get_rest_api(id).await.map_err(untouched);
    }
    observer.step("Finding", &format!("the API named `{name}`"));
    let mut named = all_named(gateway, name).await.map_err(untouched)?;
    match (named.pop(), named.is_empty()) {
        (Some(api), true) => Ok(api),
        (Some(last), false) => Err(DeployError::AmbiguousName {
            name: name.to_owned(),
            ids: named.into_iter().chain([last]).map(|api| api.id).collect(),
        }),
        (None, _) => Err(DeployError::NoSuchName { name: name.to_owned() }),
    }
}

pub(super) async fn all_named(gateway: &impl ApiGateway, name: &str) -> Result<Vec<RestApi>, CallError> {
    let mut named = Vec::new();
    let mut position: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = gateway.get_rest_apis(position.as_deref()).await?;
        named.extend(page.items.into_iter().filter(|api| api.name == name));
        match page.next {
            // An emulator that ignores positions would send the same page for ever.
            Some(next) if position.as_ref() != Some(&next) => position = Some(next),
            _ => break,
        }
    }
    Ok(named)
}
