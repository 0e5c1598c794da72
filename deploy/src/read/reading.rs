//! Reading an API: about ten calls, however many routes it has, and fewer to see that there is nothing to do.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::aws::Service;
use bluegate_core::gateway::{Api, Definition, RequestValidator};
use serde::{Deserialize, Serialize};

use crate::api::{ApiGateway, CallError, Cause, Deployment, RestApi, Stage};
use crate::service::{Lack, Tolerates as _};

use super::function::{FunctionAccess, read_function};
use super::pages::pages;

/// An API as it was read at one time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The API and its settings.
    pub api: RestApi,
    /// The draft: what a put changes.
    #[serde(flatten)]
    pub draft: Api,
    /// The stages.
    pub stages: Vec<Stage>,
    /// The deployments, newest first; in a brief reading the one that the stage serves and no other.
    pub deployments: Vec<Deployment>,
    /// The deployment that the stage serves, with who may call what.
    pub served: Option<Deployment>,
    /// What the stage serves, as a document. `None` when the service cannot export it.
    pub export: Option<String>,
    /// What there is besides the API.
    #[serde(flatten)]
    pub surroundings: Surroundings,
    /// What the service does not offer, so that it could not be read.
    pub missing: BTreeSet<String>,
    /// Whether only that was read which tells whether a document is served already: what the draft does, the settings,
    /// and what the stage serves.
    #[serde(default)]
    pub brief: bool,
}

/// What a deployment needs besides the API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// VPC links.
    pub links: BTreeSet<String>,
    /// The role with which API Gateway writes logs.
    pub log_role: bool,
    /// Functions, by their ARNs.
    pub functions: BTreeSet<String>,
    /// Functions that were needed once, and may be gone.
    pub former_functions: BTreeSet<String>,
}

impl Needs {
    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What there is of that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surroundings {
    /// The states of the VPC links that are needed; `None` for one that is not found.
    pub links: BTreeMap<String, Option<String>>,
    /// Whether there is a role for logs; `None` when it is not needed, or nobody tells.
    #[serde(default)]
    pub has_log_role: Option<bool>,
    /// Who may call the functions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub functions: BTreeMap<String, FunctionAccess>,
}

impl Reading {
    /// A stage by its name.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// What the draft does.
    #[must_use]
    pub fn definition(&self) -> Definition {
        Definition::of(&self.draft)
    }
}

/// Reads what an emulator may not offer: what it does not know of is left out rather than an error.
struct Reader<'a, G> {
    gateway: &'a G,
    service: Service,
    missing: BTreeSet<String>,
}

