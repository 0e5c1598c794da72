//! Giving a stage back the settings that it had, and taking one away that there was not.

use tokio::time::sleep;

use crate::api::{ApiGateway, CallError, Cause};
use crate::plan::Declared as _;
use crate::plan::Reading;

use super::Order;
use super::write::{MOST_READS, POLL};

/// Gives the stage back the settings that it had, as far as the file declares them.
pub(super) async fn stage_settings_back(
    gateway: &impl ApiGateway,
    before: &Reading,
    order: &Order<'_>,
) -> Result<(), CallError> {
    let name = order.stage;
    let id = &before.api.id;
    let wanted = &order.settings.stage_settings;
    let Some(stage) = before.stage(name) else {
        return Ok(());
    };
    if wanted.missing(Some(stage)).is_empty() {
        return Ok(());
    }
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            sleep(POLL).await;
        }
        // A read may be older than the write before it: what it shows is not all that there is to put back.
        let now = gateway.get_stage(id, name).await?;
        let patches = wanted.patches_back(stage, &now);
        if !patches.is_empty() {
            gateway.update_stage(id, name, &patches).await?;
        }
        let changed = wanted
            .tags
            .keys()
            .filter(|key| stage.tags.get(*key) != now.tags.get(*key));
        let (old, new): (Vec<_>, Vec<_>) = changed.partition(|key| stage.tags.contains_key(*key));
        if !new.is_empty() {
            let keys: Vec<String> = new.iter().map(|key| (*key).clone()).collect();
            gateway.untag_stage(id, name, &keys).await?;
        }
        if !old.is_empty() {
            let tags = old.iter().map(|key| ((*key).clone(), stage.tags[*key].clone()));
            gateway.tag_stage(id, name, &tags.collect()).await?;
        }
        if attempt > 0 && patches.is_empty() && old.is_empty() && new.is_empty() {
            break;
        }
    }
    Ok(())
}

/// Takes a stage away that this run made. One that serves another deployment somebody else made meanwhile.
pub(super) async fn stage_away(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    stage: &str,
    deployment_id: Option<&str>,
) -> Result<(), CallError> {
    for attempt in 1..=MOST_READS {
        match gateway.get_stage(rest_api_id, stage).await {
            Ok(now) if now.deployment_id.as_deref() == deployment_id => {
                return gateway.delete_stage(rest_api_id, stage).await;
            }
            Ok(_) => return Ok(()),
            // It may have been made a moment ago.
            Err(error) if matches!(error.cause, Cause::NotFound { .. }) => {
                if attempt < MOST_READS {
                    sleep(POLL).await;
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
