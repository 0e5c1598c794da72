//! The operations of the fake.

use std::collections::BTreeMap;

use bluegate_core::gateway::patch::Operation as PatchOperation;
use bluegate_core::gateway::told::put;
use bluegate_core::gateway::{Api, Router, settings, stage as stage_rules};
use serde_json::Value as Json;

use crate::api::{
    Account, ApiGateway, Authorizer, Cache, CallError, Cause, Deployment, GatewayResponse, Identity, Method, Model,
    Operation, Page, Patch, Reply, Request, RequestValidator, Resource, RestApi, Stage, Texts, VpcLink,
};

use super::api::{FakeApi, Snapshot};
use super::import::import;
use super::refusal::{not_found, refused};
use super::service::Fake;
use super::{cache, told};

fn stage_of<'a>(api: &'a mut FakeApi, stage: &str) -> Result<&'a mut Stage, Cause> {
    api.stages.get_mut(stage).ok_or_else(|| not_found("stage"))
}

/// Refuses execution logs of the methods that tests want it of.
fn may_log(patch: &Patch) -> Result<(), Cause> {
    let is_level = patch.path.ends_with("/logging/loglevel") && patch.path.contains("nologs");
    match is_level && patch.value.as_deref() != Some("OFF") {
        true => Err(refused(
            "CloudWatch Logs role ARN must be set in account settings to enable logging",
        )),
        false => Ok(()),
    }
}

fn is_signed(method: &Method) -> bool {
    method.authorization.as_deref() == Some("AWS_IAM")
}

impl ApiGateway for Fake {
    async fn test_invoke_method(
        &self,
        rest_api_id: &str,
        resource_id: &str,
        verb: &str,
        request: &Request,
        _: &Texts,
    ) -> Result<Reply, CallError> {
        self.of(Operation::TestInvokeMethod, rest_api_id, |api| {
            let resource = api.resources.iter().find(|one| one.id == resource_id);
            let resource = resource.ok_or_else(|| not_found("Resource"))?;
            if !resource.methods.contains_key(verb) {
                return Err(not_found("Method"));
            }
            Ok(self.conduct().service(verb, &request.path))
        })
        .await
    }

    async fn invoke(&self, url: &str, request: &Request) -> Result<Reply, CallError> {
        self.perform(Operation::Invoke, |apis| {
            let refused = Reply {
                status: 403,
                body: "{\"message\":\"Missing Authentication Token\"}".into(),
                from_gateway: true,
                error_type: Some("MissingAuthenticationTokenException".into()),
            };
            let Some((id, rest)) = url
                .strip_prefix("https://")
                .and_then(|rest| rest.split_once(".execute-api."))
            else {
                return Err(Cause::UnknownHost);
            };
            let mut parts = rest.splitn(3, '/').skip(1);
            let stage = parts.next().unwrap_or_default();
            let path = format!("/{}", parts.next().unwrap_or_default());
            let mut conduct = self.conduct();
            if let Some(status) = conduct.proxy {
                return Ok(Reply {
                    status,
                    ..Reply::default()
                });
            }
            if let Some(why) = &conduct.refuses {
                return Ok(Reply {
                    error_type: Some(why.clone()),
                    ..refused
                });
            }
            let is_stale = conduct.was_stale();
            let served = |api| {
                if is_stale {
                    FakeApi::lately(api, stage)
                } else {
                    FakeApi::live(api, stage)
                }
            };
            let Some(live) = apis.get(id).and_then(served) else {
                return Ok(refused);
            };
            let router: Router<&Method> = live
                .resources
                .iter()
                .flat_map(|resource| {
                    resource
                        .methods
                        .iter()
                        .map(move |(verb, one)| (&resource.path, verb, one))
                })
                .collect();
            match router.answers(&request.verb, &path) {
                Some(method) if !is_signed(method) || request.signed || conduct.is_open => {
                    Ok(conduct.service(&request.verb, &path))
                }
                _ => Ok(refused),
            }
        })
        .await
    }

    async fn get_caller_identity(&self) -> Result<Identity, CallError> {
        self.perform(Operation::GetCallerIdentity, |_| {
            let account = self
                .conduct()
                .account
                .clone()
                .unwrap_or_else(|| "111111111111".to_owned());
            Ok(Identity {
                arn: format!("arn:aws:sts::{account}:assumed-role/deployer/run"),
                account,
            })
        })
        .await
    }

