//! Versions of an API, read to be held against each other or to be kept.

use std::collections::BTreeMap;

use bluegate_core::gateway::Definition;
use bluegate_core::openapi::Document;

use crate::api::{ApiGateway, RestApi, Stage};
use crate::carry::{Kept, complete, restored, settings};
use crate::read::{read_deployments, read_draft, served};
use crate::transaction::{Caller, RunError, State};
use crate::view::Side;

use super::Deployer;

/// A version of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// The draft.
    Draft,
    /// What a stage serves.
    Stage(String),
    /// What the stage of this name serves, or else the deployment of this id.
    Named(String),
}

/// What a stage serves, as a document that the API could be made of again.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The document.
    pub document: Document,
    /// The API.
    pub api: RestApi,
    /// The stage.
    pub stage: Stage,
}

impl<G: ApiGateway> Deployer<G> {
    /// Reads versions of the API. Of a deployment that no stage serves AWS tells who may call what, and no more.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the API or a version is not found, or a call fails.
    pub async fn versions(
        &self,
        wanted: &[Version],
        caller: &mut impl Caller,
    ) -> Result<(RestApi, Vec<Side>), RunError> {
        let api = self.find(caller).await?;
        let stages = self.gateway.get_stages(&api.id).await?;
        let mut sides = Vec::with_capacity(wanted.len());
        for version in wanted {
            sides.push(match version {
                Version::Draft => self.draft(&api).await?,
                Version::Named(name) if !has(&stages, name) => self.deployment(&api, &stages, name).await?,
                Version::Stage(name) | Version::Named(name) => {
                    self.exported(&api, &stages, name, format!("the stage {name}")).await?
                }
            });
        }
        Ok((api, sides))
    }

    /// What the stage serves, as API Gateway exports it.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the API or the stage is not found, or a call fails.
    pub async fn export(&self, caller: &mut impl Caller) -> Result<String, RunError> {
        let api = self.find(caller).await?;
        let stages = self.gateway.get_stages(&api.id).await?;
        let stage = self.environment.stage.as_deref().unwrap_or_default();
        self.export_of(&api, &stages, stage).await
    }

    /// What the stage serves, with what an export leaves out: the settings of the API, and authorizers that it only names.
    /// Without a stage in the environment it is the only one that the API has.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the API or the stage is not found, or a call fails.
    pub async fn whole(&self, caller: &mut impl Caller) -> Result<Whole, RunError> {
        let api = self.find(caller).await?;
        let mut stages = self.gateway.get_stages(&api.id).await?;
        let name = match (self.environment.stage.clone(), stages.as_slice()) {
            (Some(name), _) => name,
            (None, [only]) => only.name.clone(),
            (None, _) => String::new(),
        };
        let export = self.export_of(&api, &stages, &name).await?;
        stages.retain(|stage| stage.name == name);
        let draft = read_draft(&self.gateway, &api.id, self.address.service).await?;
        let restored = restored(&export, &api, &draft.authorizers, None, &Kept::default());
        let mut document = restored.map_err(|error| RunError::Check {
            reason: error.to_string(),
            state: State::Untouched,
        })?;
        complete(&mut document, &draft);
        Ok(Whole {
            document,
            api,
            stage: stages.pop().unwrap_or_default(),
        })
    }

    async fn export_of(&self, api: &RestApi, stages: &[Stage], stage: &str) -> Result<String, RunError> {
        if !has(stages, stage) {
            return Err(RunError::NoStage {
                stage: stage.to_owned(),
                known: stages.iter().map(|stage| stage.name.clone()).collect(),
            });
        }
        Ok(self.gateway.get_export(&api.id, stage).await?)
    }

    async fn draft(&self, api: &RestApi) -> Result<Side, RunError> {
        let draft = read_draft(&self.gateway, &api.id, self.address.service).await?;
        Ok(Side {
            name: "the draft".to_owned(),
            definition: Definition::of(&draft),
            policy: Some(api.policy.clone()),
            settings: settings::of_api(api),
            access_only: false,
        })
    }

    async fn exported(&self, api: &RestApi, stages: &[Stage], stage: &str, name: String) -> Result<Side, RunError> {
        let export = self.export_of(api, stages, stage).await?;
        let document = export.parse().map_err(|error| RunError::Check {
            reason: format!("what the stage `{stage}` exports is no document: {error}"),
            state: State::Untouched,
        })?;
        Ok(Side::of_document(name, &document))
    }

