//! Deleting an API.

use std::collections::BTreeSet;

use bluegate_core::aws::Environment;
use serde::Serialize;

use crate::api::{ApiGateway, Cause};
use crate::deploy::{
    DeployError, Journal, Lock, Observer, State, Turn, alone, note_step, read_again, snapshot, untouched,
};
use crate::plan::Reading;

use super::rollback::survey;

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Destroy<'a> {
    /// The API.
    pub environment: &'a Environment,
    /// The run.
    pub turn: Turn<'a>,
}

/// None is read more of than the others.
const NO_STAGE: &str = "";

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

/// Deletes an API with all of its stages, after the journal has what can be kept of it. `typed` is given the API's name
/// and gives the name that somebody typed for it; only the same name deletes.
///
/// # Errors
///
/// [`DeployError`], which says what state things were left in.
pub async fn destroy(
    gateway: &impl ApiGateway,
    order: &Destroy<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
    typed: impl FnOnce(&Reading) -> Option<String>,
) -> Result<Destroyed, DeployError> {
    let reading = survey(
        gateway,
        order.environment,
        NO_STAGE,
        journal,
        order.turn.emulated,
        observer,
    )
    .await?;
    for stage in &reading.stages {
        let serves = stage.deployment_id.as_deref().unwrap_or("nothing");
        observer.warning(&format!(
            "the stage `{}`, which serves {serves}, is deleted",
            stage.name
        ));
    }
    let name = typed(&reading);
    if observer.is_interrupted() {
        return Err(DeployError::Declined { interrupted: true });
    }
    if name.as_deref() != Some(reading.api.name.as_str()) {
        return Err(DeployError::NotNamed {
            name: reading.api.name,
            typed: name,
        });
    }
    let work = async |lock: &Lock, journal: &mut Journal, observer: &mut _| {
        locked(gateway, &reading, lock, order, journal, observer).await
    };
    alone(gateway, &reading.api, &order.turn, journal, observer, work, |()| true).await?;
    Ok(Destroyed {
        rest_api_id: reading.api.id.clone(),
        name: reading.api.name.clone(),
        stages: reading.stages.iter().map(|stage| stage.name.clone()).collect(),
        deployments: reading.deployments.len(),
    })
}

async fn locked(
    gateway: &impl ApiGateway,
    planned: &Reading,
    lock: &Lock,
    order: &Destroy<'_>,
    journal: &Journal,
    observer: &mut impl Observer,
) -> Result<(), DeployError> {
    let turn = &order.turn;
    let reading = read_again(gateway, planned, lock, NO_STAGE, &BTreeSet::new(), turn, journal).await?;
    snapshot(gateway, &reading, turn, journal, observer).await?;
    note_step(journal, "deleting", observer);
    let id = &reading.api.id;
    observer.step("Deleting", &format!("the API `{}` ({id})", reading.api.name));
    let error = match gateway.delete_rest_api(id).await {
        Ok(()) => return Ok(()),
        // An earlier attempt of this call did it.
        Err(error) if matches!(error.cause, Cause::NotFound { .. }) => return Ok(()),
        Err(error) if error.is_ambiguous() => error,
        Err(error) => return Err(untouched(error)),
    };
    // Whatever was answered, the API is there or not.
    turn.clock.begin_undo();
    match gateway.get_rest_api(id).await {
        Err(gone) if matches!(gone.cause, Cause::NotFound { .. }) => Ok(()),
        Ok(_) => Err(untouched(error)),
        Err(_) => Err(DeployError::Call {
            error,
            state: State::MaybeDeleted,
        }),
    }
}
