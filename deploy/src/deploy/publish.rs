//! Making the stage serve the new definition.

use tokio::time::sleep;

use crate::api::{ApiGateway, CallError, Cause, Deployment, Patch, Stage};
use crate::plan::{Declared as _, Definition, Reading};
use crate::read::superfluous;

use super::undo::Done;
use super::write::{MOST_READS, POLL, deployed_deviation};
use super::{Observer, Order, Trouble};

/// Creates a deployment that no stage serves yet, and checks who may call what of it.
pub(super) async fn create(
    gateway: &impl ApiGateway,
    before: &Reading,
    description: &str,
    desired: &Definition,
    order: &Order<'_>,
    done: &mut Done,
    observer: &mut impl Observer,
) -> Result<Deployment, Trouble> {
    let id = &before.api.id;
    observer.step("Creating", "a deployment");
    let deployment = match gateway.create_deployment(id, description).await {
        Ok(deployment) => deployment,
        Err(error) if error.is_ambiguous() => match lost(gateway, before, description).await? {
            Some(deployment) => deployment,
            // It did not happen: once more.
            None => gateway.create_deployment(id, description).await?,
        },
        Err(error) => return Err(error.into()),
    };
    done.deployment = Some(deployment.id.clone());
    match made(gateway, id, &deployment.id).await {
        Ok(made) => match deployed_deviation(&made, desired) {
            Some(wrong) if order.emulated => {
                observer.warning(&format!("the emulator did not deploy all of the document: {wrong}"));
            }
            Some(wrong) => {
                return Err(Trouble::Check(format!(
                    "the new deployment is not what was put: {wrong}"
                )));
            }
            None => {}
        },
        Err(error) if order.emulated && error.is_ambiguous() => {}
        Err(error) => return Err(error.into()),
    }
    Ok(deployment)
}

/// Reads a deployment that was just made, of which a read may not know yet.
async fn made(gateway: &impl ApiGateway, rest_api_id: &str, id: &str) -> Result<Deployment, CallError> {
    for _ in 1..MOST_READS {
        match gateway.get_deployment(rest_api_id, id).await {
            Err(error) if matches!(error.cause, Cause::NotFound { .. }) => sleep(POLL).await,
            answer => return answer,
        }
    }
    gateway.get_deployment(rest_api_id, id).await
}

/// The deployment whose answer got lost.
async fn lost(gateway: &impl ApiGateway, before: &Reading, description: &str) -> Result<Option<Deployment>, CallError> {
    let page = gateway.get_deployments(&before.api.id, None).await?;
    let is_new = |one: &Deployment| {
        let known = before.deployments.iter().any(|known| known.id == one.id);
        !known && one.description.as_deref() == Some(description)
    };
    Ok(page.items.into_iter().find(is_new))
}

/// Makes a stage that there is serve a deployment, and checks that it does. `touched` becomes true when it may.
pub(crate) async fn point(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    stage: &str,
    deployment_id: &str,
    touched: &mut bool,
) -> Result<Stage, Trouble> {
    let patch = Patch::replace("/deploymentId", deployment_id);
    let moved = gateway.update_stage(rest_api_id, stage, &[patch]).await;
    if let Err(error) = moved
        && !error.is_ambiguous()
    {
        return Err(error.into());
    }
    *touched = true;
    let now = serves(gateway, rest_api_id, stage, deployment_id).await?;
    now.ok_or_else(|| not_serving(stage, deployment_id))
}

/// Makes the stage serve a deployment with the settings of the file, and checks that it does. One call does both, so
/// that the new definition is never served with the old settings.
pub(super) async fn place(
    gateway: &impl ApiGateway,
    before: &Reading,
    rest_api_id: &str,
    deployment_id: &str,
    order: &Order<'_>,
    done: &mut Done,
    observer: &mut impl Observer,
) -> Result<Stage, Trouble> {
    done.pointed = true;
    let name = order.stage;
    let stage = before.stage(name);
    let missing = order.settings.stage_settings.missing(stage);
    let moved = if stage.is_some() {
        let mut patches = vec![Patch::replace("/deploymentId", deployment_id)];
        patches.extend(missing.patches());
        gateway.update_stage(rest_api_id, name, &patches).await
    } else {
        gateway
            .create_stage(rest_api_id, name, deployment_id, &missing.values)
            .await
    };
    if let Err(error) = moved
        && !error.is_ambiguous()
    {
        done.pointed = false;
        return Err(error.into());
    }
    match serves(gateway, rest_api_id, name, deployment_id).await? {
        Some(now) => configure(gateway, now, rest_api_id, order, observer).await,
        None => Err(not_serving(name, deployment_id)),
    }
}

