//! Deployments
//! ([Deployment](https://docs.aws.amazon.com/apigateway/latest/api/API_Deployment.html)).

use std::sync::Arc;

use bluegate_core::aws::is_stage_name;
use bluegate_core::gateway::Api;
use bluegate_core::gateway::stage::{self, canary};
use serde_json::{Value as Json, json};

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Deployment, new_id, put};

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
        Api::deployable(&api.draft.api.resources)?;
        let deployment = Deployment {
            created: call.seconds(),
            description: input.word("description")?,
            draft: Arc::clone(&api.draft),
        };
        let id = new_id(6);
        let told = deployment.told(&id, false);
        let canary = canary::asked(input.get("canarySettings"), &id)?;
        if canary.is_some() {
            let name = input.text("stageName")?;
            canary::deployed(name.as_deref(), |name| api.stages.contains_key(name))?;
        }
        let mut stage = stage_name.map(|name| {
            let old = api.stages.get(&name).map(|served| served.told.clone());
            (old.unwrap_or_else(|| stage::made(&name, call.seconds())), name)
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
            ] {
                if let Some(value) = input.get(from) {
                    put(stage, key, value.clone());
                }
            }
            if input.get("cacheClusterEnabled").is_some() {
                let size = input.word("cacheClusterSize")?;
                stage::set_cache(stage, input.flag("cacheClusterEnabled")?, size.as_deref());
            }
        }
        if let Some((told, _)) = &stage {
            stage::judge_variables(told)?;
        }
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
        stage::may_lose(self.api(call)?.stages.values().map(|served| &served.told), id)?;
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
        let summary = has_summary.then(|| Api::summary(&self.draft.api.resources));
        present(json!({
            "id": id,
            "createdDate": self.created,
            "description": self.description,
            "apiSummary": summary,
        }))
    }
}
