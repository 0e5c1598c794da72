//! An API Gateway in memory that fails when it is told to.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use super::{ApiGateway, CallError, Cause, Deployment, NewDeployment, Operation, Page, RestApi};

/// How a call fails.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Nothing happens.
    Before(Cause),
    /// It happens, but the answer is an error: the reply got lost.
    After(Cause),
    /// No answer ever comes.
    Hang,
}

/// What the fake knows about an API.
#[derive(Debug, Clone, Default)]
pub(crate) struct FakeApi {
    pub(crate) name: String,
    /// The document that was put last.
    pub(crate) draft: Option<String>,
    /// Stage, and the document that it serves.
    pub(crate) stages: BTreeMap<String, String>,
    /// The descriptions of the deployments, oldest first.
    pub(crate) descriptions: Vec<String>,
}

/// An API Gateway in memory.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    apis: RefCell<BTreeMap<String, FakeApi>>,
    faults: RefCell<BTreeMap<&'static str, VecDeque<Fault>>>,
    calls: RefCell<Vec<Operation>>,
    /// What imports and puts warn about.
    warnings: RefCell<Vec<String>>,
    /// How many APIs stand on one page.
    page_size: Cell<usize>,
}

impl Fake {
    pub(crate) fn with_api(id: &str, name: &str) -> Self {
        let fake = Self::default();
        fake.add_api(id, name);
        fake
    }

    pub(crate) fn add_api(&self, id: &str, name: &str) {
        let api = FakeApi {
            name: name.to_owned(),
            ..FakeApi::default()
        };
        self.apis.borrow_mut().insert(id.to_owned(), api);
    }

    pub(crate) fn api(&self, id: &str) -> FakeApi {
        self.apis.borrow()[id].clone()
    }

    pub(crate) fn warn(&self, warning: &str) {
        self.warnings.borrow_mut().push(warning.to_owned());
    }

    pub(crate) fn paginate(&self, size: usize) {
        self.page_size.set(size);
    }

    pub(crate) fn fail_next(&self, operation: Operation, fault: Fault) {
        self.faults
            .borrow_mut()
            .entry(operation.as_str())
            .or_default()
            .push_back(fault);
    }

    pub(crate) fn calls(&self, operation: Operation) -> usize {
        let calls = self.calls.borrow();
        calls.iter().filter(|&&made| made == operation).count()
    }

    pub(crate) fn all_calls(&self) -> Vec<Operation> {
        self.calls.borrow().clone()
    }

    async fn perform<T>(
        &self,
        operation: Operation,
        effect: impl FnOnce(&mut BTreeMap<String, FakeApi>) -> Result<T, Cause>,
    ) -> Result<T, CallError> {
        self.calls.borrow_mut().push(operation);
        let fault = self
            .faults
            .borrow_mut()
            .get_mut(operation.as_str())
            .and_then(VecDeque::pop_front);
        let fail = |cause| CallError::new(operation, cause);
        match fault {
            Some(Fault::Before(cause)) => Err(fail(cause)),
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::After(cause)) => {
                effect(&mut self.apis.borrow_mut()).map_err(fail)?;
                Err(fail(cause))
            }
            None => effect(&mut self.apis.borrow_mut()).map_err(fail),
        }
    }
}

fn find<'a>(apis: &'a mut BTreeMap<String, FakeApi>, id: &str) -> Result<&'a mut FakeApi, Cause> {
    apis.get_mut(id).ok_or_else(|| Cause::NotFound {
        message: "Invalid API identifier specified".into(),
    })
}

/// API Gateway takes the name from the document's title.
fn title(document: &str) -> String {
    serde_json::from_str::<serde_json::Value>(document)
        .ok()
        .and_then(|value| Some(value.get("info")?.get("title")?.as_str()?.to_owned()))
        .unwrap_or_default()
}

fn answer(id: &str, api: &FakeApi, warnings: Vec<String>) -> RestApi {
    RestApi {
        id: id.to_owned(),
        name: api.name.clone(),
        warnings,
    }
}

impl ApiGateway for Fake {
    async fn get_rest_api(&self, rest_api_id: &str) -> Result<RestApi, CallError> {
        self.perform(Operation::GetRestApi, |apis| {
            Ok(answer(rest_api_id, find(apis, rest_api_id)?, Vec::new()))
        })
        .await
    }

    async fn get_rest_apis(&self, position: Option<&str>) -> Result<Page<RestApi>, CallError> {
        let start: usize = position.map_or(0, |text| text.parse().expect("a position it gave"));
        let size = match self.page_size.get() {
            0 => usize::MAX,
            size => size,
        };
        self.perform(Operation::GetRestApis, |apis| {
            let items: Vec<_> = apis
                .iter()
                .skip(start)
                .take(size)
                .map(|(id, api)| answer(id, api, Vec::new()))
                .collect();
            let end = start + items.len();
            let next = (end < apis.len()).then(|| end.to_string());
            Ok(Page { items, next })
        })
        .await
    }

    async fn import_rest_api(&self, document: &str) -> Result<RestApi, CallError> {
        let warnings = self.warnings.borrow().clone();
        self.perform(Operation::ImportRestApi, |apis| {
            let id = format!("new{}", apis.len());
            let api = FakeApi {
                name: title(document),
                draft: Some(document.to_owned()),
                ..FakeApi::default()
            };
            let made = answer(&id, &api, warnings);
            apis.insert(id, api);
            Ok(made)
        })
        .await
    }

    async fn put_rest_api(&self, rest_api_id: &str, document: &str) -> Result<RestApi, CallError> {
        let warnings = self.warnings.borrow().clone();
        self.perform(Operation::PutRestApi, |apis| {
            let api = find(apis, rest_api_id)?;
            api.draft = Some(document.to_owned());
            api.name = title(document);
            Ok(answer(rest_api_id, api, warnings))
        })
        .await
    }

    async fn update_rest_api_name(&self, rest_api_id: &str, name: &str) -> Result<RestApi, CallError> {
        self.perform(Operation::UpdateRestApi, |apis| {
            let api = find(apis, rest_api_id)?;
            api.name = name.to_owned();
            Ok(answer(rest_api_id, api, Vec::new()))
        })
        .await
    }

    async fn create_deployment(&self, deployment: &NewDeployment<'_>) -> Result<Deployment, CallError> {
        self.perform(Operation::CreateDeployment, |apis| {
            let api = find(apis, deployment.rest_api_id)?;
            let Some(draft) = api.draft.clone() else {
                return Err(Cause::Refused {
                    message: "The REST API doesn't contain any methods".into(),
                });
            };
            api.stages.insert(deployment.stage.to_owned(), draft);
            api.descriptions.push(deployment.description.to_owned());
            Ok(Deployment {
                id: format!("dep{}", api.descriptions.len()),
            })
        })
        .await
    }
}
