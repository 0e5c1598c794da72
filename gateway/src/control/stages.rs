//! Stages
//! ([Stage](https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html)).

use bluegate_core::aws::is_stage_name;
use bluegate_core::gateway::stage::{self, canary};
use serde_json::{Value as Json, json};

use super::call::Call;
use super::patch::operations;
use super::reply::{Answered, Refusal, empty, reply};
use super::state::{Control, put, text};

impl Control {
    pub(super) fn get_stages(&mut self, call: &Call<'_>) -> Answered {
        let stages = self.api(call)?.stages.values();
        let told = stages.map(|served| &served.told);
        let deployment = call.query("deploymentId");
        let told = told.filter(|told| deployment.is_none_or(|id| text(told, "deploymentId") == id));
        Ok(reply(200, json!({"item": told.collect::<Vec<_>>()})))
    }

    pub(super) fn get_stage(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, self.told_stage(call)?.clone()))
    }

    pub(super) fn create_stage(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let vpc_links = self.vpc_links.clone();
        let name = input.given("stageName")?;
        if !is_stage_name(&name) {
            return Err(Refusal::bad_request("Stage name only allows a-zA-Z0-9_-"));
        }
        if self.api(call)?.stages.contains_key(&name) {
            return Err(Refusal::conflict("Stage already exists"));
        }
        let mut told = stage::made(&name, call.seconds());
        for key in ["deploymentId", "description", "documentationVersion"] {
            if let Some(text) = input.word(key)? {
                put(&mut told, key, json!(text));
            }
        }
        let size = input.word("cacheClusterSize")?;
        put(&mut told, "tracingEnabled", json!(input.flag("tracingEnabled")?));
        stage::set_cache(&mut told, input.flag("cacheClusterEnabled")?, size.as_deref());
        let deployment = text(&told, "deploymentId").to_owned();
        if let Some(settings) = canary::asked(input.get("canarySettings"), &deployment)? {
            put(&mut told, "canarySettings", settings);
        }
        for key in ["variables", "tags"] {
            let texts = input.texts(key)?;
            if !texts.is_empty() {
                put(&mut told, key, json!(texts));
            }
        }
        stage::judge_variables(&told)?;
        self.api_mut(call)?.serve(&name, told.clone(), vpc_links.as_deref())?;
        Ok(reply(201, told))
    }

    pub(super) fn update_stage(&mut self, call: &Call<'_>) -> Answered {
        let operations = operations(call)?;
        let vpc_links = self.vpc_links.clone();
        let mut told = self.told_stage(call)?.clone();
        for operation in &operations {
            stage::patch(&mut told, operation)?;
        }
        put(&mut told, "lastUpdatedDate", json!(call.seconds()));
        stage::judge_variables(&told)?;
        self.api_mut(call)?
            .serve(call.part(1), told.clone(), vpc_links.as_deref())?;
        Ok(reply(200, told))
    }

    pub(super) fn delete_stage(&mut self, call: &Call<'_>) -> Answered {
        let (id, name) = (call.part(0), call.part(1));
        self.told_stage(call)?;
        if self.is_planned(id, Some(name)) {
            return Err(Refusal::bad_request(
                "The stage is in a usage plan: remove it from that, then delete it",
            ));
        }
        self.api_mut(call)?.stages.remove(name);
        Ok(empty(202))
    }

    pub(super) fn flush_stage_cache(&mut self, call: &Call<'_>) -> Answered {
        self.told_stage(call)?;
        self.gate.cache.forget(call.part(0), call.part(1));
        Ok(empty(202))
    }

    pub(super) fn flush_stage_authorizers_cache(&mut self, call: &Call<'_>) -> Answered {
        self.told_stage(call)?;
        self.gate.kept.forget(call.part(0), call.part(1));
        Ok(empty(202))
    }

    /// The stage that the path names second.
    pub(super) fn told_stage(&self, call: &Call<'_>) -> Result<&Json, Refusal> {
        let served = self.api(call)?.stages.get(call.part(1));
        served.map(|served| &served.told).ok_or_else(|| Refusal::no("stage"))
    }
}
