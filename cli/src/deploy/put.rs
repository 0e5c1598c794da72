//! Making the API's definition the one of the document.

use crate::aws::{ApiGateway, CallError, Cause};

use super::{DeployError, Located, Observer, Order, State};

/// The API after the put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Its id.
    pub rest_api_id: String,
    /// Its name.
    pub name: String,
    /// What API Gateway had to say about the document.
    pub warnings: Vec<String>,
}

/// Puts the document over the existing API, or creates the API from it, and sees that the API keeps its name.
///
/// # Errors
///
/// [`DeployError`] when a call fails.
pub async fn put(
    gateway: &impl ApiGateway,
    located: &Located,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<Put, DeployError> {
    let (api, name) = match located {
        Located::Existing(before) => {
            observer.step("Putting", &format!("the document on the API `{}`", before.id));
            let put = gateway.put_rest_api(&before.id, order.document).await;
            let after = put.map_err(|error| failed(error, State::DraftUnknown))?;
            let name = order.settings.name.as_deref().unwrap_or(&before.name);
            (after, name)
        }
        Located::Missing => {
            let name = order.settings.name.as_deref().unwrap_or(order.title);
            observer.step("Creating", &format!("the API `{name}`"));
            let import = gateway.import_rest_api(order.document).await;
            let made = import.map_err(|error| failed(error, State::MaybeCreated))?;
            observer.step("Created", &format!("the API `{}`", made.id));
            (made, name)
        }
    };
    for warning in &api.warnings {
        observer.warning(&format!("API Gateway: {warning}"));
    }
    // A put makes the document's title the API's name.
    if !name.is_empty() && api.name != name {
        observer.step("Naming", &format!("the API `{name}`"));
        let renamed = gateway.update_rest_api_name(&api.id, name).await;
        renamed.map_err(|error| DeployError::Call {
            error,
            state: State::DraftReplaced {
                rest_api_id: api.id.clone(),
            },
        })?;
    }
    Ok(Put {
        name: if name.is_empty() { api.name } else { name.to_owned() },
        rest_api_id: api.id,
        warnings: api.warnings,
    })
}

/// What a failed write left: API Gateway discards a definition that it refuses
/// ([errors and warnings](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-errors-warnings.html)),
/// but a put is not atomic against anything else.
fn failed(error: CallError, otherwise: State) -> DeployError {
    let state = match error.cause {
        Cause::Refused { .. }
        | Cause::AccessDenied { .. }
        | Cause::NotFound { .. }
        | Cause::ExpiredToken
        | Cause::InvalidCredentials { .. }
        | Cause::ClockSkew
        | Cause::Throttled { .. }
        | Cause::Conflict { .. }
        | Cause::UnknownHost
        | Cause::Tls { .. } => State::Untouched,
        _ => otherwise,
    };
    DeployError::Call { error, state }
}
