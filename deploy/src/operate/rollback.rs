//! Going back to an older deployment.

use bluegate_core::aws::Environment;
use serde::Serialize;

use crate::api::ApiGateway;
use crate::deploy::{
    DeployError, Journal, Lock, Observer, Turn, alone, confirmed, find, flush, is_interrupted, note_step, outlive,
    point, read_again, snapshot, untouched,
};
use crate::plan::{
    Allow, Definition, Difference, DraftMark, Drift, Key, Marker, Reading, Refusal, access_only, drift, exposed,
    listed, read, served,
};

use super::level::{Held, Progress, Served, go_back, level};
use crate::read::previous;

use super::moment;

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Rollback<'a> {
    /// The API.
    pub environment: &'a Environment,
    /// The stage.
    pub stage: &'a str,
    /// The deployment to go back to; without one it is what the stage served before.
    pub to: Option<&'a str>,
    /// Whether the draft stays as it is.
    pub keep_draft: bool,
    /// What guards permit.
    pub allow: Allow,
    /// The run.
    pub turn: Turn<'a>,
}

/// What a rollback left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolledBack {
    /// The API's id.
    pub rest_api_id: String,
    /// The API's name.
    pub name: String,
    /// The stage.
    pub stage: String,
    /// What it served.
    pub from: String,
    /// What it serves.
    pub to: String,
    /// Whether anything was written.
    pub changed: bool,
    /// Whether the draft is what is served.
    pub draft_is_live: bool,
}

/// Moves the stage to an older deployment, makes the draft equal to it, and undoes both when something fails.
///
/// # Errors
///
/// [`DeployError`], which says what state things were left in.
pub async fn rollback(
    gateway: &impl ApiGateway,
    order: &Rollback<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<RolledBack, DeployError> {
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
    let Some(from) = serving(&reading, stage).map(str::to_owned) else {
        return Err(no_stage(&reading, stage));
    };
    if reading.stage(stage).is_some_and(|stage| stage.canary.is_some()) {
        return Err(DeployError::Canary {
            stage: stage.to_owned(),
            there: true,
        });
    }
    let interrupted = is_interrupted(&reading.api, journal, &order.turn);
    let Some(to) = choose(&reading, stage, &from, interrupted, order.to) else {
        return Err(DeployError::NoDeployment {
            id: order.to.map(str::to_owned),
            known: if order.to.is_some() || interrupted {
                reading.deployments.iter().map(|one| one.id.clone()).collect()
            } else {
                Vec::new()
            },
        });
    };
    let mut left = RolledBack {
        rest_api_id: reading.api.id.clone(),
        name: reading.api.name.clone(),
        stage: stage.to_owned(),
        from: from.clone(),
        to: to.clone(),
        changed: false,
        draft_is_live: is_level(&reading, &to),
    };
    if from == to && (order.keep_draft || (left.draft_is_live && !interrupted)) {
        observer.step(
            "Unchanged",
            &format!("the stage `{stage}` serves {to}: nothing is written"),
        );
        return Ok(left);
    }
    judge(gateway, &reading, &to, interrupted, order, observer).await?;
    let api = format!("the API `{}` ({})", reading.api.name, reading.api.id);
    let question = if from == to {
        format!("replace the draft of {api} by what the stage `{stage}` serves, {to}?")
    } else {
        let to = named(&reading, &to);
        format!("move the stage `{stage}` of {api} from {from} to {to}?")
    };
    confirmed(order.turn.clock, observer, &question)?;
    let work = async |lock: &Lock, journal: &mut Journal, observer: &mut _| {
        locked(gateway, &reading, &to, lock, order, journal, observer).await
    };
    left.draft_is_live = alone(
        gateway,
        &reading.api,
        &order.turn,
        journal,
        observer,
        work,
        |is_level| *is_level,
    )
    .await?;
    left.changed = true;
    Ok(left)
}

/// Finds and reads the API.
pub(super) async fn survey(
    gateway: &impl ApiGateway,
    environment: &Environment,
    stage: &str,
    journal: &Journal,
    emulated: bool,
    observer: &mut impl Observer,
) -> Result<Reading, DeployError> {
    let api = find(gateway, environment, observer).await?;
    let api = outlive(gateway, api, journal, emulated, observer).await?;
    observer.step("Reading", &format!("the API `{}` ({})", api.name, api.id));
    let none = std::collections::BTreeSet::new();
    read(gateway, api, stage, &none, emulated).await.map_err(untouched)
}

/// What the stage serves.
pub(super) fn serving<'a>(reading: &'a Reading, stage: &str) -> Option<&'a str> {
    reading.stage(stage)?.deployment_id.as_deref()
}

pub(super) fn no_stage(reading: &Reading, stage: &str) -> DeployError {
    let serving = reading.stages.iter().filter(|stage| stage.deployment_id.is_some());
    DeployError::NoStage {
        stage: stage.to_owned(),
        known: serving.map(|stage| stage.name.clone()).collect(),
    }
}

/// Whether the draft is what a deployment was made of, as far as that is known.
fn is_level(reading: &Reading, deployment: &str) -> bool {
    let digest = reading.definition().digest();
    let made = reading.deployments.iter().find(|one| one.id == deployment);
    let put_back = DraftMark::of(&reading.api).filter(|mark| mark.deployment == deployment);
    match made.and_then(Marker::of).and_then(|marker| marker.draft) {
        Some(draft) => draft == digest || put_back.is_some_and(|mark| mark.draft == digest),
        None => put_back.is_none_or(|mark| mark.draft == digest),
    }
}

