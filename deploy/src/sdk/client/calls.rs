//! [`ApiGateway`], call by call.

use aws_sdk_apigateway as sdk;
use sdk::config::Region;
use sdk::primitives::Blob;
use sdk::types::PutMode;

use crate::api::{
    Account, ApiGateway, Authorizer, CallError, Cause, Deployment, GatewayResponse, Identity, Model, Operation, Page,
    Patch, Reply, Request, RequestValidator, Resource, RestApi, Stage, Texts, VpcLink,
};
use bluegate_core::aws::parts_of_function;
use bluegate_core::gateway::PRINCIPAL;

use crate::sdk::convert;
use crate::sdk::date::Date;

use super::{Client, DOCUMENT_TIMEOUT, timeouts};

/// The most that API Gateway puts on a page.
const PAGE: i32 = 500;

/// A request for the page at a position.
macro_rules! paged {
    ($call:expr, $position:ident) => {
        $call.limit(PAGE).set_position($position.map(str::to_owned))
    };
}

/// For calls that carry a document.
fn patient() -> sdk::config::Builder {
    sdk::Config::builder().timeout_config(timeouts(DOCUMENT_TIMEOUT))
}

/// The ARN of a function, and the alias or the version behind it.
fn parts(function: &str) -> (&str, Option<String>) {
    let (name, qualifier) = parts_of_function(function);
    (name, qualifier.map(str::to_owned))
}

/// A function may be in another region than the API.
fn in_region_of(function: &str) -> aws_sdk_lambda::config::Builder {
    let region = function.split(':').nth(3).unwrap_or_default().to_owned();
    aws_sdk_lambda::Config::builder().region(Region::new(region))
}

/// An answer without an id comes from something that is not API Gateway.
fn present(operation: Operation, id: Option<String>) -> Result<String, CallError> {
    id.filter(|id| !id.is_empty()).ok_or_else(|| garbled(operation))
}

fn garbled(operation: Operation) -> CallError {
    CallError::new(
        operation,
        Cause::Garbled {
            status: 200,
            content_type: None,
        },
    )
}

fn page<S, T>(items: Option<Vec<S>>, position: Option<String>, convert: impl Fn(S) -> T) -> Page<T> {
    Page {
        items: items.unwrap_or_default().into_iter().map(convert).collect(),
        next: position.filter(|position| !position.is_empty()),
    }
}

impl ApiGateway for Client {
    async fn test_invoke_method(
        &self,
        rest_api_id: &str,
        resource_id: &str,
        verb: &str,
        request: &Request,
        variables: &Texts,
    ) -> Result<Reply, CallError> {
        let call = self
            .sdk
            .test_invoke_method()
            .rest_api_id(rest_api_id)
            .resource_id(resource_id)
            .http_method(verb)
            .path_with_query_string(&request.path)
            .set_headers(Some(request.headers.clone().into_iter().collect()))
            .set_body(request.body.clone())
            .set_stage_variables(Some(variables.clone().into_iter().collect()));
        let answer = self.sent(Operation::TestInvokeMethod, call.send()).await?;
        Ok(Reply {
            status: u16::try_from(answer.status).unwrap_or_default(),
            body: answer.body.unwrap_or_default(),
            from_gateway: true,
            error_type: None,
        })
    }

    async fn invoke(&self, url: &str, request: &Request) -> Result<Reply, CallError> {
        self.invoker.invoke(url, request, self.redactor()).await
    }

    async fn get_caller_identity(&self) -> Result<Identity, CallError> {
        let operation = Operation::GetCallerIdentity;
        let call = self.sts.get_caller_identity();
        let answer = self.sent(operation, call.send()).await?;
        Ok(Identity {
            account: present(operation, answer.account)?,
            arn: answer.arn.unwrap_or_default(),
        })
    }

    async fn get_rest_api(&self, rest_api_id: &str) -> Result<RestApi, CallError> {
        let operation = Operation::GetRestApi;
        let date = Date::default();
        let call = self.sdk.get_rest_api().rest_api_id(rest_api_id);
        let call = call.customize().interceptor(date.clone());
        let answer = self.sent(operation, call.send()).await?;
        Ok(RestApi {
            answered: date.seconds(),
            ..convert::rest_api!(answer, operation)
        })
    }

    async fn get_rest_apis(&self, position: Option<&str>) -> Result<Page<RestApi>, CallError> {
        let operation = Operation::GetRestApis;
        let call = paged!(self.sdk.get_rest_apis(), position);
        let answer = self.sent(operation, call.send()).await?;
        let mut items = Vec::new();
        for api in answer.items.unwrap_or_default() {
            items.push(convert::rest_api!(api, operation));
        }
        Ok(Page {
            items,
            next: answer.position.filter(|position| !position.is_empty()),
        })
    }

