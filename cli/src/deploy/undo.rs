//! Putting back what a failed run changed.

use crate::aws::{ApiGateway, CallError, Cause, Patch};
use crate::plan::{Kept, Reading, restored};

use super::write::{repair, settle};
use super::{Observer, Order, State, Trouble};

/// What a run has done so far.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The deployment that was made.
    pub(super) deployment: Option<String>,
    /// Whether the stage's pointer may have moved.
    pub(super) pointed: bool,
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
    gateway.begin_undo();
    observer.step("Undoing", "what was done");
    if done.pointed && stage_back(gateway, before, order).await.is_err() {
        return State::StageUnknown;
    }
    // A draft that was never deployed and has no method is put back as easily.
    let empty = nothing(before, order);
    let Some(export) = export.or(empty.as_deref()) else {
        // Nothing was served before: there is nothing to put back.
        return State::DraftReplaced {
            rest_api_id: before.api.id.clone(),
        };
    };
    if put_back(gateway, before, export, order, observer).await.is_err() {
        return State::DraftUnknown;
    }
    if let Some(id) = &done.deployment
        && let Err(error) = gateway.delete_deployment(&before.api.id, id).await
    {
        observer.warning(&format!("the deployment {id} stays, and no stage serves it: {error}"));
    }
    State::Restored
}

/// Lets the stage serve what it served, with the settings that it had.
pub(super) async fn stage_back(
    gateway: &impl ApiGateway,
    before: &Reading,
    order: &Order<'_>,
) -> Result<(), CallError> {
    let name = order.settings.stage.as_str();
    let id = &before.api.id;
    let wanted = &order.settings.stage_settings;
    let Some(stage) = before.stage(name) else {
        return stage_away(gateway, id, name).await;
    };
    let now = gateway.get_stage(id, name).await?;
    let mut patches = wanted.patches_back(stage, &now);
    if let Some(old) = stage.deployment_id.as_deref()
        && now.deployment_id.as_deref() != Some(old)
    {
        patches.insert(0, Patch::replace("/deploymentId", old));
    }
    if !patches.is_empty() {
        gateway.update_stage(id, name, &patches).await?;
    }
    let changed = wanted
        .tags
        .keys()
        .filter(|key| stage.tags.get(*key) != now.tags.get(*key));
    let (old, new): (Vec<_>, Vec<_>) = changed.partition(|key| stage.tags.contains_key(*key));
    if !new.is_empty() {
        let keys: Vec<String> = new.into_iter().cloned().collect();
        gateway.untag_stage(id, name, &keys).await?;
    }
    if !old.is_empty() {
        let tags = old
            .into_iter()
            .map(|key| (key.clone(), stage.tags[key].clone()))
            .collect();
        gateway.tag_stage(id, name, &tags).await?;
    }
    Ok(())
}

async fn put_back(
    gateway: &impl ApiGateway,
    before: &Reading,
    export: &str,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<(), Trouble> {
    let body = restored(export, &before.api).map_err(|error| Trouble::Check(error.to_string()))?;
    gateway.put_rest_api(&before.api.id, &body, false).await?;
    let api = settle(gateway, &before.api.id).await?;
    repair(gateway, &before.api, api, order, observer).await?;
    Ok(())
}

/// Takes a stage away that this run made.
pub(super) async fn stage_away(gateway: &impl ApiGateway, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
    match gateway.delete_stage(rest_api_id, stage).await {
        // The call that should have made it did not.
        Err(error) if matches!(error.cause, Cause::NotFound { .. }) => Ok(()),
        answer => answer,
    }
}

/// The document of a draft without methods. `None` when it has some.
fn nothing(before: &Reading, order: &Order<'_>) -> Option<String> {
    const EMPTY: &str = r#"{"openapi": "3.0.1", "info": {"title": "", "version": "1"}, "paths": {}}"#;
    if before.resources.iter().any(|resource| !resource.methods.is_empty()) {
        return None;
    }
    let kept = Kept::of(before, order.document);
    kept.add_to(EMPTY.to_owned(), &before.api).ok()
}