    async fn get_rest_api(&self, rest_api_id: &str) -> Result<RestApi, CallError> {
        let time = self.conduct().time;
        self.of(Operation::GetRestApi, rest_api_id, |api| {
            Ok(RestApi {
                answered: time,
                ..api.told()
            })
        })
        .await
    }

    async fn get_rest_apis(&self, position: Option<&str>) -> Result<Page<RestApi>, CallError> {
        self.perform(Operation::GetRestApis, |apis| {
            let all: Vec<RestApi> = apis.values().map(FakeApi::told).collect();
            Ok(self.conduct().page(all.iter(), position))
        })
        .await
    }

    async fn get_resources(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Resource>, CallError> {
        self.of(Operation::GetResources, rest_api_id, |api| {
            Ok(self.conduct().page(api.resources.iter(), position))
        })
        .await
    }

    async fn get_authorizers(&self, rest_api_id: &str, _: Option<&str>) -> Result<Page<Authorizer>, CallError> {
        self.list(Operation::GetAuthorizers, rest_api_id, |api| api.authorizers.clone())
            .await
    }

    async fn get_models(&self, rest_api_id: &str, _: Option<&str>) -> Result<Page<Model>, CallError> {
        self.list(Operation::GetModels, rest_api_id, |api| api.models.clone())
            .await
    }

    async fn get_request_validators(
        &self,
        rest_api_id: &str,
        _: Option<&str>,
    ) -> Result<Page<RequestValidator>, CallError> {
        self.list(Operation::GetRequestValidators, rest_api_id, |api| {
            api.validators.clone()
        })
        .await
    }

    async fn get_gateway_responses(
        &self,
        rest_api_id: &str,
        _: Option<&str>,
    ) -> Result<Page<GatewayResponse>, CallError> {
        self.list(Operation::GetGatewayResponses, rest_api_id, |api| {
            GatewayResponse::all_told(&api.responses)
        })
        .await
    }

    async fn get_stages(&self, rest_api_id: &str) -> Result<Vec<Stage>, CallError> {
        self.of(Operation::GetStages, rest_api_id, |api| {
            let all = api.stages.keys().filter_map(|name| api.told_stage(name));
            Ok(self.conduct().turned(all.collect()))
        })
        .await
    }

    async fn get_stage(&self, rest_api_id: &str, stage: &str) -> Result<Stage, CallError> {
        self.of(Operation::GetStage, rest_api_id, |api| {
            api.told_stage(stage).ok_or_else(|| not_found("stage"))
        })
        .await
    }

    async fn get_deployments(&self, rest_api_id: &str, at: Option<&str>) -> Result<Page<Deployment>, CallError> {
        self.of(Operation::GetDeployments, rest_api_id, |api| {
            let told = |one: &Snapshot| Deployment {
                summary: None,
                ..one.deployment.clone()
            };
            // Nobody promises an order.
            let all: Vec<Deployment> = api.deployments.iter().map(told).collect();
            Ok(self.conduct().page(all.iter(), at))
        })
        .await
    }

    async fn get_deployment(&self, rest_api_id: &str, deployment_id: &str) -> Result<Deployment, CallError> {
        self.of(Operation::GetDeployment, rest_api_id, |api| {
            api.deployments
                .iter()
                .find(|one| one.deployment.id == deployment_id)
                .map(|one| Deployment {
                    summary: self.conduct().tell(one.deployment.summary.clone().unwrap_or_default()),
                    ..one.deployment.clone()
                })
                .ok_or_else(|| not_found("Deployment"))
        })
        .await
    }

    async fn get_export(&self, rest_api_id: &str, stage: &str) -> Result<String, CallError> {
        self.of(Operation::GetExport, rest_api_id, |api| {
            let live = api.live(stage).ok_or_else(|| not_found("stage"))?;
            if self.conduct().spells_exports_otherwise {
                return Ok(live
                    .document
                    .replace("\"responses\":{\"", "\"responses\":{\"599\":{},\""));
            }
            if self.conduct().turn() {
                // As a map of another program would spell it.
                let json: Json = serde_json::from_str(&live.document).unwrap_or_default();
                return Ok(format!("{json:#}"));
            }
            Ok(live.document.to_string())
        })
        .await
    }

    async fn get_account(&self) -> Result<Account, CallError> {
        self.perform(Operation::GetAccount, |_| {
            let log_role = (!self.conduct().may_not_log).then(|| "arn:aws:iam::111111111111:role/logs".to_owned());
            Ok(Account { log_role })
        })
        .await
    }

    async fn get_vpc_link(&self, vpc_link_id: &str) -> Result<VpcLink, CallError> {
        self.perform(Operation::GetVpcLink, |_| {
            let status = self.conduct().links.get(vpc_link_id).cloned();
            let status = status.ok_or_else(|| not_found("Vpc Link"))?;
            Ok(VpcLink {
                id: vpc_link_id.to_owned(),
                name: None,
                status: Some(status),
            })
        })
        .await
    }

    async fn import_rest_api(&self, document: &str, fail_on_warnings: bool) -> Result<RestApi, CallError> {
        self.perform(Operation::ImportRestApi, |apis| {
            let mut conduct = self.conduct();
            conduct.judge(fail_on_warnings)?;
            let id = format!("new{}", apis.len());
            let mut api = FakeApi::made(&id, "");
            import(&mut api, document)?;
            let answer = conduct.took(&mut api, &RestApi::default());
            apis.insert(id, api);
            Ok(answer)
        })
        .await
    }

    async fn put_rest_api(
        &self,
        rest_api_id: &str,
        document: &str,
        fail_on_warnings: bool,
    ) -> Result<RestApi, CallError> {
        self.of(Operation::PutRestApi, rest_api_id, |api| {
            let mut conduct = self.conduct();
            conduct.judge(fail_on_warnings)?;
            let before = api.api.clone();
            import(api, document)?;
            if conduct.drops_policy {
                api.api.policy = None;
                api.api.security_policy = Some("TLS_1_0".to_owned());
                api.api.endpoint_access_mode = None;
            }
            Ok(conduct.took(api, &before))
        })
        .await
    }

    async fn update_rest_api(&self, rest_api_id: &str, patches: &[Patch]) -> Result<RestApi, CallError> {
        self.of(Operation::UpdateRestApi, rest_api_id, |api| {
            let operations: Vec<PatchOperation> = patches.iter().map(told::operation).collect();
            let settings = settings::patched(told::settings(&api.api), &operations)?;
            let patched = told::rest_api(&settings, &api.api);
            let before = std::mem::replace(&mut api.api, patched);
            Ok(self.conduct().update(api, &before))
        })
        .await
    }

    async fn delete_rest_api(&self, rest_api_id: &str) -> Result<(), CallError> {
        self.perform(Operation::DeleteRestApi, |apis| {
            apis.remove(rest_api_id).map(drop).ok_or_else(|| not_found("API"))
        })
        .await
    }

    async fn create_deployment(&self, rest_api_id: &str, description: &str) -> Result<Deployment, CallError> {
        self.of(Operation::CreateDeployment, rest_api_id, |api| {
            Api::deployable(&api.resources)?;
            let mut deployment = api.deploy(description);
            if std::mem::take(&mut self.conduct().opens_deployments)
                && let Some(last) = api.deployments.last_mut()
                && let Some(summary) = &mut last.deployment.summary
            {
                for access in summary.values_mut().flat_map(BTreeMap::values_mut) {
                    access.authorization = Some("NONE".to_owned());
                }
            }
            deployment.summary = None;
            Ok(deployment)
        })
        .await
    }

    async fn create_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        deployment_id: &str,
        settings: &Texts,
    ) -> Result<Stage, CallError> {
        self.of(Operation::CreateStage, rest_api_id, |api| {
            if api.stages.contains_key(stage) {
                return Err(Cause::Exists {
                    message: "Stage already exists".into(),
                });
            }
            if !api.deployments.iter().any(|one| one.deployment.id == deployment_id) {
                return Err(refused(stage_rules::NO_DEPLOYMENT));
            }
            let begins_with = |name: &str| !name.starts_with("/~1") && !name.starts_with("/*") && !name.contains("Log");
            let mut made = stage_rules::made(stage, 0);
            put(&mut made, "deploymentId", Json::from(deployment_id));
            for (path, value) in settings.iter().filter(|(name, _)| begins_with(name)) {
                stage_rules::patch(&mut made, &told::operation(&Patch::replace(path, value)))?;
            }
            stage_rules::judge_variables(&made)?;
            let named = Stage {
                name: stage.to_owned(),
                ..Stage::default()
            };
            api.stages.insert(stage.to_owned(), told::stage_of(&made, &named));
            api.begin_cache(stage, &Texts::new(), self.conduct().cache_takes);
            api.told_stage(stage).ok_or_else(|| not_found("stage"))
        })
        .await
    }

