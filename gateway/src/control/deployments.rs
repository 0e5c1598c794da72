//! Deployments
//! ([Deployment](https://docs.aws.amazon.com/apigateway/latest/api/API_Deployment.html)).

use std::sync::Arc;

use bluegate_core::gateway::Method;
use serde_json::{Value as Json, json};

use super::call::Call;
use super::canary;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::stages::{is_stage_name, new_stage};
use super::state::{Control, Deployment, new_id, put};
use crate::plane::Stage;

const RULES: Rules = Rules {
    lists: true,
    rows: &[("/description", &[Op::Replace], Kind::Text)],
};

impl Control {
    pub(super) fn get_deployments(&mut self, call: &Call<'_>) -> Answered {
        let deployments = self.api(call)?.deployments.iter();
        items(call, "id", deployments.map(|(id, one)| one.told(id, false)).collect())
    }

    pub(super) fn get_deployment(&mut self, call: &Call<'_>) -> Answered {
        let has_summary = call.all("embed").any(|embed| embed.eq_ignore_ascii_case("apisummary"));
        Ok(reply(200, self.deployment(call)?.told(call.part(1), has_summary)))
    }

    pub(super) fn create_deployment(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let stage_name = input.word("stageName")?;
        let vpc_links = self.vpc_links.clone();
        let api = self.api(call)?;
        if let Some(name) = stage_name.as_deref().filter(|name| !is_stage_name(name)) {
            return Err(Refusal::bad_request(format!(
                "Stage name only allows a-zA-Z0-9_-: {name}"
            )));
        }
        let methods = || {
            let resources = api.draft.api.resources.iter();
            resources.flat_map(|resource| resource.methods.values())
        };
        if methods().next().is_none() {
            return Err(Refusal::bad_request("The REST API doesn't contain any methods"));
        }
        if methods().any(|method: &Method| method.integration.is_none()) {
            return Err(Refusal::bad_request("No integration defined for method"));
        }
        let deployment = Deployment {
            created: call.seconds(),
            description: input.word("description")?,
            draft: Arc::clone(&api.draft),
        };
        let id = new_id(6);
        let told = deployment.told(&id, false);
        let canary = canary::asked(&input, &id)?;
        if canary.is_some() {
            let name = input.text("stageName")?;
            canary::deployed(name.as_deref(), |name| api.stages.contains_key(name))?;
        }
        let mut stage = stage_name.map(|name| {
            let old = api.stages.get(&name).map(|served| served.told.clone());
            (old.unwrap_or_else(|| new_stage(&name, call)), name)
        });
        if let Some((stage, _)) = &mut stage {
            match canary {
                Some(settings) => put(stage, "canarySettings", settings),
                None => put(stage, "deploymentId", json!(id)),
            }
            put(stage, "lastUpdatedDate", json!(call.seconds()));
            for (key, from) in [
                ("variables", "variables"),
                ("description", "stageDescription"),
                ("tracingEnabled", "tracingEnabled"),
                ("cacheClusterEnabled", "cacheClusterEnabled"),
                ("cacheClusterSize", "cacheClusterSize"),
            ] {
                if let Some(value) = input.get(from) {
                    put(stage, key, value.clone());
                }
            }
        }
        input.texts("variables")?;
        let api = self.api_mut(call)?;
        api.deployments.insert(id.clone(), deployment);
        if let Some((told, name)) = stage {
            api.serve(&name, told, vpc_links.as_deref())?;
        }
        self.changed.insert(Place::Deployment(call.part(0).to_owned(), id));
        Ok(reply(201, told))
    }

    pub(super) fn update_deployment(&mut self, call: &Call<'_>) -> Answered {
        let told = self.deployment(call)?.told(call.part(1), false);
        let told = RULES.patched(told, &operations(call)?)?;
        let place = Place::Deployment(call.part(0).to_owned(), call.part(1).to_owned());
        if let Some(deployment) = self.api_mut(call)?.deployments.get_mut(call.part(1)) {
            deployment.description = told["description"].as_str().map(str::to_owned);
        }
        self.changed.insert(place);
        Ok(reply(200, told))
    }

    pub(super) fn delete_deployment(&mut self, call: &Call<'_>) -> Answered {
        self.deployment(call)?;
        let id = call.part(1);
        let mut stages = self.api(call)?.stages.values();
        let serves = |stage: &Stage| {
            let canary = stage.canary.as_ref();
            stage.deployment_id == id || canary.is_some_and(|canary| canary.stage.deployment_id == id)
        };
        if stages.any(|served| serves(&served.stage)) {
            let why = "Active stages pointing to this deployment must be moved or deleted";
            return Err(Refusal::bad_request(why));
        }
        self.api_mut(call)?.deployments.remove(id);
        self.changed
            .insert(Place::Deployment(call.part(0).to_owned(), id.to_owned()));
        Ok(empty(202))
    }

    fn deployment(&self, call: &Call<'_>) -> Result<&Deployment, Refusal> {
        let found = self.api(call)?.deployments.get(call.part(1));
        found.ok_or_else(|| Refusal::no("Deployment"))
    }
}

impl Deployment {
    fn told(&self, id: &str, has_summary: bool) -> Json {
        let mut summary = json!({});
        for resource in self.draft.api.resources.iter().filter(|_| has_summary) {
            for (verb, method) in &resource.methods {
                summary[&resource.path][verb] = json!({
                    "authorizationType": method.authorization,
                    "apiKeyRequired": method.api_key_required,
                });
            }
        }
        present(json!({
            "id": id,
            "createdDate": self.created,
            "description": self.description,
            "apiSummary": summary,
        }))
    }
}
