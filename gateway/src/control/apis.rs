//! APIs as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use bluegate_core::gateway::Api;
use bluegate_core::gateway::policy;
use bluegate_core::openapi::Document;
use serde_json::{Value as Json, json};

use super::state::{Control, Draft, RestApi, new_id};
use super::{Answered, Call, Refusal, empty, items, patch, reply};

impl Control {
    pub(super) fn get_rest_apis(&self, call: &Call<'_>) -> Answered {
        let own = self
            .apis
            .values()
            .filter(|api| api.account == call.caller.account() && api.region == call.region);
        Ok(items(own.map(RestApi::told).collect()))
    }

    pub(super) fn get_rest_api(&self, call: &Call<'_>, id: &str) -> Answered {
        Ok(reply(200, self.api(call, id)?.told()))
    }

    /// Makes an API of a document, or one that has nothing but a name.
    pub(super) fn create_rest_api(&mut self, call: &Call<'_>) -> Answered {
        let id = new_id();
        let mut api = RestApi {
            id: id.clone(),
            account: call.caller.account().to_owned(),
            region: call.region.to_owned(),
            settings: json!({
                "id": id,
                "createdDate": call.seconds(),
                "apiKeySource": "HEADER",
                "disableExecuteApiEndpoint": false,
                "endpointConfiguration": {"types": [call.query("endpointConfigurationTypes").unwrap_or("EDGE")]},
                "tags": {},
                "apiStatus": "AVAILABLE",
            }),
            draft: Arc::default(),
            deployments: BTreeMap::new(),
            stages: BTreeMap::new(),
        };
        match call.query("mode") {
            Some("import") => api.import(call)?,
            _ => api.begin(&call.json()?)?,
        }
        let told = api.told();
        self.apis.insert(id, api);
        Ok(reply(201, told))
    }

    pub(super) fn put_rest_api(&mut self, call: &Call<'_>, id: &str) -> Answered {
        if call.query("mode") != Some("overwrite") {
            return Err(Refusal::not_offered("documents replace an API here: mode=overwrite"));
        }
        let api = self.api_mut(call, id)?;
        api.import(call)?;
        Ok(reply(200, api.told()))
    }

    pub(super) fn update_rest_api(&mut self, call: &Call<'_>, id: &str) -> Answered {
        let api = self.api_mut(call, id)?;
        let mut settings = api.settings.clone();
        for operation in patch::operations(&call.json()?)? {
            match operation.path().as_slice() {
                ["binaryMediaTypes", kind] => {
                    let mut kinds = strings(&settings["binaryMediaTypes"]);
                    kinds.retain(|given| given != kind);
                    if operation.is_removal {
                        settings["binaryMediaTypes"] = json!(kinds);
                    } else {
                        kinds.push(operation.value.as_deref().unwrap_or(kind).to_owned());
                        settings["binaryMediaTypes"] = json!(kinds);
                    }
                }
                ["endpointConfiguration", "types", _] => {
                    settings["endpointConfiguration"]["types"] = json!([operation.value]);
                }
                ["minimumCompressionSize"] => {
                    let size = operation.value.as_deref().and_then(|size| size.parse::<i64>().ok());
                    settings["minimumCompressionSize"] = json!(size);
                }
                ["disableExecuteApiEndpoint"] => {
                    settings["disableExecuteApiEndpoint"] = json!(operation.value.as_deref() == Some("true"));
                }
                [
                    name @ ("name" | "description" | "apiKeySource" | "policy" | "securityPolicy"
                    | "endpointAccessMode"),
                ] => {
                    settings[*name] = json!(operation.value.as_deref().filter(|text| !text.is_empty()));
                }
                path => return Err(patch::unknown(path)),
            }
        }
        api.settings = settings;
        let mut draft = (*api.draft).clone();
        draft.policy = api.settings["policy"].as_str().map(str::to_owned);
        draft.binary_media_types = strings(&api.settings["binaryMediaTypes"]);
        draft.is_keyed_by_authorizers = api.settings["apiKeySource"] == "AUTHORIZER";
        api.draft = Arc::new(draft);
        Ok(reply(200, api.told()))
    }