    async fn update_stage(&self, rest_api_id: &str, stage: &str, patches: &[Patch]) -> Result<Stage, CallError> {
        self.of(Operation::UpdateStage, rest_api_id, |api| {
            cache::judge(patches)?;
            let name = stage;
            // All of it or nothing.
            let before = stage_of(api, name)?.clone();
            let mut told = told::stage(&before);
            for patch in patches {
                may_log(patch)?;
                stage_rules::patch(&mut told, &told::operation(patch))?;
            }
            stage_rules::judge_variables(&told)?;
            let is_there = |id: &str| api.deployments.iter().any(|one| one.deployment.id == id);
            if !stage_rules::deployments(&told).all(is_there) {
                return Err(refused(stage_rules::NO_DEPLOYMENT));
            }
            api.move_stage(told::stage_of(&told, &before));
            let was = before.settings;
            api.begin_cache(name, &was, self.conduct().cache_takes);
            api.told_stage(name).ok_or_else(|| not_found("stage"))
        })
        .await
    }

    async fn delete_stage(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        self.of(Operation::DeleteStage, rest_api_id, |api| {
            api.stages.remove(stage).map(drop).ok_or_else(|| not_found("stage"))
        })
        .await
    }

    async fn delete_deployment(&self, rest_api_id: &str, deployment_id: &str) -> Result<(), CallError> {
        self.of(Operation::DeleteDeployment, rest_api_id, |api| {
            if !api.deployments.iter().any(|one| one.deployment.id == deployment_id) {
                return Err(not_found("Deployment"));
            }
            let told: Vec<Json> = api.stages.values().map(told::stage).collect();
            stage_rules::may_lose(told.iter(), deployment_id)?;
            api.deployments.retain(|one| one.deployment.id != deployment_id);
            Ok(())
        })
        .await
    }

