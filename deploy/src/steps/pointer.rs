//! What a stage serves.

use crate::api::{ApiGateway, Cache, CallError, Patch, Stage};
use crate::transaction::{Caller, StepError, Transaction, Undo, Warning, until};

use super::canary;

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// What undoes a move of a stage that there is.
    fn pointer(&self, stage: &str) -> Undo {
        let old = self.before().reading.stage(stage);
        Undo::Pointer {
            stage: stage.to_owned(),
            deployment_id: old.and_then(|old| old.deployment_id.clone()),
            canary: old.and_then(|old| old.canary.clone()),
        }
    }

    /// Changes what a stage serves. Whatever is answered, the stage itself says how it is: it is read until it is so.
    pub(super) async fn repoint(
        &self,
        stage: &str,
        patches: &[Patch],
        undo: impl IntoIterator<Item = Undo>,
        is_so: impl Fn(&Stage) -> bool,
        wrong: impl FnOnce() -> StepError,
    ) -> Result<Stage, StepError> {
        let undo = undo.into_iter().chain([self.pointer(stage)]);
        let moved = self.gateway.update_stage(self.id(), stage, patches);
        unless_refused(self.apply(undo, moved).await)?;
        let read = || self.gateway.get_stage(self.id(), stage);
        let seen = until(read, is_so).await?.so();
        seen.ok_or_else(wrong)
    }

    /// Makes a stage serve a deployment.
    pub(crate) async fn point(&self, stage: &str, deployment_id: &str, more: &[Patch]) -> Result<Stage, StepError> {
        let mut patches = vec![Patch::replace("/deploymentId", deployment_id)];
        patches.extend_from_slice(more);
        let settings = (!more.is_empty()).then(|| Undo::Settings {
            stage: stage.to_owned(),
        });
        let is_so = |now: &Stage| now.serves(deployment_id);
        let wrong = || StepError::not_serving(stage, deployment_id);
        self.repoint(stage, &patches, settings, is_so, wrong).await
    }

    /// Empties the caches of a stage that has one, after it serves something else.
    pub(crate) async fn flush(&self, stage: &Stage) {
        // What is being made has nothing in it yet.
        if stage.cache != Cache::On {
            return;
        }
        let (id, name) = (self.id(), &stage.name);
        for (cache, flushed) in [
            ("cache", self.gateway.flush_stage_cache(id, name).await),
            (
                "authorizers' cache",
                self.gateway.flush_stage_authorizers_cache(id, name).await,
            ),
        ] {
            if let Err(error) = flushed {
                let error = error.to_string();
                self.warn(Warning::NotFlushed { cache, error });
            }
        }
    }

    /// Makes a stage serve what it served, its canary included.
    pub(super) async fn point_back(&self, stage: &str) -> Result<(), StepError> {
        let Some(old) = self.before().reading.stage(stage) else {
            return Ok(());
        };
        let id = self.id();
        let read = || self.gateway.get_stage(id, stage);
        let now = match &old.deployment_id {
            // Without asking where it points: the answer may be older than the move. The answer to this is not.
            Some(served) => {
                let patch = [Patch::replace("/deploymentId", served)];
                match self.gateway.update_stage(id, stage, &patch).await {
                    Err(error) if error.is_ambiguous() => read().await?,
                    answer => answer?,
                }
            }
            None => read().await?,
        };
        let patches = canary::patches_back(old, &now);
        if patches.is_empty() && old.deployment_id.is_none() {
            return Ok(());
        }
        if !patches.is_empty() {
            unless_refused(self.gateway.update_stage(id, stage, &patches).await)?;
        }
        let is_back = |now: &Stage| now.deployment_id == old.deployment_id && canary::patches_back(old, now).is_empty();
        let now = until(read, is_back).await?.so();
        let now = now.ok_or_else(|| StepError::Check(format!("the stage `{stage}` is not as it was")))?;
        self.flush(&now).await;
        Ok(())
    }
}

/// A write that may have happened is no error yet.
pub(super) fn unless_refused<T>(written: Result<T, CallError>) -> Result<(), CallError> {
    match written {
        Err(error) if !error.is_ambiguous() => Err(error),
        _ => Ok(()),
    }
}
