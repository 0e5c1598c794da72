//! What is known before the first write.

use crate::api::ApiGateway;
use crate::plan::{Past, Plan, Reading, Wanted, read, read_links};

use super::journal::Journal;
use super::turn::{died, is_interrupted, outlive, untouched};
use super::{DeployError, Located, Observer, Order, identify, locate};
use crate::read::recover;

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
        stage: order.stage,
        stage_settings: &order.settings.stage_settings,
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
        stage: order.stage.to_owned(),
        known: Vec::new(),
    };
    let api = match locate(gateway, order, observer).await? {
        Located::Existing(api) => outlive(gateway, *api, journal, order.emulated, observer).await?,
        // A canary is beside what a stage serves.
        Located::Missing if order.canary.is_some() => return Err(no_stage()),
        Located::Missing => {
            let links = wanted.links();
            let links = read_links(gateway, &links, order.emulated).await.map_err(untouched)?;
            return Ok(Survey {
                plan: Plan::creating(&wanted, &links).called_by(caller),
                reading: None,
            });
        }
    };
    observer.step("Reading", &format!("the API `{}` ({})", api.name, api.id));
    let interrupted = is_interrupted(&api, journal, &order.turn());
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
    let plan = Plan::of(&whole, &wanted, &Past { interrupted, back }).called_by(caller);
    Ok(Survey {
        plan,
        reading: Some(reading),
    })
}
