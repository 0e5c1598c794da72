//! What a deployment would do: computed from one reading of the API, before anything is written.

mod action;
mod by_variable;
mod caching;
mod drift;
mod edit;
mod guards;
mod known;
mod limits;
mod notes;
mod permissions;
mod stage_settings;
mod stages;
mod wanted;

use bluegate_core::gateway::{Change, Definition, Difference};
use serde::Serialize;

pub use action::{Action, CanaryMove, Overwrite, Server};
pub(crate) use by_variable::{asked_by_variables, called_by_variables};
pub(crate) use caching::Caching;
pub use drift::{Drift, drift, is_draft_of};
pub use edit::{Became, DEPLOYMENT, Edit, Part, edit};
pub use guards::{Allow, Case, Judged, Policies, Refusal, judge};
pub use limits::Limits;
pub(crate) use permissions::served_calls;
pub use permissions::{Calls, FunctionPlan, Invoker};
pub use stage_settings::Declared;
pub use stage_settings::stage_variables_of;
pub(crate) use stage_settings::{is_of_cache, weaker_elsewhere};
pub use stages::{CanaryPlan, StagePlan};
pub use wanted::{Past, Wanted};

use crate::api::{Identity, RestApi};
use crate::carry::{Kept, expected, overwriting, takes_long};
use crate::read::{Marker, Reading, Surroundings, waiting};
use known::Known;
use permissions::{Former, function_plans, is_any_call_missing};

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
    /// What becomes of who may call the functions of the API.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<FunctionPlan>,
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
        let known = Known::of(reading, wanted, past);
        let mut stage = StagePlan::of(reading, wanted.stage);
        let missing = wanted.stage_settings.missing(reading.stage(wanted.stage));
        // The settings of the stage are its own, and not those of a canary beside it.
        if wanted.canary.is_none() {
            stage.changes = missing.changes(reading.stage(wanted.stage));
        }
        let waiting = known.replaced().map_or_else(Vec::new, |one| waiting(&reading.api, one));
        let calls = wanted.calls(reading.stage(wanted.stage));
        let functions = &reading.surroundings.functions;
        let invoker = wanted.invoker(&reading.api.id);
        let permissions = |former: Former<'_>| {
            let plans = invoker
                .as_ref()
                .map(|invoker| function_plans(invoker, functions, &calls, former));
            plans.unwrap_or_default()
        };
        let is_missing = |invoker| is_any_call_missing(invoker, functions, &calls);
        let permits = wanted.canary.is_none() && invoker.as_ref().is_some_and(is_missing);
        let served = known.served_already(!stage.changes.is_empty() || permits);
        // A canary is still to be judged when more of the traffic goes to it.
        let is_served = matches!(served, Some(Action::Nothing { .. } | Action::StageSettings));
        let live = known.live.as_ref();
        let (routes, access) = match served {
            Some(_) => (Difference::default(), live.map(|_| Difference::default())),
            None => (
                Difference::between(&known.draft, &known.desired),
                live.map(|live| Difference::between(live, &known.comparable(&known.desired))),
            ),
        };
        let permissions = match &served {
            Some(Action::Nothing { .. } | Action::CanaryPercent(_)) => Vec::new(),
            _ if wanted.canary.is_some() || stage.canary.is_some() => permissions(Former::Stays),
            Some(_) => {
                let left = reading.served.as_ref().and_then(Marker::of).map(|marker| marker.left);
                let now = wanted.calls_now(reading.stage(wanted.stage));
                permissions(Former::Variables(&now, &left.unwrap_or_default()))
            }
            None => match served_calls(reading, wanted.stage) {
                Some(served) => permissions(Former::Version(&served)),
                None => permissions(Former::Stays),
            },
        };
        let (judged, settings) = if matches!(served, Some(Action::Nothing { .. })) {
            (Judged::default(), Vec::new())
        } else if is_served {
            let case = Case {
                surroundings: Some(&reading.surroundings),
                permissions: &permissions,
                impossible: &wanted.impossible_functions(reading.stage(wanted.stage)),
                less: &known.less(),
                ..Case::default()
            };
            (judge(&case, wanted.allow), Vec::new())
        } else {
            (known.judged(&stage, &permissions, &waiting), known.settings())
        };
        let edits = live.filter(|_| known.drift == Drift::Edited);
        let edits = edits.map(|live| Difference::between(live, &known.comparable(&known.draft)));
        let mut more = edits.map_or_else(Vec::new, |edits| notes::edits(&edits));
        more.extend(known.kept.losses());
        if wanted.canary.is_some() && !missing.is_empty() {
            more.push("settings of the stage are set by the next deployment without a canary".to_owned());
        }
        if !past.back.is_empty() {
            more.push(format!(
                "an interrupted run took {}: it comes back",
                past.back.join(", ")
            ));
        }
        if past.back.iter().any(|name| takes_long(name)) {
            more.push(
                "the TLS policy changes: API Gateway takes 15 to 20 minutes over that, and no other change meanwhile"
                    .to_owned(),
            );
        }
        let others = reading.stages.iter().filter(|stage| stage.name != wanted.stage);
        let other_stages: Vec<_> = others.map(|one| StagePlan::of(reading, &one.name)).collect();
        let (drift, name, carried_over) = (known.drift, known.expected.name.clone(), known.carried_over());
        let action = served.unwrap_or_else(|| Action::Replace(known.overwrite()));
        let mut notes = notes::notes(&action, &stage, &other_stages, &waiting, drift, reading);
        notes.append(&mut more);
        notes.extend(notes::functions(invoker.as_ref(), functions, &calls, &permissions));
        Self {
            caller: None,
            rest_api_id: Some(reading.api.id.clone()),
            name,
            security: judged.security,
            refusals: judged.refusals,
            stage,
            other_stages,
            routes,
            access,
            settings,
            permissions,
            carried_over,
            waiting,
            drift,
            limits: Limits::of(wanted.document, Some(reading)),
            notes,
            action,
        }
    }

    /// The plan for an API that is to be created.
    #[must_use]
    pub fn creating(wanted: &Wanted<'_>, surroundings: &Surroundings) -> Self {
        let desired = Definition::from(wanted.document);
        let expected = expected(&RestApi::default(), wanted.document, wanted.name);
        let calls = wanted.calls(None);
        let invoker = wanted.invoker("*");
        let permissions = invoker
            .as_ref()
            .map(|invoker| function_plans(invoker, &surroundings.functions, &calls, Former::Stays));
        let permissions = permissions.unwrap_or_default();
        let case = Case {
            surroundings: Some(surroundings),
            permissions: &permissions,
            impossible: &wanted.impossible_functions(None),
            undefined: &wanted.undefined_variables(None),
            created: Some(&expected.name),
            ..Case::default()
        };
        Self {
            caller: None,
            rest_api_id: None,
            name: expected.name.clone(),
            security: Vec::new(),
            refusals: judge(&case, wanted.allow).refusals,
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
            notes: notes::functions(invoker.as_ref(), &surroundings.functions, &calls, &permissions),
            permissions,
            carried_over: Vec::new(),
            waiting: Vec::new(),
            drift: Drift::None,
            limits: Limits::of(wanted.document, None),
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
