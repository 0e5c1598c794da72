//! Deployments and stages.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::patch::{Operation, operations, unknown};
use super::state::{Control, Deployment, RestApi, new_id, present};
use super::{Answered, Call, Refusal, empty, items, reply};

/// The settings of methods that a patch can set: the last two parts of its path, and the name that a stage tells it by.
const METHOD_SETTINGS: [(&str, &str, &str); 10] = [
    ("metrics", "enabled", "metricsEnabled"),
    ("logging", "loglevel", "loggingLevel"),
    ("logging", "dataTrace", "dataTraceEnabled"),
    ("throttling", "burstLimit", "throttlingBurstLimit"),
    ("throttling", "rateLimit", "throttlingRateLimit"),
    ("caching", "enabled", "cachingEnabled"),
    ("caching", "ttlInSeconds", "cacheTtlInSeconds"),
    ("caching", "dataEncrypted", "cacheDataEncrypted"),
    (
        "caching",
        "requireAuthorizationForCacheControl",
        "requireAuthorizationForCacheControl",
    ),
    (
        "caching",
        "unauthorizedCacheControlHeaderStrategy",
        "unauthorizedCacheControlHeaderStrategy",
    ),
];

impl Control {
    pub(super) fn get_deployments(&self, call: &Call<'_>, id: &str) -> Answered {
        let api = self.api(call, id)?;
        Ok(items(
            api.deployments.iter().map(|(id, one)| one.told(id, false)).collect(),
        ))
    }

    pub(super) fn get_deployment(&self, call: &Call<'_>, id: &str, deployment: &str) -> Answered {
        let found = self.api(call, id)?.deployments.get(deployment);
        let found = found.ok_or_else(|| Refusal::not_found("Deployment"))?;
        Ok(reply(
            200,
            found.told(deployment, call.query("embed") == Some("apisummary")),
        ))
    }

