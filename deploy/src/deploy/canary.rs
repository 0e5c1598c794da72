//! A part of a stage's traffic for a new deployment
//! ([canary releases](https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html)).

use tokio::time::sleep;

use crate::api::{ApiGateway, Canary, Patch, Stage};

use super::Trouble;
use super::write::{MOST_READS, POLL};

const CANARY: &str = "/canarySettings";
const DEPLOYMENT: &str = "/canarySettings/deploymentId";
const PERCENT: &str = "/canarySettings/percentTraffic";
const STAGE_CACHE: &str = "/canarySettings/useStageCache";
const OVERRIDES: &str = "/canarySettings/stageVariableOverrides";

/// As API Gateway writes it: always with a point.
fn percent_text(percent: f64) -> String {
    format!("{percent:?}")
}

/// Whether two shares of the traffic are the same: API Gateway keeps two digits behind the point.
pub(crate) fn is_same_percent(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.005
}

/// Sends a part of the traffic of a stage to a deployment, and checks that it does and that the rest stays.
pub(crate) async fn start(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    before: &Stage,
    deployment_id: &str,
    percent: f64,
    touched: &mut bool,
) -> Result<Stage, Trouble> {
    let patches = [
        Patch::replace(DEPLOYMENT, deployment_id),
        Patch::replace(PERCENT, &percent_text(percent)),
    ];
    let is_so = |now: &Stage| {
        let canary = now.canary.as_ref();
        now.deployment_id == before.deployment_id
            && canary.is_some_and(|canary| {
                canary.deployment_id.as_deref() == Some(deployment_id) && is_same_percent(canary.percent, percent)
            })
    };
    let wrong = format!(
        "the stage `{}` does not send {percent} % of its traffic to the deployment {deployment_id}",
        before.name
    );
    patch(gateway, rest_api_id, &before.name, &patches, is_so, wrong, touched).await
}

/// Makes what the canary serves what the stage serves, with the canary's variables.
pub(crate) async fn promote(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    stage: &str,
    canary: &Canary,
    touched: &mut bool,
) -> Result<Stage, Trouble> {
    let mut patches = vec![Patch::replace(PERCENT, "0.0")];
    if !canary.variable_overrides.is_empty() {
        patches.push(Patch::copy(OVERRIDES, "/variables"));
    }
    patches.push(Patch::copy(DEPLOYMENT, "/deploymentId"));
    let id = canary.deployment_id.as_deref().unwrap_or_default();
    let is_so = |now: &Stage| now.deployment_id.as_deref() == Some(id);
    let wrong = format!("the stage `{stage}` does not serve the deployment {id}");
    patch(gateway, rest_api_id, stage, &patches, is_so, wrong, touched).await?;
    // A promotion alone leaves a canary without traffic behind, into which the next deployment would go.
    end(gateway, rest_api_id, stage, touched).await
}

/// Takes the canary away.
pub(crate) async fn end(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    stage: &str,
    touched: &mut bool,
) -> Result<Stage, Trouble> {
    let wrong = format!("the stage `{stage}` still has its canary");
    let is_so = |now: &Stage| now.canary.is_none();
    let patches = [Patch::remove(CANARY)];
    patch(gateway, rest_api_id, stage, &patches, is_so, wrong, touched).await
}

/// Whatever is answered, the stage itself says how it is. `touched` becomes true when it may be another by then.
async fn patch(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    stage: &str,
    patches: &[Patch],
    is_so: impl Fn(&Stage) -> bool,
    wrong: String,
    touched: &mut bool,
) -> Result<Stage, Trouble> {
    if let Err(error) = gateway.update_stage(rest_api_id, stage, patches).await
        && !error.is_ambiguous()
    {
        return Err(error.into());
    }
    *touched = true;
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            // A read may be older than the write before it.
            sleep(POLL).await;
        }
        let now = gateway.get_stage(rest_api_id, stage).await?;
        if is_so(&now) {
            return Ok(now);
        }
    }
    Err(Trouble::Check(wrong))
}

/// The patches after which a stage has the canary, and the variables, that it had.
pub(crate) fn patches_back(before: &Stage, now: &Stage) -> Vec<Patch> {
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
        assert!(is_same_percent(10.0, 10.0) && is_same_percent(0.1, 0.100_000_001));
        assert!(!is_same_percent(10.0, 10.01));
        assert_eq!(percent_text(10.0), "10.0");
    }
}