    async fn get_resources(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Resource>, CallError> {
        let call = paged!(
            self.sdk.get_resources().rest_api_id(rest_api_id).embed("methods"),
            position
        );
        let answer = self.sent(Operation::GetResources, call.send()).await?;
        Ok(page(answer.items, answer.position, convert::resource))
    }

    async fn get_authorizers(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Authorizer>, CallError> {
        let call = paged!(self.sdk.get_authorizers().rest_api_id(rest_api_id), position);
        let answer = self.sent(Operation::GetAuthorizers, call.send()).await?;
        Ok(page(answer.items, answer.position, convert::authorizer))
    }

    async fn get_models(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Model>, CallError> {
        let call = paged!(self.sdk.get_models().rest_api_id(rest_api_id), position);
        let answer = self.sent(Operation::GetModels, call.send()).await?;
        Ok(page(answer.items, answer.position, convert::model))
    }

    async fn get_request_validators(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> Result<Page<RequestValidator>, CallError> {
        let call = paged!(self.sdk.get_request_validators().rest_api_id(rest_api_id), position);
        let answer = self.sent(Operation::GetRequestValidators, call.send()).await?;
        Ok(page(answer.items, answer.position, convert::request_validator))
    }

    async fn get_gateway_responses(
        &self,
        rest_api_id: &str,
        position: Option<&str>,
    ) -> Result<Page<GatewayResponse>, CallError> {
        let call = paged!(self.sdk.get_gateway_responses().rest_api_id(rest_api_id), position);
        let answer = self.sent(Operation::GetGatewayResponses, call.send()).await?;
        Ok(page(answer.items, answer.position, convert::gateway_response))
    }

    async fn get_stages(&self, rest_api_id: &str) -> Result<Vec<Stage>, CallError> {
        let call = self.sdk.get_stages().rest_api_id(rest_api_id);
        let answer = self.sent(Operation::GetStages, call.send()).await?;
        Ok(answer
            .item
            .unwrap_or_default()
            .into_iter()
            .map(|stage| convert::stage!(stage))
            .collect())
    }

    async fn get_stage(&self, rest_api_id: &str, stage: &str) -> Result<Stage, CallError> {
        let call = self.sdk.get_stage().rest_api_id(rest_api_id).stage_name(stage);
        let answer = self.sent(Operation::GetStage, call.send()).await?;
        Ok(convert::stage!(answer))
    }

    async fn get_deployments(&self, rest_api_id: &str, position: Option<&str>) -> Result<Page<Deployment>, CallError> {
        let operation = Operation::GetDeployments;
        let call = paged!(self.sdk.get_deployments().rest_api_id(rest_api_id), position);
        let answer = self.sent(operation, call.send()).await?;
        let mut items = Vec::new();
        for one in answer.items.unwrap_or_default() {
            items.push(convert::deployment!(one, operation));
        }
        Ok(Page {
            items,
            next: answer.position.filter(|position| !position.is_empty()),
        })
    }

    async fn get_deployment(&self, rest_api_id: &str, deployment_id: &str) -> Result<Deployment, CallError> {
        let operation = Operation::GetDeployment;
        let call = self
            .sdk
            .get_deployment()
            .rest_api_id(rest_api_id)
            .deployment_id(deployment_id)
            .embed("apisummary");
        let answer = self.sent(operation, call.send()).await?;
        Ok(convert::deployment!(answer, operation))
    }

    async fn get_export(&self, rest_api_id: &str, stage: &str) -> Result<String, CallError> {
        let operation = Operation::GetExport;
        let call = |extensions: &str| {
            let call = self.sdk.get_export().rest_api_id(rest_api_id).stage_name(stage);
            call.export_type("oas30")
                .accepts("application/json")
                .parameters("extensions", extensions)
        };
        let export = async |extensions| {
            let answer = self.sent(operation, call(extensions).send()).await?;
            let body = answer.body.map(Blob::into_inner).unwrap_or_default();
            String::from_utf8(body).map_err(|_| garbled(operation))
        };
        // Not every service takes two: one refuses them, another answers without any extension.
        match export("apigateway,authorizers").await {
            Err(error) if matches!(error.cause, Cause::Refused { .. }) => export("apigateway").await,
            Ok(document) if !document.contains("x-amazon-apigateway-integration") => export("apigateway").await,
            answer => answer,
        }
    }

    async fn get_account(&self) -> Result<Account, CallError> {
        let call = self.sdk.get_account();
        let answer = self.sent(Operation::GetAccount, call.send()).await?;
        Ok(Account {
            log_role: answer.cloudwatch_role_arn.filter(|role| !role.is_empty()),
        })
    }

    async fn get_vpc_link(&self, vpc_link_id: &str) -> Result<VpcLink, CallError> {
        let operation = Operation::GetVpcLink;
        let call = self.sdk.get_vpc_link().vpc_link_id(vpc_link_id);
        let answer = self.sent(operation, call.send()).await?;
        Ok(VpcLink {
            id: present(operation, answer.id)?,
            name: answer.name,
            status: answer.status.map(|status| status.as_str().to_owned()),
        })
    }

    async fn import_rest_api(&self, document: &str, fail_on_warnings: bool) -> Result<RestApi, CallError> {
        let operation = Operation::ImportRestApi;
        let call = self
            .sdk
            .import_rest_api()
            .fail_on_warnings(fail_on_warnings)
            .parameters("ignore", "documentation")
            .parameters("endpointConfigurationTypes", "REGIONAL")
            .body(Blob::new(document))
            .customize()
            .config_override(patient());
        let answer = self.sent(operation, call.send()).await?;
        Ok(convert::rest_api!(answer, operation))
    }

    async fn put_rest_api(
        &self,
        rest_api_id: &str,
        document: &str,
        fail_on_warnings: bool,
    ) -> Result<RestApi, CallError> {
        let operation = Operation::PutRestApi;
        let call = self
            .sdk
            .put_rest_api()
            .rest_api_id(rest_api_id)
            .mode(PutMode::Overwrite)
            .fail_on_warnings(fail_on_warnings)
            .parameters("ignore", "documentation")
            .body(Blob::new(document))
            .customize()
            .config_override(patient());
        let answer = self.sent(operation, call.send()).await?;
        Ok(convert::rest_api!(answer, operation))
    }

    async fn update_rest_api(&self, rest_api_id: &str, patches: &[Patch]) -> Result<RestApi, CallError> {
        let operation = Operation::UpdateRestApi;
        let call = self
            .sdk
            .update_rest_api()
            .rest_api_id(rest_api_id)
            .set_patch_operations(Some(convert::patch_operations(patches)));
        let answer = self.sent(operation, call.send()).await?;
        Ok(convert::rest_api!(answer, operation))
    }

    async fn delete_rest_api(&self, rest_api_id: &str) -> Result<(), CallError> {
        let call = self.sdk.delete_rest_api().rest_api_id(rest_api_id);
        self.sent(Operation::DeleteRestApi, call.send()).await.map(drop)
    }

    async fn create_deployment(&self, rest_api_id: &str, description: &str) -> Result<Deployment, CallError> {
        let operation = Operation::CreateDeployment;
        let call = self
            .sdk
            .create_deployment()
            .rest_api_id(rest_api_id)
            .description(description)
            .customize()
            .config_override(patient());
        let answer = self.sent(operation, call.send()).await?;
        Ok(convert::deployment!(answer, operation))
    }

    async fn create_stage(
        &self,
        rest_api_id: &str,
        stage: &str,
        deployment_id: &str,
        settings: &Texts,
    ) -> Result<Stage, CallError> {
        let text = |name: &str| settings.get(name).cloned();
        let is_on = |name: &str| settings.get(name).map(|value| value == "true");
        let mut request = self
            .sdk
            .create_stage()
            .rest_api_id(rest_api_id)
            .stage_name(stage)
            .deployment_id(deployment_id)
            .set_description(text("/description"))
            .set_tracing_enabled(is_on("/tracingEnabled"))
            .set_cache_cluster_enabled(is_on("/cacheClusterEnabled"))
            .set_cache_cluster_size(text("/cacheClusterSize").map(|size| size.as_str().into()));
        for (name, value) in settings {
            if let Some(variable) = name.strip_prefix("/variables/") {
                request = request.variables(variable, value);
            }
        }
        let answer = self.sent(Operation::CreateStage, request.send()).await?;
        Ok(convert::stage!(answer))
    }

    async fn update_stage(&self, rest_api_id: &str, stage: &str, patches: &[Patch]) -> Result<Stage, CallError> {
        let call = self
            .sdk
            .update_stage()
            .rest_api_id(rest_api_id)
            .stage_name(stage)
            .set_patch_operations(Some(convert::patch_operations(patches)));
        let answer = self.sent(Operation::UpdateStage, call.send()).await?;
        Ok(convert::stage!(answer))
    }

    async fn delete_stage(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        let call = self.sdk.delete_stage().rest_api_id(rest_api_id).stage_name(stage);
        self.sent(Operation::DeleteStage, call.send()).await.map(drop)
    }

    async fn delete_deployment(&self, rest_api_id: &str, deployment_id: &str) -> Result<(), CallError> {
        let call = self
            .sdk
            .delete_deployment()
            .rest_api_id(rest_api_id)
            .deployment_id(deployment_id);
        self.sent(Operation::DeleteDeployment, call.send()).await.map(drop)
    }

    async fn flush_stage_cache(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        let call = self.sdk.flush_stage_cache().rest_api_id(rest_api_id).stage_name(stage);
        self.sent(Operation::FlushStageCache, call.send()).await.map(drop)
    }

    async fn flush_stage_authorizers_cache(&self, rest_api_id: &str, stage: &str) -> Result<(), CallError> {
        let call = self
            .sdk
            .flush_stage_authorizers_cache()
            .rest_api_id(rest_api_id)
            .stage_name(stage);
        self.sent(Operation::FlushStageAuthorizersCache, call.send())
            .await
            .map(drop)
    }

    async fn tag_resource(&self, rest_api_id: &str, key: &str, value: &str) -> Result<(), CallError> {
        let call = self
            .sdk
            .tag_resource()
            .resource_arn(self.arn(rest_api_id))
            .tags(key, value);
        self.sent(Operation::TagResource, call.send()).await.map(drop)
    }

    async fn tag_stage(&self, rest_api_id: &str, stage: &str, tags: &Texts) -> Result<(), CallError> {
        let call = self
            .sdk
            .tag_resource()
            .resource_arn(format!("{}/stages/{stage}", self.arn(rest_api_id)))
            .set_tags(Some(tags.clone().into_iter().collect()));
        self.sent(Operation::TagResource, call.send()).await.map(drop)
    }

    async fn untag_stage(&self, rest_api_id: &str, stage: &str, keys: &[String]) -> Result<(), CallError> {
        let call = self
            .sdk
            .untag_resource()
            .resource_arn(format!("{}/stages/{stage}", self.arn(rest_api_id)))
            .set_tag_keys(Some(keys.to_vec()));
        self.sent(Operation::UntagResource, call.send()).await.map(drop)
    }

    async fn get_policy(&self, function: &str) -> Result<String, CallError> {
        let (name, qualifier) = parts(function);
        let call = self.lambda.get_policy().function_name(name).set_qualifier(qualifier);
        let call = call.customize().config_override(in_region_of(function));
        let answer = self.sent(Operation::GetPolicy, call.send()).await?;
        Ok(answer.policy.unwrap_or_default())
    }

    async fn get_function_configuration(&self, function: &str) -> Result<(), CallError> {
        let (name, qualifier) = parts(function);
        let call = self.lambda.get_function_configuration();
        let call = call.function_name(name).set_qualifier(qualifier);
        let call = call.customize().config_override(in_region_of(function));
        self.sent(Operation::GetFunctionConfiguration, call.send())
            .await
            .map(drop)
    }

    async fn add_permission(&self, function: &str, statement_id: &str, source_arn: &str) -> Result<(), CallError> {
        let (name, qualifier) = parts(function);
        let call = self
            .lambda
            .add_permission()
            .function_name(name)
            .set_qualifier(qualifier)
            .statement_id(statement_id)
            .action("lambda:InvokeFunction")
            .principal(PRINCIPAL)
            .source_arn(source_arn);
        let call = call.customize().config_override(in_region_of(function));
        self.sent(Operation::AddPermission, call.send()).await.map(drop)
    }

    async fn remove_permission(&self, function: &str, statement_id: &str) -> Result<(), CallError> {
        let (name, qualifier) = parts(function);
        let call = self
            .lambda
            .remove_permission()
            .function_name(name)
            .set_qualifier(qualifier)
            .statement_id(statement_id);
        let call = call.customize().config_override(in_region_of(function));
        self.sent(Operation::RemovePermission, call.send()).await.map(drop)
    }

    async fn untag_resource(&self, rest_api_id: &str, key: &str) -> Result<(), CallError> {
        let call = self
            .sdk
            .untag_resource()
            .resource_arn(self.arn(rest_api_id))
            .tag_keys(key);
        self.sent(Operation::UntagResource, call.send()).await.map(drop)
    }
}
