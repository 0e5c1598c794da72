//! Ending a canary: with its version for everybody, or for nobody.

use std::collections::BTreeSet;

use bluegate_core::aws::Environment;
use serde::Serialize;

use crate::api::{ApiGateway, Canary};
use crate::deploy::{
    DeployError, Journal, Lock, Observer, State, Trouble, Turn, alone, canary, confirmed, flush, is_interrupted,
    note_step, read_again, snapshot, untouched,
};
use crate::plan::{Allow, Difference, Drift, Reading, Refusal, access_only, drift, served};

use super::level::{Held, Progress, Served, go_back, level};
use super::rollback::{exposures, named, no_stage, serving, survey};

/// How a canary ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Its deployment becomes what the stage serves.
    Promote,
    /// It goes, and the stage serves what it did.
    Abort,
}

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub struct EndCanary<'a> {
    /// The API.
    pub environment: &'a Environment,
    /// The stage.
    pub stage: &'a str,
    /// How it ends.
    pub ending: Ending,
    /// Whether the draft stays as it is when the canary goes.
    pub keep_draft: bool,
    /// What guards permit.
    pub allow: Allow,
    /// The run.
    pub turn: Turn<'a>,
}

/// What that left.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ended {
    /// The API's id.
    pub rest_api_id: String,
    /// The API's name.
    pub name: String,
    /// The stage.
    pub stage: String,
    /// How the canary ended.
    pub ending: Ending,
    /// What the canary served.
    pub canary: String,
    /// How many percent of the traffic it had.
    pub percent: f64,
    /// What the stage served beside it.
    pub served: String,
    /// What it serves now.
    pub serves: String,
    /// Whether the draft was made equal to that; a promotion does not touch it.
    pub draft_is_live: bool,
}

