//! What the fake knows about an API.

use std::collections::BTreeMap;
use std::sync::Arc;

use bluegate_core::gateway::{Access, Authorizer, GatewayResponse, Model, RequestValidator, Resource};

use crate::api::{Deployment, RestApi, Stage};

/// All that there are, by their ids.
pub(super) type Apis = BTreeMap<String, FakeApi>;

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
}

impl FakeApi {
    /// What a stage serves.
    #[must_use]
    pub fn live(&self, stage: &str) -> Option<&Snapshot> {
        let id = self.stages.get(stage)?.deployment_id.as_ref()?;
        self.deployments.iter().find(|one| one.deployment.id == *id)
    }

    /// Takes a snapshot of the draft.
    pub fn deploy(&mut self, description: &str) -> Deployment {
        self.made += 1;
        let routed = self.resources.iter().filter(|resource| !resource.methods.is_empty());
        let summary = routed
            .map(|resource| {
                let verbs = resource.methods.iter().map(|(verb, method)| {
                    let access = Access {
                        authorization: method.authorization.clone(),
                        api_key_required: method.api_key_required,
                    };
                    (verb.clone(), access)
                });
                (resource.path.clone(), verbs.collect())
            })
            .collect();
        let deployment = Deployment {
            id: format!("dep{}", self.made),
            description: Some(description.to_owned()),
            created: i64::try_from(self.made).ok().map(|made| 1_700_000_000 + made),
            summary: Some(summary),
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

/// Variables stand in a stage twice: among its settings and by themselves.
pub(super) fn variables_of(stage: &mut Stage) {
    for (name, value) in &stage.settings {
        if let Some(name) = name.strip_prefix("/variables/") {
            stage.variables.insert(name.to_owned(), value.clone());
        }
    }
}

/// The other way round.
pub(super) fn settings_of(stage: &mut Stage) {
    stage.settings.retain(|name, _| !name.starts_with("/variables/"));
    for (name, value) in &stage.variables {
        stage.settings.insert(format!("/variables/{name}"), value.clone());
    }
}
