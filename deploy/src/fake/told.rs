//! What the fake holds as API Gateway tells it, which is what rules are about, and back.

use bluegate_core::gateway::patch::{Op, Operation};
use bluegate_core::gateway::settings::told_policy;
use bluegate_core::gateway::stage;
use bluegate_core::gateway::told::{put, strings, text, texts};
use serde_json::{Value as Json, json};

use crate::api::{Canary, Patch, PatchOp, RestApi, Stage};

pub(super) fn operation(patch: &Patch) -> Operation {
    let (op, value, from) = match patch.op {
        PatchOp::Add => (Op::Add, patch.value.clone(), None),
        PatchOp::Replace => (Op::Replace, patch.value.clone(), None),
        PatchOp::Remove => (Op::Remove, patch.value.clone(), None),
        PatchOp::Copy => (Op::Copy, None, patch.value.clone()),
    };
    Operation::new(op, patch.path.clone(), value, from)
}

pub(super) fn settings(api: &RestApi) -> Json {
    json!({
        "name": api.name,
        "description": api.description,
        "binaryMediaTypes": api.binary_media_types,
        "minimumCompressionSize": api.minimum_compression_size,
        "apiKeySource": api.api_key_source,
        "policy": api.policy.as_ref().map(|policy| policy.replace("\\\"", "\"")),
        "disableExecuteApiEndpoint": api.disable_execute_api_endpoint,
        "securityPolicy": api.security_policy,
        "endpointAccessMode": api.endpoint_access_mode,
        "endpointConfiguration": {
            "types": api.endpoint_types,
            "ipAddressType": api.ip_address_type,
            "vpcEndpointIds": api.vpc_endpoint_ids,
        },
    })
}

/// An API that has other settings now.
pub(super) fn rest_api(told: &Json, before: &RestApi) -> RestApi {
    let said = |key: &str| Some(text(told, key).to_owned()).filter(|text| !text.is_empty());
    let endpoint = &told["endpointConfiguration"];
    RestApi {
        name: text(told, "name").to_owned(),
        description: said("description"),
        binary_media_types: strings(&told["binaryMediaTypes"]),
        minimum_compression_size: told["minimumCompressionSize"]
            .as_i64()
            .and_then(|size| size.try_into().ok()),
        api_key_source: said("apiKeySource"),
        policy: said("policy").map(|policy| told_policy(&policy)),
        disable_execute_api_endpoint: told["disableExecuteApiEndpoint"] == true,
        security_policy: said("securityPolicy"),
        endpoint_access_mode: said("endpointAccessMode"),
        endpoint_types: strings(&endpoint["types"]),
        ip_address_type: endpoint["ipAddressType"].as_str().map(str::to_owned),
        vpc_endpoint_ids: strings(&endpoint["vpcEndpointIds"]),
        ..before.clone()
    }
}

pub(super) fn stage(one: &Stage) -> Json {
    let mut told = stage::of_settings(&one.settings);
    put(&mut told, "stageName", json!(one.name));
    put(&mut told, "deploymentId", json!(one.deployment_id));
    if !one.variables.is_empty() {
        put(&mut told, "variables", json!(one.variables));
    }
    let canary = one.canary.as_ref().map(|canary| {
        json!({
            "deploymentId": canary.deployment_id,
            "percentTraffic": canary.percent,
            "useStageCache": canary.use_stage_cache,
            "stageVariableOverrides": canary.variable_overrides,
        })
    });
    put(&mut told, "canarySettings", canary.unwrap_or_default());
    told
}

/// A stage that has other settings now.
pub(super) fn stage_of(told: &Json, before: &Stage) -> Stage {
    let canary = told.get("canarySettings").map(|canary| Canary {
        deployment_id: canary["deploymentId"].as_str().map(str::to_owned),
        percent: canary["percentTraffic"].as_f64().unwrap_or_default(),
        variable_overrides: texts(canary.get("stageVariableOverrides")),
        use_stage_cache: canary["useStageCache"] == true,
    });
    Stage {
        deployment_id: told["deploymentId"].as_str().map(str::to_owned),
        canary,
        variables: texts(told.get("variables")),
        description: told["description"].as_str().map(str::to_owned),
        settings: stage::settings(told),
        ..before.clone()
    }
}
