//! Deleting an API.

use serde::Serialize;

use crate::api::{ApiGateway, Cause};
use crate::read::{Needs, Reading};
use crate::transaction::{Caller, Event, Intent, Question, RunError, State, StepError, Transaction, Undo, Warning};

use super::Deployer;

/// What was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Destroyed {
    /// The API's id.
    pub rest_api_id: String,
    /// Its name.
    pub name: String,
    /// The stages that are gone with it.
    pub stages: Vec<String>,
    /// How many deployments are gone with it.
    pub deployments: usize,
}

impl<G: ApiGateway> Deployer<G> {
    /// Deletes the API with all of its stages, after the journal has what can be kept of it. The caller is asked for the
    /// API's name ([`Caller::name_of`]); only the same name deletes.
    ///
    /// # Errors
    ///
    /// [`RunError`], which says what state things were left in.
    pub async fn destroy(&self, caller: &mut impl Caller) -> Result<Destroyed, RunError> {
        let run = self.transaction(caller);
        let reading = run.read_api().await?;
        for stage in &reading.stages {
            run.warn(Warning::StageGoes {
                stage: stage.name.clone(),
                deployment_id: stage.deployment_id.clone(),
            });
        }
        let question = Question {
            rest_api_id: Some(reading.api.id.clone()),
            name: reading.api.name.clone(),
            intent: Intent::Destroy,
        };
        let typed = run.ask(|caller| caller.name_of(&question));
        if self.clock.is_stopped() {
            return Err(RunError::Declined { interrupted: true });
        }
        if typed.as_ref() != Some(&question.name) {
            return Err(RunError::NotNamed {
                name: question.name,
                typed,
            });
        }
        run.with_lock(&reading.api, run.delete(&reading), |()| true).await?;
        Ok(Destroyed {
            rest_api_id: reading.api.id.clone(),
            name: reading.api.name.clone(),
            stages: reading.stages.iter().map(|stage| stage.name.clone()).collect(),
            deployments: reading.deployments.len(),
        })
    }
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    async fn delete(&self, planned: &Reading) -> Result<(), StepError> {
        let reading = self.read_again(planned, &Needs::default()).await?;
        self.snapshot(reading).await?;
        let api = &self.before().reading.api;
        self.tell(&Event::Deleting {
            rest_api_id: api.id.clone(),
            name: api.name.clone(),
        });
        self.delete_api(&api.id).await?;
        self.withdraw_all().await;
        Ok(())
    }

    async fn delete_api(&self, id: &str) -> Result<(), StepError> {
        let is_gone = |cause: &Cause| matches!(cause, Cause::NotFound { .. });
        match self.apply([Undo::Deleted], self.gateway.delete_rest_api(id)).await {
            Ok(()) => Ok(()),
            // An earlier attempt of this call did it.
            Err(error) if is_gone(&error.cause) => Ok(()),
            Err(error) if error.is_ambiguous() => {
                // Whatever was answered, the API is there or not.
                self.clock.begin_undo();
                self.keep();
                match self.gateway.get_rest_api(id).await {
                    Err(gone) if is_gone(&gone.cause) => Ok(()),
                    Ok(_) => Err(error.into()),
                    Err(_) => Err(StepError::Call(error).leaving(State::MaybeDeleted).into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}
