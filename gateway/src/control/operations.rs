//! What is offered: a row for each operation, and the way from a request to it.

use bluegate_core::aws::is_region;
use time::OffsetDateTime;

use super::account::{STS, identity, refused};
use super::call::Call;
use super::reply::{Answered, Refusal, Reply};
use super::state::Control;
use super::trial::Trial;
use super::{inputs, shapes};
use crate::plane::{self, LARGEST_BODY, Request};

/// What comes of a call.
#[derive(Debug)]
pub enum Outcome {
    /// It is answered.
    Reply(Reply),
    /// A method has to be tried first.
    Trial(Trial),
}

/// What answers an operation.
enum Answers {
    At(fn(&mut Control, &Call<'_>) -> Answered),
    AfterTrial(fn(&mut Control, &Call<'_>) -> Result<Trial, Refusal>),
}

/// Verb, path and name of every operation, and what answers it. Of those with the same path, one that wants a query comes
/// first.
macro_rules! operations {
    ($($verb:literal $path:literal $name:literal $answers:ident,)*) => {
        const OPERATIONS: &[(&str, &str, &str, Answers)] = &[
            $(($verb, $path, $name, Answers::At(Control::$answers)),)*
            ("POST", "/restapis/*/resources/*/methods/*", "TestInvokeMethod", Answers::AfterTrial(Control::test_invoke_method)),
            ("POST", "/restapis/*/authorizers/*", "TestInvokeAuthorizer", Answers::AfterTrial(Control::test_invoke_authorizer)),
        ];
    };
}

operations! {
    "GET" "/account" "GetAccount" get_account,
    "PATCH" "/account" "UpdateAccount" update_account,
    "GET" "/restapis" "GetRestApis" get_rest_apis,
    "POST" "/restapis?mode=import" "ImportRestApi" import_rest_api,
    "POST" "/restapis" "CreateRestApi" create_rest_api,
    "GET" "/restapis/*" "GetRestApi" get_rest_api,
    "PUT" "/restapis/*" "PutRestApi" put_rest_api,
    "PATCH" "/restapis/*" "UpdateRestApi" update_rest_api,
    "DELETE" "/restapis/*" "DeleteRestApi" delete_rest_api,
    "GET" "/restapis/*/resources" "GetResources" get_resources,
    "POST" "/restapis/*/resources/*" "CreateResource" create_resource,
    "GET" "/restapis/*/resources/*" "GetResource" get_resource,
    "PATCH" "/restapis/*/resources/*" "UpdateResource" update_resource,
    "DELETE" "/restapis/*/resources/*" "DeleteResource" delete_resource,
    "GET" "/restapis/*/resources/*/methods/*" "GetMethod" get_method,
    "PUT" "/restapis/*/resources/*/methods/*" "PutMethod" put_method,
    "PATCH" "/restapis/*/resources/*/methods/*" "UpdateMethod" update_method,
    "DELETE" "/restapis/*/resources/*/methods/*" "DeleteMethod" delete_method,
    "GET" "/restapis/*/resources/*/methods/*/responses/*" "GetMethodResponse" get_method_response,
    "PUT" "/restapis/*/resources/*/methods/*/responses/*" "PutMethodResponse" put_method_response,
    "PATCH" "/restapis/*/resources/*/methods/*/responses/*" "UpdateMethodResponse" update_method_response,
    "DELETE" "/restapis/*/resources/*/methods/*/responses/*" "DeleteMethodResponse" delete_method_response,
    "GET" "/restapis/*/resources/*/methods/*/integration" "GetIntegration" get_integration,
    "PUT" "/restapis/*/resources/*/methods/*/integration" "PutIntegration" put_integration,
    "PATCH" "/restapis/*/resources/*/methods/*/integration" "UpdateIntegration" update_integration,
    "DELETE" "/restapis/*/resources/*/methods/*/integration" "DeleteIntegration" delete_integration,
    "GET" "/restapis/*/resources/*/methods/*/integration/responses/*" "GetIntegrationResponse" get_integration_response,
    "PUT" "/restapis/*/resources/*/methods/*/integration/responses/*" "PutIntegrationResponse" put_integration_response,
    "PATCH" "/restapis/*/resources/*/methods/*/integration/responses/*" "UpdateIntegrationResponse" update_integration_response,
    "DELETE" "/restapis/*/resources/*/methods/*/integration/responses/*" "DeleteIntegrationResponse" delete_integration_response,
    "GET" "/restapis/*/authorizers" "GetAuthorizers" get_authorizers,
    "POST" "/restapis/*/authorizers" "CreateAuthorizer" create_authorizer,
    "GET" "/restapis/*/authorizers/*" "GetAuthorizer" get_authorizer,
    "PATCH" "/restapis/*/authorizers/*" "UpdateAuthorizer" update_authorizer,
    "DELETE" "/restapis/*/authorizers/*" "DeleteAuthorizer" delete_authorizer,
    "GET" "/restapis/*/models" "GetModels" get_models,
    "POST" "/restapis/*/models" "CreateModel" create_model,
    "GET" "/restapis/*/models/*" "GetModel" get_model,
    "PATCH" "/restapis/*/models/*" "UpdateModel" update_model,
    "DELETE" "/restapis/*/models/*" "DeleteModel" delete_model,
    "GET" "/restapis/*/models/*/default_template" "GetModelTemplate" get_model_template,
    "GET" "/restapis/*/requestvalidators" "GetRequestValidators" get_request_validators,
    "POST" "/restapis/*/requestvalidators" "CreateRequestValidator" create_request_validator,
    "GET" "/restapis/*/requestvalidators/*" "GetRequestValidator" get_request_validator,
    "PATCH" "/restapis/*/requestvalidators/*" "UpdateRequestValidator" update_request_validator,
    "DELETE" "/restapis/*/requestvalidators/*" "DeleteRequestValidator" delete_request_validator,
    "GET" "/restapis/*/gatewayresponses" "GetGatewayResponses" get_gateway_responses,
    "GET" "/restapis/*/gatewayresponses/*" "GetGatewayResponse" get_gateway_response,
    "PUT" "/restapis/*/gatewayresponses/*" "PutGatewayResponse" put_gateway_response,
    "PATCH" "/restapis/*/gatewayresponses/*" "UpdateGatewayResponse" update_gateway_response,
    "DELETE" "/restapis/*/gatewayresponses/*" "DeleteGatewayResponse" delete_gateway_response,
    "GET" "/restapis/*/deployments" "GetDeployments" get_deployments,
    "POST" "/restapis/*/deployments" "CreateDeployment" create_deployment,
    "GET" "/restapis/*/deployments/*" "GetDeployment" get_deployment,
    "PATCH" "/restapis/*/deployments/*" "UpdateDeployment" update_deployment,
    "DELETE" "/restapis/*/deployments/*" "DeleteDeployment" delete_deployment,
    "GET" "/restapis/*/stages" "GetStages" get_stages,
    "POST" "/restapis/*/stages" "CreateStage" create_stage,
    "GET" "/restapis/*/stages/*" "GetStage" get_stage,
    "PATCH" "/restapis/*/stages/*" "UpdateStage" update_stage,
    "DELETE" "/restapis/*/stages/*" "DeleteStage" delete_stage,
    "GET" "/restapis/*/stages/*/exports/*" "GetExport" get_export,
    "DELETE" "/restapis/*/stages/*/cache/data" "FlushStageCache" flush_stage_cache,
    "DELETE" "/restapis/*/stages/*/cache/authorizers" "FlushStageAuthorizersCache" flush_stage_authorizers_cache,
    "GET" "/restapis/*/stages/*/sdks/*" "GetSdk" get_sdk,
    "GET" "/restapis/*/documentation/parts" "GetDocumentationParts" get_documentation_parts,
    "POST" "/restapis/*/documentation/parts" "CreateDocumentationPart" create_documentation_part,
    "PUT" "/restapis/*/documentation/parts" "ImportDocumentationParts" import_documentation_parts,
    "GET" "/restapis/*/documentation/parts/*" "GetDocumentationPart" get_documentation_part,
    "PATCH" "/restapis/*/documentation/parts/*" "UpdateDocumentationPart" update_documentation_part,
    "DELETE" "/restapis/*/documentation/parts/*" "DeleteDocumentationPart" delete_documentation_part,
    "GET" "/restapis/*/documentation/versions" "GetDocumentationVersions" get_documentation_versions,
    "POST" "/restapis/*/documentation/versions" "CreateDocumentationVersion" create_documentation_version,
    "GET" "/restapis/*/documentation/versions/*" "GetDocumentationVersion" get_documentation_version,
    "PATCH" "/restapis/*/documentation/versions/*" "UpdateDocumentationVersion" update_documentation_version,
    "DELETE" "/restapis/*/documentation/versions/*" "DeleteDocumentationVersion" delete_documentation_version,
    "GET" "/sdktypes" "GetSdkTypes" get_sdk_types,
    "GET" "/sdktypes/*" "GetSdkType" get_sdk_type,
    "GET" "/apikeys" "GetApiKeys" get_api_keys,
    "POST" "/apikeys?mode=import" "ImportApiKeys" import_api_keys,
    "POST" "/apikeys" "CreateApiKey" create_api_key,
    "GET" "/apikeys/*" "GetApiKey" get_api_key,
    "PATCH" "/apikeys/*" "UpdateApiKey" update_api_key,
    "DELETE" "/apikeys/*" "DeleteApiKey" delete_api_key,
    "GET" "/usageplans" "GetUsagePlans" get_usage_plans,
    "POST" "/usageplans" "CreateUsagePlan" create_usage_plan,
    "GET" "/usageplans/*" "GetUsagePlan" get_usage_plan,
    "PATCH" "/usageplans/*" "UpdateUsagePlan" update_usage_plan,
    "DELETE" "/usageplans/*" "DeleteUsagePlan" delete_usage_plan,
    "GET" "/usageplans/*/usage" "GetUsage" get_usage,
    "PATCH" "/usageplans/*/keys/*/usage" "UpdateUsage" update_usage,
    "GET" "/usageplans/*/keys" "GetUsagePlanKeys" get_usage_plan_keys,
    "POST" "/usageplans/*/keys" "CreateUsagePlanKey" create_usage_plan_key,
    "GET" "/usageplans/*/keys/*" "GetUsagePlanKey" get_usage_plan_key,
    "DELETE" "/usageplans/*/keys/*" "DeleteUsagePlanKey" delete_usage_plan_key,
    "GET" "/clientcertificates" "GetClientCertificates" get_client_certificates,
    "POST" "/clientcertificates" "GenerateClientCertificate" generate_client_certificate,
    "GET" "/clientcertificates/*" "GetClientCertificate" get_client_certificate,
    "PATCH" "/clientcertificates/*" "UpdateClientCertificate" update_client_certificate,
    "DELETE" "/clientcertificates/*" "DeleteClientCertificate" delete_client_certificate,
    "GET" "/domainnames" "GetDomainNames" get_domain_names,
    "POST" "/domainnames" "CreateDomainName" create_domain_name,
    "GET" "/domainnames/*" "GetDomainName" get_domain_name,
    "PATCH" "/domainnames/*" "UpdateDomainName" update_domain_name,
    "DELETE" "/domainnames/*" "DeleteDomainName" delete_domain_name,
    "GET" "/domainnames/*/basepathmappings" "GetBasePathMappings" get_base_path_mappings,
    "POST" "/domainnames/*/basepathmappings" "CreateBasePathMapping" create_base_path_mapping,
    "GET" "/domainnames/*/basepathmappings/*" "GetBasePathMapping" get_base_path_mapping,
    "PATCH" "/domainnames/*/basepathmappings/*" "UpdateBasePathMapping" update_base_path_mapping,
    "DELETE" "/domainnames/*/basepathmappings/*" "DeleteBasePathMapping" delete_base_path_mapping,
    "GET" "/domainnameaccessassociations" "GetDomainNameAccessAssociations" get_access_associations,
    "POST" "/domainnameaccessassociations" "CreateDomainNameAccessAssociation" create_access_association,
    "DELETE" "/domainnameaccessassociations/*" "DeleteDomainNameAccessAssociation" delete_access_association,
    "POST" "/rejectdomainnameaccessassociations" "RejectDomainNameAccessAssociation" reject_access_association,
    "GET" "/vpclinks" "GetVpcLinks" get_vpc_links,
    "POST" "/vpclinks" "CreateVpcLink" create_vpc_link,
    "GET" "/vpclinks/*" "GetVpcLink" get_vpc_link,
    "PATCH" "/vpclinks/*" "UpdateVpcLink" update_vpc_link,
    "DELETE" "/vpclinks/*" "DeleteVpcLink" delete_vpc_link,
    "GET" "/2015-03-31/functions/*" "GetFunction" get_function,
    "GET" "/2015-03-31/functions/*/configuration" "GetFunctionConfiguration" get_function_configuration,
    "GET" "/2015-03-31/functions/*/policy" "GetPolicy" get_policy,
    "POST" "/2015-03-31/functions/*/policy" "AddPermission" add_permission,
    "DELETE" "/2015-03-31/functions/*/policy/*" "RemovePermission" remove_permission,
    "GET" "/tags/*" "GetTags" get_tags,
    "PUT" "/tags/*" "TagResource" tag_resource,
    "DELETE" "/tags/*" "UntagResource" untag_resource,
}

impl Control {
    /// Answers a call, or says what has to be tried first. It has to be signed, for API Gateway, Lambda or STS, with a key that is
    /// known.
    pub fn answer(&mut self, request: &Request, now: OffsetDateTime) -> Outcome {
        let answered = self.let_in(request, now);
        answered.unwrap_or_else(|refusal| match request.path.as_str() {
            STS => Outcome::Reply(refused(refusal)),
            _ => Outcome::Reply(refusal.into()),
        })
    }

    fn let_in(&mut self, request: &Request, now: OffsetDateTime) -> Result<Outcome, Refusal> {
        let credentials = self.gate.credentials.clone();
        // STS is asked at the root, API Gateway and Lambda below it.
        let service = match request.path.as_str() {
            STS => "sts",
            path if path.starts_with(super::lambda::ROOT) => "lambda",
            _ => "apigateway",
        };
        if request.body.len() > LARGEST_BODY {
            return Err(Refusal::new(
                413,
                "RequestEntityTooLargeException",
                format!("The request is larger than {LARGEST_BODY} bytes"),
            ));
        }
        let verified = plane::verify(request, service, None, &credentials, now);
        let (caller, region) = verified.map_err(|failure| Refusal::of(&failure))?;
        if !is_region(&region) {
            return Err(Refusal::bad_request(format!("{region} is no region")));
        }
        let mut call = Call {
            caller,
            region: &region,
            now,
            operation: "GetCallerIdentity",
            parts: Vec::new(),
            query: plane::query_pairs(&request.query),
            accept: request.headers.get("accept").unwrap_or_default(),
            body: &request.body,
        };
        if service == "sts" {
            return Ok(Outcome::Reply(identity(&call)?));
        }
        let path = request.path.split('/').filter(|part| !part.is_empty());
        let path: Vec<String> = path.map(plane::path_decoded).collect();
        let (parts, name, answers) = find(&request.method, &path, &call.query).ok_or_else(|| {
            let (verb, path) = (&request.method, &request.path);
            Refusal::not_offered(format!("{verb} {path} is not offered by this gateway"))
        })?;
        (call.parts, call.operation) = (parts, name);
        shapes::check(&call, inputs::of(call.operation))?;
        match answers {
            Answers::At(answer) => Ok(Outcome::Reply(answer(self, &call)?)),
            Answers::AfterTrial(trial) => Ok(Outcome::Trial(trial(self, &call)?)),
        }
    }
}

/// The operation of a request: what stands in the place of the stars, its name, and what answers it.
fn find(
    verb: &str,
    path: &[String],
    query: &[(String, String)],
) -> Option<(Vec<String>, &'static str, &'static Answers)> {
    OPERATIONS
        .iter()
        .filter(|(of, ..)| *of == verb)
        .find_map(|(_, pattern, name, answers)| {
            let (pattern, asked) = pattern.split_once('?').unwrap_or((pattern, ""));
            let asked = asked.split_once('=');
            let wanted: Vec<&str> = pattern.split('/').skip(1).collect();
            let fits = wanted.len() == path.len()
                && asked.is_none_or(|asked| {
                    query
                        .iter()
                        .any(|(name, value)| (name.as_str(), value.as_str()) == asked)
                })
                && wanted
                    .iter()
                    .zip(path)
                    .all(|(wanted, part)| *wanted == "*" || wanted == part);
            let stars = wanted.iter().zip(path).filter(|(wanted, _)| **wanted == "*");
            fits.then(|| (stars.map(|(_, part)| part.clone()).collect(), *name, answers))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_stands_once() {
        for (at, (verb, path, name, _)) in OPERATIONS.iter().enumerate() {
            let others = &OPERATIONS[at + 1..];
            assert!(others.iter().all(|(_, _, other, _)| other != name), "{name}");
            assert!(
                others.iter().all(|(other, place, ..)| other != verb || place != path),
                "{verb} {path}"
            );
        }
    }
}
