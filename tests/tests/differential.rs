//! The API Gateway in memory that the deploy library is tested with, and the one on this machine, told the same: both stand
//! on one model, and answer and refuse alike.
//!
//! `DIFFERENTIAL=200 cargo test --workspace --test differential` tries so many lives of an API, and `SEED=7` other ones.

#[path = "differential/steps.rs"]
mod steps;

use std::collections::BTreeMap;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::gateway::{Definition, policy};
use bluegate_core::openapi::Document;
use bluegate_core::{Source, read_aws};
use bluegate_deploy::api::{ApiGateway, CallError, Page, Patch, Texts};
use bluegate_deploy::fake::Fake;
use bluegate_deploy::sdk;
use bluegate_tests::local::LocalGateway;
use serde::Serialize;
use serde_json::{Value as Json, json};

use steps::{Random, Step, document, step};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:shop";

/// One of both, and what it calls things.
struct Side<G> {
    gateway: G,
    api: String,
    /// Deployments, in the order in which they were made.
    deployments: Vec<String>,
}

/// How a call ended: with an answer, or with a failure of a kind.
fn ended<T>(result: Result<T, CallError>) -> (Option<T>, &'static str, String) {
    match result {
        Ok(answer) => (Some(answer), "done", String::new()),
        Err(error) => (None, error.cause.kind(), format!("{:?}", error.cause)),
    }
}

impl<G: ApiGateway> Side<G> {
    fn deployment(&self, number: usize) -> String {
        let id = self.deployments.get(number).cloned();
        id.unwrap_or_else(|| "none".to_owned())
    }

    /// Does it, and gives how it ended.
    async fn does(&mut self, step: &Step) -> (&'static str, String) {
        let (gateway, api) = (&self.gateway, self.api.as_str());
        let (_, kind, words) = match step {
            Step::Put(document) => ended(gateway.put_rest_api(api, document, false).await.map(drop)),
            Step::Patch(patches) => ended(gateway.update_rest_api(api, patches).await.map(drop)),
            Step::Deploy => {
                let (made, kind, words) = ended(gateway.create_deployment(api, "a deployment").await);
                self.deployments.extend(made.map(|made| made.id));
                (None, kind, words)
            }
            Step::CreateStage(stage, number, settings) => {
                let deployment = self.deployment(*number);
                ended(gateway.create_stage(api, stage, &deployment, settings).await.map(drop))
            }
            Step::UpdateStage(stage, patches, number) => {
                let deployment = self.deployment(*number);
                let filled = patches.iter().cloned().map(|mut patch| {
                    patch.value = patch.value.map(|value| value.replace("DEPLOYMENT", &deployment));
                    patch
                });
                let filled: Vec<Patch> = filled.collect();
                ended(gateway.update_stage(api, stage, &filled).await.map(drop))
            }
            Step::DeleteStage(stage) => ended(gateway.delete_stage(api, stage).await),
            Step::DeleteDeployment(number) => ended(gateway.delete_deployment(api, &self.deployment(*number)).await),
            Step::Tag(key) => ended(gateway.tag_resource(api, key, "a value").await),
            Step::Untag(key) => ended(gateway.untag_resource(api, key).await),
            Step::TagStage(stage) => {
                let tags = Texts::from([("team".to_owned(), "shop".to_owned())]);
                ended(gateway.tag_stage(api, stage, &tags).await)
            }
            Step::Flush(stage) => ended(gateway.flush_stage_cache(api, stage).await),
            Step::Permit(id) => {
                let source = "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/";
                ended(gateway.add_permission(FUNCTION, id, source).await)
            }
            Step::Forbid(id) => ended(gateway.remove_permission(FUNCTION, id).await),
        };
        (kind, words)
    }

    /// All that it tells, without what it alone calls things.
    async fn tells(&self) -> BTreeMap<&'static str, Json> {
        let (gateway, api) = (&self.gateway, self.api.as_str());
        let mut told = BTreeMap::new();
        let resources = gateway.get_resources(api, None).await.unwrap();
        let authorizers = gateway.get_authorizers(api, None).await.unwrap();
        let validators = gateway.get_request_validators(api, None).await.unwrap();
        let mut ids: BTreeMap<String, String> = BTreeMap::from([(self.api.clone(), "API".to_owned())]);
        ids.extend(
            resources
                .items
                .iter()
                .map(|one| (one.id.clone(), format!("resource {}", one.path))),
        );
        ids.extend(
            authorizers
                .items
                .iter()
                .map(|one| (one.id.clone(), format!("authorizer {}", one.name))),
        );
        ids.extend(
            validators
                .items
                .iter()
                .map(|one| (one.id.clone(), format!("validator {}", one.name))),
        );
        let numbered = self.deployments.iter().enumerate();
        ids.extend(numbered.map(|(number, id)| (id.clone(), format!("deployment {number}"))));
        told.insert("API", json(&gateway.get_rest_api(api).await.unwrap()));
        told.insert("resources", list(&resources));
        told.insert("authorizers", list(&authorizers));
        told.insert("validators", list(&validators));
        told.insert("models", list(&gateway.get_models(api, None).await.unwrap()));
        told.insert(
            "gateway responses",
            list(&gateway.get_gateway_responses(api, None).await.unwrap()),
        );
        told.insert("deployments", list(&gateway.get_deployments(api, None).await.unwrap()));
        let stages = gateway.get_stages(api).await.unwrap();
        let mut exports = Vec::new();
        for stage in &stages {
            let (export, kind, _) = ended(gateway.get_export(api, &stage.name).await);
            let export: Option<Document> = export.map(|text| text.parse().unwrap());
            let meaning = export.map(|document| {
                let policy = document.policy().map(|text| policy::normalise(&text, api));
                let Definition {
                    routes,
                    authorizers,
                    responses,
                    validators,
                    models,
                    ..
                } = Definition::from(&document);
                format!("{routes:?} {authorizers:?} {responses:?} {validators:?} {models:?} {policy:?}")
            });
            exports.push(json!([stage.name, kind, meaning]));
            let id = stage.deployment_id.as_deref().unwrap_or_default();
            let (deployment, kind, _) = ended(gateway.get_deployment(api, id).await);
            exports.push(json!([kind, deployment.map(|one| one.summary)]));
        }
        told.insert("stages", json!(stages.iter().map(json).collect::<Vec<_>>()));
        told.insert("what stages serve", json!(exports));
        let (policy, kind, _) = ended(gateway.get_policy(FUNCTION).await);
        told.insert(
            "the policy of the function",
            json!([kind, policy.map(|text| policy::normalise(&text, ""))]),
        );
        for value in told.values_mut() {
            tidied(value, &ids);
            if let Json::Array(items) = value {
                items.sort_by_key(Json::to_string);
            }
        }
        told
    }
}

