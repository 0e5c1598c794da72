//! A stage: making one, and giving it what the file declares of it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bluegate_core::aws::{StageSettings, stage_path};

use crate::api::{ApiGateway, CallError, Cause, Patch, PatchOp, Stage};
use crate::plan::{Declared as _, is_of_cache};
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Caller, Event, StepError, Transaction, Undo, Warning, until};

use super::pointer::unless_refused;

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Makes a stage serve a deployment with the settings of the file. One call does both, so that the new definition
    /// is never served with the old settings. A stage that there is not is made.
    pub(crate) async fn place(&self, stage: &str, deployment_id: &str) -> Result<Stage, StepError> {
        let wanted = &self.environment.stage_settings;
        let old = self.before().reading.stage(stage);
        let missing = wanted.missing(old);
        let now = if old.is_some() {
            self.point(stage, deployment_id, &missing.patches()).await?
        } else {
            let id = self.id();
            let made = self.gateway.create_stage(id, stage, deployment_id, &missing.values);
            let undo = Undo::Stage {
                name: stage.to_owned(),
                deployment_id: deployment_id.to_owned(),
            };
            unless_refused(self.apply([undo], made).await)?;
            let read = || self.gateway.get_stage(id, stage);
            let now = until(read, |now: &Stage| now.serves(deployment_id)).await?.so();
            now.ok_or_else(|| StepError::not_serving(stage, deployment_id))?
        };
        let left = wanted.overdue(&now);
        self.configure(now, &left).await
    }

    /// Gives a stage the settings of the file that it has not, and checks that it has them.
    pub(crate) async fn configure(&self, now: Stage, missing: &StageSettings) -> Result<Stage, StepError> {
        let now = self.set(now, missing).await?;
        if now.cache.is_moving()
            && self
                .environment
                .stage_settings
                .values
                .keys()
                .any(|name| is_of_cache(name))
        {
            self.warn(Warning::CacheTakesTime {
                stage: now.name.clone(),
                is_made: now.cache.is_on(),
            });
        }
        Ok(now)
    }

    async fn set(&self, now: Stage, missing: &StageSettings) -> Result<Stage, StepError> {
        if missing.is_empty() {
            return Ok(now);
        }
        let wanted = &self.environment.stage_settings;
        let (id, name) = (self.id(), now.name.clone());
        self.tell(&Event::Configuring { stage: name.clone() });
        let undo = || [Undo::Settings { stage: name.clone() }];
        let (values, tags) = (missing.patches(), &missing.tags);
        let mut written = Ok(());
        if !values.is_empty() {
            let write = self.gateway.update_stage(id, &name, &values);
            written = self.apply(undo(), write).await.map(drop);
        }
        if written.is_ok() && !tags.is_empty() {
            written = self.apply(undo(), self.gateway.tag_stage(id, &name, tags)).await;
        }
        match written {
            Err(error)
                if matches!(error.cause, Cause::Refused { .. } | Cause::Garbled { .. })
                    && self.lacks(Lack::Settings, "all that the file declares of the stage") =>
            {
                return Ok(now);
            }
            written => unless_refused(written)?,
        }
        let read = || self.gateway.get_stage(id, &name);
        let is_so = |now: &Stage| wanted.overdue(now).is_empty() || self.service.tolerates(Lack::Settings);
        let now = until(read, is_so).await?.last()?;
        match wanted.overdue(&now).changes(Some(&now)).first() {
            Some(change) if !self.lacks(Lack::Settings, format!("the {} of the stage", change.field)) => {
                Err(StepError::Check(format!(
                    "the stage `{name}` does not have the {} of the file",
                    change.field
                )))
            }
            _ => Ok(now),
        }
    }

    /// Gives a stage back the settings that it had, as far as the file declares them.
    pub(super) async fn settings_back(&self, stage: &str) -> Result<(), StepError> {
        let wanted = &self.environment.stage_settings;
        let Some(old) = self.before().reading.stage(stage) else {
            return Ok(());
        };
        let id = self.id();
        let is_sent = AtomicBool::new(false);
        let put_back = || async {
            let now = self.gateway.get_stage(id, stage).await?;
            let mut patches = wanted.patches_back(old, &now);
            if now.cache.is_moving() && is_sent.load(Relaxed) {
                patches.retain(|patch| !is_of_cache(&patch.path));
            }
            if !patches.is_empty() {
                self.update_or_skip(stage, &patches).await?;
                is_sent.store(true, Relaxed);
            }
            let names = wanted.tags.keys();
            let changed = names.filter(|key| old.tags.get(*key) != now.tags.get(*key)).cloned();
            let (had, new): (Vec<String>, Vec<String>) = changed.partition(|key| old.tags.contains_key(key));
            if !new.is_empty() {
                self.gateway.untag_stage(id, stage, &new).await?;
            }
            if !had.is_empty() {
                let tags = had.iter().map(|key| (key.clone(), old.tags[key].clone())).collect();
                self.gateway.tag_stage(id, stage, &tags).await?;
            }
            Ok::<bool, CallError>(patches.is_empty() && had.is_empty() && new.is_empty())
        };
        // What the first read shows is not all that there is to put back: it may be older than what was written.
        let mut looks = 0;
        let is_back = |nothing_left: &bool| {
            looks += 1;
            *nothing_left && looks > 1
        };
        until(put_back, is_back).await?;
        Ok(())
    }

    /// Changes a stage. That a method has no settings of its own, which were to be removed, is no error.
    pub(crate) async fn update_or_skip(&self, stage: &str, patches: &[Patch]) -> Result<(), CallError> {
        match self.gateway.update_stage(self.id(), stage, patches).await {
            Err(CallError {
                cause: Cause::Refused { message },
                ..
            }) if message.contains("no method setting") => {
                let is_removal =
                    |patch: &&Patch| patch.op == PatchOp::Remove && stage_path::method(&patch.path).is_some();
                let others: Vec<Patch> = patches.iter().filter(|patch| !is_removal(patch)).cloned().collect();
                if others.is_empty() {
                    return Ok(());
                }
                self.gateway.update_stage(self.id(), stage, &others).await.map(drop)
            }
            updated => updated.map(drop),
        }
    }

    /// Takes a stage away that this run made. One that serves another deployment somebody else made meanwhile.
    pub(crate) async fn stage_away(&self, stage: &str, deployment_id: &str) -> Result<(), StepError> {
        let id = self.id();
        let read = || self.gateway.get_stage(id, stage);
        match until(read, |_| true).await?.so() {
            Some(now) if now.serves(deployment_id) => Ok(self.gateway.delete_stage(id, stage).await?),
            _ => Ok(()),
        }
    }
}
