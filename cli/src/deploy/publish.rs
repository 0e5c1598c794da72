//! Making the stage serve the new definition.

use crate::aws::{ApiGateway, Cause, Deployment, NewDeployment};

use super::{DeployError, Observer, Order, Put, State};

/// Creates a deployment and puts it on the stage; API Gateway creates a missing stage.
///
/// # Errors
///
/// [`DeployError`] when the call fails.
pub async fn publish(
    gateway: &impl ApiGateway,
    put: &Put,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<Deployment, DeployError> {
    let stage = &order.settings.stage;
    observer.step("Deploying", &format!("to the stage `{stage}`"));
    let deployment = NewDeployment {
        rest_api_id: &put.rest_api_id,
        stage,
        description: order.description,
    };
    gateway.create_deployment(&deployment).await.map_err(|error| {
        let state = match error.cause {
            Cause::TimedOut
            | Cause::DeadlinePassed
            | Cause::Unreachable { .. }
            | Cause::Unavailable { .. }
            | Cause::Garbled { .. } => State::StageUnknown,
            _ => State::DraftReplaced {
                rest_api_id: put.rest_api_id.clone(),
            },
        };
        DeployError::Call { error, state }
    })
}