fn json<T: Serialize>(value: &T) -> Json {
    serde_json::to_value(value).unwrap()
}

fn list<T: Serialize>(page: &Page<T>) -> Json {
    assert!(page.next.is_none());
    json!(page.items.iter().map(json).collect::<Vec<_>>())
}

/// Takes away what differs from one API Gateway to the next: ids, moments, and the spelling of policies.
fn tidied(value: &mut Json, ids: &BTreeMap<String, String>) {
    match value {
        Json::Object(members) => {
            for moment in ["created", "updated", "answered"] {
                members.remove(moment);
            }
            // What AWS is documented to say and was never recorded to: the fake says it, since runs wait for it.
            members.retain(|key, value| {
                let is_default =
                    key == "status" && value == "AVAILABLE" || key == "security_policy" && value == "TLS_1_0";
                !is_default && !value.is_null()
            });
            for (key, member) in members {
                if key == "policy"
                    && let Some(text) = member.as_str()
                {
                    *member = json!(policy::normalise(
                        text,
                        ids.iter().find(|(_, name)| *name == "API").map_or("", |(id, _)| id)
                    ));
                }
                tidied(member, ids);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| tidied(item, ids)),
        Json::String(text) => {
            if let Some(name) = ids.get(text.as_str()) {
                *text = name.clone();
            }
        }
        _ => {}
    }
}

async fn imported<G: ApiGateway>(gateway: G, document: &str) -> Side<G> {
    let api = gateway.import_rest_api(document, false).await.unwrap().id;
    let deployments = Vec::new();
    Side {
        gateway,
        api,
        deployments,
    }
}

#[tokio::test]
async fn the_fake_and_the_gateway_on_this_machine_answer_and_refuse_alike() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let local = LocalGateway::start().unwrap();
    let text =
        r#"{"region": "us-east-1", "aws": {"access_key_id": "test", "secret_access_key": "test"}, "apiGateway": {}}"#;
    let file = read_aws(&Source::new("aws.json", text).secret())
        .into_result()
        .unwrap()
        .0;
    let environment = Environment::resolve(&file, None, Needs::Nothing).value.unwrap();
    let client = sdk::connect_at(&environment, Some(local.endpoint())).await.unwrap();
    let mut random = Random(number("SEED", 1) * 0x9e37_79b9 + 1);
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for life in 0..number("DIFFERENTIAL", 3) {
        let fake = Fake::default();
        fake.has_function(FUNCTION);
        let first = json!({"openapi": "3.0.1", "info": {"title": "shop", "version": "1"}, "paths": {}}).to_string();
        let (mut one, mut other) = (imported(fake, &first).await, imported(client.clone(), &first).await);
        let mut done = Vec::new();
        for id in ["one", "two"] {
            let _ = other.gateway.remove_permission(FUNCTION, id).await;
        }
        let begins = [
            Step::Put(document(&mut random)),
            Step::Deploy,
            Step::CreateStage("dev", 0, Texts::new()),
        ];
        let more: Vec<Step> = (0..8).map(|_| step(&mut random)).collect();
        for step in begins.into_iter().chain(more) {
            let (fakes, locals) = (one.does(&step).await, other.does(&step).await);
            done.push(step);
            if fakes.0 != locals.0 {
                let what = format!(
                    "{:?}\n  the fake: {fakes:?}\n  on this machine: {locals:?}",
                    done.last()
                );
                wrong.entry(format!("{fakes:?} {locals:?}")).or_insert(what);
                break;
            }
        }
        let (fakes, locals) = (one.tells().await, other.tells().await);
        for (what, told) in fakes.iter().filter(|(what, told)| locals[*what] != **told) {
            let (told, locals) = (format!("{told:#}"), format!("{:#}", locals[what]));
            let line = told.lines().zip(locals.lines()).find(|(one, other)| one != other);
            let words = format!("life {life}: {what} after {done:#?}\n  the fake: {told}\n  on this machine: {locals}");
            wrong.entry(format!("{what} {line:?}")).or_insert(words);
        }
        let _ = other.gateway.delete_rest_api(&other.api).await;
    }
    let first = wrong.values().next();
    assert!(wrong.is_empty(), "{}\n{:#?}", first.unwrap(), wrong.keys());
}
