//! Amazon API Gateway, as far as bluegate uses it.
//!
//! [`ApiGateway`] names every operation that is called, and nothing else. [`Retrying`] adds patience to whatever
//! answers them.

mod error;
mod iam;
mod pace;
mod redact;
mod retry;
mod shapes;

use std::future::Future;
use std::time::Duration;

pub use bluegate_core::gateway::{
    Access, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, Model, RequestValidator, Resource,
    Texts,
};
pub use error::{CallError, Cause, Operation};
pub use iam::{Purpose, Scope, grants, policy, terraform};
pub use redact::Redactor;
pub(crate) use redact::without_userinfo;
pub use retry::{RetryPolicy, Retrying};
pub use shapes::{Canary, Deployment, Identity, Page, Patch, PatchOp, Reply, Request, RestApi, Stage, VpcLink};

/// The operations of API Gateway that bluegate calls, each named as AWS names it.
///
/// One call is one request: pages, patience and deadlines are the caller's business.
///
/// # Errors
///
/// All of them fail with a [`CallError`] that has the reason, among them [`Cause::NotFound`] when there is no such
/// thing, and [`Cause::Refused`] when API Gateway does not take what it is given.
pub trait ApiGateway {
    /// What was begun is undone or brought to its end: calls from now on have a little more time than the run had
    /// left, and nobody stops them.
    fn begin_undo(&self) {}

    /// The run has so much more time, because it waited for somebody.
    fn grant(&self, _time: Duration) {}

    /// How much time was granted so far.
    fn granted(&self) -> Duration {
        Duration::ZERO
    }

    /// Where a stage is called.
    fn stage_url(&self, rest_api_id: &str, stage: &str) -> String;

    /// Tries a method of the draft, past whoever decides who may call it.
    fn test_invoke_method(
        &self,
        rest_api_id: &str,
        resource_id: &str,
        verb: &str,
        request: &Request,
        variables: &Texts,
    ) -> impl Future<Output = Result<Reply, CallError>>;

    /// Calls a deployed API, or anything else that speaks HTTP.
    fn invoke(&self, url: &str, request: &Request) -> impl Future<Output = Result<Reply, CallError>>;

    /// Asks STS who calls.
    fn get_caller_identity(&self) -> impl Future<Output = Result<Identity, CallError>>;

    /// Reads one API with its settings.
    fn get_rest_api(&self, rest_api_id: &str) -> impl Future<Output = Result<RestApi, CallError>>;

    /// Reads one page of the account's APIs in the region.
    fn get_rest_apis(&self, position: Option<&str>) -> impl Future<Output = Result<Page<RestApi>, CallError>>;