/// The deployment to go back to; `None` when it is not there, or not clear which one it is.
fn choose(reading: &Reading, stage: &str, from: &str, interrupted: bool, to: Option<&str>) -> Option<String> {
    let all = &reading.deployments;
    let known = |id: &str| all.iter().any(|one| one.id == id).then(|| id.to_owned());
    if let Some(to) = to {
        return known(to);
    }
    if interrupted {
        // The run that died may have moved the stage already: once more would be once too often.
        return None;
    }
    previous(all, stage, from).map(|one| one.id.clone())
}

/// A deployment with what is known of it.
pub(super) fn named(reading: &Reading, id: &str) -> String {
    let deployment = reading.deployments.iter().find(|one| one.id == id);
    let created = deployment.and_then(|one| one.created).and_then(moment);
    let commit = deployment.and_then(Marker::of).and_then(|marker| marker.commit);
    let facts: Vec<String> = [created, commit.map(|commit| format!("commit {commit}"))]
        .into_iter()
        .flatten()
        .collect();
    if facts.is_empty() {
        id.to_owned()
    } else {
        format!("{id} ({})", facts.join(", "))
    }
}

/// Says what changes, and refuses what is dangerous.
async fn judge(
    gateway: &impl ApiGateway,
    reading: &Reading,
    to: &str,
    interrupted: bool,
    order: &Rollback<'_>,
    observer: &mut impl Observer,
) -> Result<(), DeployError> {
    let target = match gateway.get_deployment(&reading.api.id, to).await {
        Ok(target) => Some(target),
        Err(_) if order.turn.emulated => None,
        Err(error) => return Err(untouched(error)),
    };
    let mut refusals = Vec::new();
    let live = reading.served.as_ref().and_then(served);
    if let (Some(live), Some(older)) = (live, target.as_ref().and_then(served)) {
        let change = Difference::between(&live, &access_only(&older));
        observer.step(
            "Planned",
            &format!(
                "back to {}: {} routes added, {} removed, {} with another authorization",
                named(reading, to),
                change.added.len(),
                change.removed.len(),
                change.changed.len()
            ),
        );
        refusals = exposures(&live, &older, order.allow, observer);
    } else {
        observer.warning("the service does not tell who may call what of a deployment: no guard can look at it");
    }
    let edited = drift(reading, &reading.definition(), interrupted) == Drift::Edited;
    if edited && !order.keep_draft && !order.allow.drift {
        refusals.push(Refusal {
            reason: "somebody edited the API since the last deployment, and that would be lost".to_owned(),
            flag: "--allow-drift",
        });
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(DeployError::Refused { refusals })
    }
}

/// What becomes public and what vanishes when a stage serves something else.
pub(super) fn exposures(
    live: &Definition,
    next: &Definition,
    allow: Allow,
    observer: &mut impl Observer,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let opened = exposed(live, next);
    for route in &opened {
        observer.warning(&format!("{route} becomes public"));
    }
    if !opened.is_empty() && !allow.public {
        refusals.push(Refusal {
            reason: format!("{} would become public", listed(&opened)),
            flag: "--allow-public",
        });
    }
    let gone = live.routes.keys().filter(|key| !next.routes.contains_key(key));
    let gone: Vec<Key> = gone.cloned().collect();
    if gone.len() * 2 > live.routes.len() && !allow.mass_removal {
        refusals.push(Refusal {
            reason: format!(
                "{} of {} routes would vanish: {}",
                gone.len(),
                live.routes.len(),
                listed(&gone)
            ),
            flag: "--allow-mass-removal",
        });
    }
    refusals
}

/// Gives whether the draft is what is served.
async fn locked(
    gateway: &impl ApiGateway,
    planned: &Reading,
    to: &str,
    lock: &Lock,
    order: &Rollback<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<bool, DeployError> {
    let turn = &order.turn;
    let stage = order.stage;
    let none = std::collections::BTreeSet::new();
    let reading = read_again(gateway, planned, lock, stage, &none, turn, journal).await?;
    let exports = snapshot(gateway, &reading, turn, journal, observer).await?;
    note_step(journal, "pointing", observer);
    let moves = serving(&reading, stage) != Some(to);
    let mut progress = Progress::default();
    let held = Held {
        gateway,
        before: &reading,
        lock,
        turn,
    };
    let moved = async {
        if moves {
            observer.step("Moving", &format!("the stage `{stage}` to {to}"));
            let now = point(gateway, &reading.api.id, stage, to, &mut progress.pointed).await?;
            flush(gateway, &reading.api.id, &now, observer).await;
        }
        if order.keep_draft {
            return Ok(false);
        }
        let served = Served {
            stage,
            deployment: to,
            allow_policy_change: order.allow.policy_change,
        };
        level(&held, served, &mut progress, journal, observer).await
    };
    match moved.await {
        Ok(level) => Ok(level),
        Err(trouble) => {
            let export = exports.get(stage).map(String::as_str);
            let state = go_back(&held, stage, export, &progress, observer).await;
            Err(trouble.leaving(state))
        }
    }
}