    async fn flush_stage_cache(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        self.of(Operation::FlushStageCache, rest_api_id, |api| {
            match api.told_stage(stage).ok_or_else(|| not_found("stage"))?.cache {
                Cache::Coming | Cache::Going => Err(refused("Cache cluster is not available")),
                Cache::On | Cache::Off => Ok(()),
            }
        })
        .await
    }

    async fn flush_stage_authorizers_cache(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        let operation = Operation::FlushStageAuthorizersCache;
        self.of(operation, rest_api_id, |api| stage_of(api, stage).map(drop))
            .await
    }

    async fn tag_resource(&self, rest_api_id: &str, key: &str, value: &str) -> Result<(), CallError> {
        self.of(Operation::TagResource, rest_api_id, |api| {
            api.api.tags.insert(key.to_owned(), value.to_owned());
            Ok(())
        })
        .await
    }

    async fn tag_stage(&self, rest_api_id: &str, stage: &str, tags: &Texts) -> Result<(), CallError> {
        self.of(Operation::TagResource, rest_api_id, |api| {
            let stage = stage_of(api, stage)?;
            stage.tags.extend(tags.clone());
            Ok(())
        })
        .await
    }

    async fn untag_stage(&self, rest_api_id: &str, stage: &str, keys: &[String]) -> Result<(), CallError> {
        self.of(Operation::UntagResource, rest_api_id, |api| {
            let stage = stage_of(api, stage)?;
            stage.tags.retain(|key, _| !keys.contains(key));
            Ok(())
        })
        .await
    }

    async fn get_policy(&self, function: &str) -> Result<String, CallError> {
        self.perform(Operation::GetPolicy, |_| self.lambda().policy(function))
            .await
    }

    async fn get_function_configuration(&self, function: &str) -> Result<(), CallError> {
        self.perform(Operation::GetFunctionConfiguration, |_| self.lambda().look(function))
            .await
    }

    async fn add_permission(&self, function: &str, statement_id: &str, source_arn: &str) -> Result<(), CallError> {
        self.perform(Operation::AddPermission, |_| {
            self.lambda().add(function, statement_id, source_arn)
        })
        .await
    }

    async fn remove_permission(&self, function: &str, statement_id: &str) -> Result<(), CallError> {
        self.perform(Operation::RemovePermission, |_| {
            self.lambda().remove(function, statement_id)
        })
        .await
    }

    async fn untag_resource(&self, rest_api_id: &str, key: &str) -> Result<(), CallError> {
        self.of(Operation::UntagResource, rest_api_id, |api| {
            api.api.tags.remove(key);
            Ok(())
        })
        .await
    }
}
