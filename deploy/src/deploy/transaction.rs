//! The order of a deployment's steps.

use std::collections::BTreeMap;

use crate::api::{ApiGateway, Cause};
use crate::plan::{
    Action, CanaryMove, DraftMark, Marker, Overwrite, Plan, Reading, brought, imprint, is_left_out, is_whole,
};

use super::creation::create_api;
use super::journal::Journal;
use super::lock::Lock;
use super::publish::{configure, create, flush, place, prune};
use super::smoke::{live, on_draft};
use super::stage_back::stage_settings_back;
use super::survey::{Survey, survey, wanted};
use super::turn::{Turn, alone, begin, is_interrupted, note_step, read_again, untouched};
use super::undo::{Done, point_back, undo};
use super::write::{put, settle, verify};
use super::{DeployError, Deployed, Observer, Order, State, Trouble, canary, confirmed};

/// Deploys: reads and plans, asks, locks, keeps a snapshot, puts, reads back, deploys, moves the stage's pointer, and
/// undoes all of it when something fails after the put.
///
/// # Errors
///
/// [`DeployError`], which says what state things were left in.
pub async fn run(
    gateway: &impl ApiGateway,
    order: &Order<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<Deployed, DeployError> {
    let Survey { plan, reading } = survey(gateway, order, journal, observer).await?;
    observer.plan(&plan);
    if let (Action::Nothing { .. }, Some(reading)) = (&plan.action, &reading) {
        if is_interrupted(&reading.api, journal, &order.turn()) {
            finish(gateway, reading, order, journal, observer).await?;
        }
        return Ok(Deployed {
            rest_api_id: reading.api.id.clone(),
            name: reading.api.name.clone(),
            created: false,
            changed: false,
            deployment_id: plan.serving().unwrap_or_default().to_owned(),
            warnings: Vec::new(),
        });
    }
    if !plan.refusals.is_empty() {
        return Err(DeployError::Refused {
            refusals: plan.refusals,
        });
    }
    confirmed(order.clock, observer, &question(&plan, reading.as_ref(), order))?;
    let Some(reading) = reading else {
        let Action::Create(overwrite) = plan.action else {
            return Err(DeployError::ChangedMeanwhile);
        };
        return create_api(gateway, *overwrite, order, journal, observer).await;
    };
    if let Action::CanaryPercent(canary) = &plan.action {
        return ramp(gateway, &reading, canary, order, journal, observer).await;
    }
    let work = async |lock: &Lock, journal: &mut Journal, observer: &mut _| {
        let wanted = wanted(order);
        let (links, turn) = (wanted.links(), order.turn());
        let before = read_again(gateway, &reading, lock, wanted.stage, &links, &turn, journal).await?;
        match &plan.action {
            Action::Replace(overwrite) => replace(gateway, &before, overwrite, lock, order, journal, observer).await,
            _ => set_stage(gateway, &before, order, observer).await,
        }
    };
    alone(gateway, &reading.api, &order.turn(), journal, observer, work, |_| true).await
}

fn question(plan: &Plan, reading: Option<&Reading>, order: &Order<'_>) -> String {
    let stage = order.stage;
    if let Action::CanaryPercent(canary) = &plan.action {
        return format!(
            "send {} % of the traffic of the stage `{stage}` to its canary?",
            canary.percent
        );
    }
    match (reading, plan.action.canary()) {
        (Some(reading), Some(canary)) => format!(
            "replace the definition of the API `{}` ({}) and send {} % of the traffic of the stage `{stage}` to it?",
            reading.api.name, reading.api.id, canary.percent
        ),
        (Some(reading), None) => format!(
            "replace the definition of the API `{}` ({}) and deploy it to the stage `{stage}`?",
            reading.api.name, reading.api.id
        ),
        (None, _) => format!("create the API `{}` and deploy it to the stage `{stage}`?", plan.name),
    }
}

/// Ends what an interrupted run left when nothing of it is left to do: its lock, and the snapshot that would bring back
/// what somebody takes away later.
async fn finish(
    gateway: &impl ApiGateway,
    planned: &Reading,
    order: &Order<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<(), DeployError> {
    let turn = order.turn();
    let work = async |lock: &Lock, journal: &mut Journal, _: &mut _| {
        let stage = order.stage;
        let links = wanted(order).links();
        read_again(gateway, planned, lock, stage, &links, &turn, journal).await
    };
    alone(gateway, &planned.api, &turn, journal, observer, work, |_| true).await?;
    Ok(())
}

/// Gives a canary that serves the document already another part of the traffic.
async fn ramp(
    gateway: &impl ApiGateway,
    planned: &Reading,
    wanted_canary: &CanaryMove,
    order: &Order<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<Deployed, DeployError> {
    let turn = order.turn();
    let percent = wanted_canary.percent;
    let name = order.stage;
    let work = async |lock: &Lock, journal: &mut Journal, observer: &mut _| {
        let reading = read_again(gateway, planned, lock, name, &wanted(order).links(), &turn, journal).await?;
        let stage = reading.stage(name);
        let canary = stage.and_then(|stage| stage.canary.as_ref()?.deployment_id.clone());
        let (Some(stage), Some(canary)) = (stage, canary) else {
            return Err(DeployError::ChangedMeanwhile);
        };
        Observer::step(
            observer,
            "Sending",
            &format!("{percent} % of the traffic of the stage `{name}` to {canary}"),
        );
        let mut touched = false;
        match canary::start(gateway, &reading.api.id, stage, &canary, percent, &mut touched).await {
            Ok(_) => Ok(canary),
            Err(trouble) if !touched => Err(trouble.leaving(State::Untouched)),
            Err(trouble) => {
                order.clock.begin_undo();
                let state = match point_back(gateway, &reading, name).await {
                    Ok(_) => State::Returned,
                    Err(_) => State::PointerUnknown,
                };
                Err(trouble.leaving(state))
            }
        }
    };
    let deployment_id = alone(gateway, &planned.api, &turn, journal, observer, work, |_| true).await?;
    Ok(Deployed {
        rest_api_id: planned.api.id.clone(),
        name: planned.api.name.clone(),
        created: false,
        changed: true,
        deployment_id,
        warnings: Vec::new(),
    })
}

/// Puts what was planned, on an API that is as it was then.
async fn replace(
    gateway: &impl ApiGateway,
    before: &Reading,
    overwrite: &Overwrite,
    lock: &Lock,
    order: &Order<'_>,
    journal: &mut Journal,
    observer: &mut impl Observer,
) -> Result<Deployed, DeployError> {
    let id = &before.api.id;
    let turn = order.turn();
    let exports = snapshot(gateway, before, &turn, journal, observer).await?;
    note_step(journal, "putting", observer);
    begin(gateway, id, lock, &turn).await?;
    observer.step("Putting", &format!("the document on the API `{id}`"));
    let made = match put(gateway, id, &overwrite.body, order, observer).await {
        Ok(made) => made,
        // API Gateway discards a definition that it refuses.
        Err(error) if !error.is_ambiguous() && !matches!(error.cause, Cause::QuotaReached { .. }) => {
            return Err(untouched(error));
        }
        Err(error) => {
            let export = exports.get(order.stage).map(String::as_str);
            let state = match undo(gateway, before, export, &Done::default(), order, observer).await {
                State::DraftReplaced { .. } => State::DraftUnknown,
                state => state,
            };
            return Err(DeployError::Call { error, state });
        }
    };
    let warnings = made.warnings.clone();
    let mut done = Done::after(made);
    match publish(gateway, before, overwrite, order, &mut done, journal, observer).await {
        Ok(deployment_id) => Ok(Deployed {
            rest_api_id: id.clone(),
            name: overwrite.expected.name.clone(),
            created: false,
            changed: true,
            deployment_id,
            warnings,
        }),
        Err(trouble) => {
            let export = exports.get(order.stage).map(String::as_str);
            let state = undo(gateway, before, export, &done, order, observer).await;
            Err(trouble.leaving(state))
        }
    }
}

/// Gives the stage the settings of the file; it serves the document already.
async fn set_stage(
    gateway: &impl ApiGateway,
    reading: &Reading,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<Deployed, DeployError> {
    let id = &reading.api.id;
    let Some(stage) = reading.stage(order.stage) else {
        return Err(DeployError::ChangedMeanwhile);
    };
    let deployment_id = stage.deployment_id.clone().unwrap_or_default();
    let configured = async {
        configure(gateway, stage.clone(), id, order, observer).await?;
        live(gateway, &reading.api, order, observer).await
    };
    match configured.await {
        Ok(()) => Ok(Deployed {
            rest_api_id: id.clone(),
            name: reading.api.name.clone(),
            created: false,
            changed: true,
            deployment_id,
            warnings: Vec::new(),
        }),
        Err(trouble) => {
            order.clock.begin_undo();
            observer.step("Undoing", "what was done");
            let state = match stage_settings_back(gateway, reading, order).await {
                Ok(()) => State::SettingsRestored,
                Err(_) => State::SettingsUnknown,
            };
            Err(trouble.leaving(state))
        }
    }
}

/// Keeps what there is in the journal; gives the documents that stages serve.
pub(crate) async fn snapshot(
    gateway: &impl ApiGateway,
    reading: &Reading,
    turn: &Turn<'_>,
    journal: &Journal,
    observer: &mut impl Observer,
) -> Result<BTreeMap<String, String>, DeployError> {
    observer.step("Keeping", "a snapshot");
    let failed = |error: std::io::Error| DeployError::Check {
        reason: format!("the journal cannot be written: {error}"),
        state: State::Untouched,
    };
    let text = serde_json::to_string_pretty(reading).unwrap_or_default();
    journal.save("snapshot.json", &text).map_err(failed)?;
    let mut exports = BTreeMap::new();
    for stage in reading.stages.iter().filter(|stage| stage.deployment_id.is_some()) {
        let is_read = reading.served.as_ref().map(|one| &one.id) == stage.deployment_id.as_ref();
        let export = match &reading.export {
            Some(export) if is_read => Ok(export.clone()),
            _ => gateway.get_export(&reading.api.id, &stage.name).await,
        };
        match export {
            Ok(export) if !is_whole(&export, turn.emulated) => {}
            Ok(export) => {
                journal
                    .save(&format!("export-{}.json", stage.name), &export)
                    .map_err(failed)?;
                exports.insert(stage.name.clone(), export);
            }
            Err(error) if is_left_out(&error, turn.emulated) => observer.warning(&format!(
                "the stage `{}` cannot be exported: a failure could not put the draft back",
                stage.name
            )),
            Err(error) => return Err(untouched(error)),
        }
    }
    Ok(exports)
}

/// From a draft that was put to a stage that serves it.
pub(super) async fn publish(
    gateway: &impl ApiGateway,
    before: &Reading,
    overwrite: &Overwrite,
    order: &Order<'_>,
    done: &mut Done,
    journal: &Journal,
    observer: &mut impl Observer,
) -> Result<String, Trouble> {
    let expected = &overwrite.expected;
    let id = &expected.id;
    let stage = order.stage;
    settle(gateway, id).await?;
    observer.step("Checking", "that the draft is the document");
    let (digest, api, draft) = verify(gateway, before, overwrite, done.put.take(), order, observer).await?;
    for missing in overwrite.kept.missing(&draft) {
        if !order.emulated {
            observer.warning(&format!("the put lost {missing}"));
        }
    }
    on_draft(gateway, &draft, before, order, observer).await?;
    note_step(journal, "checked", observer);
    let description = Marker {
        draft: Some(digest),
        settings: Some(imprint(&api)),
        // When a later document has them no longer, they are nobody else's.
        responses: Some(brought(&draft, order.document)).filter(|brought| !brought.is_empty()),
        stage: Some(stage.to_owned()),
        // What a rollback goes back to.
        was: before.stage(stage).and_then(|stage| stage.deployment_id.clone()),
        ..order.marker.clone()
    }
    .to_string();
    let deployment = create(gateway, before, &description, &overwrite.desired, order, done, observer).await?;
    note_step(journal, "deployed", observer);
    observer.step("Deploying", &format!("{} to the stage `{stage}`", deployment.id));
    let now = match (&overwrite.canary, before.stage(stage)) {
        (Some(wanted), Some(before)) => {
            canary::start(gateway, id, before, &deployment.id, wanted.percent, &mut done.pointed).await?
        }
        _ => place(gateway, before, id, &deployment.id, order, done, observer).await?,
    };
    flush(gateway, id, &now, observer).await;
    if DraftMark::of(&before.api).is_some()
        && let Err(error) = gateway.untag_resource(id, DraftMark::TAG).await
        && !order.emulated
    {
        observer.warning(&format!("the tag `{}` stays: {error}", DraftMark::TAG));
    }
    // Only a part of the requests would get to a canary.
    if overwrite.canary.is_none() {
        live(gateway, expected, order, observer).await?;
    }
    prune(gateway, before, order, observer).await;
    Ok(deployment.id)
}