impl<G: ApiGateway> Reader<'_, G> {
    fn offered<T: Default>(&mut self, answer: Result<T, CallError>) -> Result<T, CallError> {
        answer.or_else(|error| match error.cause {
            Cause::Garbled { .. } | Cause::Unavailable { .. } | Cause::Other { .. } | Cause::NotFound { .. }
                if self.service.tolerates(Lack::Lists) =>
            {
                self.missing.insert(error.operation.to_string());
                Ok(T::default())
            }
            _ => Err(error),
        })
    }

    /// The draft, as far as it tells what it does: models do nothing, and neither do request validators that no method
    /// has.
    async fn deeds(&mut self, id: &str) -> Result<Api, CallError> {
        let gateway = self.gateway;
        let resources =
            pages(|at: Option<String>| async move { gateway.get_resources(id, at.as_deref()).await }).await?;
        let authorizers =
            pages(|at: Option<String>| async move { gateway.get_authorizers(id, at.as_deref()).await }).await;
        let responses =
            pages(|at: Option<String>| async move { gateway.get_gateway_responses(id, at.as_deref()).await }).await;
        let mut methods = resources.iter().flat_map(|one| one.methods.values());
        let validators = match methods.any(|method| method.request_validator_id.is_some()) {
            true => self.validators(id).await?,
            false => Vec::new(),
        };
        Ok(Api {
            resources,
            authorizers: self.offered(authorizers)?,
            models: Vec::new(),
            validators,
            responses: self.offered(responses)?,
        })
    }

    /// What of a draft is left to read.
    async fn rest(&mut self, id: &str, draft: Api) -> Result<Api, CallError> {
        let gateway = self.gateway;
        let models = pages(|at: Option<String>| async move { gateway.get_models(id, at.as_deref()).await }).await;
        let validators = match draft.validators.is_empty() {
            true => self.validators(id).await?,
            false => draft.validators,
        };
        Ok(Api {
            models: self.offered(models)?,
            validators,
            ..draft
        })
    }

    async fn validators(&mut self, id: &str) -> Result<Vec<RequestValidator>, CallError> {
        let gateway = self.gateway;
        let validators =
            pages(|at: Option<String>| async move { gateway.get_request_validators(id, at.as_deref()).await }).await;
        self.offered(validators)
    }

    /// What a stage serves, as a document.
    async fn export(&mut self, id: &str, stage: &str) -> Result<Option<String>, CallError> {
        match self.gateway.get_export(id, stage).await {
            Ok(export) => Ok(Some(export).filter(|export| is_whole(export, self.service))),
            // API Gateway exports no API with a model that is no JSON.
            Err(error) if is_left_out(&error, self.service) => {
                self.missing.insert(error.operation.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn surroundings(&mut self, needs: &Needs) -> Result<Surroundings, CallError> {
        let mut links = BTreeMap::new();
        for link in &needs.links {
            let status = match self.gateway.get_vpc_link(link).await {
                Ok(link) => Some(link.status.unwrap_or_default()),
                Err(error) if matches!(error.cause, Cause::NotFound { .. }) && !self.service.tolerates(Lack::Lists) => {
                    None
                }
                Err(error) => {
                    self.offered(Err::<(), _>(error))?;
                    continue;
                }
            };
            links.insert(link.clone(), status);
        }
        // An emulator takes the setting without a role.
        let has_log_role = match needs.log_role && !self.service.tolerates(Lack::Settings) {
            true => match self.gateway.get_account().await {
                Ok(account) => Some(account.log_role.is_some()),
                // Who may not ask is not told before the stage is changed.
                Err(error) if matches!(error.cause, Cause::AccessDenied { .. }) => None,
                Err(error) => return Err(error),
            },
            false => None,
        };
        let mut functions = BTreeMap::new();
        for function in &needs.functions {
            let policy = read_function(self.gateway, function, self.service).await?;
            functions.insert(function.clone(), policy);
        }
        for function in needs.former_functions.difference(&needs.functions) {
            // Of one that nobody tells of any more there is nothing to take away.
            if let known @ FunctionAccess::Known(_) = read_function(self.gateway, function, self.service).await? {
                functions.insert(function.clone(), known);
            }
        }
        Ok(Surroundings {
            links,
            has_log_role,
            functions,
        })
    }
}

fn reader<G>(gateway: &G, service: Service) -> Reader<'_, G> {
    Reader {
        gateway,
        service,
        missing: BTreeSet::new(),
    }
}

/// Who may call what of a deployment, as facts. `None` when the service does not tell: no deployment is without routes.
#[must_use]
pub fn served(deployment: &Deployment) -> Option<Definition> {
    let told = deployment.summary.as_ref().map(Definition::of_access);
    told.filter(|told| !told.routes.is_empty())
}

/// Reads as much of an API that was found as tells whether a stage serves a document already.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_brief(
    gateway: &impl ApiGateway,
    api: RestApi,
    stage: &str,
    service: Service,
) -> Result<Reading, CallError> {
    let id = api.id.clone();
    let mut reader = reader(gateway, service);
    let draft = reader.deeds(&id).await?;
    let stages = gateway.get_stages(&id).await?;
    let pointer = stages.iter().find(|one| one.name == stage);
    let served = match pointer.and_then(|stage| stage.deployment_id.as_ref()) {
        Some(served) => {
            let one = gateway.get_deployment(&id, served).await.map(Some);
            reader.offered(one)?
        }
        None => None,
    };
    let deployments = served.iter().map(|served| Deployment {
        summary: None,
        ..served.clone()
    });
    Ok(Reading {
        api,
        draft,
        stages,
        deployments: deployments.collect(),
        served,
        missing: reader.missing,
        brief: true,
        ..Reading::default()
    })
}

/// Reads what a brief reading leaves out, and what there is besides the API.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_rest(
    gateway: &impl ApiGateway,
    brief: Reading,
    stage: &str,
    needs: &Needs,
    service: Service,
) -> Result<Reading, CallError> {
    let id = brief.api.id.clone();
    let mut reader = Reader {
        gateway,
        service,
        missing: brief.missing.clone(),
    };
    let draft = reader.rest(&id, brief.draft).await?;
    let deployments = read_deployments(gateway, &id).await?;
    let export = match brief.served {
        Some(_) => reader.export(&id, stage).await?,
        None => None,
    };
    let surroundings = reader.surroundings(needs).await?;
    Ok(Reading {
        draft,
        deployments,
        export,
        surroundings,
        missing: reader.missing,
        brief: false,
        ..brief
    })
}

/// Reads everything that there is to know of an API that was found, and of a stage of it.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read(
    gateway: &impl ApiGateway,
    api: RestApi,
    stage: &str,
    service: Service,
) -> Result<Reading, CallError> {
    let brief = read_brief(gateway, api, stage, service).await?;
    read_rest(gateway, brief, stage, &Needs::default(), service).await
}

/// Reads what there is besides an API.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_surroundings(
    gateway: &impl ApiGateway,
    needs: &Needs,
    service: Service,
) -> Result<Surroundings, CallError> {
    reader(gateway, service).surroundings(needs).await
}

/// Whether a stage cannot be exported, so that its document is left out.
pub(crate) fn is_left_out(error: &CallError, service: Service) -> bool {
    let is_ended = matches!(error.cause, Cause::Interrupted | Cause::DeadlinePassed);
    service.tolerates(Lack::Exports) && !is_ended || matches!(error.cause, Cause::Refused { .. })
}

/// An emulator's export may be a skeleton, which would take the draft away when it is put back.
#[must_use]
pub fn is_whole(export: &str, service: Service) -> bool {
    !service.tolerates(Lack::Exports) || export.contains("x-amazon-apigateway-integration")
}

/// Reads the deployments, newest first.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_deployments(gateway: &impl ApiGateway, rest_api_id: &str) -> Result<Vec<Deployment>, CallError> {
    let mut deployments =
        pages(|at: Option<String>| async move { gateway.get_deployments(rest_api_id, at.as_deref()).await }).await?;
    deployments.sort_by_key(|one| std::cmp::Reverse(one.created));
    Ok(deployments)
}

/// Reads the draft alone: what a put changes.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_draft(gateway: &impl ApiGateway, rest_api_id: &str, service: Service) -> Result<Api, CallError> {
    let mut reader = reader(gateway, service);
    let draft = reader.deeds(rest_api_id).await?;
    reader.rest(rest_api_id, draft).await
}
