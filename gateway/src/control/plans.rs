//! Usage plans
//! ([UsagePlan](https://docs.aws.amazon.com/apigateway/latest/api/API_UsagePlan.html)).

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Operation, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Owned, new_id, put, strings, text};
use crate::plane::{Period, Quota, Throttle, UsagePlan};

use Op::{Add, Remove, Replace};

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/apiStages", &[Add, Remove], Kind::Item),
        ("/name", &[Replace], Kind::Word(NO_NAME)),
        ("/description", &[Replace], Kind::Text),
        ("/productCode", &[Replace, Remove], Kind::Text),
        ("/quota", &[Remove], Kind::Text),
        ("/throttle", &[Remove], Kind::Text),
        (
            "/quota/limit",
            &[Add, Replace],
            Kind::Number(0, i64::MAX, "Usage Plan quota has no limit"),
        ),
        (
            "/quota/offset",
            &[Add, Replace],
            Kind::Number(0, i64::MAX, "Usage Plan quota offset is no number"),
        ),
        ("/quota/period", &[Add, Replace], Kind::Text),
        ("/throttle/rateLimit", &[Add, Replace], Kind::Real),
        (
            "/throttle/burstLimit",
            &[Add, Replace],
            Kind::Number(0, i32::MAX as i64, "the burst limit is no number"),
        ),
    ],
};

const NO_NAME: &str = "Usage Plan name must be non-empty";

/// What a plan is told with and no caller sees: the ids of its keys.
const KEYS: &str = "keys";

impl Control {
    pub(super) fn get_usage_plans(&mut self, call: &Call<'_>) -> Answered {
        let own = self.plans.iter().filter(|plan| plan.is_of(call));
        let key = call.query("keyId");
        let own = own.filter(|plan| key.is_none_or(|id| keys_of(plan).any(|key| key == id)));
        items(call, "id", own.map(|plan| told(plan, false)).collect())
    }

