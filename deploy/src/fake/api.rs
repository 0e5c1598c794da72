//! What the fake knows about an API.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bluegate_core::gateway::{Api, Authorizer, GatewayResponse, Model, RequestValidator, Resource, settings};
use tokio::time::Instant;

use crate::api::{Cache, Deployment, RestApi, Stage};

use super::told::rest_api;

/// All that there are, by their ids.
pub(super) type Apis = BTreeMap<String, FakeApi>;

/// What is so of a cache until which moment.
pub(super) type Moving = Vec<(Cache, Instant)>;

/// A snapshot that stages serve.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// What API Gateway says about it.
    pub deployment: Deployment,
    // Shared: every state that an API was in has all of its deployments.
    /// The document that it was made of; an export of a stage gives it.
    pub document: Arc<str>,
    /// The paths with their methods.
    pub resources: Arc<[Resource]>,
    /// The gateway's own answers.
    pub responses: Arc<[GatewayResponse]>,
    /// The settings when it was made: they need a deployment to take effect.
    pub api: RestApi,
}

/// An API: its draft, its deployments and its stages.
#[derive(Debug, Clone, Default)]
pub struct FakeApi {
    /// Its settings.
    pub api: RestApi,
    /// The document that was put last.
    pub document: Option<String>,
    /// The paths with their methods.
    pub resources: Vec<Resource>,
    /// The models.
    pub models: Vec<Model>,
    /// The request validators.
    pub validators: Vec<RequestValidator>,
    /// The authorizers.
    pub authorizers: Vec<Authorizer>,
    /// The gateway's own answers.
    pub responses: Vec<GatewayResponse>,
    /// Oldest first.
    pub deployments: Vec<Snapshot>,
    /// By their names.
    pub stages: BTreeMap<String, Stage>,
    made: usize,
    /// What stages served before they were moved.
    moved: BTreeMap<String, String>,
    /// The caches of stages that API Gateway is at.
    pub(super) caches: BTreeMap<String, Moving>,
    /// Until when an update of it is not done.
    pub(super) updating: Option<Instant>,
    /// Why the last one failed, if it did.
    pub(super) failed: Option<String>,
}

impl FakeApi {
    /// One that has nothing in it yet, a regional one.
    pub(super) fn made(id: &str, name: &str) -> Self {
        let before = RestApi {
            id: id.to_owned(),
            ..RestApi::default()
        };
        Self {
            api: rest_api(&settings::made(name, "REGIONAL"), &before),
            ..Self::default()
        }
    }

    /// What a stage serves.
    #[must_use]
    pub fn live(&self, stage: &str) -> Option<&Snapshot> {
        let id = self.stages.get(stage)?.deployment_id.as_ref()?;
        self.deployments.iter().find(|one| one.deployment.id == *id)
    }

    /// What a stage served before it was moved.
    pub(super) fn lately(&self, stage: &str) -> Option<&Snapshot> {
        let id = self.moved.get(stage)?;
        self.deployments.iter().find(|one| one.deployment.id == *id)
    }

    /// A stage is another one from now on.
    pub(super) fn move_stage(&mut self, stage: Stage) {
        let serves = stage.deployment_id.clone();
        let before = self.stages.insert(stage.name.clone(), stage);
        let Some(Stage {
            name, deployment_id, ..
        }) = before
        else {
            return;
        };
        if deployment_id != serves
            && let Some(id) = deployment_id
        {
            self.moved.insert(name, id);
        }
    }

    /// What calls answer with.
    pub(super) fn told(&self) -> RestApi {
        let status = match &self.failed {
            _ if self.is_updating() => "UPDATING",
            Some(_) => "FAILED",
            None => "AVAILABLE",
        };
        RestApi {
            status: Some(status.to_owned()),
            status_message: self.failed.clone().filter(|_| status == "FAILED"),
            ..self.api.clone()
        }
    }

    /// An update of it begins that takes so long.
    pub fn updating_for(&mut self, takes: Duration) {
        self.updating = Some(Instant::now() + takes);
    }

    /// Whether an update of it is not done.
    pub(super) fn is_updating(&self) -> bool {
        self.updating.is_some_and(|until| Instant::now() < until)
    }

    /// Takes a snapshot of the draft.
    pub fn deploy(&mut self, description: &str) -> Deployment {
        self.made += 1;
        let deployment = Deployment {
            id: format!("dep{}", self.made),
            description: Some(description.to_owned()),
            created: i64::try_from(self.made).ok().map(|made| 1_700_000_000 + made),
            summary: Some(Api::summary(&self.resources)),
        };
        self.deployments.push(Snapshot {
            deployment: deployment.clone(),
            document: self.document.as_deref().unwrap_or_default().into(),
            resources: self.resources.as_slice().into(),
            responses: self.responses.as_slice().into(),
            api: self.api.clone(),
        });
        deployment
    }
}
