//! API keys and usage plans.

use serde_json::{Value as Json, json};

use super::patch::{operations, unknown};
use super::state::{Control, new_id, present};
use super::{Answered, Call, Refusal, empty, items, reply};
use crate::plane::{ApiKey, Period, Quota, Throttle, UsagePlan};

impl Control {
    pub(super) fn get_api_keys(&self, call: &Call<'_>) -> Answered {
        let has_values = call.query("includeValues") == Some("true");
        Ok(items(
            self.gate
                .usage
                .keys
                .iter()
                .map(|key| key_told(key, has_values))
                .collect(),
        ))
    }

    pub(super) fn create_api_key(&mut self, call: &Call<'_>) -> Answered {
        let body = call.json()?;
        let text = |key: &str| body.get(key).and_then(Json::as_str).map(str::to_owned);
        let value = text("value").unwrap_or_else(|| [new_id(), new_id(), new_id(), new_id()].concat());
        if !(20..=128).contains(&value.len()) {
            return Err(Refusal::bad_request("API Key value should be at least 20 characters"));
        }
        let keys = &mut self.gate.usage.keys;
        if keys.iter().any(|key| key.value == value) {
            return Err(Refusal::conflict("API Key already exists"));
        }
        let key = ApiKey {
            id: new_id(),
            name: text("name").unwrap_or_default(),
            value,
            is_enabled: body.get("enabled") == Some(&Json::Bool(true)),
        };
        let told = key_told(&key, true);
        keys.push(key);
        Ok(reply(201, told))
    }

    pub(super) fn update_api_key(&mut self, call: &Call<'_>, id: &str) -> Answered {
        let key = self.gate.usage.keys.iter_mut().find(|key| key.id == id);
        let key = key.ok_or_else(|| Refusal::not_found("API Key"))?;
        let mut changed = key.clone();
        for operation in operations(&call.json()?)? {
            match operation.path().as_slice() {
                ["enabled"] => changed.is_enabled = operation.value.as_deref() == Some("true"),
                ["name"] => changed.name = operation.value.unwrap_or_default(),
                path => return Err(unknown(path)),
            }
        }
        *key = changed;
        Ok(reply(200, key_told(key, false)))
    }

    pub(super) fn delete_api_key(&mut self, id: &str) -> Answered {
        let usage = &mut self.gate.usage;
        if usage.keys.iter().all(|key| key.id != id) {
            return Err(Refusal::not_found("API Key"));
        }
        usage.keys.retain(|key| key.id != id);
        for plan in &mut usage.plans {
            plan.keys.retain(|key| key != id);
        }
        Ok(empty(202))
    }

    pub(super) fn get_usage_plans(&self) -> Answered {
        Ok(items(self.gate.usage.plans.iter().map(plan_told).collect()))
    }

    pub(super) fn create_usage_plan(&mut self, call: &Call<'_>) -> Answered {
        let body = call.json()?;
        let mut stages = Vec::new();
        for stage in body.get("apiStages").and_then(Json::as_array).into_iter().flatten() {
            if stage.get("throttle").is_some_and(|throttle| !throttle.is_null()) {
                return Err(Refusal::bad_request(
                    "limits of single methods are not offered by this gateway",
                ));
            }
            let text = |key: &str| stage.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            stages.push(self.planned(call, &text("apiId"), &text("stage"))?);
        }
        let plan = UsagePlan {
            id: new_id(),
            name: body.get("name").and_then(Json::as_str).unwrap_or_default().to_owned(),
            description: body.get("description").and_then(Json::as_str).map(str::to_owned),
            stages,
            keys: Vec::new(),
            quota: body
                .get("quota")
                .filter(|quota| !quota.is_null())
                .map(quota)
                .transpose()?,
            throttle: body
                .get("throttle")
                .filter(|throttle| !throttle.is_null())
                .map(throttle)
                .transpose()?,
            ..UsagePlan::default()
        };
        let told = plan_told(&plan);
        self.gate.usage.plans.push(plan);
        Ok(reply(201, told))
    }

    pub(super) fn update_usage_plan(&mut self, call: &Call<'_>, id: &str) -> Answered {
        let mut plan = self.plan(id)?.clone();
        for operation in operations(&call.json()?)? {
            let value = operation.value.as_deref().unwrap_or_default();
            match operation.path().as_slice() {
                ["apiStages"] => {
                    let (api, stage) = value.split_once(':').unwrap_or((value, ""));
                    if operation.is_removal {
                        plan.stages.retain(|(of, name)| of != api || name != stage);
                    } else {
                        plan.stages.push(self.planned(call, api, stage)?);
                    }
                }
                ["name"] => value.clone_into(&mut plan.name),
                ["description"] => plan.description = operation.value,
                ["quota"] if operation.is_removal => plan.quota = None,
                ["throttle"] if operation.is_removal => plan.throttle = None,
                [part @ ("quota" | "throttle"), key] => {
                    let mut told = plan_told(&plan)[*part].clone();
                    told[*key] = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
                    match *part {
                        "quota" => plan.quota = Some(quota(&told)?),
                        _ => plan.throttle = Some(throttle(&told)?),
                    }
                }
                path => return Err(unknown(path)),
            }
        }
        let told = plan_told(&plan);
        *self.plan(id)? = plan;
        Ok(reply(200, told))
    }