    pub(super) fn get_usage_plan(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, told(self.plan(call)?, true)))
    }

    pub(super) fn create_usage_plan(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let name = input.word("name")?;
        let name = name.ok_or_else(|| Refusal::bad_request(NO_NAME))?;
        let id = new_id(6);
        let mut plan = json!({"id": id, "name": name, "description": input.word("description")?});
        let mut stages = Vec::new();
        for stage in input.get("apiStages").and_then(Json::as_array).into_iter().flatten() {
            let (api, name) = (text(stage, "apiId"), text(stage, "stage"));
            self.planned(call, &id, api, name)?;
            for throttle in stage
                .get("throttle")
                .and_then(Json::as_object)
                .into_iter()
                .flat_map(Map::values)
            {
                throttle_of(throttle)?;
            }
            stages.push(present(
                json!({"apiId": api, "stage": name, "throttle": stage.get("throttle")}),
            ));
        }
        put(&mut plan, "apiStages", Json::Array(stages));
        if let Some(quota) = input.get("quota") {
            put(&mut plan, "quota", quota_told(quota_of(quota)?));
        }
        if let Some(throttle) = input.get("throttle") {
            let Throttle { rate, burst } = throttle_of(throttle)?;
            put(&mut plan, "throttle", json!({"rateLimit": rate, "burstLimit": burst}));
        }
        let tags = input.texts("tags")?;
        if !tags.is_empty() {
            put(&mut plan, "tags", json!(tags));
        }
        let plan = Owned::new(call, plan);
        let answer = told(&plan, false);
        self.plans.push(plan);
        self.plan_changed(&id);
        Ok(reply(201, answer))
    }

    pub(super) fn update_usage_plan(&mut self, call: &Call<'_>) -> Answered {
        let known = self.plan(call)?;
        let mut plan = known.clone();
        for operation in operations(call)? {
            if let ["apiStages", stage, "throttle", method @ ..] = operation.parts().as_slice() {
                change_method(&mut plan.told, stage, method, &operation)?;
                continue;
            }
            let patched = RULES.patched(plan.told.clone(), std::slice::from_ref(&operation))?;
            if operation.path != "/apiStages" {
                plan.told = patched;
                continue;
            }
            let value = operation.value.as_deref().unwrap_or_default();
            let named = value
                .split_once(':')
                .filter(|(api, stage)| !api.is_empty() && !stage.is_empty());
            let (api, stage) = named.ok_or_else(|| Refusal::bad_request("Invalid API Stage specified"))?;
            let mut stages = plan.told["apiStages"].as_array().cloned().unwrap_or_default();
            let is_it = |one: &Json| text(one, "apiId") == api && text(one, "stage") == stage;
            if operation.is_removal() {
                stages.retain(|one| !is_it(one));
            } else {
                self.planned(call, call.part(0), api, stage)?;
                if !stages.iter().any(is_it) {
                    stages.push(json!({"apiId": api, "stage": stage}));
                }
            }
            plan.told["apiStages"] = Json::Array(stages);
        }
        if let Some(quota) = plan.told.get("quota") {
            plan.told["quota"] = quota_told(quota_of(quota)?);
        }
        if let Some(throttle) = plan.told.get("throttle") {
            let Throttle { rate, burst } = throttle_of(throttle)?;
            plan.told["throttle"] = json!({"rateLimit": rate, "burstLimit": burst});
        }
        let answer = told(&plan, true);
        *self.plan_mut(call)? = plan;
        self.publish();
        Ok(reply(200, answer))
    }

    pub(super) fn delete_usage_plan(&mut self, call: &Call<'_>) -> Answered {
        let plan = self.plan(call)?;
        let id = call.part(0);
        if let Some((api, stage)) = stages_of(plan).next() {
            return Err(Refusal::bad_request(format!(
                "Cannot delete Usage Plan {id} because there are API Stages associated with it, including {api}:{stage}"
            )));
        }
        self.plans.retain(|plan| plan.text("id") != id);
        self.plan_changed(id);
        Ok(empty(202))
    }

    pub(super) fn get_usage_plan_keys(&mut self, call: &Call<'_>) -> Answered {
        // Recorded of AWS: a plan that is not there has no keys.
        let plan = self.plan(call).ok();
        let ids: Vec<String> = plan.into_iter().flat_map(keys_of).map(str::to_owned).collect();
        let name = call.query("name").unwrap_or_default();
        let keys = ids.iter().rev().filter_map(|id| self.key(call, id).ok());
        let keys = keys.filter(|key| key.text("name").starts_with(name));
        items(call, "id", keys.map(key_told).collect())
    }

    pub(super) fn get_usage_plan_key(&mut self, call: &Call<'_>) -> Answered {
        let id = call.part(1);
        let is_in = keys_of(self.plan(call)?).any(|key| key == id);
        let key = self.key(call, id).ok().filter(|_| is_in);
        Ok(reply(200, key_told(key.ok_or_else(no_plan_key)?)))
    }

    pub(super) fn create_usage_plan_key(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let id = input.given("keyId")?;
        let kind = input.given("keyType")?;
        if kind != "API_KEY" {
            return Err(Refusal::bad_request(format!(
                "Invalid key type {kind}: API_KEY is the only one"
            )));
        }
        let told = key_told(self.key(call, &id)?);
        let plan = self.plan(call)?;
        if keys_of(plan).any(|key| key == id) {
            return Err(Refusal::conflict("Usage Plan Key already exists"));
        }
        give_key(self.plan_mut(call)?, &id);
        self.publish();
        Ok(reply(201, told))
    }

    pub(super) fn delete_usage_plan_key(&mut self, call: &Call<'_>) -> Answered {
        let id = call.part(1);
        if !keys_of(self.plan(call)?).any(|key| key == id) {
            return Err(no_plan_key());
        }
        take_key(self.plan_mut(call)?, id);
        self.publish();
        Ok(empty(202))
    }

    /// Whether a plan is about an API, or about a stage of it.
    pub(super) fn is_planned(&self, api: &str, stage: Option<&str>) -> bool {
        let mut stages = self.plans.iter().flat_map(stages_of);
        stages.any(|(of, name)| of == api && stage.is_none_or(|stage| stage == name))
    }

    pub(super) fn plan(&self, call: &Call<'_>) -> Result<&Owned, Refusal> {
        let mut own = self.plans.iter().filter(|plan| plan.is_of(call));
        own.find(|plan| plan.text("id") == call.part(0)).ok_or_else(no_plan)
    }

    fn plan_mut(&mut self, call: &Call<'_>) -> Result<&mut Owned, Refusal> {
        self.changed.insert(Place::Plan(call.part(0).to_owned()));
        let mut own = self.plans.iter_mut().filter(|plan| plan.is_of(call));
        own.find(|plan| plan.text("id") == call.part(0)).ok_or_else(no_plan)
    }

    fn plan_changed(&mut self, id: &str) {
        self.changed.insert(Place::Plan(id.to_owned()));
        self.publish();
    }

    /// Refuses a stage that is not there.
    fn planned(&self, call: &Call<'_>, plan: &str, api: &str, stage: &str) -> Result<(), Refusal> {
        let is_there = self.own(call, api).is_some_and(|api| api.stages.contains_key(stage));
        match is_there {
            true => Ok(()),
            false => Err(Refusal::not_found(format!(
                "Invalid API Stage {{api: {api}, stage: {stage}}} specified for usageplan {plan}"
            ))),
        }
    }
}

