//! Ending a canary: with its version for everybody, or for nobody.

use std::collections::BTreeSet;

use bluegate_core::gateway::Definition;
use bluegate_core::openapi::Document;
use serde::Serialize;

use crate::api::{ApiGateway, Canary};
use crate::plan::{Allow, Refusal, judge, stage_variables_of};
use crate::read::{Needs, Reading};
use crate::steps::{by_overrides, overridden};
use crate::transaction::{Caller, Intent, Question, RunError, State, StepError, Transaction};

use super::rollback::is_draft;
use super::{Deployer, Served, label, no_stage, serving};

/// How a canary ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Its deployment becomes what the stage serves.
    Promote,
    /// It goes, and the stage serves what it did.
    Abort,
}

/// How a canary becomes what the stage serves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Promote {
    /// What guards permit.
    pub allow: Allow,
}

/// How a canary goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Abort {
    /// Whether the draft stays as it is.
    pub keep_draft: bool,
    /// What guards permit.
    pub allow: Allow,
}

/// What the end of a canary left.
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

/// A canary, and what the stage serves beside it.
struct Tried {
    stage: String,
    production: String,
    canary: Canary,
    deployment_id: String,
}

impl Tried {
    fn of(reading: &Reading, stage: &str) -> Result<Self, RunError> {
        let Some(production) = serving(reading, stage) else {
            return Err(no_stage(reading, stage));
        };
        let canary = reading.stage(stage).and_then(|stage| stage.canary.clone());
        let deployment_id = canary.as_ref().and_then(|canary| canary.deployment_id.clone());
        let (Some(canary), Some(deployment_id)) = (canary, deployment_id) else {
            return Err(RunError::Canary {
                stage: stage.to_owned(),
                there: false,
            });
        };
        Ok(Self {
            stage: stage.to_owned(),
            production: production.to_owned(),
            canary,
            deployment_id,
        })
    }

    /// What the variables of the canary make another, as far as anybody tells what the canary serves: the draft is that
    /// until it is put for another stage.
    fn by_variables(&self, reading: &Reading) -> Vec<String> {
        let was = stage_variables_of(reading.stage(&self.stage), None);
        let is = overridden(&was, Some(&self.canary.variable_overrides));
        let export = reading
            .export
            .as_deref()
            .and_then(|export| export.parse::<Document>().ok());
        let known = export
            .as_ref()
            .map(Definition::from)
            .into_iter()
            .chain(Some(reading.definition()).filter(|_| is_draft(reading, &self.deployment_id)));
        let less: BTreeSet<String> = known.flat_map(|known| by_overrides(&known, &was, &is)).collect();
        less.into_iter().collect()
    }

    fn ended(self, reading: &Reading, ending: Ending, draft_is_live: bool) -> Ended {
        let serves = match ending {
            Ending::Promote => self.deployment_id.clone(),
            Ending::Abort => self.production.clone(),
        };
        Ended {
            rest_api_id: reading.api.id.clone(),
            name: reading.api.name.clone(),
            stage: self.stage,
            ending,
            canary: self.deployment_id,
            percent: self.canary.percent,
            served: self.production,
            serves,
            draft_is_live,
        }
    }
}

/// What is to be done to an API that was read, unless it is refused.
fn asked(reading: &Reading, refusals: Vec<Refusal>, intent: Intent) -> Result<Question, RunError> {
    if !refusals.is_empty() {
        return Err(RunError::Refused { refusals });
    }
    Ok(Question {
        rest_api_id: Some(reading.api.id.clone()),
        name: reading.api.name.clone(),
        intent,
    })
}