    pub(super) fn delete_rest_api(&mut self, id: &str) -> Answered {
        if self
            .gate
            .usage
            .plans
            .iter()
            .any(|plan| plan.stages.iter().any(|(api, _)| api == id))
        {
            return Err(Refusal::bad_request(
                "Active stages are in a usage plan: remove them from it, then delete the API",
            ));
        }
        self.apis.remove(id);
        Ok(empty(202))
    }
}

impl RestApi {
    /// As `GetRestApi` tells it: what has no value is left out.
    fn told(&self) -> Json {
        let mut told = self.settings.clone();
        if let Some(object) = told.as_object_mut() {
            object.retain(|_, value| !value.is_null());
        }
        told
    }

    /// An API that has a root and no method.
    fn begin(&mut self, body: &Json) -> Result<(), Refusal> {
        let name = body.get("name").and_then(Json::as_str).filter(|name| !name.is_empty());
        self.settings["name"] = json!(name.ok_or_else(|| Refusal::bad_request("an API takes a name"))?);
        for key in ["description", "tags", "endpointConfiguration"] {
            if let Some(value) = body.get(key).filter(|value| !value.is_null()) {
                self.settings[key] = value.clone();
            }
        }
        let mut api = Api::from(&Document::default());
        for resource in &mut api.resources {
            resource.id = new_id();
        }
        self.draft = Arc::new(Draft {
            api,
            ..Draft::default()
        });
        Ok(())
    }

    /// Replaces the draft by a document. What a document does not say is back at its default.
    fn import(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        let document = read(call.body)?;
        let mut api = Api::from(&document);
        for resource in &mut api.resources {
            let old = self.draft.api.resources.iter().find(|old| old.path == resource.path);
            resource.id = old.map_or_else(new_id, |old| old.id.clone());
        }
        let policy = document.policy();
        if let Some(text) = &policy
            && policy::parse(text).is_none()
        {
            return Err(Refusal::bad_request(
                "Invalid policy document. Please check the policy syntax",
            ));
        }
        let settings = &mut self.settings;
        settings["name"] = json!(document.info.title);
        settings["description"] = json!(document.info.description);
        settings["version"] = json!(document.info.version);
        settings["policy"] = json!(policy);
        settings["binaryMediaTypes"] = match document.binary_media_types.as_slice() {
            [] => Json::Null,
            kinds => json!(kinds),
        };
        settings["minimumCompressionSize"] = json!(document.minimum_compression_size);
        let endpoint = document.servers.iter().find_map(|server| server.endpoint.as_ref());
        let is_off = endpoint.and_then(|endpoint| endpoint.disable_execute_api_endpoint);
        settings["disableExecuteApiEndpoint"] = json!(is_off.unwrap_or_default());
        settings["apiKeySource"] = json!(document.api_key_source.as_deref().unwrap_or("HEADER"));
        self.draft = Arc::new(Draft {
            api,
            policy,
            binary_media_types: document.binary_media_types.clone(),
            is_keyed_by_authorizers: document.api_key_source.as_deref() == Some("AUTHORIZER"),
            document,
        });
        Ok(())
    }
}

fn read(body: &[u8]) -> Result<Document, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::bad_request("the document is no text"))?;
    let document: Document = text
        .parse()
        .map_err(|error| Refusal::bad_request(format!("the document could not be read as JSON: {error}")))?;
    if !document.openapi.starts_with("3.0") {
        return Err(Refusal::bad_request(format!(
            "documents of OpenAPI 3.0 are taken here, and this one is of {:?}",
            document.openapi
        )));
    }
    Ok(document)
}

pub(super) fn strings(value: &Json) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Json::as_str).map(str::to_owned).collect()
}