fn no_plan() -> Refusal {
    Refusal::not_found("Invalid Usage Plan ID specified")
}

pub(super) fn no_plan_key() -> Refusal {
    Refusal::not_found("Invalid Usage Plan Key identifier specified")
}

/// The keys of a plan by their ids.
pub(super) fn keys_of(plan: &Owned) -> impl Iterator<Item = &str> {
    let keys = plan.told.get(KEYS).and_then(Json::as_array).into_iter().flatten();
    keys.filter_map(Json::as_str)
}

pub(super) fn give_key(plan: &mut Owned, id: &str) {
    let mut keys = strings(&plan.told[KEYS]);
    keys.push(id.to_owned());
    put(&mut plan.told, KEYS, json!(keys));
}

pub(super) fn take_key(plan: &mut Owned, id: &str) {
    let mut keys = strings(&plan.told[KEYS]);
    keys.retain(|key| key != id);
    put(&mut plan.told, KEYS, json!(keys));
}

fn api_stages(plan: &Owned) -> impl Iterator<Item = &Json> {
    let stages = plan.told.get("apiStages").and_then(Json::as_array);
    stages.into_iter().flatten()
}

fn stages_of(plan: &Owned) -> impl Iterator<Item = (&str, &str)> {
    api_stages(plan).map(|stage| (text(stage, "apiId"), text(stage, "stage")))
}

/// How fast a key may call single methods: the API, the stage and the method of each.
fn methods_of(plan: &Owned) -> BTreeMap<(String, String, String), Throttle> {
    let limits = api_stages(plan).flat_map(|stage| {
        let place = (text(stage, "apiId").to_owned(), text(stage, "stage").to_owned());
        let methods = stage.get("throttle").and_then(Json::as_object).into_iter().flatten();
        methods.filter_map(move |(method, throttle)| {
            let (api, stage) = place.clone();
            Some(((api, stage, method.clone()), throttle_of(throttle).ok()?))
        })
    });
    limits.collect()
}

/// Changes how fast single methods of a stage may be called: `/apiStages/API:STAGE/throttle/PATH/VERB/rateLimit`.
fn change_method(told: &mut Json, stage: &str, method: &[&str], operation: &Operation) -> Result<(), Refusal> {
    let stages = told.get_mut("apiStages").and_then(Json::as_array_mut);
    let is_it = |one: &&mut Json| format!("{}:{}", text(one, "apiId"), text(one, "stage")) == stage;
    let found = stages.and_then(|stages| stages.iter_mut().find(is_it));
    let found = found.ok_or_else(|| Refusal::not_found("Invalid API Stage specified"))?;
    let mut limits = found.get("throttle").cloned().unwrap_or_else(|| json!({}));
    // The slashes of a path may be escaped or not.
    let name = |method: &[&str]| match method.join("/") {
        name if name.starts_with('/') => name,
        name => format!("/{name}"),
    };
    match (operation.op, method) {
        (Remove, []) => limits = json!({}),
        (Remove, method) => put(&mut limits, &name(method), Json::Null),
        (Add | Replace, [method @ .., key @ ("rateLimit" | "burstLimit")]) => {
            let method = name(method);
            let value = operation.value.as_deref().unwrap_or_default();
            let number = value.parse::<serde_json::Number>();
            let number = number.map_err(|_| Refusal::bad_request(format!("Invalid number at {}", operation.path)))?;
            let none = json!({"rateLimit": 0., "burstLimit": 0});
            let mut limit = limits.get(&method).cloned().unwrap_or(none);
            put(&mut limit, key, Json::Number(number));
            throttle_of(&limit)?;
            put(&mut limits, &method, limit);
        }
        _ => {
            return Err(Refusal::bad_request(format!("Invalid patch path {}", operation.path)));
        }
    }
    let is_none = limits.as_object().is_none_or(Map::is_empty);
    put(found, "throttle", if is_none { Json::Null } else { limits });
    Ok(())
}

