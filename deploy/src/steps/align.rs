//! Making the draft what a stage serves.

use std::collections::BTreeSet;

use bluegate_core::aws::StageSettings;
use bluegate_core::gateway::{Definition, Facts, policy};
use bluegate_core::openapi::Document;

use crate::api::{ApiGateway, Texts};
use crate::carry::{Kept, RestoreError, restored};
use crate::plan::{
    Allow, Caching, Case, asked_by_variables, called_by_variables, judge, stage_variables_of, weaker_elsewhere,
};
use crate::read::{DraftMark, Marker, is_left_out, served};
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Before, Caller, Content, Event, StepError, Transaction, Warning, until};

use super::Warnings;
use super::snapshot::Told;

/// A stage, and what it serves by now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Served<'a> {
    pub(crate) stage: &'a str,
    pub(crate) deployment: &'a str,
    /// The variables that the stage has besides, since they were those of its canary.
    pub(crate) overrides: Option<&'a Texts>,
    /// What guards permit of what only its export tells; `None` when it was served before as well.
    pub(crate) allow: Option<Allow>,
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Puts what the stage serves as the draft, with the settings that the API has, and reads it back.
    ///
    /// Gives whether it did: an emulator may have no export to put.
    pub(crate) async fn align_draft(&self, to: Served<'_>) -> Result<bool, StepError> {
        let before = &self.before().reading;
        self.tell(&Event::Exporting {
            stage: to.stage.to_owned(),
        });
        let Some(export) = self.export(to).await? else {
            return Ok(false);
        };
        let broken = |error: RestoreError| StepError::Check(error.to_string());
        self.guard(&export, to)?;
        self.permit_served(&export, to.overrides).await?;
        self.save(&format!("export-{}-{}.json", to.stage, to.deployment), &export)?;
        let authorizers = &before.draft.authorizers;
        let document = restored(&export, &before.api, authorizers, None, &Kept::default()).map_err(broken)?;
        self.tell(&Event::Putting {
            rest_api_id: before.api.id.clone(),
            content: Content::Served,
        });
        let put = self.put(&document.to_json(), Warnings::default()).await?;
        self.tell(&Event::CheckingDraft {
            content: Content::Served,
        });
        let was = before.definition();
        let (_, draft) = self
            .verify(put, &before.api, &Definition::from(&document), Some(&was))
            .await?;
        self.mark(to, Definition::of(&draft).digest()).await;
        Ok(true)
    }

    /// The export, once it is the one of the deployment.
    async fn export(&self, to: Served<'_>) -> Result<Option<String>, StepError> {
        let id = self.id();
        let summary = match self.gateway.get_deployment(id, to.deployment).await {
            Err(error) if error.is_ambiguous() && self.service.tolerates(Lack::Access) => None,
            deployment => served(&deployment?),
        };
        let told = |export: &String| {
            let document: Document = export.parse().unwrap_or_default();
            let exported = Definition::from(&document);
            summary
                .as_ref()
                .map_or(Told::So, |summary| Told::of(Some(&exported), summary))
        };
        let read = || self.gateway.get_export(id, to.stage);
        let is_so = |export: &String| told(export) == Told::So;
        let export = match until(read, is_so).await.and_then(|seen| seen.last()) {
            Err(error) if self.lacks(Lack::Exports, format!("anything ({error}): the draft stays as it is")) => {
                return Ok(None);
            }
            export => export?,
        };
        match told(&export) {
            // It may be the draft that an emulator exports, or a document without authorization.
            Told::So
                if summary.is_none()
                    && self.lacks(Lack::Exports, "anything that tells what is served: the draft stays") =>
            {
                Ok(None)
            }
            Told::So => Ok(Some(export)),
            Told::Unclear(wrong) | Told::Open(wrong)
                if self.lacks(Lack::Exports, format!("what is served ({wrong}): the draft stays")) =>
            {
                Ok(None)
            }
            Told::Unclear(what) => {
                self.warn(Warning::Unclear {
                    deployment_id: to.deployment.to_owned(),
                    what,
                });
                Ok(Some(export))
            }
            Told::Open(wrong) => Err(StepError::Check(format!(
                "what the stage `{}` exports is not the deployment {}: {wrong}",
                to.stage, to.deployment
            ))),
        }
    }

    /// Guards look at what only the export tells of a deployment, once the stage serves it. Gives the export.
    pub(crate) async fn guard_served(&self, to: Served<'_>) -> Result<Option<String>, StepError> {
        match self.export(to).await {
            Ok(None) => Ok(None),
            Ok(Some(export)) => {
                self.guard(&export, to)?;
                self.permit_served(&export, to.overrides).await?;
                Ok(Some(export))
            }
            // No deployment of an API that cannot be exported tells more.
            Err(StepError::Call(error)) if is_left_out(&error, self.service) => {
                self.warn(Warning::Unguarded);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A deployment is served with the resource policy and the authorizers of its time.
    fn guard(&self, export: &str, to: Served<'_>) -> Result<(), StepError> {
        let (Some(allow), Ok(then)) = (to.allow, export.parse::<Document>()) else {
            return Ok(());
        };
        let Before { reading, exports } = self.before();
        let api = &reading.api;
        let before: Option<Document> = exports.get(to.stage).and_then(|export| export.parse().ok());
        let normal = |text: String| policy::normalise(&text, &api.id);
        let policy = then.policy().map(normal);
        let is_told = policy.is_some() || !self.service.tolerates(Lack::Exports);
        let is_of_now = policy == api.policy.clone().map(normal)
            || before
                .as_ref()
                .is_some_and(|before| before.policy().map(normal) == policy);
        // Both are exports, so that what they spell in their own way they spell alike.
        let (was, is) = (before.as_ref().map(Definition::from), Definition::from(&then));
        let stage = reading.stage(to.stage);
        let (caching, variables) = (Caching::of(stage, None), stage_variables_of(stage, None));
        let mut others = by_overrides(&is, &variables, &overridden(&variables, to.overrides));
        others.extend(was.iter().flat_map(|was| caching.shared(was, &caching, &is)));
        others.extend(weaker_elsewhere(stage, &StageSettings::default(), &was, &is));
        let others: Vec<String> = others.into_iter().collect();
        let less = Case {
            served: was.as_ref(),
            next: Some(&is),
            less: &others,
            ..Case::default()
        };
        let (before, next) = (before.as_ref().map(authorizers), authorizers(&then));
        let case = Case {
            draft: before.as_ref(),
            next: Some(&next),
            other_policy: (is_told && !is_of_now).then_some(to.deployment),
            ..Case::default()
        };
        let mut refusals = judge(&case, allow).refusals;
        refusals.extend(judge(&less, allow).refusals);
        if refusals.is_empty() {
            return Ok(());
        }
        let told = refusals.iter().map(|refusal| match refusal.flag {
            Some(flag) => format!("{}: {flag} permits that", refusal.reason),
            None => refusal.reason.clone(),
        });
        Err(StepError::Check(told.collect::<Vec<_>>().join("; ")))
    }

    /// Leaves a note for the next deployment when the draft reads otherwise than when the deployment was made.
    async fn mark(&self, to: Served<'_>, draft: String) {
        let reading = &self.before().reading;
        let id = &reading.api.id;
        let deployment = reading.deployments.iter().find(|one| one.id == to.deployment);
        let marker = deployment.and_then(Marker::of);
        if marker.is_some_and(|marker| marker.draft.as_ref() == Some(&draft)) {
            self.unmark().await;
            return;
        }
        let mark = DraftMark {
            deployment: to.deployment.to_owned(),
            draft,
        };
        if let Err(error) = self.gateway.tag_resource(id, DraftMark::TAG, &mark.to_string()).await
            && !self.service.tolerates(Lack::Tags)
        {
            self.warn(Warning::NotTagged {
                tag: DraftMark::TAG,
                error: error.to_string(),
            });
        }
    }

    /// Takes such a note away, if there is one: the draft is what was deployed.
    pub(crate) async fn unmark(&self) {
        let api = &self.before().reading.api;
        if DraftMark::of(api).is_some()
            && let Err(error) = self.gateway.untag_resource(&api.id, DraftMark::TAG).await
            && !self.service.tolerates(Lack::Tags)
        {
            self.warn(Warning::TagStays {
                tag: DraftMark::TAG,
                expires: false,
                error: error.to_string(),
            });
        }
    }
}

/// The variables of a stage once those of its canary are its own.
pub(crate) fn overridden(variables: &Texts, overrides: Option<&Texts>) -> Texts {
    let mut all = variables.clone();
    all.extend(
        overrides
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    all
}

/// What variables of a canary make another. No file declares them: services are told as well as who is asked.
pub(crate) fn by_overrides(definition: &Definition, was: &Texts, is: &Texts) -> BTreeSet<String> {
    let mut all = asked_by_variables(definition, was, is);
    all.extend(called_by_variables(definition, was, is));
    all
}

/// The authorizers that an export names; it may not tell more of them.
fn authorizers(export: &Document) -> Definition {
    let schemes = export.components.security_schemes.iter();
    let named = schemes.filter(|(_, scheme)| scheme.asks_authorizer());
    Definition {
        authorizers: named.map(|(name, _)| (name.to_owned(), Facts::new())).collect(),
        ..Definition::default()
    }
}
