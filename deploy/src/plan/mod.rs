//! What a deployment would do: computed from one reading of the API, before anything is written.

mod action;
mod guards;
mod limits;
mod notes;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::aws::StageSettings;
use bluegate_core::openapi::Document;
use serde::Serialize;

pub use action::{Action, CanaryMove, Overwrite, Server};
pub use bluegate_core::gateway::{
    Change, Changed, Definition, Difference, Exported, Facts, Field, Key, access_only, changes, desired, exposed,
    imported, imported_policy, open_credentials, policy, widened_origins,
};
pub(crate) use guards::listed;
pub use guards::{Allow, Refusal};
pub use limits::{Limits, MOST_DOCUMENT, MOST_POLICY, MOST_RESOURCES};
pub use stage::Declared;
pub(crate) use stage::canonical_key;

// Under their old address until their users know the new one.
pub use crate::carry::{Kept, Mismatch, imprint, mismatches, restored};
pub(crate) use crate::read::is_left_out;
pub use crate::read::{
    DraftMark, Marker, Reading, brought, is_brought, is_whole, read, read_deployments, read_draft, read_links,
    unmanaged_responses, waiting,
};

use crate::api::{Canary, Deployment, GatewayResponse, Identity, RestApi};
use crate::carry::{carried, expected, overwriting};
use crate::deploy::canary::is_same_percent;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its digest.
    pub digest: &'a str,
    /// The name that the AWS file gives the API.
    pub name: Option<&'a str>,
    /// The stage.
    pub stage: &'a str,
    /// What the file declares of the stage.
    pub stage_settings: &'a StageSettings,
    /// How many percent of the stage's traffic go to the new deployment; `None` for all of it, without a canary.
    pub canary: Option<f64>,
    /// What guards are told to permit.
    pub allow: Allow,
}

/// What a run that died has to do with the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Whether it may have left the API half changed.
    pub interrupted: bool,
    /// What it took from the API and comes back, in words.
    pub back: Vec<&'static str>,
}

impl Wanted<'_> {
    /// The VPC links that the document names by their ids.
    #[must_use]
    pub fn links(&self) -> BTreeSet<String> {
        let operations = self.document.paths.iter().flat_map(|(_, item)| item.iter());
        operations
            .filter_map(|(_, operation)| operation.integration.connection_id.clone())
            .filter(|id| !id.is_empty() && !id.contains("${"))
            .collect()
    }
}

/// Whether the draft is what the last deployment was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// It is.
    None,
    /// Nobody knows: the last deployment does not say what it was made of.
    Unknown,
    /// Somebody edited it since.
    Edited,
    /// An earlier run was interrupted after it had begun to write.
    Interrupted,
}

/// Where a stage points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StagePlan {
    /// Its name.
    pub name: String,
    /// Whether there is such a stage; if not it is created.
    pub exists: bool,
    /// The deployment that it serves.
    pub serves: Option<String>,
    /// The part of its traffic that goes elsewhere, and stays there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canary: Option<CanaryPlan>,
    /// Its settings that change, of those that the file declares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// The canary of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CanaryPlan {
    /// The deployment that it serves.
    pub serves: Option<String>,
    /// How many percent of the traffic.
    pub percent: f64,
}

impl From<&Canary> for CanaryPlan {
    fn from(canary: &Canary) -> Self {
        Self {
            serves: canary.deployment_id.clone(),
            percent: canary.percent,
        }
    }
}

/// What a deployment would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Whose credentials read it; `None` when STS does not answer.
    pub caller: Option<Identity>,
    /// What all of it comes to.
    #[serde(flatten)]
    pub action: Action,
    /// The API's id; `None` for one that is to be created.
    pub rest_api_id: Option<String>,
    /// The API's name afterwards.
    pub name: String,
    /// What matters for security.
    pub security: Vec<String>,
    /// Why it is refused.
    pub refusals: Vec<Refusal>,
    /// The stage whose pointer moves.
    pub stage: StagePlan,
    /// The other stages, which serve what they did but share the draft.
    pub other_stages: Vec<StagePlan>,
    /// From the draft to the document.
    pub routes: Difference,
    /// From what the stage serves to the document: who may call what, and who answers. `None` when the service does
    /// not tell.
    pub access: Option<Difference>,
    /// Settings of the API that change, and authorizers that go.
    pub settings: Vec<Change>,
    /// Settings that an overwrite would reset, and that are carried over.
    pub carried_over: Vec<String>,
    /// Settings of the API that somebody changed since the stage's deployment was made: the next one makes them live.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<&'static str>,
    /// Whether somebody edited the draft.
    pub drift: Drift,
    /// What the quotas say.
    pub limits: Limits,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

