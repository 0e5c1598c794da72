//! What the control plane holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bluegate_core::gateway::stage::NO_DEPLOYMENT;
use bluegate_core::gateway::{Api, FunctionPolicy};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub(super) use bluegate_core::gateway::told::{put, strings, text, texts};

use super::call::Call;
use super::place::Place;
use super::reply::{Refusal, present};
use crate::plane::{Canary, Credential, Gate, Stage};

/// The APIs of all accounts and regions, with their keys and plans.
#[derive(Debug, Default)]
pub struct Control {
    /// Who may call, the keys and the plans.
    pub gate: Gate,
    /// What stands in the place of load balancers behind VPC links.
    pub vpc_links: Option<String>,
    pub(super) apis: BTreeMap<String, RestApi>,
    /// What there is besides, in the order in which it was made.
    pub(super) keys: Vec<Owned>,
    pub(super) plans: Vec<Owned>,
    pub(super) domains: Vec<Owned>,
    pub(super) links: Vec<Owned>,
    pub(super) certificates: Vec<Owned>,
    pub(super) associations: Vec<Owned>,
    pub(super) accounts: Vec<Owned>,
    /// Who may call functions: the policies by the ARN of the function, with its alias or version.
    pub(super) permissions: BTreeMap<String, FunctionPolicy>,
    /// The VPC links that were deleted.
    pub(super) gone_links: BTreeSet<String>,
    /// What was changed since somebody asked.
    pub(super) changed: BTreeSet<Place>,
}

/// An API: its draft, its deployments and its stages.
#[derive(Debug, Clone)]
pub struct RestApi {
    /// Its id.
    pub id: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) draft: Arc<Draft>,
    pub(super) deployments: BTreeMap<String, Deployment>,
    pub(super) stages: BTreeMap<String, Served>,
    pub(super) documentation: Documentation,
}

/// What a deployment takes a snapshot of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Draft {
    /// As `GetRestApi` tells them.
    pub(super) settings: Json,
    pub(super) api: Api,
}

/// What is said of an API.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Documentation {
    /// As they are told.
    pub(super) parts: Vec<Json>,
    pub(super) versions: BTreeMap<String, Version>,
}

/// The parts of a documentation as they were when somebody published them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) created: i64,
    pub(super) description: Option<String>,
    pub(super) parts: Vec<Json>,
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

/// A thing of an account in a region, as it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Owned {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) told: Json,
}

impl Owned {
    pub(super) fn new(call: &Call<'_>, told: Json) -> Self {
        Self {
            account: call.caller.account().to_owned(),
            region: call.region.to_owned(),
            told,
        }
    }

    pub(super) fn is_of(&self, call: &Call<'_>) -> bool {
        self.account == call.caller.account() && self.region == call.region
    }

    /// A text of it.
    pub(super) fn text(&self, key: &str) -> &str {
        text(&self.told, key)
    }

    /// As it is told by itself: with its tags, even if there are none.
    pub(super) fn with_tags(&self) -> Json {
        let mut told = present(self.told.clone());
        if told.get("tags").is_none() {
            put(&mut told, "tags", json!({}));
        }
        told
    }
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

    /// The API of the caller's account and region that the path names first.
    pub(super) fn api(&self, call: &Call<'_>) -> Result<&RestApi, Refusal> {
        self.own(call, call.part(0)).ok_or_else(|| no_api(call))
    }

    /// An API of the caller's account and region.
    pub(super) fn own(&self, call: &Call<'_>, id: &str) -> Option<&RestApi> {
        let is_own = |api: &&RestApi| api.account == call.caller.account() && api.region == call.region;
        self.apis.get(id).filter(is_own)
    }

    /// The API that the path names first, to be changed.
    pub(super) fn api_mut(&mut self, call: &Call<'_>) -> Result<&mut RestApi, Refusal> {
        self.api(call)?;
        self.changed.insert(Place::Api(call.part(0).to_owned()));
        self.apis.get_mut(call.part(0)).ok_or_else(|| no_api(call))
    }
}

pub(super) fn no_api(call: &Call<'_>) -> Refusal {
    Refusal::not_found(format!(
        "Invalid API identifier specified {}:{}",
        call.caller.account(),
        call.part(0)
    ))
}

impl RestApi {
    pub(super) fn draft_mut(&mut self) -> &mut Draft {
        Arc::make_mut(&mut self.draft)
    }

    /// Serves a stage as it is told.
    pub(super) fn serve(&mut self, name: &str, told: Json, vpc_links: Option<&str>) -> Result<(), Refusal> {
        let mut stage = self.stage(name, &told, text(&told, "deploymentId"), vpc_links)?;
        if let Some(settings) = told.get("canarySettings") {
            let mut canary = self.stage(name, &told, text(settings, "deploymentId"), vpc_links)?;
            canary.variables.extend(texts(settings.get("stageVariableOverrides")));
            canary.has_own_cache = settings["useStageCache"] != true;
            stage.canary = Some(Box::new(Canary {
                percent: settings["percentTraffic"].as_f64().unwrap_or_default(),
                stage: canary,
            }));
        }
        let stage = Arc::new(stage);
        self.stages.insert(name.to_owned(), Served { told, stage });
        Ok(())
    }

    /// A stage that answers with a deployment.
    fn stage(&self, name: &str, told: &Json, deployment_id: &str, vpc_links: Option<&str>) -> Result<Stage, Refusal> {
        let deployment = self
            .deployments
            .get(deployment_id)
            .ok_or_else(|| Refusal::bad_request(NO_DEPLOYMENT))?;
        let Draft { settings, api } = &*deployment.draft;
        let at = |pointer: &str| told.pointer(pointer).and_then(Json::as_str).map(str::to_owned);
        let mut stage = Stage::new(&self.id, name, api.clone());
        stage.region.clone_from(&self.region);
        stage.account_id.clone_from(&self.account);
        deployment_id.clone_into(&mut stage.deployment_id);
        stage.set(told);
        stage.policy = settings["policy"].as_str().map(str::to_owned);
        stage.binary_media_types = strings(&settings["binaryMediaTypes"]);
        stage.is_keyed_by_authorizers = settings["apiKeySource"] == "AUTHORIZER";
        let has_destination = at("/accessLogSettings/destinationArn").is_some();
        stage.access_log_format = at("/accessLogSettings/format").filter(|_| has_destination);
        stage.vpc_links = vpc_links.map(str::to_owned);
        let size = settings["minimumCompressionSize"].as_u64();
        stage.minimum_compression_size = size.and_then(|size| usize::try_from(size).ok());
        Ok(stage)
    }
}

/// An id as API Gateway makes them, of so many letters and digits.
pub(super) fn new_id(length: usize) -> String {
    let character = |_| match fastrand::u8(..36) {
        digit @ ..10 => char::from(b'0' + digit),
        letter => char::from(b'a' + letter - 10),
    };
    (0..length).map(character).collect()
}