/// Gives a stage the settings of the file that it has not, and checks that it has them.
pub(super) async fn configure(
    gateway: &impl ApiGateway,
    mut now: Stage,
    rest_api_id: &str,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<Stage, Trouble> {
    let name = order.stage;
    let wanted = &order.settings.stage_settings;
    let missing = wanted.missing(Some(&now));
    if missing.is_empty() {
        return Ok(now);
    }
    observer.step("Setting", &format!("what the file declares of the stage `{name}`"));
    let mut written = Ok(());
    if !missing.values.is_empty() {
        let patched = gateway.update_stage(rest_api_id, name, &missing.patches()).await;
        written = patched.map(drop);
    }
    if written.is_ok() && !missing.tags.is_empty() {
        written = gateway.tag_stage(rest_api_id, name, &missing.tags).await;
    }
    match written {
        Err(error) if order.emulated && matches!(error.cause, Cause::Refused { .. } | Cause::Garbled { .. }) => {
            observer.warning("the emulator does not set all that the file declares of the stage");
            return Ok(now);
        }
        Err(error) if !error.is_ambiguous() => return Err(error.into()),
        _ => {}
    }
    let mut missing = missing;
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            sleep(POLL).await;
        }
        now = gateway.get_stage(rest_api_id, name).await?;
        missing = wanted.missing(Some(&now));
        if missing.is_empty() || order.emulated {
            break;
        }
    }
    match missing.changes(Some(&now)).first() {
        None => Ok(now),
        Some(change) if order.emulated => {
            observer.warning(&format!("the emulator did not set the {} of the stage", change.field));
            Ok(now)
        }
        Some(change) => Err(Trouble::Check(format!(
            "the stage `{name}` does not have the {} of the file",
            change.field
        ))),
    }
}

/// Empties the caches of a stage that has one, after it serves something else.
pub(crate) async fn flush(gateway: &impl ApiGateway, rest_api_id: &str, stage: &Stage, observer: &mut impl Observer) {
    if !stage.has_cache {
        return;
    }
    let name = &stage.name;
    for (what, flushed) in [
        ("cache", gateway.flush_stage_cache(rest_api_id, name).await),
        (
            "authorizers' cache",
            gateway.flush_stage_authorizers_cache(rest_api_id, name).await,
        ),
    ] {
        if let Err(error) = flushed {
            observer.warning(&format!("the {what} of the stage is not emptied: {error}"));
        }
    }
}

/// The stage, once it says itself that it serves a deployment. A read may be older than the write before it.
pub(super) async fn serves(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    stage: &str,
    deployment_id: &str,
) -> Result<Option<Stage>, CallError> {
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            sleep(POLL).await;
        }
        match gateway.get_stage(rest_api_id, stage).await {
            Ok(now) if now.deployment_id.as_deref() == Some(deployment_id) => return Ok(Some(now)),
            Err(error) if !matches!(error.cause, Cause::NotFound { .. }) => return Err(error),
            _ => {}
        }
    }
    Ok(None)
}

/// A stage that does not do what it was told.
pub(super) fn not_serving(stage: &str, deployment_id: &str) -> Trouble {
    Trouble::Check(format!(
        "the stage `{stage}` does not serve the deployment {deployment_id}"
    ))
}

/// Deletes deployments that nobody needs any more.
pub(super) async fn prune(
    gateway: &impl ApiGateway,
    before: &Reading,
    order: &Order<'_>,
    observer: &mut impl Observer,
) {
    for id in superfluous(before, order.keep) {
        if let Err(error) = gateway.delete_deployment(&before.api.id, id).await {
            observer.warning(&format!("the old deployment {id} stays: {error}"));
            return;
        }
    }
}