impl Plan {
    /// The plan for an API that there is: as it was read, with what comes back of what an earlier run took from it.
    #[must_use]
    pub fn of(reading: &Reading, wanted: &Wanted<'_>, past: &Past) -> Self {
        let draft = reading.definition();
        let unmanaged = unmanaged_responses(reading, wanted.document);
        let kept = Kept::of(&reading.draft, wanted.document);
        let desired = with_unmanaged(desired(wanted.document), &draft, &unmanaged);
        let expected = expected(&reading.api, wanted.document, wanted.name);
        let exported = reading.export.as_deref().and_then(Exported::of);
        let live = live(reading, exported.as_ref());
        let compared = |definition: &Definition| match &exported {
            Some(_) => definition.only(Field::is_exported),
            None => access_only(definition),
        };
        let drift = drift(reading, &draft, past.interrupted);
        let missing = wanted.stage_settings.missing(reading.stage(wanted.stage));
        // The settings of the stage are its own, and not those of a canary beside it.
        let changes = match wanted.canary {
            None => missing.changes(reading.stage(wanted.stage)),
            Some(_) => Vec::new(),
        };
        // What comes back is there as far as the plan is concerned, but has to be put.
        let is_right = past.back.is_empty() && mismatches(&expected, &reading.api).is_empty();
        let action = if is_right {
            served_already(reading, &draft, wanted, !changes.is_empty())
        } else {
            None
        };
        let name = expected.name.clone();
        let is_served = matches!(action, Some(Action::Nothing { .. } | Action::StageSettings));
        let (routes, access) = if action.is_some() {
            (Difference::default(), live.as_ref().map(|_| Difference::default()))
        } else {
            (
                Difference::between(&draft, &desired),
                live.as_ref().map(|live| Difference::between(live, &compared(&desired))),
            )
        };
        let settings = if is_served {
            Vec::new()
        } else {
            settings(reading, &draft, &desired, &expected)
        };
        let stage = StagePlan {
            changes,
            ..stage(reading, wanted.stage)
        };
        let waiting = target_of(reading, wanted).map_or_else(Vec::new, |one| waiting(&reading.api, one));
        let judged = if is_served {
            guards::Judged::default()
        } else {
            guards::judge(&guards::Case {
                reading,
                draft: &draft,
                live: live.as_ref(),
                served_policy: exported
                    .as_ref()
                    .map(|exported| exported.normal_policy(&reading.api.id)),
                desired: &desired,
                stage: &stage,
                waiting: &waiting,
                drift,
                wanted,
            })
        };
        let edits = live.as_ref().filter(|_| drift == Drift::Edited);
        let edits = edits.map(|live| notes::edits(&Difference::between(live, &compared(&draft))));
        let losses = kept.losses();
        let carried_over = carried_over(&reading.api, wanted.document, &unmanaged, &kept);
        let action = action.unwrap_or_else(|| {
            Action::Replace(Box::new(Overwrite {
                body: overwriting(wanted.document, &expected, &unmanaged, &kept),
                expected,
                desired,
                kept,
                canary: canary_move(reading, wanted),
            }))
        });
        let mut plan = Self {
            caller: None,
            action,
            rest_api_id: Some(reading.api.id.clone()),
            name,
            security: judged.security,
            refusals: judged.refusals,
            stage,
            other_stages: reading
                .stages
                .iter()
                .filter(|stage| stage.name != wanted.stage)
                .map(|one| self::stage(reading, &one.name))
                .collect(),
            routes,
            access,
            settings,
            carried_over,
            waiting,
            drift,
            limits: Limits::of(wanted.document, Some(reading)),
            notes: Vec::new(),
        };
        plan.notes = notes::notes(&plan, reading);
        plan.notes.extend(edits.into_iter().flatten().chain(losses));
        if wanted.canary.is_some() && !missing.is_empty() {
            plan.notes
                .push("settings of the stage are set by the next deployment without a canary".to_owned());
        }
        if !past.back.is_empty() {
            plan.notes.push(format!(
                "an interrupted run took {}: it comes back",
                past.back.join(", ")
            ));
        }
        plan
    }

