//! Making the draft equal to what a stage serves.

use bluegate_core::openapi::Document;
use tokio::time::sleep;

use crate::api::{ApiGateway, Cause};
use crate::deploy::{
    DeployError, Journal, Lock, MOST_READS, Observer, POLL, State, Trouble, Turn, begin, deviates, first, note_step,
    point_back, put_back, repair, settle,
};
use crate::plan::{
    Definition, Difference, DraftMark, Kept, Marker, Reading, access_only, policy, read_draft, restored, served,
};

/// What was changed so far, and how far it can be put back.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Whether the stage may be another than before.
    pub(super) pointed: bool,
    /// Whether the draft may be another than before.
    pub(super) put: bool,
}

/// An API that this run has for itself, as it was before.
#[derive(Debug)]
pub(super) struct Held<'a, G> {
    pub(super) gateway: &'a G,
    pub(super) before: &'a Reading,
    pub(super) lock: &'a Lock,
    pub(super) turn: &'a Turn<'a>,
}

/// A stage, and what it serves by now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Served<'a> {
    pub(super) stage: &'a str,
    pub(super) deployment: &'a str,
    /// Whether another resource policy than the one of now may be served.
    pub(super) allow_policy_change: bool,
}

/// Puts what the stage serves as the draft, with the settings that the API has, and reads it back.
///
/// Gives whether it did: an emulator may have no export to put.
pub(super) async fn level<G: ApiGateway>(
    held: &Held<'_, G>,
    to: Served<'_>,
    progress: &mut Progress,
    journal: &Journal,
    observer: &mut impl Observer,
) -> Result<bool, Trouble> {
    let Held {
        gateway,
        before,
        lock,
        turn,
    } = *held;
    let id = &before.api.id;
    observer.step("Exporting", &format!("what the stage `{}` serves", to.stage));
    let Some(export) = export(gateway, before, to, turn, observer).await? else {
        return Ok(false);
    };
    let document: Document = export
        .parse()
        .map_err(|error| Trouble::Check(format!("what the stage exports is no document: {error}")))?;
    check_policy(before, &document, to)?;
    journal
        .save(&format!("export-{}-{}.json", to.stage, to.deployment), &export)
        .map_err(|error| Trouble::Check(format!("the journal cannot be written: {error}")))?;
    let body =
        restored(&export, &before.api, None, &Kept::default()).map_err(|error| Trouble::Check(error.to_string()))?;
    note_step(journal, "putting", observer);
    begin(gateway, id, lock, turn).await.map_err(|error| match error {
        DeployError::Call { error, .. } => Trouble::Call(error),
        other => Trouble::Check(other.to_string()),
    })?;
    observer.step("Putting", &format!("it as the definition of the API `{id}`"));
    let put = gateway.put_rest_api(id, &body, false).await;
    // API Gateway discards a definition that it refuses.
    progress.put = match &put {
        Ok(_) => true,
        Err(error) => error.is_ambiguous() || matches!(error.cause, Cause::QuotaReached { .. }),
    };
    let put = put?;
    observer.step("Checking", "that the draft is what is served");
    if !turn.emulated {
        // Reads may be older than this answer, and show settings that are gone.
        repair(gateway, &before.api, put, turn.emulated, observer).await?;
    }
    let digest = verify(gateway, before, &Definition::from(&document), turn, observer).await?;
    mark(gateway, before, to, digest, turn, observer).await;
    Ok(true)
}

/// The export, once it is the one of the deployment: a read may be older than the write before it.
async fn export(
    gateway: &impl ApiGateway,
    before: &Reading,
    to: Served<'_>,
    turn: &Turn<'_>,
    observer: &mut impl Observer,
) -> Result<Option<String>, Trouble> {
    let id = &before.api.id;
    let summary = match gateway.get_deployment(id, to.deployment).await {
        Ok(deployment) => served(&deployment),
        Err(error) if turn.emulated && error.is_ambiguous() => None,
        Err(error) => return Err(error.into()),
    };
    let mut wrong = String::new();
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            sleep(POLL).await;
        }
        let export = match gateway.get_export(id, to.stage).await {
            Err(error) if turn.emulated => {
                observer.warning(&format!(
                    "the emulator exports nothing ({error}): the draft stays as it is"
                ));
                return Ok(None);
            }
            export => export?,
        };
        let Some(summary) = &summary else {
            if turn.emulated {
                // It may be the draft that an emulator exports, or a document without authorization.
                observer.warning("the emulator does not tell whether its export is what is served: the draft stays");
                return Ok(None);
            }
            return Ok(Some(export));
        };
        let document: Document = export.parse().unwrap_or_default();
        let difference = Difference::between(&access_only(&Definition::from(&document)), &access_only(summary));
        wrong = match first(&difference) {
            None => return Ok(Some(export)),
            Some(wrong) => wrong,
        };
    }
    if turn.emulated {
        observer.warning(&format!(
            "the emulator does not export what is served ({wrong}): the draft stays"
        ));
        return Ok(None);
    }
    Err(Trouble::Check(format!(
        "what the stage `{}` exports is not the deployment {}: {wrong}",
        to.stage, to.deployment
    )))
}