    pub(super) fn delete_usage_plan(&mut self, id: &str) -> Answered {
        if !self.plan(id)?.stages.is_empty() {
            return Err(Refusal::bad_request("Cannot delete a usage plan that stages are in"));
        }
        self.gate.usage.plans.retain(|plan| plan.id != id);
        Ok(empty(202))
    }

    pub(super) fn create_usage_plan_key(&mut self, call: &Call<'_>, id: &str) -> Answered {
        let body = call.json()?;
        let key_id = body.get("keyId").and_then(Json::as_str).unwrap_or_default();
        let key = self.gate.usage.keys.iter().find(|key| key.id == key_id).cloned();
        let key = key.ok_or_else(|| Refusal::not_found("API Key"))?;
        let plan = self.plan(id)?;
        if plan.keys.contains(&key.id) {
            return Err(Refusal::conflict("Usage Plan Key already exists"));
        }
        plan.keys.push(key.id.clone());
        let told = json!({"id": key.id, "type": "API_KEY", "value": key.value, "name": key.name});
        Ok(reply(201, told))
    }

    pub(super) fn delete_usage_plan_key(&mut self, id: &str, key: &str) -> Answered {
        self.plan(id)?.keys.retain(|given| given != key);
        Ok(empty(202))
    }

    fn plan(&mut self, id: &str) -> Result<&mut UsagePlan, Refusal> {
        let plan = self.gate.usage.plans.iter_mut().find(|plan| plan.id == id);
        plan.ok_or_else(|| Refusal::not_found("Usage Plan"))
    }

    /// A stage that a plan is to be about.
    fn planned(&self, call: &Call<'_>, api: &str, stage: &str) -> Result<(String, String), Refusal> {
        let is_there = self.api(call, api)?.stages.contains_key(stage);
        is_there
            .then(|| (api.to_owned(), stage.to_owned()))
            .ok_or_else(|| Refusal::not_found("API Stage"))
    }
}

fn key_told(key: &ApiKey, has_value: bool) -> Json {
    present([
        ("id", json!(key.id)),
        ("name", json!(key.name)),
        ("value", if has_value { json!(key.value) } else { Json::Null }),
        ("enabled", json!(key.is_enabled)),
    ])
}

fn plan_told(plan: &UsagePlan) -> Json {
    let stages = plan
        .stages
        .iter()
        .map(|(api, stage)| json!({"apiId": api, "stage": stage}));
    let quota = plan.quota.map(|quota| {
        let (period, _) = Period::NAMES
            .iter()
            .find(|(_, period)| *period == quota.period)
            .unwrap_or(&Period::NAMES[0]);
        json!({"limit": quota.limit, "offset": quota.offset, "period": period})
    });
    let throttle = plan
        .throttle
        .map(|throttle| json!({"rateLimit": throttle.rate, "burstLimit": throttle.burst}));
    present([
        ("id", json!(plan.id)),
        ("name", json!(plan.name)),
        ("description", json!(plan.description)),
        ("apiStages", json!(stages.collect::<Vec<_>>())),
        ("quota", json!(quota)),
        ("throttle", json!(throttle)),
    ])
}

fn quota(told: &Json) -> Result<Quota, Refusal> {
    let name = told.get("period").and_then(Json::as_str).unwrap_or_default();
    let period = Period::NAMES.iter().find(|(known, _)| *known == name);
    let (_, period) =
        period.ok_or_else(|| Refusal::bad_request("Usage Plan quota period must be DAY, WEEK or MONTH"))?;
    let number = |key: &str| told.get(key).and_then(Json::as_u64);
    Ok(Quota {
        limit: number("limit").ok_or_else(|| Refusal::bad_request("Usage Plan quota has no limit"))?,
        offset: number("offset").unwrap_or(0),
        period: *period,
    })
}

fn throttle(told: &Json) -> Result<Throttle, Refusal> {
    let rate = told.get("rateLimit").and_then(Json::as_f64).unwrap_or(0.);
    let burst = told.get("burstLimit").and_then(Json::as_u64).unwrap_or(0);
    let burst = u32::try_from(burst).map_err(|_| Refusal::bad_request("the burst limit is too high"))?;
    Ok(Throttle { rate, burst })
}
