//! Who may call a function.

use bluegate_core::aws::{Service, parts_of_function};
use serde::{Deserialize, Serialize};

use crate::api::{ApiGateway, CallError, Cause};
use crate::service::{Lack, Tolerates as _};

/// What is known of who may call a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionAccess {
    /// There is no such function, or it has no such alias or version.
    Missing,
    /// Nobody tells: it is somebody else's, or an emulator has no functions.
    Hidden,
    /// Its policy as JSON; `{}` for a function that has none.
    Known(String),
}

/// Whether a call fails since an emulator has no functions.
pub(crate) fn lacks_functions(error: &CallError, service: Service) -> bool {
    let is_ended = matches!(error.cause, Cause::Interrupted | Cause::DeadlinePassed);
    service.tolerates(Lack::Functions) && !is_ended
}

/// Whether a call fails since there is no such function. An emulator that has none at all finds nothing else either.
pub(crate) fn is_missing(error: &CallError, service: Service) -> bool {
    let Cause::NotFound { message } = &error.cause else {
        return false;
    };
    // "Function not found: ARN", and of LocalStack "Cannot find alias arn: ARN".
    let message = message.to_lowercase();
    let is_said = message.contains("function not found") || message.contains("cannot find alias");
    is_said || !service.tolerates(Lack::Functions)
}

/// Reads who may call a function, which is named by its ARN.
///
/// # Errors
///
/// The [`CallError`] of a call that fails, unless it is denied or an emulator may lack it.
pub async fn read_function(
    gateway: &impl ApiGateway,
    function: &str,
    service: Service,
) -> Result<FunctionAccess, CallError> {
    let error = match gateway.get_policy(function).await {
        Ok(policy) => return Ok(FunctionAccess::Known(policy)),
        Err(error) => error,
    };
    let nothing = || FunctionAccess::Known("{}".to_owned());
    match error.cause {
        // A function without a policy is answered as one that is not there.
        Cause::NotFound { .. } => match gateway.get_function_configuration(function).await {
            Ok(()) => Ok(nothing()),
            // Adding a permission tells.
            Err(denied) if matches!(denied.cause, Cause::AccessDenied { .. }) => Ok(nothing()),
            Err(error) if is_missing(&error, service) => {
                // LocalStack finds functions and versions, and no aliases: adding a permission tells here, too.
                let (name, qualifier) = parts_of_function(function);
                let is_alias = qualifier.is_some_and(|name| name.bytes().any(|byte| !byte.is_ascii_digit()));
                let is_there = service.tolerates(Lack::Functions)
                    && is_alias
                    && gateway.get_function_configuration(name).await.is_ok();
                Ok(if is_there { nothing() } else { FunctionAccess::Missing })
            }
            Err(error) if lacks_functions(&error, service) => Ok(FunctionAccess::Hidden),
            Err(error) => Err(error),
        },
        Cause::AccessDenied { .. } => Ok(FunctionAccess::Hidden),
        _ if lacks_functions(&error, service) => Ok(FunctionAccess::Hidden),
        _ => Err(error),
    }
}