impl<G: ApiGateway> Deployer<G> {
    /// Makes what the canary of the stage serves what the stage serves, and gives the canary back when that fails.
    ///
    /// # Errors
    ///
    /// [`RunError`], which says what state things were left in.
    pub async fn promote(&self, promote: &Promote, caller: &mut impl Caller) -> Result<Ended, RunError> {
        let run = self.transaction(caller);
        let reading = run.read_api().await?;
        let tried = Tried::of(&reading, run.stage)?;
        let less = tried.by_variables(&reading);
        let refusals = run
            .compare(&reading, &tried.deployment_id, false, false, &less, promote.allow)
            .await?;
        let intent = Intent::Promote {
            stage: tried.stage.clone(),
            from: tried.production.clone(),
            canary: label(&reading, &tried.deployment_id),
        };
        run.confirm(&asked(&reading, refusals, intent)?)?;
        let work = run.promote_locked(&reading, &tried, promote.allow);
        run.with_lock(&reading.api, work, |()| false).await?;
        Ok(tried.ended(&reading, Ending::Promote, false))
    }

    /// Takes the canary of the stage away, and makes the draft what the stage serves.
    ///
    /// # Errors
    ///
    /// [`RunError`], which says what state things were left in.
    pub async fn abort(&self, abort: &Abort, caller: &mut impl Caller) -> Result<Ended, RunError> {
        let run = self.transaction(caller);
        let reading = run.read_api().await?;
        let tried = Tried::of(&reading, run.stage)?;
        let case = run.giving_way(&reading, !abort.keep_draft);
        let refusals = judge(&case, abort.allow).refusals;
        let intent = Intent::Abort {
            stage: tried.stage.clone(),
            serves: tried.production.clone(),
            canary: label(&reading, &tried.deployment_id),
        };
        run.confirm(&asked(&reading, refusals, intent)?)?;
        let work = run.abort_locked(&reading, &tried, abort);
        let is_live = run.with_lock(&reading.api, work, |is_level| *is_level).await?;
        Ok(tried.ended(&reading, Ending::Abort, is_live))
    }
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    async fn read_for_end(&self, planned: &Reading) -> Result<(), StepError> {
        let reading = self.read_again(planned, &Needs::default()).await?;
        self.snapshot(reading).await
    }

    async fn promote_locked(&self, planned: &Reading, tried: &Tried, allow: Allow) -> Result<(), StepError> {
        self.read_for_end(planned).await?;
        let now = self.promote(&tried.stage, &tried.canary).await?;
        self.flush(&now).await;
        let export = self
            .guard_served(Served {
                stage: &tried.stage,
                deployment: &tried.deployment_id,
                overrides: Some(&tried.canary.variable_overrides),
                allow: Some(allow),
            })
            .await?;
        if let Some(export) = export {
            let before = self.before();
            let was = stage_variables_of(before.reading.stage(&tried.stage), None);
            let is = overridden(&was, Some(&tried.canary.variable_overrides));
            let texts = before.exports.get(&tried.stage).into_iter().chain([&export]);
            let served = texts.filter_map(|text| text.parse::<Document>().ok());
            let served: Vec<Definition> = served.map(|document| Definition::from(&document)).collect();
            self.withdraw_renamed(&served, &was, &is).await;
        }
        Ok(())
    }

    /// Gives whether the draft was made equal to what is served.
    async fn abort_locked(&self, planned: &Reading, tried: &Tried, abort: &Abort) -> Result<bool, StepError> {
        self.read_for_end(planned).await?;
        let now = self.abort(&tried.stage).await?;
        self.flush(&now).await;
        if abort.keep_draft {
            self.withdraw_tried(&tried.canary).await;
            return Ok(false);
        }
        // Who aborts a canary does not want it back because a draft cannot be put.
        self.keep();
        self.withdraw_tried(&tried.canary).await;
        let served = Served {
            stage: &tried.stage,
            deployment: &tried.production,
            overrides: None,
            allow: None,
        };
        self.align_draft(served).await.map_err(|error| {
            self.keep();
            let deployment = tried.production.clone();
            error.leaving(State::DraftLeft { deployment }).into()
        })
    }
}