/// A plan as stages know it.
pub(super) fn of(plan: &Owned) -> UsagePlan {
    UsagePlan {
        id: plan.text("id").to_owned(),
        name: plan.text("name").to_owned(),
        description: plan.told["description"].as_str().map(str::to_owned),
        stages: stages_of(plan)
            .map(|(api, stage)| (api.to_owned(), stage.to_owned()))
            .collect(),
        keys: keys_of(plan).map(str::to_owned).collect(),
        quota: plan.told.get("quota").and_then(|quota| quota_of(quota).ok()),
        throttle: plan
            .told
            .get("throttle")
            .and_then(|throttle| throttle_of(throttle).ok()),
        methods: methods_of(plan),
    }
}

fn told(plan: &Owned, has_tags: bool) -> Json {
    let mut told = present(plan.told.clone());
    put(&mut told, KEYS, Json::Null);
    put(&mut told, "apiStages", plan.told["apiStages"].clone());
    if has_tags && told.get("tags").is_none() {
        put(&mut told, "tags", json!({}));
    }
    told
}

fn key_told(key: &Owned) -> Json {
    present(json!({
        "id": key.text("id"),
        "type": "API_KEY",
        "value": key.text("value"),
        "name": key.told.get("name"),
    }))
}

fn quota_told(quota: Quota) -> Json {
    let names = Period::NAMES.iter();
    let period = names
        .filter(|(_, period)| *period == quota.period)
        .map(|(name, _)| *name)
        .next();
    json!({"limit": quota.limit, "offset": quota.offset, "period": period})
}

fn quota_of(told: &Json) -> Result<Quota, Refusal> {
    let name = text(told, "period");
    let period = Period::NAMES.iter().find(|(known, _)| *known == name);
    let (_, period) =
        period.ok_or_else(|| Refusal::bad_request("Usage Plan quota period must be DAY, WEEK or MONTH"))?;
    let number = |key: &str| told.get(key).and_then(Json::as_u64);
    let limit = number("limit").ok_or_else(|| Refusal::bad_request("Usage Plan quota has no limit"))?;
    let offset = number("offset").unwrap_or(0);
    let why = match period {
        Period::Day if offset > 0 => "Usage Plan quota offset must be zero in the DAY period",
        Period::Week if offset > 6 => {
            "Usage Plan quota offset must be between zero and six inclusive in the WEEK period"
        }
        Period::Month if offset > 27 => {
            "Usage Plan quota offset must be between zero and twenty-seven inclusive in the MONTH period"
        }
        _ => "",
    };
    if !why.is_empty() {
        return Err(Refusal::bad_request(why));
    }
    Ok(Quota {
        limit,
        offset,
        period: *period,
    })
}

fn throttle_of(told: &Json) -> Result<Throttle, Refusal> {
    let rate = told.get("rateLimit").and_then(Json::as_f64).unwrap_or(0.);
    let burst = told.get("burstLimit").map_or(Some(0), Json::as_u64);
    let burst = burst.and_then(|burst| u32::try_from(burst).ok());
    let burst = burst.filter(|_| rate >= 0.);
    let burst = burst.ok_or_else(|| Refusal::bad_request("Usage Plan throttle limits must not be negative"))?;
    Ok(Throttle { rate, burst })
}
