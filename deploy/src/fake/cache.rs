//! The cache of a stage, which comes and goes in its own time.

use std::time::Duration;

use tokio::time::Instant;

use crate::api::{Cache, Cause, Patch, Stage, Texts};

use super::api::{FakeApi, Moving};
use super::refusal::refused;

const ENABLED: &str = "/cacheClusterEnabled";
const SIZE: &str = "/cacheClusterSize";

/// Refuses a size that API Gateway does not take.
pub(super) fn judge(patches: &[Patch]) -> Result<(), Cause> {
    let value = |path: &str| patches.iter().find(|patch| patch.path == path)?.value.as_deref();
    match value(SIZE) {
        Some("") => Err(refused("Invalid cache cluster size")),
        Some(_) if value(ENABLED) != Some("true") => Err(refused("Cache cluster size needs an enabled cache cluster")),
        _ => Ok(()),
    }
}

impl FakeApi {
    /// Begins what settings of a stage that were others before make of its cache.
    pub(super) fn begin_cache(&mut self, stage: &str, was: &Texts, takes: Duration) {
        let Some(now) = self.stages.get_mut(stage) else { return };
        let of = |settings: &Texts| {
            let is_on = settings.get(ENABLED).is_some_and(|on| on == "true");
            (is_on, settings.get(SIZE).filter(|_| is_on).cloned())
        };
        let (before, after) = (of(was), of(&now.settings));
        if before == after {
            return;
        }
        now.cache = if after.0 { Cache::On } else { Cache::Off };
        if !after.0 {
            now.settings.remove(SIZE);
        }
        let mut moving = Moving::new();
        let mut until = Instant::now();
        for (is_begun, cache) in [(before.0, Cache::Going), (after.0, Cache::Coming)] {
            if is_begun {
                until += takes;
                moving.push((cache, until));
            }
        }
        self.caches.insert(stage.to_owned(), moving);
    }

    /// A stage as calls answer with it.
    pub(super) fn told_stage(&self, name: &str) -> Option<Stage> {
        let mut stage = self.stages.get(name)?.clone();
        let now = Instant::now();
        let moving = self.caches.get(name).into_iter().flatten();
        if let Some((cache, _)) = moving.into_iter().find(|(_, until)| now < *until) {
            stage.cache = *cache;
        }
        if let Some(enabled) = stage.settings.get_mut(ENABLED)
            && !stage.cache.is_on()
        {
            "false".clone_into(enabled);
            stage.settings.remove(SIZE);
        }
        Some(stage)
    }
}
