//! What a patch makes of the canary of a stage, as recorded of AWS.

use super::refusal::refused;
use crate::api::{Canary, Cause, Patch, PatchOp, Stage};

const OVERRIDES: &str = "/canarySettings/stageVariableOverrides";

/// Applies a patch that is about the canary; gives whether it is.
pub(super) fn apply(stage: &mut Stage, patch: &Patch, deployments: &[String]) -> Result<bool, Cause> {
    let value = patch.value.clone().unwrap_or_default();
    if patch.op == PatchOp::Copy {
        return copy(stage, patch, &value).map(|()| true);
    }
    let variable = |prefix: &str| patch.path.strip_prefix(prefix)?.strip_prefix('/').map(str::to_owned);
    if let Some(name) = variable("/variables") {
        match patch.op {
            PatchOp::Replace => drop(stage.variables.insert(name, value)),
            _ => drop(stage.variables.remove(&name)),
        }
        return Ok(true);
    }
    if !patch.path.starts_with("/canarySettings") {
        return Ok(false);
    }
    if patch.op == PatchOp::Add {
        return Err(refused(&format!("Invalid add operation with path: {}", patch.path)));
    }
    if (patch.op, patch.path.as_str()) == (PatchOp::Remove, "/canarySettings") {
        stage.canary = None;
        return Ok(true);
    }
    // Whatever is set of it makes one, which serves what the stage serves and gets no traffic.
    let canary = stage.canary.get_or_insert_with(|| Canary {
        deployment_id: stage.deployment_id.clone(),
        ..Canary::default()
    });
    match (patch.op, patch.path.as_str(), variable(OVERRIDES)) {
        (PatchOp::Replace, "/canarySettings/deploymentId", _) if deployments.contains(&value) => {
            canary.deployment_id = Some(value);
        }
        (PatchOp::Replace, "/canarySettings/deploymentId", _) => return Err(refused("Deployment id does not exist")),
        (PatchOp::Replace, "/canarySettings/percentTraffic", _) => {
            canary.percent = value.parse().map_err(|_| refused("Invalid percentTraffic"))?;
        }
        (PatchOp::Replace, "/canarySettings/useStageCache", _) => canary.use_stage_cache = value == "true",
        (PatchOp::Replace, _, Some(name)) => drop(canary.variable_overrides.insert(name, value)),
        (PatchOp::Remove, _, Some(name)) => drop(canary.variable_overrides.remove(&name)),
        (_, path, _) => return Err(refused(&format!("Invalid method setting path: {path}"))),
    }
    Ok(true)
}

fn copy(stage: &mut Stage, patch: &Patch, from: &str) -> Result<(), Cause> {
    let Some(canary) = &stage.canary else {
        return Err(refused("Promotion not available. Canary does not exist."));
    };
    match (from, patch.path.as_str()) {
        ("/canarySettings/deploymentId", "/deploymentId") => stage.deployment_id.clone_from(&canary.deployment_id),
        (OVERRIDES, "/variables") => stage.variables.extend(canary.variable_overrides.clone()),
        (from, path) => {
            return Err(refused(&format!(
                "Invalid copy operation with path: {path} and from {from}"
            )));
        }
    }
    Ok(())
}
