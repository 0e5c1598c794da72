//! APIs as a whole
//! ([RestApi](https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html)).

use std::collections::BTreeMap;

use bluegate_core::gateway::{Api, policy};
use bluegate_core::openapi::Document;
use serde_json::{Value as Json, json};

use super::call::{Call, Input};
use super::documentation::Documentation;
use super::models;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, not_one_of, present, reply};
use super::state::{Control, Draft, RestApi, new_id, put, strings, text};

use Op::{Add, Remove, Replace};

const COMPRESSION: &str = "Invalid minimum compression size, must be between 0 and 10485760";

const RULES: Rules = Rules {
    lists: false,
    rows: &[
        ("/name", &[Replace], Kind::Word("API name cannot be an empty string")),
        ("/description", &[Add, Remove, Replace], Kind::Text),
        ("/version", &[Replace], Kind::Text),
        ("/policy", &[Add, Remove, Replace], Kind::Text),
        ("/apiKeySource", &[Replace], Kind::Text),
        (
            "/minimumCompressionSize",
            &[Replace],
            Kind::Number(0, 10_485_760, COMPRESSION),
        ),
        ("/disableExecuteApiEndpoint", &[Replace], Kind::Flag),
        ("/binaryMediaTypes/*", &[Add, Remove, Replace], Kind::Member),
        ("/endpointConfiguration/types/*", &[Add, Remove, Replace], Kind::Text),
        ("/endpointConfiguration/ipAddressType", &[Replace], Kind::Text),
        ("/endpointConfiguration/vpcEndpointIds", &[Add, Remove], Kind::Item),
        ("/securityPolicy", &[Replace], Kind::Text),
        ("/endpointAccessMode", &[Replace], Kind::Text),
    ],
};

const KINDS: [&str; 3] = ["PRIVATE", "EDGE", "REGIONAL"];
const ADDRESSES: [&str; 2] = ["ipv4", "dualstack"];

impl Control {
    pub(super) fn get_rest_apis(&mut self, call: &Call<'_>) -> Answered {
        let own = self.apis.values().filter(|api| self.own(call, &api.id).is_some());
        items(call, "id", own.map(|api| api.told(false)).collect())
    }

    pub(super) fn get_rest_api(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, self.api(call)?.told(true)))
    }

    /// Makes an API of a document, of another one, or one that has nothing but a name.
    pub(super) fn create_rest_api(&mut self, call: &Call<'_>) -> Answered {
        if call.query("mode") == Some("import") {
            return self.import_rest_api(call);
        }
        let input = call.input()?;
        let endpoint = endpoint(call, &input)?;
        let name = call.required(&input, "name")?;
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
            let size = size.as_i64().filter(|size| (0..=10_485_760).contains(size));
            put(
                settings,
                "minimumCompressionSize",
                json!(size.ok_or_else(|| Refusal::bad_request(COMPRESSION))?),
            );
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
        let mut settings = api.draft.settings.clone();
        for operation in &operations {
            let before = settings.clone();
            settings = RULES.patched(settings, std::slice::from_ref(operation))?;
            // Of the kinds of an endpoint one follows another.
            if let ["endpointConfiguration", "types", _] = operation.parts().as_slice() {
                settings = before;
                let kind = operation.value.as_deref().unwrap_or_default();
                if !KINDS.contains(&kind) {
                    return Err(Refusal::bad_request(
                        "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE",
                    ));
                }
                if kind == "PRIVATE" {
                    settings["endpointConfiguration"]["ipAddressType"] = json!("dualstack");
                }
                settings["endpointConfiguration"]["types"] = json!([kind]);
            }
        }
        judged(&settings)?;
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
        // AWS escapes the policy once more.
        if let Some(policy) = settings["policy"].as_str() {
            put(&mut told, "policy", json!(policy.replace('"', "\\\"")));
        }
        if has_tags && told.get("tags").is_none() {
            put(&mut told, "tags", json!({}));
        }
        told
    }
}

/// How the API is reached, as a call says, with what is so by default.
fn endpoint(call: &Call<'_>, input: &Input) -> Result<Json, Refusal> {
    let place = format!("{}.endpointConfiguration", call.input_name());
    let given = input.get("endpointConfiguration").cloned().unwrap_or_else(|| json!({}));
    let kinds = match given.get("types") {
        None | Some(Json::Null) => vec!["EDGE".to_owned()],
        Some(kinds) => strings(kinds),
    };
    let mut errors = Vec::new();
    if kinds.iter().any(|kind| !KINDS.contains(&kind.as_str())) {
        errors.push(format!(
            "Value '[{}]' at '{place}.types' failed to satisfy constraint: Member must satisfy constraint: [Member must \
             satisfy enum value set: [{}]]",
            kinds.join(", "),
            KINDS.join(", ")
        ));
    }
    let address = given
        .get("ipAddressType")
        .and_then(Json::as_str)
        .filter(|address| !address.is_empty());
    if let Some(address) = address.filter(|address| !ADDRESSES.contains(address)) {
        errors.push(not_one_of(address, &format!("{place}.ipAddressType"), &ADDRESSES));
    }
    if !errors.is_empty() {
        return Err(Refusal::validation(errors));
    }
    let why = match kinds.as_slice() {
        [] => "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
        [kind] => return Ok(configured(kind, address, &strings(&given["vpcEndpointIds"]))),
        _ => "Cannot create an api with multiple Endpoint Types.",
    };
    Err(Refusal::bad_request(why))
}

/// How an API is reached. A private one has both kinds of addresses unless somebody says otherwise.
pub(super) fn configured(kind: &str, address: Option<&str>, endpoints: &[String]) -> Json {
    let default = if kind == "PRIVATE" { "dualstack" } else { "ipv4" };
    present(json!({
        "types": [kind],
        "ipAddressType": address.unwrap_or(default),
        "vpcEndpointIds": endpoints,
    }))
}

/// Refuses settings that API Gateway does not take.
pub(super) fn judged(settings: &Json) -> Result<(), Refusal> {
    let endpoint = settings.get("endpointConfiguration").cloned().unwrap_or_default();
    let is_private = strings(&endpoint["types"]).iter().any(|kind| kind == "PRIVATE");
    let address = text(&endpoint, "ipAddressType");
    let why = if !address.is_empty() && !ADDRESSES.contains(&address) {
        "ipAddressType must be either ipv4 or dualstack."
    } else if is_private && address == "ipv4" {
        "Only dualstack ipAddressType is supported for Private APIs."
    } else if settings["policy"]
        .as_str()
        .is_some_and(|text| policy::parse(text).is_none())
    {
        "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
    } else if settings["apiKeySource"]
        .as_str()
        .is_some_and(|source| !["HEADER", "AUTHORIZER"].contains(&source))
    {
        "Invalid apiKeySource specified. Valid options are HEADER,AUTHORIZER"
    } else {
        return Ok(());
    };
    Err(Refusal::bad_request(why))
}
