//! [`ApiGateway`] over AWS's SDK.

use std::error::Error as StdError;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_apigateway as sdk;
use sdk::config::http::HttpResponse;
use sdk::config::retry::RetryConfig;
use sdk::config::timeout::TimeoutConfig;
use sdk::error::{ProvideErrorMetadata, SdkError};
use sdk::primitives::Blob;
use sdk::types::{Op, PatchOperation, PutMode};

use super::answer::cause;
use super::{ApiGateway, CallError, Cause, Deployment, Destination, NewDeployment, Operation, Page, Redactor, RestApi};

/// Nothing is reached that does not answer a connection within this time.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// An answer to a call without a document.
const SHORT_TIMEOUT: Duration = Duration::from_secs(60);
/// API Gateway takes its time over a document of some megabytes.
const DOCUMENT_TIMEOUT: Duration = Duration::from_secs(900);
/// The most that API Gateway puts on a page.
const PAGE: i32 = 500;

/// Calls API Gateway.
#[derive(Debug, Clone)]
pub struct Client {
    sdk: sdk::Client,
    destination: Destination,
    redactor: Redactor,
}

impl Client {
    pub(super) fn new(config: &SdkConfig, destination: Destination, redactor: Redactor) -> Self {
        let config = sdk::config::Builder::from(config)
            // `Retrying` is the one that repeats.
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(SHORT_TIMEOUT))
            .build();
        Self {
            sdk: sdk::Client::from_conf(config),
            destination,
            redactor,
        }
    }

    /// Where calls go, and as whom.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    fn fail<E>(&self, operation: Operation, error: &SdkError<E, HttpResponse>) -> CallError
    where
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let mut failed = CallError::new(operation, cause(error, &self.redactor));
        failed.request_id = error
            .raw_response()
            .and_then(|response| response.headers().get("x-amzn-requestid"))
            .map(|id| self.redactor.clean(id));
        failed
    }
}

fn timeouts(answer: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(answer)
        .operation_attempt_timeout(answer + CONNECT_TIMEOUT)
        .build()
}

/// For calls that carry a document.
fn patient() -> sdk::config::Builder {
    sdk::Config::builder().timeout_config(timeouts(DOCUMENT_TIMEOUT))
}

fn rest_api(
    operation: Operation,
    id: Option<String>,
    name: Option<String>,
    warnings: Option<Vec<String>>,
) -> Result<RestApi, CallError> {
    Ok(RestApi {
        id: present(operation, id)?,
        name: name.unwrap_or_default(),
        warnings: warnings.unwrap_or_default(),
    })
}

/// An answer without an id comes from something that is not API Gateway.
fn present(operation: Operation, id: Option<String>) -> Result<String, CallError> {
    id.filter(|id| !id.is_empty()).ok_or_else(|| {
        CallError::new(
            operation,
            Cause::Garbled {
                status: 200,
                content_type: None,
            },
        )
    })
}

impl ApiGateway for Client {
    async fn get_rest_api(&self, rest_api_id: &str) -> Result<RestApi, CallError> {
        let operation = Operation::GetRestApi;
        let answer = self
            .sdk
            .get_rest_api()
            .rest_api_id(rest_api_id)
            .send()
            .await
            .map_err(|error| self.fail(operation, &error).about(rest_api_id))?;
        rest_api(operation, answer.id, answer.name, answer.warnings)
    }

    async fn get_rest_apis(&self, position: Option<&str>) -> Result<Page<RestApi>, CallError> {
        let operation = Operation::GetRestApis;
        let answer = self
            .sdk
            .get_rest_apis()
            .limit(PAGE)
            .set_position(position.map(str::to_owned))
            .send()
            .await
            .map_err(|error| self.fail(operation, &error))?;
        let items = answer
            .items
            .unwrap_or_default()
            .into_iter()
            .map(|api| rest_api(operation, api.id, api.name, api.warnings))
            .collect::<Result<_, _>>()?;
        Ok(Page {
            items,
            next: answer.position.filter(|position| !position.is_empty()),
        })
    }

    async fn import_rest_api(&self, document: &str) -> Result<RestApi, CallError> {
        let operation = Operation::ImportRestApi;
        let answer = self
            .sdk
            .import_rest_api()
            .parameters("ignore", "documentation")
            .parameters("endpointConfigurationTypes", "REGIONAL")
            .body(Blob::new(document))
            .customize()
            .config_override(patient())
            .send()
            .await
            .map_err(|error| self.fail(operation, &error))?;
        rest_api(operation, answer.id, answer.name, answer.warnings)
    }

    async fn put_rest_api(&self, rest_api_id: &str, document: &str) -> Result<RestApi, CallError> {
        let operation = Operation::PutRestApi;
        let answer = self
            .sdk
            .put_rest_api()
            .rest_api_id(rest_api_id)
            .mode(PutMode::Overwrite)
            .fail_on_warnings(false)
            .parameters("ignore", "documentation")
            .body(Blob::new(document))
            .customize()
            .config_override(patient())
            .send()
            .await
            .map_err(|error| self.fail(operation, &error).about(rest_api_id))?;
        rest_api(operation, answer.id, answer.name, answer.warnings)
    }

    async fn update_rest_api_name(&self, rest_api_id: &str, name: &str) -> Result<RestApi, CallError> {
        let operation = Operation::UpdateRestApi;
        let patch = PatchOperation::builder()
            .op(Op::Replace)
            .path("/name")
            .value(name)
            .build();
        let answer = self
            .sdk
            .update_rest_api()
            .rest_api_id(rest_api_id)
            .patch_operations(patch)
            .send()
            .await
            .map_err(|error| self.fail(operation, &error).about(rest_api_id))?;
        rest_api(operation, answer.id, answer.name, answer.warnings)
    }

    async fn create_deployment(&self, deployment: &NewDeployment<'_>) -> Result<Deployment, CallError> {
        let operation = Operation::CreateDeployment;
        let answer = self
            .sdk
            .create_deployment()
            .rest_api_id(deployment.rest_api_id)
            .stage_name(deployment.stage)
            .description(deployment.description)
            .customize()
            .config_override(patient())
            .send()
            .await
            .map_err(|error| self.fail(operation, &error).about(deployment.rest_api_id))?;
        Ok(Deployment {
            id: present(operation, answer.id)?,
        })
    }
}
