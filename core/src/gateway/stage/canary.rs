//! Canaries: a second deployment of a stage, for a part of its requests
//! ([canary](https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html)), as recorded of AWS.

use serde_json::{Value as Json, json};

use super::super::patch::{Op, Operation, Refused};
use super::super::told::{put, text};

/// What promotes a canary: where a patch copies from, and to.
const PROMOTIONS: [(&str, &str); 2] = [
    ("/canarySettings/deploymentId", "/deploymentId"),
    ("/canarySettings/stageVariableOverrides", "/variables"),
];

/// The settings that a call asks for, if it does, for a deployment unless they name one themselves.
///
/// # Errors
///
/// [`Refused`] when the share is none of a hundred.
pub fn asked(asked: Option<&Json>, deployment: &str) -> Result<Option<Json>, Refused> {
    let Some(asked) = asked.filter(|asked| !asked.is_null()) else {
        return Ok(None);
    };
    let given = |key: &str| asked.get(key).filter(|value| !value.is_null());
    let id = given("deploymentId").and_then(Json::as_str).unwrap_or(deployment);
    let mut settings = json!({
        "deploymentId": id,
        "percentTraffic": percent(given("percentTraffic").unwrap_or(&Json::Null))?,
        "useStageCache": given("useStageCache").and_then(Json::as_bool).unwrap_or_default(),
    });
    if let Some(overrides) = given("stageVariableOverrides") {
        put(&mut settings, "stageVariableOverrides", overrides.clone());
    }
    Ok(Some(settings))
}

/// Refuses a deployment for the canary of a stage that is not there.
///
/// # Errors
///
/// [`Refused`] when it is not, or has no name.
pub fn deployed(stage: Option<&str>, is_there: impl FnOnce(&str) -> bool) -> Result<(), Refused> {
    let what = match stage.filter(|name| !name.is_empty()) {
        Some(name) if is_there(name) => return Ok(()),
        Some(name) => format!("Stage {name} must already be created before making a canary release deployment"),
        None => format!(
            "Non null and non empty stageName must be provided for canary deployment. Provided value is {}",
            stage.unwrap_or("null")
        ),
    };
    Err(Refused::bad_request(format!(
        "Invalid deployment content specified.{what}"
    )))
}

/// A patch of the canary, if it is one.
pub(super) fn change(told: &mut Json, operation: &Operation) -> Option<Result<(), Refused>> {
    let parts = operation.parts();
    Some(match (operation.op, parts.as_slice()) {
        (Op::Copy, _) => promote(told, operation),
        (Op::Remove, ["canarySettings"]) => {
            put(told, "canarySettings", Json::Null);
            Ok(())
        }
        (Op::Add, ["canarySettings", "deploymentId"]) => Err(Refused::bad_request(format!(
            "Invalid add operation with path: {}",
            operation.path
        ))),
        (Op::Remove, ["canarySettings", "stageVariableOverrides", name]) => {
            settings(told, |settings| {
                let overrides = settings.get_mut("stageVariableOverrides").and_then(Json::as_object_mut);
                overrides.map(|overrides| overrides.remove(*name));
            });
            Ok(())
        }
        (Op::Add | Op::Replace, ["canarySettings", rest @ ..]) => return set(told, rest, operation),
        _ => return None,
    })
}

fn set(told: &mut Json, path: &[&str], operation: &Operation) -> Option<Result<(), Refused>> {
    let value = json!(operation.value.as_deref().unwrap_or_default());
    let (key, value) = match path {
        ["deploymentId"] => ("deploymentId", value),
        ["useStageCache"] => ("useStageCache", json!(operation.flag())),
        ["percentTraffic"] => match percent(&value) {
            Ok(percent) => ("percentTraffic", json!(percent)),
            Err(refusal) => return Some(Err(refusal)),
        },
        ["stageVariableOverrides", name] => {
            settings(told, |settings| {
                let mut overrides = settings
                    .get("stageVariableOverrides")
                    .cloned()
                    .unwrap_or_else(|| json!({}));
                put(&mut overrides, name, value);
                put(settings, "stageVariableOverrides", overrides);
            });
            return Some(Ok(()));
        }
        _ => return None,
    };
    settings(told, |settings| put(settings, key, value));
    Some(Ok(()))
}

/// Changes the settings, which begin with the stage's own deployment and no traffic.
fn settings(told: &mut Json, change: impl FnOnce(&mut Json)) {
    let begun = json!({"deploymentId": text(told, "deploymentId"), "percentTraffic": 0., "useStageCache": false});
    let mut settings = told.get("canarySettings").cloned().unwrap_or(begun);
    change(&mut settings);
    put(told, "canarySettings", settings);
}

/// Makes what the canary has the stage's own.
fn promote(told: &mut Json, operation: &Operation) -> Result<(), Refused> {
    let from = operation.from.as_deref().unwrap_or("null");
    if !PROMOTIONS.contains(&(from, operation.path.as_str())) {
        let path = &operation.path;
        return Err(Refused::bad_request(format!(
            "Invalid copy operation with path: {path} and from {from}. Valid copy:path are [/deploymentId, /variables] and \
             valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]"
        )));
    }
    let Some(canary) = told.get("canarySettings").cloned() else {
        return Err(Refused::bad_request("Promotion not available. Canary does not exist."));
    };
    if operation.path == "/deploymentId" {
        put(told, "deploymentId", canary["deploymentId"].clone());
        return Ok(());
    }
    let mut variables = told.get("variables").cloned().unwrap_or_else(|| json!({}));
    for (name, value) in canary["stageVariableOverrides"].as_object().into_iter().flatten() {
        put(&mut variables, name, value.clone());
    }
    put(told, "variables", variables);
    Ok(())
}

/// A share of a hundred.
fn percent(value: &Json) -> Result<f64, Refused> {
    let percent = match value {
        Json::Null => Some(0.),
        Json::String(text) => text.parse().ok(),
        value => value.as_f64(),
    };
    let percent = percent.filter(|percent| (0. ..=100.).contains(percent));
    percent.ok_or_else(|| Refused::bad_request("Canary percent traffic should be between 0.0 and 100.0"))
}