    /// The plan for an API that is to be created.
    #[must_use]
    pub fn creating(wanted: &Wanted<'_>, links: &BTreeMap<String, Option<String>>) -> Self {
        let desired = desired(wanted.document);
        let expected = expected(&RestApi::default(), wanted.document, wanted.name);
        Self {
            caller: None,
            rest_api_id: None,
            name: expected.name.clone(),
            security: Vec::new(),
            refusals: guards::unavailable(links, wanted.allow),
            stage: StagePlan {
                name: wanted.stage.to_owned(),
                exists: false,
                serves: None,
                canary: None,
                changes: wanted.stage_settings.changes(None),
            },
            other_stages: Vec::new(),
            routes: Difference::between(&Definition::default(), &desired),
            access: None,
            settings: Vec::new(),
            carried_over: Vec::new(),
            waiting: Vec::new(),
            drift: Drift::None,
            limits: Limits::of(wanted.document, None),
            notes: notes::links_not_found(links),
            action: Action::Create(Box::new(Overwrite {
                body: overwriting(wanted.document, &expected, &[], &Kept::default()),
                expected,
                desired,
                kept: Kept::default(),
                canary: None,
            })),
        }
    }

    /// The deployment that serves the document, when there is nothing to do.
    #[must_use]
    pub fn serving(&self) -> Option<&str> {
        match self.action {
            Action::Nothing {
                served_by: Server::Stage,
            } => self.stage.serves.as_deref(),
            Action::Nothing {
                served_by: Server::Canary,
            } => self.stage.canary.as_ref()?.serves.as_deref(),
            _ => None,
        }
    }

    /// The same plan, with whose credentials read it.
    #[must_use]
    pub fn called_by(mut self, caller: Option<Identity>) -> Self {
        if caller.is_none() {
            self.notes
                .push("STS does not say whose credentials these are".to_owned());
        }
        self.caller = caller;
        self
    }
}

/// Who may call what of a deployment, as facts. `None` when the service does not tell.
#[must_use]
pub fn served(deployment: &Deployment) -> Option<Definition> {
    deployment.summary.as_ref().map(Definition::of_access)
}

/// What the stage serves. Who may call is known best from the deployment, who answers from the export.
fn live(reading: &Reading, exported: Option<&Exported>) -> Option<Definition> {
    let summary = reading.served.as_ref().and_then(served);
    let Some(exported) = exported else { return summary };
    let Some(mut live) = summary else {
        return Some(exported.definition.clone());
    };
    for (key, facts) in &mut live.routes {
        let others = exported.definition.routes.get(key).into_iter().flatten();
        for (field, value) in others {
            if !field.is_access() {
                facts.insert(field.clone(), value.clone());
            }
        }
    }
    Some(live)
}

/// Gateway responses of somebody else are carried over: they are part of what the API will do.
fn with_unmanaged(mut desired: Definition, draft: &Definition, unmanaged: &[GatewayResponse]) -> Definition {
    for response in unmanaged {
        if let Some(facts) = draft.responses.get(&response.kind) {
            desired.responses.insert(response.kind.clone(), facts.clone());
        }
    }
    desired
}

/// What an overwrite would reset, in words.
fn carried_over(api: &RestApi, document: &Document, unmanaged: &[GatewayResponse], kept: &Kept) -> Vec<String> {
    let mut all = carried(api, document);
    if !unmanaged.is_empty() {
        let kinds: Vec<&str> = unmanaged.iter().map(|response| response.kind.as_str()).collect();
        all.push(format!("gateway responses: {}", kinds.join(", ")));
    }
    all.extend(kept.carried());
    all
}

fn stage(reading: &Reading, name: &str) -> StagePlan {
    let stage = reading.stage(name);
    StagePlan {
        name: name.to_owned(),
        exists: stage.is_some(),
        serves: stage.and_then(|stage| stage.deployment_id.clone()),
        canary: stage.and_then(|stage| stage.canary.as_ref()).map(Into::into),
        changes: Vec::new(),
    }
}

/// Whether a deployment was made of the document, and the draft is still what it was then.
fn is_made_of(reading: &Reading, draft: &Definition, deployment: &Deployment, wanted: &Wanted<'_>) -> bool {
    let Some(marker) = Marker::of(deployment) else {
        return false;
    };
    if marker.document != wanted.digest || !waiting(&reading.api, deployment).is_empty() {
        return false;
    }
    let digest = draft.digest();
    let put_back = DraftMark::of(&reading.api).filter(|mark| mark.deployment == deployment.id);
    marker.draft.as_ref() == Some(&digest) || put_back.is_some_and(|mark| mark.draft == digest)
}

