//! What the control plane holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use bluegate_core::gateway::{Api, Texts};
use bluegate_core::openapi::Document;
use serde_json::{Value as Json, json};

use super::lambda::Permissions;
use super::{Call, Refusal};
use crate::plane::{Credential, Gate, Stage};

/// The APIs of all accounts and regions, with their keys and plans.
#[derive(Debug, Default)]
pub struct Control {
    /// Who may call, the keys and the plans.
    pub gate: Gate,
    /// What stands in the place of load balancers behind VPC links.
    pub vpc_links: Option<String>,
    pub(super) apis: BTreeMap<String, RestApi>,
    /// Who may call which functions.
    pub(super) permissions: Permissions,
}

/// An API: its draft, its deployments and its stages.
#[derive(Debug, Clone)]
pub struct RestApi {
    /// Its id.
    pub id: String,
    pub(super) account: String,
    pub(super) region: String,
    /// As `GetRestApi` tells them.
    pub(super) settings: Json,
    pub(super) draft: Arc<Draft>,
    pub(super) deployments: BTreeMap<String, Deployment>,
    pub(super) stages: BTreeMap<String, Served>,
}

/// What a deployment takes a snapshot of.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) api: Api,
    pub(super) document: Document,
    pub(super) policy: Option<String>,
    pub(super) binary_media_types: Vec<String>,
    pub(super) is_keyed_by_authorizers: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) created: i64,
    pub(super) description: Option<String>,
    pub(super) draft: Arc<Draft>,
}

/// A stage, as `GetStage` tells it, and as it answers.
#[derive(Debug, Clone)]
pub(super) struct Served {
    pub(super) told: Json,
    pub(super) stage: Arc<Stage>,
}

impl Control {
    /// A control plane that knows some keys.
    #[must_use]
    pub fn new(credentials: Vec<Credential>) -> Self {
        let mut control = Self::default();
        control.gate.credentials = credentials;
        control
    }

    /// A stage that answers requests.
    #[must_use]
    pub fn stage(&self, rest_api_id: &str, name: &str) -> Option<Arc<Stage>> {
        let served = self.apis.get(rest_api_id)?.stages.get(name)?;
        Some(Arc::clone(&served.stage))
    }

    /// Whether there is an API.
    #[must_use]
    pub fn has(&self, rest_api_id: &str) -> bool {
        self.apis.contains_key(rest_api_id)
    }

    /// An API of the caller's account and region.
    pub(super) fn api(&self, call: &Call<'_>, id: &str) -> Result<&RestApi, Refusal> {
        let is_own = |api: &&RestApi| api.account == call.caller.account() && api.region == call.region;
        self.apis
            .get(id)
            .filter(is_own)
            .ok_or_else(|| Refusal::not_found("API"))
    }

    pub(super) fn api_mut(&mut self, call: &Call<'_>, id: &str) -> Result<&mut RestApi, Refusal> {
        self.api(call, id)?;
        self.apis.get_mut(id).ok_or_else(|| Refusal::not_found("API"))
    }
}

impl RestApi {
    /// Serves a stage as it is told.
    pub(super) fn serve(&mut self, name: &str, told: Json, vpc_links: Option<&str>) -> Result<(), Refusal> {
        let deployment_id = told.get("deploymentId").and_then(Json::as_str).unwrap_or_default();
        let deployment = self
            .deployments
            .get(deployment_id)
            .ok_or_else(|| Refusal::not_found("Deployment"))?;
        let draft = &deployment.draft;
        let text = |pointer: &str| told.pointer(pointer).and_then(Json::as_str).map(str::to_owned);
        let mut stage = Stage::new(&self.id, name, draft.api.clone());
        stage.region.clone_from(&self.region);
        stage.account_id.clone_from(&self.account);
        deployment_id.clone_into(&mut stage.deployment_id);
        stage.variables = texts(told.get("variables"));
        stage.policy.clone_from(&draft.policy);
        stage.binary_media_types.clone_from(&draft.binary_media_types);
        stage.is_keyed_by_authorizers = draft.is_keyed_by_authorizers;
        let has_destination = text("/accessLogSettings/destinationArn").is_some();
        stage.access_log_format = text("/accessLogSettings/format").filter(|_| has_destination);
        stage.vpc_links = vpc_links.map(str::to_owned);
        let stage = Arc::new(stage);
        self.stages.insert(name.to_owned(), Served { told, stage });
        Ok(())
    }
}

/// The texts of an object.
pub(super) fn texts(value: Option<&Json>) -> Texts {
    let entries = value.and_then(Json::as_object).into_iter().flatten();
    entries
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// An id as API Gateway makes them: ten letters and digits.
pub(super) fn new_id() -> String {
    let character = |_| match fastrand::u8(..36) {
        digit @ ..10 => char::from(b'0' + digit),
        letter => char::from(b'a' + letter - 10),
    };
    (0..10).map(character).collect()
}

/// An object of what there is: keys without a value are left out.
pub(super) fn present<const N: usize>(entries: [(&str, Json); N]) -> Json {
    let there = entries.into_iter().filter(|(_, value)| match value {
        Json::Null => false,
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
        _ => true,
    });
    let mut object = json!({});
    for (key, value) in there {
        object[key] = value;
    }
    object
}
