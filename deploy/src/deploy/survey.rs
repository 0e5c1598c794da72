//! What is known before the first write.

use crate::api::ApiGateway;
use crate::plan::{Plan, Reading, Wanted, read, read_links};

use super::journal::Journal;
use super::recover::recover;
use super::turn::{died, is_interrupted, outlive, untouched};
use super::{DeployError, Located, Observer, Order, identify, locate};

/// What is known before the first write.
#[derive(Debug)]
pub struct Survey {
    /// What a deployment would do.
    pub plan: Plan,
    /// The API as it is; `None` for one that is to be created.
    pub reading: Option<Reading>,
}

pub(super) fn wanted<'a>(order: &Order<'a>) -> Wanted<'a> {
    Wanted {
        document: order.document,
        digest: order.digest,
        name: order.settings.name.as_deref(),
        stage: &order.settings.stage,
        canary: order.canary,
        allow: order.allow,
    }
}

/// Reads the API and plans; writes nothing.
///
/// # Errors
///
/// [`DeployError`] when the API is not found or a call fails.
pub async fn survey(
    gateway: &impl ApiGateway,
    order: &Order<'_>,
    journal: &Journal,
    observer: &mut impl Observer,
) -> Result<Survey, DeployError> {
    let wanted = wanted(order);
    let caller = identify(gateway, order.settings.account_id.as_deref(), observer).await?;
    let no_stage = || DeployError::NoStage {
        stage: order.settings.stage.clone(),
        known: Vec::new(),
    };
    let api = match locate(gateway, order, observer).await? {
        Located::Existing(api) => outlive(gateway, *api, journal, order.emulated, observer).await?,
        // A canary is beside what a stage serves.
        Located::Missing if order.canary.is_some() => return Err(no_stage()),
        Located::Missing => {
            let links = wanted.links();
            let (links, _) = read_links(gateway, &links, order.emulated).await.map_err(untouched)?;
            return Ok(Survey {
                plan: Plan::creating(&wanted, &links)
                    .with_settings(None, &order.settings.stage_settings)
                    .called_by(caller),
                reading: None,
            });
        }
    };
    observer.step("Reading", &format!("the API `{}` ({})", api.name, api.id));
    let is_interrupted = is_interrupted(&api, journal, &order.turn());
    let reading = read(gateway, api, wanted.stage, &wanted.links(), order.emulated)
        .await
        .map_err(untouched)?;
    let serves = reading
        .stage(wanted.stage)
        .is_some_and(|stage| stage.deployment_id.is_some());
    if order.canary.is_some() && !serves {
        return Err(no_stage());
    }
    // What comes back is there as far as the plan is concerned.
    let mut whole = reading.clone();
    let snapshot = journal.left(&reading.api.id).filter(|_| died(&reading.api.id, journal));
    let back = snapshot.map_or_else(Vec::new, |snapshot| recover(&mut whole, &snapshot));
    let mut plan = with_settings(Plan::of(&whole, &wanted, is_interrupted), &reading, order).called_by(caller);
    if !back.is_empty() {
        plan.up_to_date = false;
        plan.only_stage = false;
        if let Some(canary) = &mut plan.canary {
            canary.only_percent = false;
        }
        plan.notes
            .push(format!("an interrupted run took {}: it comes back", back.join(", ")));
    }
    Ok(Survey {
        plan,
        reading: Some(reading),
    })
}

/// The settings of the stage are its own, and not those of a canary beside it.
fn with_settings(mut plan: Plan, reading: &Reading, order: &Order<'_>) -> Plan {
    let settings = &order.settings.stage_settings;
    let stage = reading.stage(&order.settings.stage);
    if order.canary.is_none() {
        return plan.with_settings(stage, settings);
    }
    if !settings.missing(stage).is_empty() {
        plan.notes
            .push("settings of the stage are set by the next deployment without a canary".to_owned());
    }
    plan
}
