//! A deployment: the plan, carried out.

use std::collections::BTreeMap;

use bluegate_core::gateway;
use bluegate_core::openapi::Document;
use serde::Serialize;

use crate::api::{ApiGateway, RestApi};
use crate::carry::imprint;
use crate::plan::{Action, Allow, Became, CanaryMove, Declared as _, Overwrite, Part, Plan, stage_variables_of};
use crate::read::{Marker, Reading, brought};
use crate::service::{Lack, Tolerates as _};
use crate::steps::Warnings;
use crate::transaction::{Before, Caller, Content, Event, Intent, Question, RunError, StepError, Transaction, Warning};

use super::Deployer;
use super::survey::Survey;

/// What is to be deployed, and how.
#[derive(Debug, Clone)]
pub struct Deploy<'a> {
    /// The document.
    pub document: &'a Document,
    /// What the deployment is to say of where it comes from.
    pub marker: Marker,
    /// Whether a missing API is created.
    pub create: bool,
    /// How many percent of the stage's traffic go to the new deployment; `None` for all of it, without a canary.
    pub canary: Option<f64>,
    /// What guards permit.
    pub allow: Allow,
    /// Whether a document that API Gateway warns about is not taken.
    pub fail_on_warnings: bool,
    /// Warnings of API Gateway that are taken for granted, or parts of them.
    pub allowed_warnings: Vec<String>,
    /// How many deployments are kept.
    pub keep: usize,
}

impl<'a> Deploy<'a> {
    /// All of the traffic for a document, and nothing that is dangerous.
    #[must_use]
    pub fn of(document: &'a Document) -> Self {
        Self {
            document,
            marker: Marker::of_document(&document.digest()),
            create: false,
            canary: None,
            allow: Allow::default(),
            fail_on_warnings: true,
            allowed_warnings: Vec::new(),
            keep: 10,
        }
    }
}

/// What a deployment left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deployed {
    /// The API's id.
    pub rest_api_id: String,
    /// The API's name.
    pub name: String,
    /// Whether the API is a new one.
    pub created: bool,
    /// Whether anything was written.
    pub changed: bool,
    /// The deployment that serves the document now.
    pub deployment_id: String,
    /// What API Gateway had to say about the document.
    pub warnings: Vec<String>,
}

impl Deployed {
    pub(super) fn to(api: &RestApi, deployment_id: &str) -> Self {
        Self {
            rest_api_id: api.id.clone(),
            name: api.name.clone(),
            created: false,
            changed: true,
            deployment_id: deployment_id.to_owned(),
            warnings: Vec::new(),
        }
    }
}

impl<G: ApiGateway> Deployer<G> {
    /// Deploys: reads and plans, asks, locks, keeps a snapshot, puts, reads back, deploys, moves the stage's pointer,
    /// and undoes all of it when something fails after the put. A stage that serves the document already is left alone.
    ///
    /// # Errors
    ///
    /// [`RunError`], which says what state things were left in.
    pub async fn deploy(&self, deploy: &Deploy<'_>, caller: &mut impl Caller) -> Result<Deployed, RunError> {
        let run = self.transaction(caller);
        let Survey { plan, reading } = run.survey(deploy).await?;
        run.tell(&Event::Planned {
            plan: Box::new(plan.clone()),
        });
        if !plan.refusals.is_empty() {
            return Err(RunError::Refused {
                refusals: plan.refusals,
            });
        }
        if let Some(question) = question(&plan, reading.as_ref()) {
            run.confirm(&question)?;
        }
        let planned = reading.unwrap_or_default();
        let api = &planned.api;
        match &plan.action {
            Action::Create(overwrite) => run.create(overwrite, deploy).await,
            Action::Nothing { .. } => {
                // What an interrupted run left is done with: its lock, and the snapshot that would bring back what
                // somebody takes away later.
                if run.is_interrupted(api) {
                    run.with_lock(api, run.read_for(&planned, deploy), |_| true).await?;
                }
                Ok(Deployed {
                    changed: false,
                    ..Deployed::to(api, plan.serving().unwrap_or_default())
                })
            }
            Action::StageSettings => run.with_lock(api, run.set_stage(&planned, deploy), |_| true).await,
            Action::CanaryPercent(canary) => {
                run.with_lock(api, run.send_percent(&planned, canary, deploy), |_| true)
                    .await
            }
            Action::Replace(overwrite) => {
                run.with_lock(api, run.replace(&planned, overwrite, deploy), |_| true)
                    .await
            }
        }
    }
}