/// Promotes or aborts the canary of a stage, and undoes it when that fails.
///
/// # Errors
///
/// [`DeployError`], which says what state things were left in.
pub async fn end_canary(
    gateway: &impl ApiGateway,
    order: &EndCanary<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<Ended, DeployError> {
    let stage = order.stage;
    let reading = survey(
        gateway,
        order.environment,
        stage,
        journal,
        order.turn.emulated,
        observer,
    )
    .await?;
    let Some(production) = serving(&reading, stage).map(str::to_owned) else {
        return Err(no_stage(&reading, stage));
    };
    let Some((canary, tried)) = canary_of(&reading, stage) else {
        return Err(DeployError::Canary {
            stage: stage.to_owned(),
            there: false,
        });
    };
    let interrupted = is_interrupted(&reading.api, journal, &order.turn);
    let refusals = match order.ending {
        Ending::Promote => judge(gateway, &reading, &tried, order, observer).await?,
        Ending::Abort => {
            let edited = drift(&reading, &reading.definition(), interrupted) == Drift::Edited;
            let refused = edited && !order.keep_draft && !order.allow.drift;
            let refusal = || Refusal {
                reason: "somebody edited the API since the last deployment, and that would be lost".to_owned(),
                flag: "--allow-drift",
            };
            refused.then(refusal).into_iter().collect()
        }
    };
    if !refusals.is_empty() {
        return Err(DeployError::Refused { refusals });
    }
    let percent = canary.percent;
    let question = match order.ending {
        Ending::Promote => format!(
            "make the stage `{stage}` of the API `{}` serve {} for all of the traffic, instead of {production}?",
            reading.api.name,
            named(&reading, &tried)
        ),
        Ending::Abort => format!(
            "take the canary {} of the stage `{stage}` of the API `{}` away, so that all traffic goes to {production}?",
            named(&reading, &tried),
            reading.api.name
        ),
    };
    confirmed(order.turn.clock, observer, &question)?;
    let work = async |lock: &Lock, journal: &mut Journal, observer: &mut _| {
        locked(gateway, &reading, lock, order, journal, observer).await
    };
    let draft_is_live = alone(
        gateway,
        &reading.api,
        &order.turn,
        journal,
        observer,
        work,
        |is_level| *is_level,
    )
    .await?;
    let serves = match order.ending {
        Ending::Promote => tried.clone(),
        Ending::Abort => production.clone(),
    };
    Ok(Ended {
        rest_api_id: reading.api.id.clone(),
        name: reading.api.name.clone(),
        stage: stage.to_owned(),
        ending: order.ending,
        canary: tried,
        percent,
        served: production,
        serves,
        draft_is_live,
    })
}

/// The canary of a stage, and what it serves.
fn canary_of(reading: &Reading, stage: &str) -> Option<(Canary, String)> {
    let canary = reading.stage(stage)?.canary.clone()?;
    let deployment = canary.deployment_id.clone()?;
    Some((canary, deployment))
}

/// What becomes public, and what vanishes, for those who do not get the canary yet.
async fn judge(
    gateway: &impl ApiGateway,
    reading: &Reading,
    tried: &str,
    order: &EndCanary<'_>,
    observer: &mut impl Observer,
) -> Result<Vec<Refusal>, DeployError> {
    let next = match gateway.get_deployment(&reading.api.id, tried).await {
        Ok(next) => served(&next),
        Err(_) if order.turn.emulated => None,
        Err(error) => return Err(untouched(error)),
    };
    let (Some(live), Some(next)) = (reading.served.as_ref().and_then(served), next) else {
        observer.warning("the service does not tell who may call what of a deployment: no guard can look at it");
        return Ok(Vec::new());
    };
    let change = Difference::between(&live, &access_only(&next));
    observer.step(
        "Planned",
        &format!(
            "{}: {} routes added, {} removed, {} with another authorization",
            named(reading, tried),
            change.added.len(),
            change.removed.len(),
            change.changed.len()
        ),
    );
    Ok(exposures(&live, &next, order.allow, observer))
}

/// Gives whether the draft was made equal to what is served.
async fn locked(
    gateway: &impl ApiGateway,
    planned: &Reading,
    lock: &Lock,
    order: &EndCanary<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<bool, DeployError> {
    let turn = &order.turn;
    let stage = order.stage;
    let reading = read_again(gateway, planned, lock, stage, &BTreeSet::new(), turn, journal).await?;
    let Some((tried, _)) = canary_of(&reading, stage) else {
        return Err(DeployError::ChangedMeanwhile);
    };
    snapshot(gateway, &reading, turn, journal, observer).await?;
    note_step(journal, "pointing", observer);
    let held = Held {
        gateway,
        before: &reading,
        lock,
        turn,
    };
    let mut progress = Progress::default();
    let ended = async {
        let id = &reading.api.id;
        let now = match order.ending {
            Ending::Promote => {
                observer.step("Promoting", &format!("the canary of the stage `{stage}`"));
                canary::promote(gateway, id, stage, &tried, &mut progress.pointed).await?
            }
            Ending::Abort => {
                observer.step("Removing", &format!("the canary of the stage `{stage}`"));
                canary::end(gateway, id, stage, &mut progress.pointed).await?
            }
        };
        flush(gateway, id, &now, observer).await;
        Ok(())
    };
    let ended: Result<(), Trouble> = ended.await;
    if let Err(trouble) = ended {
        let state = go_back(&held, stage, None, &progress, observer).await;
        return Err(trouble.leaving(state));
    }
    if order.ending == Ending::Promote || order.keep_draft {
        return Ok(false);
    }
    let production = serving(&reading, stage).unwrap_or_default();
    let to = Served {
        stage,
        deployment: production,
        allow_policy_change: true,
    };
    let leveled = level(&held, to, &mut progress, journal, observer).await;
    leveled.map_err(|trouble| {
        turn.clock.begin_undo();
        // Who aborts a canary does not want it back because a draft cannot be put.
        trouble.leaving(State::DraftLeft {
            deployment: production.to_owned(),
        })
    })
}
