//! APIs as a whole
//! ([RestApi](https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html)).

use std::collections::BTreeMap;

use bluegate_core::gateway::Api;
use bluegate_core::gateway::settings::{self, COMPRESSION, configured, judged};
use bluegate_core::openapi::Document;
use serde_json::{Value as Json, json};

use super::call::{Call, Input};
use super::models;
use super::pages::items;
use super::patch::operations;
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Documentation, Draft, RestApi, new_id, put, strings};

impl Control {
    pub(super) fn get_rest_apis(&mut self, call: &Call<'_>) -> Answered {
        let own = self.apis.values().filter(|api| self.own(call, &api.id).is_some());
        items(call, "id", own.map(|api| api.told(false)).collect())
    }

    pub(super) fn get_rest_api(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, self.api(call)?.told(true)))
    }

    /// Makes an API of another one, or one that has nothing but a name.
    pub(super) fn create_rest_api(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let endpoint = endpoint(&input)?;
        let name = input.given("name")?;
        if name.is_empty() {
            return Err(Refusal::bad_request("API name cannot be an empty string"));
        }
        if input.text("description")?.is_some_and(|text| text.is_empty()) {
            return Err(Refusal::bad_request("Description cannot be an empty string"));
        }
        let mut draft = match input.word("cloneFrom")? {
            Some(id) => {
                let from = self.own(call, &id);
                let from =
                    from.ok_or_else(|| Refusal::bad_request("Invalid API identifier specified to clone from"))?;
                (*from.draft).clone()
            }
            None => Draft {
                settings: json!({}),
                api: Api {
                    models: models::first(),
                    ..Api::from(&Document::default())
                },
            },
        };
        let settings = &mut draft.settings;
        put(settings, "name", json!(name));
        for key in [
            "description",
            "version",
            "apiKeySource",
            "policy",
            "securityPolicy",
            "endpointAccessMode",
        ] {
            if let Some(text) = input.word(key)? {
                put(settings, key, json!(text));
            }
        }
        if let Some(size) = input.get("minimumCompressionSize") {
            if !size.as_i64().is_some_and(|size| (0..=10_485_760).contains(&size)) {
                return Err(Refusal::bad_request(COMPRESSION));
            }
            put(settings, "minimumCompressionSize", size.clone());
        }
        put(
            settings,
            "disableExecuteApiEndpoint",
            json!(input.flag("disableExecuteApiEndpoint")?),
        );
        let kinds = input.list("binaryMediaTypes")?;
        if !kinds.is_empty() {
            put(settings, "binaryMediaTypes", json!(kinds));
        }
        let tags = input.texts("tags")?;
        put(settings, "tags", if tags.is_empty() { Json::Null } else { json!(tags) });
        put(settings, "endpointConfiguration", endpoint);
        judged(settings)?;
        Ok(reply(201, self.new_api(call, draft).told(false)))
    }

    /// Puts a draft into an API of its own.
    pub(super) fn new_api(&mut self, call: &Call<'_>, mut draft: Draft) -> &RestApi {
        let id = new_id(10);
        put(&mut draft.settings, "id", json!(id));
        put(&mut draft.settings, "createdDate", json!(call.seconds()));
        if draft.settings.get("apiKeySource").is_none() {
            put(&mut draft.settings, "apiKeySource", json!("HEADER"));
        }
        for resource in &mut draft.api.resources {
            let length = if resource.path == "/" { 10 } else { 6 };
            resource.id = new_id(length);
        }
        let api = RestApi {
            id: id.clone(),
            account: call.caller.account().to_owned(),
            region: call.region.to_owned(),
            draft: draft.into(),
            deployments: BTreeMap::new(),
            stages: BTreeMap::new(),
            documentation: Documentation::default(),
        };
        self.changed.insert(Place::Api(id.clone()));
        self.apis.entry(id).insert_entry(api).into_mut()
    }

    pub(super) fn update_rest_api(&mut self, call: &Call<'_>) -> Answered {
        self.api(call)?;
        let operations = operations(call)?;
        let api = self.api_mut(call)?;
        let settings = settings::patched(api.draft.settings.clone(), &operations)?;
        api.draft_mut().settings = settings;
        Ok(reply(200, api.told(true)))
    }

    pub(super) fn delete_rest_api(&mut self, call: &Call<'_>) -> Answered {
        let id = self.api(call)?.id.clone();
        if self.is_planned(&id, None) {
            return Err(Refusal::bad_request(
                "Active stages are in a usage plan: remove them from it, then delete the API",
            ));
        }
        let deployments = self.api_mut(call)?.deployments.keys();
        let deployments: Vec<Place> = deployments
            .map(|one| Place::Deployment(id.clone(), one.clone()))
            .collect();
        self.changed.extend(deployments);
        self.apis.remove(&id);
        Ok(empty(202))
    }
}

impl RestApi {
    /// As it is told: what has no value is left out. A list has no tags where there are none.
    pub(super) fn told(&self, has_tags: bool) -> Json {
        let Draft { settings, api } = &*self.draft;
        let mut told = present(settings.clone());
        let root = api.resources.iter().find(|resource| resource.path == "/");
        put(&mut told, "rootResourceId", json!(root.map(|root| &root.id)));
        if let Some(policy) = settings["policy"].as_str() {
            put(&mut told, "policy", json!(settings::told_policy(policy)));
        }
        if has_tags && told.get("tags").is_none() {
            put(&mut told, "tags", json!({}));
        }
        told
    }
}

/// How the API is reached, as a call says, with what is so by default.
fn endpoint(input: &Input) -> Result<Json, Refusal> {
    let given = input.get("endpointConfiguration").cloned().unwrap_or_default();
    let kinds = match given.get("types") {
        None | Some(Json::Null) => vec!["EDGE".to_owned()],
        Some(kinds) => strings(kinds),
    };
    let why = match kinds.as_slice() {
        [] => "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
        [kind] => {
            let address = given.get("ipAddressType").and_then(Json::as_str);
            return Ok(configured(kind, address, &strings(&given["vpcEndpointIds"])));
        }
        _ => "Cannot create an api with multiple Endpoint Types.",
    };
    Err(Refusal::bad_request(why))
}