    pub(super) fn create_deployment(&mut self, call: &Call<'_>, id: &str) -> Answered {
        let body = call.json()?;
        let vpc_links = self.vpc_links.clone();
        let api = self.api_mut(call, id)?;
        let text = |key: &str| {
            body.get(key)
                .and_then(Json::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let methods = || {
            api.draft
                .api
                .resources
                .iter()
                .flat_map(|resource| resource.methods.values())
        };
        if methods().next().is_none() {
            return Err(Refusal::bad_request("The REST API doesn't contain any methods"));
        }
        if methods().any(|method| method.integration.is_none()) {
            return Err(Refusal::bad_request("No integration defined for method"));
        }
        let deployment = Deployment {
            created: call.seconds(),
            description: text("description"),
            draft: Arc::clone(&api.draft),
        };
        let deployment_id = new_id();
        let told = deployment.told(&deployment_id, false);
        api.deployments.insert(deployment_id.clone(), deployment);
        if let Some(stage) = text("stageName") {
            let old = api.stages.get(&stage).map(|served| served.told.clone());
            let mut stage_told = old.unwrap_or_else(|| new_stage(&stage, call));
            stage_told["deploymentId"] = json!(deployment_id);
            if let Some(variables) = body.get("variables").filter(|variables| variables.is_object()) {
                stage_told["variables"] = variables.clone();
            }
            if let Some(description) = text("stageDescription") {
                stage_told["description"] = json!(description);
            }
            api.serve(&stage, stage_told, vpc_links.as_deref())?;
        }
        Ok(reply(201, told))
    }

    pub(super) fn delete_deployment(&mut self, call: &Call<'_>, id: &str, deployment: &str) -> Answered {
        let api = self.api_mut(call, id)?;
        if api
            .stages
            .values()
            .any(|served| served.stage.deployment_id == deployment)
        {
            let why = "Active stages pointing to this deployment must be moved or deleted";
            return Err(Refusal::bad_request(why));
        }
        api.deployments
            .remove(deployment)
            .ok_or_else(|| Refusal::not_found("Deployment"))?;
        Ok(empty(202))
    }

    pub(super) fn get_stages(&self, call: &Call<'_>, id: &str) -> Answered {
        let stages = self.api(call, id)?.stages.values();
        Ok(reply(
            200,
            json!({"item": stages.map(|served| served.told.clone()).collect::<Vec<_>>()}),
        ))
    }

    pub(super) fn get_stage(&self, call: &Call<'_>, id: &str, stage: &str) -> Answered {
        Ok(reply(200, self.api(call, id)?.told_stage(stage)?))
    }

    pub(super) fn create_stage(&mut self, call: &Call<'_>, id: &str) -> Answered {
        let body = call.json()?;
        let vpc_links = self.vpc_links.clone();
        let api = self.api_mut(call, id)?;
        let name = body.get("stageName").and_then(Json::as_str).unwrap_or_default();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(Refusal::bad_request("Stage name only allows a-zA-Z0-9_-"));
        }
        if api.stages.contains_key(name) {
            return Err(Refusal::conflict("Stage already exists"));
        }
        if body.get("canarySettings").is_some_and(|settings| !settings.is_null()) {
            return Err(no_canary());
        }
        let mut told = new_stage(name, call);
        for key in [
            "deploymentId",
            "description",
            "variables",
            "tracingEnabled",
            "tags",
            "cacheClusterEnabled",
        ] {
            if let Some(value) = body.get(key).filter(|value| !value.is_null()) {
                told[key] = value.clone();
            }
        }
        api.serve(name, told.clone(), vpc_links.as_deref())?;
        Ok(reply(201, told))
    }

    pub(super) fn update_stage(&mut self, call: &Call<'_>, id: &str, stage: &str) -> Answered {
        let vpc_links = self.vpc_links.clone();
        let api = self.api_mut(call, id)?;
        let mut told = api.told_stage(stage)?;
        for operation in operations(&call.json()?)? {
            change(&mut told, &operation)?;
        }
        told["lastUpdatedDate"] = json!(call.seconds());
        api.serve(stage, told.clone(), vpc_links.as_deref())?;
        Ok(reply(200, told))
    }

    pub(super) fn delete_stage(&mut self, call: &Call<'_>, id: &str, stage: &str) -> Answered {
        let is_planned = self.gate.usage.plans.iter().any(|plan| {
            let mut stages = plan.stages.iter();
            stages.any(|(api, name)| api == id && name == stage)
        });
        if is_planned {
            return Err(Refusal::bad_request(
                "The stage is in a usage plan: remove it from that, then delete it",
            ));
        }
        let api = self.api_mut(call, id)?;
        api.stages.remove(stage).ok_or_else(|| Refusal::not_found("Stage"))?;
        Ok(empty(202))
    }

    /// The document that a stage serves, as it was imported.
    pub(super) fn export(&self, call: &Call<'_>, id: &str, stage: &str) -> Answered {
        let api = self.api(call, id)?;
        api.told_stage(stage)?;
        let served = api
            .stages
            .get(stage)
            .and_then(|served| api.deployments.get(&served.stage.deployment_id));
        let deployment = served.ok_or_else(|| Refusal::not_found("Deployment"))?;
        Ok(reply(200, Json::from(deployment.draft.document.to_json())))
    }
}

impl RestApi {
    fn told_stage(&self, stage: &str) -> Result<Json, Refusal> {
        let served = self.stages.get(stage);
        served
            .map(|served| served.told.clone())
            .ok_or_else(|| Refusal::not_found("Stage"))
    }
}

impl Deployment {
    fn told(&self, id: &str, has_summary: bool) -> Json {
        let mut summary = json!({});
        for resource in self
            .draft
            .api
            .resources
            .iter()
            .filter(|one| has_summary && !one.methods.is_empty())
        {
            for (verb, method) in &resource.methods {
                summary[&resource.path][verb] = json!({
                    "authorizationType": method.authorization,
                    "apiKeyRequired": method.api_key_required,
                });
            }
        }
        present([
            ("id", json!(id)),
            ("createdDate", json!(self.created)),
            ("description", json!(self.description)),
            ("apiSummary", summary),
        ])
    }
}

fn new_stage(name: &str, call: &Call<'_>) -> Json {
    json!({
        "stageName": name,
        "createdDate": call.seconds(),
        "lastUpdatedDate": call.seconds(),
        "cacheClusterEnabled": false,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": false,
    })
}

fn no_canary() -> Refusal {
    Refusal::not_offered("canaries are not offered by this gateway")
}

fn change(told: &mut Json, operation: &Operation) -> Result<(), Refusal> {
    let value = operation.value.as_deref();
    let set = |place: &mut Json, key: &str, value: Json| {
        if operation.is_removal || value.is_null() {
            if let Some(object) = place.as_object_mut() {
                object.remove(key);
            }
        } else {
            place[key] = value;
        }
    };
    match operation.path().as_slice() {
        ["deploymentId"] => told["deploymentId"] = json!(value),
        [key @ ("description" | "clientCertificateId" | "webAclArn" | "cacheClusterSize" | "documentationVersion")] => {
            set(told, key, json!(value.filter(|text| !text.is_empty())));
        }
        [key @ ("tracingEnabled" | "cacheClusterEnabled")] => told[*key] = json!(value == Some("true")),
        ["variables", name] => set(variables(told), name, json!(value)),
        ["accessLogSettings"] if operation.is_removal => set(told, "accessLogSettings", Json::Null),
        ["accessLogSettings", key @ ("format" | "destinationArn")] => {
            let settings = told
                .as_object_mut()
                .map(|told| told.entry("accessLogSettings").or_insert(json!({})));
            if let Some(settings) = settings {
                set(settings, key, json!(value));
            }
        }
        ["canarySettings", ..] => return Err(no_canary()),
        [resource, verb] if operation.is_removal => {
            set(
                &mut told["methodSettings"],
                &format!("{}/{verb}", resource.trim_start_matches('/')),
                Json::Null,
            );
        }
        [resource, verb, group, name] => {
            let known = METHOD_SETTINGS.iter().find(|(at, key, _)| at == group && key == name);
            let Some((_, _, key)) = known else {
                return Err(unknown(&operation.path()));
            };
            let method = format!("{}/{verb}", resource.trim_start_matches('/'));
            // Numbers and truth are told as such.
            let value = value.map(|text| serde_json::from_str(text).unwrap_or_else(|_| json!(text)));
            let settings = &mut told["methodSettings"][method];
            if settings.is_null() {
                *settings = json!({});
            }
            set(settings, key, json!(value));
        }
        path => return Err(unknown(path)),
    }
    Ok(())
}

fn variables(told: &mut Json) -> &mut Json {
    if !told["variables"].is_object() {
        told["variables"] = json!({});
    }
    &mut told["variables"]
}
