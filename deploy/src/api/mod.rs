//! Amazon API Gateway, as far as bluegate uses it.
//!
//! [`ApiGateway`] names every operation that is called, and nothing else. [`Retrying`] adds patience to whatever
//! answers them.

mod clock;
mod error;
mod iam;
mod pace;
mod redact;
mod retry;
mod shapes;

use std::future::Future;

pub use bluegate_core::gateway::{
    Access, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, Model, RequestValidator, Resource,
    Texts,
};
pub use clock::Clock;
pub use error::{CallError, Cause, Operation};
pub use iam::{Purpose, Scope, grants, policy, terraform};
pub use redact::Redactor;
pub(crate) use redact::without_userinfo;
pub use retry::{RetryPolicy, Retrying};
pub use shapes::{Canary, Deployment, Identity, Page, Patch, PatchOp, Reply, Request, RestApi, Stage, VpcLink};

/// The operations of API Gateway that bluegate calls, each named as AWS names it.
///
/// One call is one request: pages, patience and deadlines are the caller's business. Its futures are [`Send`], so that
/// a program with several threads may deploy.
///
/// # Errors
///
/// All of them fail with a [`CallError`] that has the reason, among them [`Cause::NotFound`] when there is no such
/// thing, and [`Cause::Refused`] when API Gateway does not take what it is given.
pub trait ApiGateway: Send + Sync {
    /// Tries a method of the draft, past whoever decides who may call it.
    fn test_invoke_method(
        &self,
        rest_api_id: &str,
        resource_id: &str,
        verb: &str,
        request: &Request,
        variables: &Texts,
    ) -> impl Future<Output = Result<Reply, CallError>> + Send;

    /// Calls a deployed API, or anything else that speaks HTTP.
    fn invoke(&self, url: &str, request: &Request) -> impl Future<Output = Result<Reply, CallError>> + Send;

    /// Asks STS who calls.
    fn get_caller_identity(&self) -> impl Future<Output = Result<Identity, CallError>> + Send;

    /// Reads one API with its settings.
    fn get_rest_api(&self, rest_api_id: &str) -> impl Future<Output = Result<RestApi, CallError>> + Send;

    /// Reads one page of the account's APIs in the region.
    fn get_rest_apis(&self, position: Option<&str>) -> impl Future<Output = Result<Page<RestApi>, CallError>> + Send;

    /// Reads one page of an API's paths with their methods.
    fn get_resources(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Resource>, CallError>> + Send;

    /// Reads one page of an API's authorizers.
    fn get_authorizers(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Authorizer>, CallError>> + Send;

    /// Reads one page of an API's models.
    fn get_models(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Model>, CallError>> + Send;

    /// Reads one page of an API's request validators.
    fn get_request_validators(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<RequestValidator>, CallError>> + Send;

    /// Reads one page of the gateway's own answers.
    fn get_gateway_responses(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<GatewayResponse>, CallError>> + Send;

    /// Reads the stages of an API.
    fn get_stages(&self, rest_api_id: &str) -> impl Future<Output = Result<Vec<Stage>, CallError>> + Send;

    /// Reads one stage.
    fn get_stage(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<Stage, CallError>> + Send;

    /// Reads one page of an API's deployments.
    fn get_deployments(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Deployment>, CallError>> + Send;

    /// Reads one deployment, and who may call what of it.
    fn get_deployment(
        &self,
        rest_api_id: &str,
        deployment_id: &str,
    ) -> impl Future<Output = Result<Deployment, CallError>> + Send;

    /// Reads what a stage serves, as an OpenAPI document with extensions.
    fn get_export(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<String, CallError>> + Send;

    /// Reads a VPC link.
    fn get_vpc_link(&self, vpc_link_id: &str) -> impl Future<Output = Result<VpcLink, CallError>> + Send;

    /// Creates a regional API from a document.
    fn import_rest_api(
        &self,
        document: &str,
        fail_on_warnings: bool,
    ) -> impl Future<Output = Result<RestApi, CallError>> + Send;

    /// Replaces the definition of an API by a document.
    fn put_rest_api(
        &self,
        rest_api_id: &str,
        document: &str,
        fail_on_warnings: bool,
    ) -> impl Future<Output = Result<RestApi, CallError>> + Send;

    /// Changes settings of an API.
    fn update_rest_api(
        &self,
        rest_api_id: &str,
        patches: &[Patch],
    ) -> impl Future<Output = Result<RestApi, CallError>> + Send;

    /// Deletes an API with all of its stages.
    fn delete_rest_api(&self, rest_api_id: &str) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Takes a snapshot of an API, which no stage serves yet.
    fn create_deployment(
        &self,
        rest_api_id: &str,
        description: &str,
    ) -> impl Future<Output = Result<Deployment, CallError>> + Send;

    /// Makes a stage that serves a deployment, with those of its settings that a stage may begin with: variables,
    /// description, tracing, cache.
    fn create_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        deployment_id: &str,
        settings: &Texts,
    ) -> impl Future<Output = Result<Stage, CallError>> + Send;

    /// Changes settings of a stage, such as the deployment that it serves.
    fn update_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        patches: &[Patch],
    ) -> impl Future<Output = Result<Stage, CallError>> + Send;

    /// Deletes a stage; what it served stays.
    fn delete_stage(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Deletes a deployment that no stage serves.
    fn delete_deployment(
        &self,
        rest_api_id: &str,
        deployment_id: &str,
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Empties the cache of a stage.
    fn flush_stage_cache(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Makes a stage forget what authorizers answered.
    fn flush_stage_authorizers_cache(
        &self,
        rest_api_id: &str,
        stage: &str,
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Sets a tag of an API.
    fn tag_resource(
        &self,
        rest_api_id: &str,
        key: &str,
        value: &str,
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Sets tags of a stage.
    fn tag_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        tags: &Texts,
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Removes tags of a stage.
    fn untag_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        keys: &[String],
    ) -> impl Future<Output = Result<(), CallError>> + Send;

    /// Removes a tag of an API.
    fn untag_resource(&self, rest_api_id: &str, key: &str) -> impl Future<Output = Result<(), CallError>> + Send;
}
