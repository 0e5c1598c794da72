//! Going back to an older deployment.

use bluegate_core::gateway::{Difference, access_only};
use serde::Serialize;

use crate::api::ApiGateway;
use crate::plan::{Allow, Case, Drift, Judged, Policies, Refusal, drift, is_draft_of, judge};
use crate::read::{Needs, Reading, previous, served};
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Caller, Event, Intent, Question, RunError, StepError, Transaction, Warning};

use super::{Deployer, Served, label, no_stage, serving};

/// Where to go back to, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rollback<'a> {
    /// The deployment to go back to; without one it is what the stage served before.
    pub to: Option<&'a str>,
    /// Whether the draft stays as it is.
    pub keep_draft: bool,
    /// What guards permit.
    pub allow: Allow,
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

impl<G: ApiGateway> Deployer<G> {
    /// Moves the stage to an older deployment, makes the draft equal to it, and undoes both when something fails.
    ///
    /// # Errors
    ///
    /// [`RunError`], which says what state things were left in.
    pub async fn rollback(&self, rollback: &Rollback<'_>, caller: &mut impl Caller) -> Result<RolledBack, RunError> {
        let run = self.transaction(caller);
        let reading = run.read_api().await?;
        let stage = run.stage;
        let Some(from) = serving(&reading, stage) else {
            return Err(no_stage(&reading, stage));
        };
        if reading.stage(stage).is_some_and(|stage| stage.canary.is_some()) {
            return Err(RunError::Canary {
                stage: stage.to_owned(),
                there: true,
            });
        }
        let interrupted = run.is_interrupted(&reading.api);
        let Some(to) = choose(&reading, stage, from, interrupted, rollback.to) else {
            let known = reading.deployments.iter().map(|one| one.id.clone());
            return Err(RunError::NoDeployment {
                id: rollback.to.map(str::to_owned),
                known: known.filter(|_| rollback.to.is_some() || interrupted).collect(),
            });
        };
        let mut left = RolledBack {
            rest_api_id: reading.api.id.clone(),
            name: reading.api.name.clone(),
            stage: stage.to_owned(),
            from: from.to_owned(),
            to: to.clone(),
            changed: false,
            draft_is_live: is_draft(&reading, &to),
        };
        if from == to && (rollback.keep_draft || (left.draft_is_live && !interrupted)) {
            run.tell(&Event::Unchanged {
                stage: left.stage.clone(),
                deployment_id: to,
            });
            return Ok(left);
        }
        let puts = !rollback.keep_draft;
        let refusals = run.compare(&reading, &to, true, puts, &[], rollback.allow).await?;
        if !refusals.is_empty() {
            return Err(RunError::Refused { refusals });
        }
        let intent = if from == to {
            Intent::Align {
                stage: left.stage.clone(),
                deployment_id: to.clone(),
            }
        } else {
            Intent::Move {
                stage: left.stage.clone(),
                from: left.from.clone(),
                to: label(&reading, &to),
            }
        };
        run.confirm(&Question {
            rest_api_id: Some(left.rest_api_id.clone()),
            name: left.name.clone(),
            intent,
        })?;
        let work = run.roll_back(&reading, &to, rollback);
        left.draft_is_live = run.with_lock(&reading.api, work, |is_level| *is_level).await?;
        left.changed = true;
        Ok(left)
    }
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Gives whether the draft is what is served.
    async fn roll_back(&self, planned: &Reading, to: &str, rollback: &Rollback<'_>) -> Result<bool, StepError> {
        let stage = self.stage;
        let reading = self.read_again(planned, &Needs::default()).await?;
        self.snapshot(reading).await?;
        if serving(&self.before().reading, stage) != Some(to) {
            self.tell(&Event::Moving {
                stage: stage.to_owned(),
                deployment_id: to.to_owned(),
            });
            let now = self.point(stage, to, &[]).await?;
            self.flush(&now).await;
        }
        let served = Served {
            stage,
            deployment: to,
            overrides: None,
            allow: Some(rollback.allow),
        };
        if rollback.keep_draft {
            self.guard_served(served).await?;
            return Ok(false);
        }
        self.align_draft(served).await
    }

    /// Says what changes for callers when the stage serves another deployment, and what of it is refused; `less` is what
    /// protects less by what no deployment tells.
    pub(super) async fn compare(
        &self,
        reading: &Reading,
        to: &str,
        back: bool,
        puts: bool,
        less: &[String],
        allow: Allow,
    ) -> Result<Vec<Refusal>, RunError> {
        let next = match self.gateway.get_deployment(&reading.api.id, to).await {
            Err(_) if self.service.tolerates(Lack::Access) => None,
            next => served(&next?),
        };
        let live = reading.served.as_ref().and_then(served);
        let case = Case {
            served: live.as_ref().filter(|_| next.is_some()),
            next: next.as_ref().filter(|_| live.is_some()),
            less,
            ..self.giving_way(reading, puts)
        };
        if let (Some(live), Some(next)) = (case.served, case.next) {
            let change = Difference::between(live, &access_only(next));
            self.tell(&Event::Compared {
                to: label(reading, to),
                back,
                added: change.added.len(),
                removed: change.removed.len(),
                changed: change.changed.len(),
            });
        } else {
            self.warn(Warning::Unguarded);
        }
        let Judged { security, refusals } = judge(&case, allow);
        for what in security {
            self.warn(Warning::Security { what });
        }
        Ok(refusals)
    }

    /// What there is to judge of a draft, if what a stage serves is put in its place.
    pub(super) fn giving_way<'a>(&self, reading: &'a Reading, puts: bool) -> Case<'a> {
        if !puts {
            return Case::default();
        }
        let drift = drift(reading, &reading.definition(), self.is_interrupted(&reading.api));
        let policies = Policies {
            served: None,
            next: reading.api.policy.as_deref(),
            replaced: &[],
        };
        Case {
            loses_edits: drift == Drift::Edited,
            policy: Some(policies),
            ..Case::default()
        }
    }
}

/// Whether the draft is what a deployment was made of, as far as anybody knows.
pub(super) fn is_draft(reading: &Reading, deployment: &str) -> bool {
    let made = reading.deployments.iter().find(|one| one.id == deployment);
    let is_so = made.and_then(|made| is_draft_of(reading, &reading.definition(), made));
    is_so.unwrap_or(true)
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
