//! Which API to deploy to, and whose credentials it is done with: what is asked first, and told.

use bluegate_core::aws::Environment;

use crate::api::{ApiGateway, Identity, RestApi};
use crate::read::{self, ReadError};

use super::{DeployError, Observer, Order};

/// Whether the API is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// It is.
    Existing(Box<RestApi>),
    /// It is not, and is to be created.
    Missing,
}

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
    match find(gateway, order.settings, observer).await {
        Ok(api) => Ok(Located::Existing(Box::new(api))),
        Err(ReadError::NoSuchName { .. }) if order.create => Ok(Located::Missing),
        Err(error) => Err(error.into()),
    }
}

/// Finds an API by its id, or by its name when there is no id.
///
/// # Errors
///
/// [`ReadError`] when a call fails, or when not exactly one API has the name.
pub async fn find(
    gateway: &impl ApiGateway,
    environment: &Environment,
    observer: &mut impl Observer,
) -> Result<RestApi, ReadError> {
    let name = environment.name.as_deref().unwrap_or_default();
    match &environment.rest_api_id {
        Some(id) => observer.step("Finding", &format!("the API `{id}`")),
        None => observer.step("Finding", &format!("the API named `{name}`")),
    }
    read::find(gateway, environment.rest_api_id.as_deref(), name).await
}

/// Asks who calls. With an account that is wanted the answer must be that one; without one, no answer is fine.
///
/// # Errors
///
/// [`ReadError`] when it is another account, or when nobody says.
pub async fn identify(
    gateway: &impl ApiGateway,
    wanted: Option<&str>,
    observer: &mut impl Observer,
) -> Result<Option<Identity>, ReadError> {
    if let Some(wanted) = wanted {
        observer.step("Checking", &format!("that the account is {wanted}"));
    }
    read::identify(gateway, wanted).await
}