    /// Reads one page of an API's paths with their methods.
    fn get_resources(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Resource>, CallError>>;

    /// Reads one page of an API's authorizers.
    fn get_authorizers(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Authorizer>, CallError>>;

    /// Reads one page of an API's models.
    fn get_models(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Model>, CallError>>;

    /// Reads one page of an API's request validators.
    fn get_request_validators(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<RequestValidator>, CallError>>;

    /// Reads one page of the gateway's own answers.
    fn get_gateway_responses(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<GatewayResponse>, CallError>>;

    /// Reads the stages of an API.
    fn get_stages(&self, rest_api_id: &str) -> impl Future<Output = Result<Vec<Stage>, CallError>>;

    /// Reads one stage.
    fn get_stage(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<Stage, CallError>>;

    /// Reads one page of an API's deployments.
    fn get_deployments(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> impl Future<Output = Result<Page<Deployment>, CallError>>;

    /// Reads one deployment, and who may call what of it.
    fn get_deployment(
        &self,
        rest_api_id: &str,
        deployment_id: &str,
    ) -> impl Future<Output = Result<Deployment, CallError>>;

    /// Reads what a stage serves, as an OpenAPI document with extensions.
    fn get_export(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<String, CallError>>;

    /// Reads a VPC link.
    fn get_vpc_link(&self, vpc_link_id: &str) -> impl Future<Output = Result<VpcLink, CallError>>;

    /// Creates a regional API from a document.
    fn import_rest_api(
        &self,
        document: &str,
        fail_on_warnings: bool,
    ) -> impl Future<Output = Result<RestApi, CallError>>;

    /// Replaces the definition of an API by a document.
    fn put_rest_api(
        &self,
        rest_api_id: &str,
        document: &str,
        fail_on_warnings: bool,
    ) -> impl Future<Output = Result<RestApi, CallError>>;

    /// Changes settings of an API.
    fn update_rest_api(&self, rest_api_id: &str, patches: &[Patch])
    -> impl Future<Output = Result<RestApi, CallError>>;

    /// Deletes an API with all of its stages.
    fn delete_rest_api(&self, rest_api_id: &str) -> impl Future<Output = Result<(), CallError>>;

    /// Takes a snapshot of an API, which no stage serves yet.
    fn create_deployment(
        &self,
        rest_api_id: &str,
        description: &str,
    ) -> impl Future<Output = Result<Deployment, CallError>>;

    /// Makes a stage that serves a deployment, with those of its settings that a stage may begin with: variables,
    /// description, tracing, cache.
    fn create_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        deployment_id: &str,
        settings: &Texts,
    ) -> impl Future<Output = Result<Stage, CallError>>;

    /// Changes settings of a stage, such as the deployment that it serves.
    fn update_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        patches: &[Patch],
    ) -> impl Future<Output = Result<Stage, CallError>>;

    /// Deletes a stage; what it served stays.
    fn delete_stage(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<(), CallError>>;

    /// Deletes a deployment that no stage serves.
    fn delete_deployment(&self, rest_api_id: &str, deployment_id: &str) -> impl Future<Output = Result<(), CallError>>;

    /// Empties the cache of a stage.
    fn flush_stage_cache(&self, rest_api_id: &str, stage: &str) -> impl Future<Output = Result<(), CallError>>;

    /// Makes a stage forget what authorizers answered.
    fn flush_stage_authorizers_cache(
        &self,
        rest_api_id: &str,
        stage: &str,
    ) -> impl Future<Output = Result<(), CallError>>;

    /// Sets a tag of an API.
    fn tag_resource(&self, rest_api_id: &str, key: &str, value: &str) -> impl Future<Output = Result<(), CallError>>;

    /// Sets tags of a stage.
    fn tag_stage(&self, rest_api_id: &str, stage: &str, tags: &Texts) -> impl Future<Output = Result<(), CallError>>;

    /// Removes tags of a stage.
    fn untag_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        keys: &[String],
    ) -> impl Future<Output = Result<(), CallError>>;

    /// Removes a tag of an API.
    fn untag_resource(&self, rest_api_id: &str, key: &str) -> impl Future<Output = Result<(), CallError>>;
}

/// Who has a gateway by reference can call it as well.
impl<G: ApiGateway> ApiGateway for &G {
    fn begin_undo(&self) {
        (**self).begin_undo();
    }

    fn grant(&self, time: Duration) {
        (**self).grant(time);
    }

    fn granted(&self) -> Duration {
        (**self).granted()
    }

    fn stage_url(&self, rest_api_id: &str, stage: &str) -> String {
        (**self).stage_url(rest_api_id, stage)
    }

    async fn test_invoke_method(
        &self,
        rest_api_id: &str,
        resource_id: &str,
        verb: &str,
        request: &Request,
        variables: &Texts,
    ) -> Result<Reply, CallError> {
        (**self)
            .test_invoke_method(rest_api_id, resource_id, verb, request, variables)
            .await
    }

    async fn invoke(&self, url: &str, request: &Request) -> Result<Reply, CallError> {
        (**self).invoke(url, request).await
    }

    async fn get_caller_identity(&self) -> Result<Identity, CallError> {
        (**self).get_caller_identity().await
    }

    async fn get_rest_api(&self, rest_api_id: &str) -> Result<RestApi, CallError> {
        (**self).get_rest_api(rest_api_id).await
    }

    async fn get_rest_apis(&self, position: Option<&str>) -> Result<Page<RestApi>, CallError> {
        (**self).get_rest_apis(position).await
    }

    async fn get_resources(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Resource>, CallError> {
        (**self).get_resources(rest_api_id, position).await
    }

    async fn get_authorizers(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Authorizer>, CallError> {
        (**self).get_authorizers(rest_api_id, position).await
    }

    async fn get_models(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Model>, CallError> {
        (**self).get_models(rest_api_id, position).await
    }

    async fn get_request_validators(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> Result<Page<RequestValidator>, CallError> {
        (**self).get_request_validators(rest_api_id, position).await
    }

    async fn get_gateway_responses(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> Result<Page<GatewayResponse>, CallError> {
        (**self).get_gateway_responses(rest_api_id, position).await
    }

    async fn get_stages(&self, rest_api_id: &str) -> Result<Vec<Stage>, CallError> {
        (**self).get_stages(rest_api_id).await
    }

    async fn get_stage(&self, rest_api_id: &str, stage: &str) -> Result<Stage, CallError> {
        (**self).get_stage(rest_api_id, stage).await
    }

    async fn get_deployments(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Deployment>, CallError> {
        (**self).get_deployments(rest_api_id, position).await
    }

    async fn get_deployment(&self, rest_api_id: &str, deployment_id: &str) -> Result<Deployment, CallError> {
        (**self).get_deployment(rest_api_id, deployment_id).await
    }

    async fn get_export(&self, rest_api_id: &str, stage: &str) -> Result<String, CallError> {
        (**self).get_export(rest_api_id, stage).await
    }

    async fn get_vpc_link(&self, vpc_link_id: &str) -> Result<VpcLink, CallError> {
        (**self).get_vpc_link(vpc_link_id).await
    }

    async fn import_rest_api(&self, document: &str, fail_on_warnings: bool) -> Result<RestApi, CallError> {
        (**self).import_rest_api(document, fail_on_warnings).await
    }

    async fn put_rest_api(
        &self,
        rest_api_id: &str,
        document: &str,
        fail_on_warnings: bool,
    ) -> Result<RestApi, CallError> {
        (**self).put_rest_api(rest_api_id, document, fail_on_warnings).await
    }

    async fn update_rest_api(&self, rest_api_id: &str, patches: &[Patch]) -> Result<RestApi, CallError> {
        (**self).update_rest_api(rest_api_id, patches).await
    }

    async fn delete_rest_api(&self, rest_api_id: &str) -> Result<(), CallError> {
        (**self).delete_rest_api(rest_api_id).await
    }

    async fn create_deployment(&self, rest_api_id: &str, description: &str) -> Result<Deployment, CallError> {
        (**self).create_deployment(rest_api_id, description).await
    }

    async fn create_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        deployment_id: &str,
        settings: &Texts,
    ) -> Result<Stage, CallError> {
        (**self).create_stage(rest_api_id, stage, deployment_id, settings).await
    }

    async fn update_stage(&self, rest_api_id: &str, stage: &str, patches: &[Patch]) -> Result<Stage, CallError> {
        (**self).update_stage(rest_api_id, stage, patches).await
    }

    async fn delete_stage(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        (**self).delete_stage(rest_api_id, stage).await
    }

    async fn delete_deployment(&self, rest_api_id: &str, deployment_id: &str) -> Result<(), CallError> {
        (**self).delete_deployment(rest_api_id, deployment_id).await
    }

    async fn flush_stage_cache(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        (**self).flush_stage_cache(rest_api_id, stage).await
    }

    async fn flush_stage_authorizers_cache(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        (**self).flush_stage_authorizers_cache(rest_api_id, stage).await
    }

    async fn tag_resource(&self, rest_api_id: &str, key: &str, value: &str) -> Result<(), CallError> {
        (**self).tag_resource(rest_api_id, key, value).await
    }

    async fn tag_stage(&self, rest_api_id: &str, stage: &str, tags: &Texts) -> Result<(), CallError> {
        (**self).tag_stage(rest_api_id, stage, tags).await
    }

    async fn untag_stage(&self, rest_api_id: &str, stage: &str, keys: &[String]) -> Result<(), CallError> {
        (**self).untag_stage(rest_api_id, stage, keys).await
    }

    async fn untag_resource(&self, rest_api_id: &str, key: &str) -> Result<(), CallError> {
        (**self).untag_resource(rest_api_id, key).await
    }
}