/// The deployment that another one takes the place of: that of the canary when one is wanted and there is one.
fn target_of<'a>(reading: &'a Reading, wanted: &Wanted<'_>) -> Option<&'a Deployment> {
    let stage = reading.stage(wanted.stage)?;
    let canary = stage.canary.as_ref().filter(|_| wanted.canary.is_some());
    let id = canary.map_or(&stage.deployment_id, |canary| &canary.deployment_id);
    reading.deployments.iter().find(|one| Some(&one.id) == id.as_ref())
}

/// The canary that is wanted.
fn canary_move(reading: &Reading, wanted: &Wanted<'_>) -> Option<CanaryMove> {
    let percent = wanted.canary?;
    let canary = reading.stage(wanted.stage).and_then(|stage| stage.canary.as_ref());
    Some(CanaryMove {
        percent,
        replaces: canary.and_then(|canary| canary.deployment_id.clone()),
    })
}

/// What is left to do when the document is served already; `None` when it is not.
fn served_already(reading: &Reading, draft: &Definition, wanted: &Wanted<'_>, stage_changes: bool) -> Option<Action> {
    let serves = |deployment: Option<&Deployment>| {
        deployment.is_some_and(|deployment| is_made_of(reading, draft, deployment, wanted))
    };
    if serves(reading.served.as_ref()) {
        return Some(if stage_changes {
            Action::StageSettings
        } else {
            Action::Nothing {
                served_by: Server::Stage,
            }
        });
    }
    let percent = wanted.canary?;
    let canary = reading.stage(wanted.stage)?.canary.as_ref()?;
    if !serves(target_of(reading, wanted)) {
        return None;
    }
    Some(if is_same_percent(canary.percent, percent) {
        Action::Nothing {
            served_by: Server::Canary,
        }
    } else {
        Action::CanaryPercent(canary_move(reading, wanted)?)
    })
}

/// Whether the draft is what was deployed last, or what a stage serves.
#[must_use]
pub fn drift(reading: &Reading, draft: &Definition, interrupted: bool) -> Drift {
    let newest = reading.deployments.iter().map(|one| one.created).max();
    let is_served = |id: &str| {
        reading
            .stages
            .iter()
            .any(|stage| stage.deployment_id.as_deref() == Some(id))
    };
    let mut markers: Vec<String> = reading
        .deployments
        .iter()
        .filter(|one| Some(one.created) == newest || is_served(&one.id))
        .filter_map(|one| Marker::of(one)?.draft)
        .collect();
    markers.extend(DraftMark::of(&reading.api).map(|mark| mark.draft));
    // What another version of bluegate wrote in its own way says nothing about edits.
    markers.retain(|digest| Definition::is_comparable(digest));
    if markers.contains(&draft.digest()) {
        Drift::None
    } else if interrupted {
        Drift::Interrupted
    } else if markers.is_empty() {
        Drift::Unknown
    } else {
        Drift::Edited
    }
}

fn settings(reading: &Reading, draft: &Definition, desired: &Definition, expected: &RestApi) -> Vec<Change> {
    let api = &reading.api;
    let mut found = Vec::new();
    let mut compare = |field: &str, from: Option<&str>, to: Option<&str>| {
        if from != to {
            found.push(Change {
                field: field.to_owned(),
                from: from.map(str::to_owned),
                to: to.map(str::to_owned),
            });
        }
    };
    compare("name", Some(&api.name), Some(&expected.name));
    compare(
        "description",
        api.description.as_deref(),
        expected.description.as_deref(),
    );
    for (name, facts) in &draft.authorizers {
        compare(
            &format!("authorizer {name}"),
            facts.get(&Field::Type).map(String::as_str),
            None,
        );
    }
    let kinds: BTreeSet<&String> = draft.responses.keys().chain(desired.responses.keys()).collect();
    let none = Facts::new();
    for kind in kinds {
        let before = draft.responses.get(kind).unwrap_or(&none);
        for change in changes(before, desired.responses.get(kind).unwrap_or(&none)) {
            let field = format!("gateway response {kind} {}", change.field);
            compare(&field, change.from.as_deref(), change.to.as_deref());
        }
    }
    found
}
