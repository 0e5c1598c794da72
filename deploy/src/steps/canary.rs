//! A part of a stage's traffic for a new deployment
//! ([canary releases](https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html)).

use crate::api::{ApiGateway, Canary, Patch, Stage};
use crate::transaction::{Caller, Event, StepError, Transaction};

const CANARY: &str = "/canarySettings";
const DEPLOYMENT: &str = "/canarySettings/deploymentId";
const PERCENT: &str = "/canarySettings/percentTraffic";
const STAGE_CACHE: &str = "/canarySettings/useStageCache";
const OVERRIDES: &str = "/canarySettings/stageVariableOverrides";

/// As API Gateway writes it: always with a point, never with an exponent.
fn percent_text(percent: f64) -> String {
    let point = if percent.fract() == 0.0 { ".0" } else { "" };
    format!("{percent}{point}")
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Sends a part of the traffic of a stage to a deployment, and checks that it does and that the rest stays.
    pub(crate) async fn send(&self, before: &Stage, deployment_id: &str, percent: f64) -> Result<Stage, StepError> {
        let stage = &before.name;
        let patches = [
            Patch::replace(DEPLOYMENT, deployment_id),
            Patch::replace(PERCENT, &percent_text(percent)),
        ];
        let is_sent = |canary: &Canary| canary.deployment_id.as_deref() == Some(deployment_id) && canary.has(percent);
        let is_so = |now: &Stage| now.deployment_id == before.deployment_id && now.canary.as_ref().is_some_and(is_sent);
        let wrong = || {
            StepError::Check(format!(
                "the stage `{stage}` does not send {percent} % of its traffic to the deployment {deployment_id}"
            ))
        };
        self.repoint(stage, &patches, None, is_so, wrong).await
    }

    /// Makes what the canary serves what the stage serves, with the canary's variables.
    pub(crate) async fn promote(&self, stage: &str, canary: &Canary) -> Result<Stage, StepError> {
        self.tell(&Event::Promoting {
            stage: stage.to_owned(),
        });
        let mut patches = vec![Patch::replace(PERCENT, "0.0")];
        if !canary.variable_overrides.is_empty() {
            patches.push(Patch::copy(OVERRIDES, "/variables"));
        }
        patches.push(Patch::copy(DEPLOYMENT, "/deploymentId"));
        let id = canary.deployment_id.as_deref().unwrap_or_default();
        let wrong = || StepError::not_serving(stage, id);
        self.repoint(stage, &patches, None, |now| now.serves(id), wrong).await?;
        // A promotion alone leaves a canary without traffic behind, into which the next deployment would go.
        self.canary_away(stage).await
    }

    /// Takes the canary away, so that all traffic goes to what the stage serves beside it.
    pub(crate) async fn abort(&self, stage: &str) -> Result<Stage, StepError> {
        self.tell(&Event::RemovingCanary {
            stage: stage.to_owned(),
        });
        self.canary_away(stage).await
    }

    async fn canary_away(&self, stage: &str) -> Result<Stage, StepError> {
        let is_gone = |now: &Stage| now.canary.is_none();
        let wrong = || StepError::Check(format!("the stage `{stage}` still has its canary"));
        self.repoint(stage, &[Patch::remove(CANARY)], None, is_gone, wrong)
            .await
    }
}

/// The patches after which a stage has the canary, and the variables, that it had.
pub(super) fn patches_back(before: &Stage, now: &Stage) -> Vec<Patch> {
    let mut patches = Vec::new();
    // A promotion gives the stage the variables of its canary.
    let overridden = before.canary.iter().flat_map(|canary| canary.variable_overrides.keys());
    for name in overridden.filter(|name| before.variables.get(*name) != now.variables.get(*name)) {
        let path = format!("/variables/{name}");
        patches.push(match before.variables.get(name) {
            Some(value) => Patch::replace(&path, value),
            None => Patch::remove(&path),
        });
    }
    let Some(old) = &before.canary else {
        patches.extend(now.canary.as_ref().map(|_| Patch::remove(CANARY)));
        return patches;
    };
    if now.canary.as_ref() == Some(old) {
        return patches;
    }
    if let Some(id) = &old.deployment_id {
        patches.push(Patch::replace(DEPLOYMENT, id));
    }
    patches.push(Patch::replace(STAGE_CACHE, &old.use_stage_cache.to_string()));
    for (name, value) in &old.variable_overrides {
        patches.push(Patch::replace(&format!("{OVERRIDES}/{name}"), value));
    }
    let extra = now.canary.iter().flat_map(|canary| canary.variable_overrides.keys());
    for name in extra.filter(|name| !old.variable_overrides.contains_key(*name)) {
        patches.push(Patch::remove(&format!("{OVERRIDES}/{name}")));
    }
    // Last, so that no traffic goes to a canary that is not yet as it was.
    patches.push(Patch::replace(PERCENT, &percent_text(old.percent)));
    patches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Texts;

    fn stage(canary: Option<Canary>) -> Stage {
        Stage {
            canary,
            variables: Texts::from([("kept".into(), "1".into())]),
            ..Stage::default()
        }
    }

    #[test]
    fn a_canary_is_put_back_as_it_was() {
        let old = Canary {
            deployment_id: Some("d2".into()),
            percent: 12.5,
            variable_overrides: Texts::from([("kept".into(), "2".into()), ("new".into(), "3".into())]),
            use_stage_cache: true,
        };
        let before = stage(Some(old.clone()));
        assert!(patches_back(&before, &before).is_empty());
        // It was promoted.
        let mut now = stage(None);
        now.variables = old.variable_overrides.clone();
        let paths = |patches: &[Patch]| -> Vec<String> {
            let text = |patch: &Patch| format!("{} {}", patch.path, patch.value.clone().unwrap_or_default());
            patches.iter().map(text).collect()
        };
        assert_eq!(
            paths(&patches_back(&before, &now)),
            [
                "/variables/kept 1",
                "/variables/new ",
                "/canarySettings/deploymentId d2",
                "/canarySettings/useStageCache true",
                "/canarySettings/stageVariableOverrides/kept 2",
                "/canarySettings/stageVariableOverrides/new 3",
                "/canarySettings/percentTraffic 12.5",
            ]
        );
        // One where there was none goes.
        assert_eq!(paths(&patches_back(&stage(None), &before)), ["/canarySettings "]);
    }

    #[test]
    fn shares_are_the_same_up_to_what_api_gateway_keeps() {
        let with = |percent| Canary {
            percent,
            ..Canary::default()
        };
        assert!(with(10.0).has(10.0) && with(0.1).has(0.100_000_001));
        assert!(!with(10.0).has(10.01));
        assert_eq!(percent_text(10.0), "10.0");
    }
}