/// What is asked before a plan is carried out that writes.
fn question(plan: &Plan, reading: Option<&Reading>) -> Option<Question> {
    let stage = plan.stage.name.clone();
    let intent = match &plan.action {
        Action::Nothing { .. } => return None,
        Action::Create(_) => Intent::Create { stage },
        Action::CanaryPercent(canary) => Intent::Send {
            stage,
            percent: canary.percent,
        },
        Action::StageSettings | Action::Replace(_) => Intent::Deploy {
            stage,
            canary: plan.action.canary().map(|canary| canary.percent),
        },
    };
    Some(Question {
        rest_api_id: plan.rest_api_id.clone(),
        name: reading.map_or_else(|| plan.name.clone(), |reading| reading.api.name.clone()),
        intent,
    })
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    async fn read_for(&self, planned: &Reading, deploy: &Deploy<'_>) -> Result<Reading, StepError> {
        let needs = self.wanted(deploy).needs(planned.stage(self.stage));
        self.read_again(planned, &needs).await
    }

    /// Puts what was planned, on an API that is as it was then.
    async fn replace(
        &self,
        planned: &Reading,
        overwrite: &Overwrite,
        deploy: &Deploy<'_>,
    ) -> Result<Deployed, StepError> {
        let reading = self.read_for(planned, deploy).await?;
        self.snapshot(reading).await?;
        self.tell(&Event::Putting {
            rest_api_id: self.id().to_owned(),
            content: Content::Document,
        });
        let put = self.put(&overwrite.body, self.warnings(deploy)).await?;
        let warnings = put.warnings.clone();
        let deployment_id = self.publish(put, overwrite, deploy).await?;
        Ok(Deployed {
            warnings,
            ..Deployed::to(&overwrite.expected, &deployment_id)
        })
    }

    pub(super) fn warnings<'a>(&self, deploy: &'a Deploy<'_>) -> Warnings<'a> {
        Warnings {
            are_refused: deploy.fail_on_warnings && !self.service.tolerates(Lack::Warnings),
            allowed: &deploy.allowed_warnings,
        }
    }

    /// From a draft that was put to a stage that serves it.
    pub(super) async fn publish(
        &self,
        put: RestApi,
        overwrite: &Overwrite,
        deploy: &Deploy<'_>,
    ) -> Result<String, StepError> {
        let Overwrite { expected, desired, .. } = overwrite;
        let before = &self.before().reading;
        let stage = self.stage;
        self.tell(&Event::CheckingDraft {
            content: Content::Document,
        });
        let (api, draft) = self.verify(put, expected, desired, Some(&before.definition())).await?;
        if !self.service.tolerates(Lack::Definition) {
            for what in overwrite.kept.missing(&draft) {
                self.warn(Warning::Lost { what });
            }
        }
        self.try_draft(&draft).await?;
        let now = before.stage(stage);
        let calls = self.wanted(deploy).calls(now);
        // A stage with a canary serves two versions, and the one before may be either.
        let has_canary = overwrite.canary.is_some() || now.is_some_and(|stage| stage.canary.is_some());
        let marker = Marker {
            draft: Some(gateway::Definition::of(&draft).digest()),
            settings: Some(imprint(&api)),
            // When a later document has them no longer, they are nobody else's.
            responses: Some(brought(&draft, deploy.document)).filter(|brought| !brought.is_empty()),
            stage: Some(stage.to_owned()),
            // What a rollback goes back to.
            was: super::serving(before, stage).map(str::to_owned),
            left: self.left_functions(&calls, has_canary),
            ..deploy.marker.clone()
        };
        let (deployment, is_clear) = self.create_deployment(&marker.to_string(), desired).await?;
        let policies = self.permit(&calls).await?;
        self.tell(&Event::Deploying {
            deployment_id: deployment.clone(),
            stage: stage.to_owned(),
        });
        let now = match (&overwrite.canary, before.stage(stage)) {
            (Some(canary), Some(before)) => self.send(before, &deployment, canary.percent).await?,
            _ => self.place(stage, &deployment).await?,
        };
        if !is_clear {
            // What a canary serves cannot be exported.
            self.clear_up(Some(stage).filter(|_| overwrite.canary.is_none()), desired)
                .await?;
        }
        self.flush(&now).await;
        self.unmark().await;
        // Only a part of the requests would get to a canary.
        if overwrite.canary.is_none() {
            self.request(expected, desired).await?;
        }
        if !has_canary {
            self.withdraw(&calls, policies).await;
        }
        self.prune(deploy.keep).await;
        Ok(deployment)
    }

    /// Gives the stage the settings of the file; it serves the document already.
    async fn set_stage(&self, planned: &Reading, deploy: &Deploy<'_>) -> Result<Deployed, StepError> {
        let reading = self.read_for(planned, deploy).await?;
        self.begin_without_snapshot(reading);
        let reading = &self.before().reading;
        let Some(stage) = reading.stage(self.stage) else {
            return Err(RunError::changed(Part::Stage, self.stage, Became::Removed).into());
        };
        self.permit(&self.wanted(deploy).calls(Some(stage))).await?;
        let missing = self.environment.stage_settings.missing(Some(stage));
        self.configure(stage.clone(), &missing).await?;
        let served = reading.definition();
        self.request(&reading.api, &served).await?;
        if stage.canary.is_none() {
            let declared = Some(&self.environment.stage_settings);
            let (was, is) = (
                stage_variables_of(Some(stage), None),
                stage_variables_of(Some(stage), declared),
            );
            self.withdraw_renamed(&[served], &was, &is).await;
        }
        let serves = stage.deployment_id.as_deref().unwrap_or_default();
        Ok(Deployed::to(&reading.api, serves))
    }

    /// Gives a canary that serves the document already another part of the traffic.
    async fn send_percent(
        &self,
        planned: &Reading,
        wanted: &CanaryMove,
        deploy: &Deploy<'_>,
    ) -> Result<Deployed, StepError> {
        let reading = self.read_for(planned, deploy).await?;
        self.begin_without_snapshot(reading);
        let reading = &self.before().reading;
        let stage = reading.stage(self.stage);
        let canary = stage.and_then(|stage| stage.canary.as_ref()?.deployment_id.as_deref());
        let (Some(stage), Some(canary)) = (stage, canary) else {
            return Err(RunError::changed(Part::Stage, self.stage, Became::Removed).into());
        };
        self.tell(&Event::Sending {
            stage: stage.name.clone(),
            deployment_id: canary.to_owned(),
            percent: wanted.percent,
        });
        self.send(stage, canary, wanted.percent).await?;
        Ok(Deployed::to(&reading.api, canary))
    }

    fn begin_without_snapshot(&self, reading: Reading) {
        self.begin_with(Before {
            reading,
            exports: BTreeMap::new(),
        });
    }
}