    /// A deployment: by the export of a stage that serves it, or else by what AWS tells of it.
    async fn deployment(&self, api: &RestApi, stages: &[Stage], id: &str) -> Result<Side, RunError> {
        let name = format!("the deployment {id}");
        let serving = stages.iter().find(|stage| stage.deployment_id.as_deref() == Some(id));
        if let Some(stage) = serving {
            return self.exported(api, stages, &stage.name, name).await;
        }
        let all = read_deployments(&self.gateway, &api.id).await?;
        if !all.iter().any(|one| one.id == id) {
            return Err(RunError::NoDeployment {
                id: Some(id.to_owned()),
                known: all.into_iter().map(|one| one.id).collect(),
            });
        }
        let known = served(&self.gateway.get_deployment(&api.id, id).await?);
        let definition = known.ok_or_else(|| RunError::Check {
            reason: format!("the service tells nothing of the deployment {id}, which no stage serves"),
            state: State::Untouched,
        })?;
        Ok(Side {
            name,
            definition,
            policy: None,
            settings: BTreeMap::new(),
            access_only: true,
        })
    }
}

fn has(stages: &[Stage], name: &str) -> bool {
    stages.iter().any(|stage| stage.name == name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bluegate_core::aws::Environment;

    use super::*;
    use crate::api::Clock;
    use crate::fake::Fake;
    use crate::transaction::Event;
    use crate::view::Comparison;

    /// The document of some routes, as the fake and AWS take it.
    fn document(verbs: &[&str]) -> String {
        let operation = serde_json::json!({
            "responses": {},
            "security": [{"sigv4": []}],
            "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "https://b/"},
        });
        let methods: serde_json::Map<_, _> = verbs
            .iter()
            .map(|verb| ((*verb).to_owned(), operation.clone()))
            .collect();
        serde_json::json!({
            "openapi": "3.0.1",
            "info": {"title": "Shop"},
            "paths": {"/a": methods},
            "components": {"securitySchemes": {"sigv4": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"}}},
        })
        .to_string()
    }

    #[tokio::test]
    async fn a_stage_is_read_from_its_export_and_an_old_deployment_from_what_aws_tells() {
        let fake = Fake::with_api("abc", "Shop");
        fake.edit("abc", |api| {
            api.put(&document(&["get"]));
            api.deploy("first");
            api.put(&document(&["get", "post"]));
            let second = api.deploy("second");
            let stage = Stage {
                name: "dev".into(),
                deployment_id: Some(second.id),
                ..Stage::default()
            };
            api.stages.insert("dev".into(), stage);
        });
        let shop = Environment {
            rest_api_id: Some("abc".into()),
            stage: Some("dev".into()),
            ..Environment::default()
        };
        let deployer = Deployer::new(fake.clone(), Clock::within(Duration::from_secs(60)), shop);
        let side = async |version: Version| {
            let read = deployer.versions(&[version], &mut |_: &Event| {}).await;
            read.map(|(_, mut sides)| sides.remove(0))
        };
        let named = |name: &str| Version::Named(name.to_owned());
        let between = |one: &Side, other: &Side| Comparison::between(one, other, "abc");
        let draft = side(Version::Draft).await.unwrap();
        for served in [named("dev"), Version::Stage("dev".into()), named("dep2")] {
            let served = side(served).await.unwrap();
            assert!(between(&draft, &served).is_empty(), "{served:?}");
            assert!(!served.access_only);
        }
        let old = between(&side(named("dep1")).await.unwrap(), &draft);
        assert!(old.access_only);
        assert_eq!(old.routes.added[0].to_string(), "POST /a");
        assert!(old.routes.changed.is_empty(), "{old:?}");

        fake.edit("abc", |api| api.put(&document(&["get", "delete"])));
        let edited = between(&side(named("dev")).await.unwrap(), &side(Version::Draft).await.unwrap());
        assert_eq!((edited.routes.added.len(), edited.routes.removed.len()), (1, 1));
        let unknown = side(named("dep9")).await.unwrap_err();
        assert!(matches!(unknown, RunError::NoDeployment { known, .. } if known == ["dep2", "dep1"]));
        let nowhere = side(Version::Stage("prod".into())).await.unwrap_err();
        assert!(matches!(nowhere, RunError::NoStage { known, .. } if known == ["dev"]));
        assert!(deployer.export(&mut |_: &Event| {}).await.unwrap().contains("post"));
    }
}
