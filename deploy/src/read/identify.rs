//! Whose credentials these are, before anything is done with them.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::api::{ApiGateway, CallError, Cause, Identity, Operation};

use super::ReadError;

/// Nobody waits longer for an answer that nothing depends on: a network may have no way to STS.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is asked for when everything depends on it.
const MOST_QUESTIONS: usize = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Asks who calls. With an account that is wanted the answer must be that one; without one, no answer is fine.
///
/// # Errors
///
/// [`ReadError::WrongAccount`] when it is another account, and [`ReadError::UnknownAccount`] when nobody says.
pub async fn identify(gateway: &impl ApiGateway, wanted: Option<&str>) -> Result<Option<Identity>, ReadError> {
    let Some(wanted) = wanted else {
        let asked = timeout(PATIENCE, gateway.get_caller_identity()).await;
        return Ok(asked.ok().and_then(Result::ok));
    };
    match ask(gateway).await {
        Ok(identity) if identity.account == wanted => Ok(Some(identity)),
        Ok(found) => Err(ReadError::WrongAccount {
            wanted: wanted.to_owned(),
            found,
        }),
        Err(error) => Err(ReadError::UnknownAccount {
            wanted: wanted.to_owned(),
            error,
        }),
    }
}

/// Asks some more times while STS cannot be reached.
async fn ask(gateway: &impl ApiGateway) -> Result<Identity, CallError> {
    for _ in 1..MOST_QUESTIONS {
        match gateway.get_caller_identity().await {
            Err(error) if is_about_sts(&error) => sleep(PAUSE).await,
            answer => return answer,
        }
    }
    gateway.get_caller_identity().await
}

/// Whether an error says nothing about the credentials: API Gateway may be reached although STS is not.
#[must_use]
pub fn is_about_sts(error: &CallError) -> bool {
    error.operation == Operation::GetCallerIdentity
        && !matches!(
            error.cause,
            Cause::ExpiredToken | Cause::InvalidCredentials { .. } | Cause::ClockSkew
        )
}