/// A deployment is served with the resource policy of its time.
fn check_policy(before: &Reading, document: &Document, to: Served<'_>) -> Result<(), Trouble> {
    let Some(then) = document.policy() else {
        return Ok(());
    };
    let normal = |text: &str| policy::normalise(text, &before.api.id);
    let now = before.api.policy.as_deref().map(normal);
    if to.allow_policy_change || now == Some(normal(&then)) {
        return Ok(());
    }
    Err(Trouble::Check(format!(
        "the deployment {} has another resource policy than the API has now: --allow-policy-change permits that",
        to.deployment
    )))
}

/// Reads the draft back and puts settings right; gives the digest of what is there.
async fn verify(
    gateway: &impl ApiGateway,
    before: &Reading,
    wanted: &Definition,
    turn: &Turn<'_>,
    observer: &mut impl Observer,
) -> Result<String, Trouble> {
    let mut wrong = String::new();
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            sleep(POLL).await;
        }
        let api = settle(gateway, &before.api.id).await?;
        let api = repair(gateway, &before.api, api, turn.emulated, observer).await?;
        let draft = Definition::of(&read_draft(gateway, &api.id, turn.emulated).await?);
        let missing = wanted
            .authorizers
            .keys()
            .find(|name| !draft.authorizers.contains_key(*name));
        let deviation =
            deviates(&draft, wanted).or_else(|| missing.map(|name| format!("the authorizer `{name}` is missing")));
        wrong = match deviation {
            None => return Ok(draft.digest()),
            Some(wrong) if turn.emulated => {
                observer.warning(&format!("the emulator did not take all of the document: {wrong}"));
                return Ok(draft.digest());
            }
            Some(wrong) => wrong,
        };
    }
    Err(Trouble::Check(format!("the draft is not what was put: {wrong}")))
}

/// Leaves a note for the next deployment when the draft reads otherwise than when the deployment was made.
async fn mark(
    gateway: &impl ApiGateway,
    before: &Reading,
    to: Served<'_>,
    draft: String,
    turn: &Turn<'_>,
    observer: &mut impl Observer,
) {
    let id = &before.api.id;
    let deployment = before.deployments.iter().find(|one| one.id == to.deployment);
    let marker = deployment.and_then(Marker::of);
    let told = if marker.is_some_and(|marker| marker.draft.as_ref() == Some(&draft)) {
        match DraftMark::of(&before.api) {
            None => Ok(()),
            Some(_) => gateway.untag_resource(id, DraftMark::TAG).await,
        }
    } else {
        let mark = DraftMark {
            deployment: to.deployment.to_owned(),
            draft,
        };
        gateway.tag_resource(id, DraftMark::TAG, &mark.to_string()).await
    };
    if let Err(error) = told
        && !turn.emulated
    {
        observer.warning(&format!(
            "the tag `{}` is not set: the next deployment may ask for --allow-drift ({error})",
            DraftMark::TAG
        ));
    }
}

/// Puts the stage back, and the draft if it was touched; says what state that left.
pub(super) async fn go_back<G: ApiGateway>(
    held: &Held<'_, G>,
    stage: &str,
    export: Option<&str>,
    progress: &Progress,
    observer: &mut impl Observer,
) -> State {
    let Held {
        gateway, before, turn, ..
    } = *held;
    if !progress.pointed && !progress.put {
        return State::Untouched;
    }
    turn.clock.begin_undo();
    observer.step("Undoing", "what was done");
    if progress.pointed {
        match point_back(gateway, before, stage).await {
            Ok(Some(stage)) => crate::deploy::flush(gateway, &before.api.id, &stage, observer).await,
            Ok(None) if !progress.put => return State::Untouched,
            Ok(None) => {}
            Err(_) => return State::PointerUnknown,
        }
    }
    if !progress.put {
        return State::Returned;
    }
    let Some(export) = export else {
        return State::DraftUnknown;
    };
    match put_back(gateway, before, export, turn.emulated, observer).await {
        Ok(()) => State::Restored,
        Err(_) => State::DraftUnknown,
    }
}
