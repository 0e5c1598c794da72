//! Deployments: making one of the draft, and taking old ones away.

use bluegate_core::gateway::Definition;

use crate::api::{ApiGateway, Cause, Deployment};
use crate::read::{read_deployments, served, superfluous};
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Caller, Event, StepError, Transaction, Undo, Warning, until};

use super::snapshot::Told;

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Makes a deployment that no stage serves yet, and checks who may call what of it. Gives its id, and whether it
    /// tells that clearly.
    pub(crate) async fn create_deployment(
        &self,
        description: &str,
        wanted: &Definition,
    ) -> Result<(String, bool), StepError> {
        let id = self.id();
        self.tell(&Event::CreatingDeployment);
        let deployment = match self.gateway.create_deployment(id, description).await {
            Err(error) if error.is_ambiguous() => match self.lost_deployment(description).await? {
                Some(deployment) => deployment,
                // It did not happen: once more.
                None => self.gateway.create_deployment(id, description).await?,
            },
            answer => answer?,
        };
        let made = deployment.id;
        self.did([Undo::Deployment { id: made.clone() }]);
        let read = || self.gateway.get_deployment(id, &made);
        let told = |deployment: &Deployment| Told::of(served(deployment).as_ref(), wanted);
        let is_so = |deployment: &Deployment| told(deployment) == Told::So || self.service.tolerates(Lack::Lag);
        let told = match until(read, is_so).await.and_then(|seen| seen.last()) {
            Err(StepError::Call(error)) if error.is_ambiguous() && self.service.tolerates(Lack::Access) => Told::So,
            deployment => told(&deployment?),
        };
        match told {
            Told::So => Ok((made, true)),
            Told::Unclear(what) | Told::Open(what) if self.lacks(Lack::Access, &what) => Ok((made, true)),
            Told::Unclear(what) => {
                self.warn(Warning::Unclear {
                    deployment_id: made.clone(),
                    what,
                });
                Ok((made, false))
            }
            Told::Open(wrong) => Err(StepError::Check(format!(
                "the new deployment is not what was put: {wrong}"
            ))),
        }
    }

    /// The deployment whose answer got lost, on whatever page it stands.
    async fn lost_deployment(&self, description: &str) -> Result<Option<Deployment>, StepError> {
        let known = &self.before().reading.deployments;
        let is_ours = |one: &Deployment| {
            one.description.as_deref() == Some(description) && known.iter().all(|known| known.id != one.id)
        };
        let read = || read_deployments(self.gateway, self.id());
        let seen = until(read, |all: &Vec<Deployment>| all.iter().any(is_ours)).await?;
        Ok(seen.so().and_then(|all| all.into_iter().find(is_ours)))
    }

    pub(super) async fn deployment_away(&self, deployment_id: &str) {
        match self.gateway.delete_deployment(self.id(), deployment_id).await {
            // An earlier attempt of this call did it.
            Err(error) if !matches!(error.cause, Cause::NotFound { .. }) => self.warn(Warning::DeploymentStays {
                deployment_id: deployment_id.to_owned(),
                ours: true,
                error: error.to_string(),
            }),
            _ => {}
        }
    }

    /// Deletes deployments that nobody needs any more.
    pub(crate) async fn prune(&self, keep: usize) {
        for id in superfluous(&self.before().reading, self.stage, keep) {
            if let Err(error) = self.gateway.delete_deployment(self.id(), id).await {
                self.warn(Warning::DeploymentStays {
                    deployment_id: id.to_owned(),
                    ours: false,
                    error: error.to_string(),
                });
                return;
            }
        }
    }
}
