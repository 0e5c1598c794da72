//! Reading an API: about ten calls, however many routes it has.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::Definition;
use serde::{Deserialize, Serialize};

use crate::api::{
    ApiGateway, Authorizer, CallError, Cause, Deployment, GatewayResponse, Model, Page, RequestValidator, Resource,
    RestApi, Stage,
};

/// An API as it was read at one time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The API and its settings.
    pub api: RestApi,
    /// The paths of the draft.
    pub resources: Vec<Resource>,
    /// The authorizers of the draft.
    pub authorizers: Vec<Authorizer>,
    /// The models of the draft.
    pub models: Vec<Model>,
    /// The request validators of the draft.
    pub validators: Vec<RequestValidator>,
    /// The gateway responses of the draft.
    pub responses: Vec<GatewayResponse>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// The deployments, newest first.
    pub deployments: Vec<Deployment>,
    /// The deployment that the stage serves, with who may call what.
    pub served: Option<Deployment>,
    /// What the stage serves, as a document. `None` when the service cannot export it.
    pub export: Option<String>,
    /// The states of the VPC links that were asked for; `None` for one that is not found.
    pub links: BTreeMap<String, Option<String>>,
    /// What the service does not offer, so that it could not be read.
    pub missing: BTreeSet<String>,
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
        Definition::of_parts(&self.resources, &self.authorizers, &self.validators, &self.responses)
    }
}

/// More pages are no API.
const MOST_PAGES: usize = 100;

/// An emulator does less than AWS: what it does not know of is left out rather than an error.
fn offered<T: Default>(
    answer: Result<T, CallError>,
    emulated: bool,
    missing: &mut BTreeSet<String>,
) -> Result<T, CallError> {
    answer.or_else(|error| match error.cause {
        Cause::Garbled { .. } | Cause::Unavailable { .. } | Cause::Other { .. } | Cause::NotFound { .. }
            if emulated =>
        {
            missing.insert(error.operation.to_string());
            Ok(T::default())
        }
        _ => Err(error),
    })
}

// Not `AsyncFn`: of its futures rustc cannot tell that they may move to another thread.
async fn pages<T, F>(read: impl Fn(Option<String>) -> F) -> Result<Vec<T>, CallError>
where
    F: Future<Output = Result<Page<T>, CallError>>,
{
    let mut items = Vec::new();
    let mut position: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = read(position.clone()).await?;
        items.extend(page.items);
        match page.next {
            // An emulator that ignores positions would send the same page for ever.
            Some(next) if position.as_ref() != Some(&next) => position = Some(next),
            _ => break,
        }
    }
    Ok(items)
}

/// Reads everything that a plan for a stage needs to know of an API that was found.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read(
    gateway: &impl ApiGateway,
    api: RestApi,
    stage: &str,
    links: &BTreeSet<String>,
    emulated: bool,
) -> Result<Reading, CallError> {
    let id = api.id.clone();
    let id = id.as_str();
    let mut missing = BTreeSet::new();
    let mut reading = read_draft(gateway, api, emulated).await?;
    reading.stages = gateway.get_stages(id).await?;
    reading.deployments = read_deployments(gateway, id).await?;
    let served = reading.stage(stage).and_then(|stage| stage.deployment_id.clone());
    if let Some(served) = served {
        let one = gateway.get_deployment(id, &served).await.map(Some);
        reading.served = offered(one, emulated, &mut missing)?;
    }
    if reading.served.is_some() {
        match gateway.get_export(id, stage).await {
            Ok(export) if is_whole(&export, emulated) => reading.export = Some(export),
            Ok(_) => {}
            // API Gateway exports no API with a model that is no JSON.
            Err(error) if is_left_out(&error, emulated) => {
                missing.insert(error.operation.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    let (links, not_offered) = read_links(gateway, links, emulated).await?;
    reading.links = links;
    missing.extend(not_offered);
    reading.missing.extend(missing);
    Ok(reading)
}

/// Reads the states of VPC links, `None` for one that is not found, and gives what the service does not offer of that.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_links(
    gateway: &impl ApiGateway,
    links: &BTreeSet<String>,
    emulated: bool,
) -> Result<(BTreeMap<String, Option<String>>, BTreeSet<String>), CallError> {
    let mut missing = BTreeSet::new();
    let mut states = BTreeMap::new();
    for link in links {
        let status = match gateway.get_vpc_link(link).await {
            Ok(link) => Some(link.status.unwrap_or_default()),
            Err(error) if matches!(error.cause, Cause::NotFound { .. }) => None,
            Err(error) => offered(Err(error), emulated, &mut missing)?,
        };
        states.insert(link.clone(), status);
    }
    Ok((states, missing))
}

/// Whether a stage cannot be exported, so that its document is left out.
pub(crate) fn is_left_out(error: &CallError, emulated: bool) -> bool {
    let is_ended = matches!(error.cause, Cause::Interrupted | Cause::DeadlinePassed);
    emulated && !is_ended || matches!(error.cause, Cause::Refused { .. })
}

/// An emulator's export may be a skeleton, which would take the draft away when it is put back.
#[must_use]
pub fn is_whole(export: &str, emulated: bool) -> bool {
    !emulated || export.contains("x-amazon-apigateway-integration")
}

/// Reads the deployments, newest first.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_deployments(gateway: &impl ApiGateway, rest_api_id: &str) -> Result<Vec<Deployment>, CallError> {
    let read =
        |position: Option<String>| async move { gateway.get_deployments(rest_api_id, position.as_deref()).await };
    let mut deployments = pages(read).await?;
    deployments.sort_by_key(|one| std::cmp::Reverse(one.created));
    Ok(deployments)
}

/// Reads the draft alone: what a put changes.
///
/// # Errors
///
/// The [`CallError`] of the first call that fails.
pub async fn read_draft(gateway: &impl ApiGateway, api: RestApi, emulated: bool) -> Result<Reading, CallError> {
    let id = api.id.clone();
    let id = id.as_str();
    let mut missing = BTreeSet::new();
    let resources =
        pages(|position: Option<String>| async move { gateway.get_resources(id, position.as_deref()).await }).await?;
    let authorizers =
        pages(|position: Option<String>| async move { gateway.get_authorizers(id, position.as_deref()).await }).await;
    let models =
        pages(|position: Option<String>| async move { gateway.get_models(id, position.as_deref()).await }).await;
    let validators =
        pages(|position: Option<String>| async move { gateway.get_request_validators(id, position.as_deref()).await })
            .await;
    let responses =
        pages(|position: Option<String>| async move { gateway.get_gateway_responses(id, position.as_deref()).await })
            .await;
    Ok(Reading {
        api,
        resources,
        authorizers: offered(authorizers, emulated, &mut missing)?,
        models: offered(models, emulated, &mut missing)?,
        validators: offered(validators, emulated, &mut missing)?,
        responses: offered(responses, emulated, &mut missing)?,
        missing,
        ..Reading::default()
    })
}
