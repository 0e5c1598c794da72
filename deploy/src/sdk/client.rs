//! AWS's SDK, as [`ApiGateway`](crate::api::ApiGateway) is called through it.

mod calls;

use std::error::Error as StdError;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_apigateway as sdk;
use sdk::config::http::HttpResponse;
use sdk::config::retry::RetryConfig;
use sdk::config::timeout::TimeoutConfig;
use sdk::error::{ProvideErrorMetadata, SdkError};

use bluegate_core::aws::{EMULATED_ACCOUNT, Partition, Service};
use tokio::time::timeout;

use crate::api::{ApiGateway as _, CallError, Operation, Redactor};

use super::classify::cause;
use super::credentials::Renewed;
use super::destination::{Destination, configured_endpoint};
use super::http::CONNECT_TIMEOUT;
use super::invoke::Invoker;

/// An answer to a call without a document.
const SHORT_TIMEOUT: Duration = Duration::from_secs(60);
/// API Gateway takes its time over a document of some megabytes.
const DOCUMENT_TIMEOUT: Duration = Duration::from_secs(900);

/// Nobody waits longer for an answer that little depends on.
const LONGEST_QUESTION: Duration = Duration::from_secs(5);

/// Calls API Gateway.
#[derive(Debug, Clone)]
pub struct Client {
    sdk: sdk::Client,
    sts: aws_sdk_sts::Client,
    lambda: aws_sdk_lambda::Client,
    invoker: Invoker,
    destination: Destination,
    credentials: Renewed,
}

impl Client {
    pub(super) fn new(config: &SdkConfig, destination: Destination, credentials: Renewed, invoker: Invoker) -> Self {
        let mut sts = aws_sdk_sts::config::Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(SHORT_TIMEOUT));
        let mut lambda = aws_sdk_lambda::config::Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(SHORT_TIMEOUT));
        // Keys made up for an emulator are not shown to AWS.
        if let (Service::Emulator, Some(endpoint)) = (destination.service, &destination.endpoint) {
            if configured_endpoint(config, "STS").is_none() {
                sts = sts.endpoint_url(endpoint);
            }
            if configured_endpoint(config, "Lambda").is_none() {
                lambda = lambda.endpoint_url(endpoint);
            }
        }
        let config = sdk::config::Builder::from(config)
            // `Retrying` is the one that repeats.
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(SHORT_TIMEOUT))
            .build();
        Self {
            sdk: sdk::Client::from_conf(config),
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
            lambda: aws_sdk_lambda::Client::from_conf(lambda.build()),
            invoker,
            destination,
            credentials,
        }
    }

    /// Where calls go, and as whom.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    pub(super) fn credentials(&self) -> &Renewed {
        &self.credentials
    }

    pub(super) fn invoker(&self) -> &Invoker {
        &self.invoker
    }

    pub(super) fn redactor(&self) -> &Redactor {
        self.credentials.redactor()
    }

    /// Asks an endpoint that no name tells about whose it is: no account of AWS is the one of an emulator.
    pub(super) async fn learn_service(&mut self) {
        let asked = timeout(LONGEST_QUESTION, self.get_caller_identity()).await;
        if let Ok(Ok(caller)) = asked
            && caller.account == EMULATED_ACCOUNT
        {
            self.destination.service = Service::Emulator;
        }
    }

    /// The name by which tags are set.
    fn arn(&self, rest_api_id: &str) -> String {
        let path = format!("/restapis/{rest_api_id}");
        Partition::arn("apigateway", &self.destination.region, "", &path)
    }

    /// What came of a call. Which API it was about is known to whoever made it.
    async fn sent<T, E>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, CallError>
    where
        E: StdError + ProvideErrorMetadata + 'static,
    {
        call.await.map_err(|error| {
            let request_id = error
                .raw_response()
                .and_then(|response| response.headers().get("x-amzn-requestid"))
                .map(|id| self.redactor().clean(id).into());
            CallError {
                request_id,
                ..CallError::new(operation, cause(&error, self.redactor()))
            }
        })
    }
}

fn timeouts(answer: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(answer)
        .operation_attempt_timeout(answer + CONNECT_TIMEOUT)
        .build()
}
