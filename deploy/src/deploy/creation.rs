//! A deployment to an API that there is not yet.

use tokio::time::sleep;

use crate::api::{ApiGateway, CallError, RestApi};
use crate::plan::{Overwrite, Reading};

use super::journal::Journal;
use super::lock::KEY as LOCK_TAG;
use super::stage_back::stage_away;
use super::transaction::publish;
use super::turn::{lock, note_step, take, untouched};
use super::undo::Done;
use super::write::{MOST_READS, POLL, import};
use super::{DeployError, Deployed, Observer, Order, State};
use crate::read::all_named;

/// Whether the API of this run is the only one of its name. Of several that were created at the same time the one with
/// the first id stays if the others go, as they do when their runs see it in time; otherwise it goes too, for an API
/// that stays may be in use already.
async fn is_the_only_one(gateway: &impl ApiGateway, made: &RestApi, name: &str) -> Result<bool, CallError> {
    for reads in 1.. {
        let mut others = all_named(gateway, name).await?;
        others.retain(|other| other.id != made.id);
        if others.is_empty() {
            return Ok(true);
        }
        if reads == MOST_READS || others.iter().any(|other| other.id < made.id) {
            break;
        }
        sleep(POLL).await;
    }
    Ok(false)
}

/// Creates the API and deploys to it. Two runs that do so at the same time must not end with two APIs of one name.
pub(super) async fn create_api(
    gateway: &impl ApiGateway,
    mut overwrite: Overwrite,
    order: &Order<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<Deployed, DeployError> {
    let name = overwrite.expected.name.clone();
    // Since the plan, somebody may have been asked, and another run may have been quicker.
    if !all_named(gateway, &name).await.map_err(untouched)?.is_empty() {
        return Err(DeployError::ChangedMeanwhile);
    }
    journal.prepare()?;
    observer.step("Creating", &format!("the API `{name}`"));
    let made = import(gateway, &overwrite.body, order, observer)
        .await
        .map_err(|error| DeployError::Call {
            state: if error.is_ambiguous() {
                State::MaybeCreated
            } else {
                State::Untouched
            },
            error,
        })?;
    observer.step("Created", &format!("the API `{}`", made.id));
    overwrite.expected.id.clone_from(&made.id);
    overwrite.expected.api_key_source.clone_from(&made.api_key_source);
    let left = State::DraftReplaced {
        rest_api_id: made.id.clone(),
    };
    let failed = |error| DeployError::Call {
        error,
        state: left.clone(),
    };
    if !is_the_only_one(gateway, &made, &name).await.map_err(failed)? {
        order.clock.begin_undo();
        observer.step("Undoing", "what was done");
        gateway.delete_rest_api(&made.id).await.map_err(failed)?;
        return Err(DeployError::CreatedMeanwhile { name });
    }
    let opened = journal.open(&made.id, order.run).is_ok();
    if opened {
        note_step(journal, "created", observer);
    }
    // Nobody can have locked it for long: it is a moment old, and a read might not show it yet.
    let turn = order.turn();
    let is_locked = take(gateway, &made.id, &lock(&turn), &turn, observer)
        .await
        .map_err(failed)?;
    let before = Reading {
        api: overwrite.expected.clone(),
        ..Reading::default()
    };
    let (id, warnings) = (made.id.clone(), made.warnings.clone());
    let mut done = Done::after(made);
    let published = publish(gateway, &before, &overwrite, order, &mut done, journal, observer).await;
    order.clock.begin_undo();
    if is_locked
        && let Err(error) = gateway.untag_resource(&id, LOCK_TAG).await
        && !order.emulated
    {
        observer.warning(&format!("the tag `{LOCK_TAG}` stays until it expires: {error}"));
    }
    let deployment_id = match published {
        Ok(deployment_id) => deployment_id,
        Err(trouble) => {
            observer.step("Undoing", "what was done");
            let stage = order.stage;
            let made_by_us = done.deployment.as_deref();
            let state = if done.pointed && stage_away(gateway, &id, stage, made_by_us).await.is_err() {
                State::StageUnknown
            } else {
                left
            };
            return Err(trouble.leaving(state));
        }
    };
    journal.end();
    Ok(Deployed {
        rest_api_id: id,
        name,
        created: true,
        changed: true,
        deployment_id,
        warnings,
    })
}
