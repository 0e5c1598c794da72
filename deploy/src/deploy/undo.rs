//! Putting back what a failed run changed.

use tokio::time::sleep;

use crate::api::{ApiGateway, Cause, Patch, RestApi, Stage};
use crate::plan::{Kept, Reading, restored};

use super::canary;
use super::publish::not_serving;
use super::stage_back::{stage_away, stage_settings_back};
use super::write::{MOST_READS, POLL, repair, settle};
use super::{Observer, Order, State, Trouble};

/// What a run has done so far.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// What the put answered, until it is looked at.
    pub(super) put: Option<RestApi>,
    /// The deployment that was made.
    pub(super) deployment: Option<String>,
    /// Whether the stage's pointer may have moved.
    pub(super) pointed: bool,
}

impl Done {
    /// A put, and nothing else.
    pub(super) fn after(put: RestApi) -> Self {
        Self {
            put: Some(put),
            ..Self::default()
        }
    }
}

/// Moves the pointer back, puts the draft back, and says what state that left.
pub(super) async fn undo(
    gateway: &impl ApiGateway,
    before: &Reading,
    export: Option<&str>,
    done: &Done,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> State {
    order.clock.begin_undo();
    observer.step("Undoing", "what was done");
    let stage = order.stage;
    if done.pointed && point_back(gateway, before, stage).await.is_err() {
        return State::StageUnknown;
    }
    // Apart from the pointer, so that a setting that is refused does not keep it where it is.
    let is_touched = done.pointed && order.canary.is_none();
    let has_settings = !is_touched || stage_settings_back(gateway, before, order).await.is_ok();
    if done.pointed
        && before.stage(stage).is_none()
        && stage_away(gateway, &before.api.id, stage, done.deployment.as_deref())
            .await
            .is_err()
    {
        return State::StageUnknown;
    }
    // A draft that was never deployed and has no method is put back as easily.
    let Some(export) = export.or_else(|| nothing(before)) else {
        // Nothing was served before: there is nothing to put back but the settings.
        if let Err(trouble) = settings_back(gateway, before, order.emulated, observer).await {
            observer.warning(&format!("settings of the API may be lost: {trouble}"));
        }
        return State::DraftReplaced {
            rest_api_id: before.api.id.clone(),
        };
    };
    if put_back(gateway, before, export, order.emulated, observer)
        .await
        .is_err()
    {
        return State::DraftUnknown;
    }
    if let Some(id) = &done.deployment
        && let Err(error) = gateway.delete_deployment(&before.api.id, id).await
    {
        observer.warning(&format!("the deployment {id} stays, and no stage serves it: {error}"));
    }
    if has_settings {
        State::Restored
    } else {
        State::SettingsUnknown
    }
}

/// Makes the stage serve what it served. Gives the stage when there is something to serve.
pub(crate) async fn point_back(
    gateway: &impl ApiGateway,
    before: &Reading,
    stage: &str,
) -> Result<Option<Stage>, Trouble> {
    let Some(old) = before.stage(stage) else {
        return Ok(None);
    };
    let id = &before.api.id;
    let now = match &old.deployment_id {
        // Without asking where it points: the answer may be older than the move. The answer to this is not.
        Some(served) => {
            let patch = Patch::replace("/deploymentId", served);
            match gateway.update_stage(id, stage, &[patch]).await {
                Err(error) if error.is_ambiguous() => gateway.get_stage(id, stage).await?,
                answer => answer?,
            }
        }
        None => gateway.get_stage(id, stage).await?,
    };
    let patches = canary::patches_back(old, &now);
    if patches.is_empty() && old.deployment_id.is_none() {
        return Ok(None);
    }
    if !patches.is_empty()
        && let Err(error) = gateway.update_stage(id, stage, &patches).await
        && !error.is_ambiguous()
    {
        return Err(error.into());
    }
    is_back(gateway, id, old).await.map(Some)
}

/// The stage, once it says itself that it is as it was. A read may be older than the write before it.
async fn is_back(gateway: &impl ApiGateway, rest_api_id: &str, old: &Stage) -> Result<Stage, Trouble> {
    let mut serves = false;
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            sleep(POLL).await;
        }
        match gateway.get_stage(rest_api_id, &old.name).await {
            Ok(now) => {
                serves = now.deployment_id == old.deployment_id;
                if serves && canary::patches_back(old, &now).is_empty() {
                    return Ok(now);
                }
            }
            Err(error) if matches!(error.cause, Cause::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(match &old.deployment_id {
        Some(served) if !serves => not_serving(&old.name, served),
        _ => Trouble::Check(format!("the canary of the stage `{}` is not as it was", old.name)),
    })
}

/// Puts settings back that the put may have reset, and leaves the rest of the draft.
async fn settings_back(
    gateway: &impl ApiGateway,
    before: &Reading,
    emulated: bool,
    observer: &mut impl Observer,
) -> Result<(), Trouble> {
    let api = settle(gateway, &before.api.id).await?;
    repair(gateway, &before.api, api, emulated, observer).await?;
    Ok(())
}

pub(crate) async fn put_back(
    gateway: &impl ApiGateway,
    before: &Reading,
    export: &str,
    emulated: bool,
    observer: &mut impl Observer,
) -> Result<(), Trouble> {
    let body = restored(
        export,
        &before.api,
        Some(&before.draft.responses),
        &Kept::all(&before.draft),
    )
    .map_err(|error| Trouble::Check(error.to_string()))?;
    let put = gateway.put_rest_api(&before.api.id, &body, false).await?;
    let read = settle(gateway, &before.api.id).await?;
    let api = if emulated { read } else { put };
    repair(gateway, &before.api, api, emulated, observer).await?;
    Ok(())
}

/// The document of a draft without methods. `None` when it has some.
fn nothing(before: &Reading) -> Option<&'static str> {
    const EMPTY: &str = r#"{"openapi": "3.0.1", "info": {"title": "", "version": "1"}, "paths": {}}"#;
    if before
        .draft
        .resources
        .iter()
        .any(|resource| !resource.methods.is_empty())
    {
        return None;
    }
    Some(EMPTY)
}
