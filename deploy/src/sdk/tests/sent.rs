//! What goes over the wire: the verbs, paths and queries of AWS's API.

use super::stand_in;
use crate::api::*;
use crate::sdk::Client;

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111111111111:function:shop:live";

/// Makes a call of an operation about the API `abc` and its stage `dev`. What comes back does not matter.
async fn call(client: &Client, operation: Operation) {
    let page = Some("p2");
    let patches = [Patch::replace("/description", "x")];
    let texts = Texts::from([("/variables/a".to_owned(), "b".to_owned())]);
    let request = Request {
        path: "/users?a=b".to_owned(),
        ..Request::default()
    };
    match operation {
        Operation::GetCallerIdentity => drop(client.get_caller_identity().await),
        Operation::Invoke => panic!("it has no operation of AWS's"),
        Operation::TestInvokeMethod => {
            drop(client.test_invoke_method("abc", "r1", "GET", &request, &texts).await);
        }
        Operation::GetRestApi => drop(client.get_rest_api("abc").await),
        Operation::GetRestApis => drop(client.get_rest_apis(page).await),
        Operation::GetResources => drop(client.get_resources("abc", page).await),
        Operation::GetAuthorizers => drop(client.get_authorizers("abc", page).await),
        Operation::GetModels => drop(client.get_models("abc", page).await),
        Operation::GetRequestValidators => drop(client.get_request_validators("abc", page).await),
        Operation::GetGatewayResponses => drop(client.get_gateway_responses("abc", page).await),
        Operation::GetStages => drop(client.get_stages("abc").await),
        Operation::GetStage => drop(client.get_stage("abc", "dev").await),
        Operation::GetDeployments => drop(client.get_deployments("abc", page).await),
        Operation::GetDeployment => drop(client.get_deployment("abc", "d1").await),
        Operation::GetExport => drop(client.get_export("abc", "dev").await),
        Operation::GetAccount => drop(client.get_account().await),
        Operation::GetVpcLink => drop(client.get_vpc_link("v1").await),
        Operation::ImportRestApi => drop(client.import_rest_api("{}", true).await),
        Operation::PutRestApi => drop(client.put_rest_api("abc", "{}", true).await),
        Operation::UpdateRestApi => drop(client.update_rest_api("abc", &patches).await),
        Operation::DeleteRestApi => drop(client.delete_rest_api("abc").await),
        Operation::CreateDeployment => drop(client.create_deployment("abc", "d").await),
        Operation::CreateStage => drop(client.create_stage("abc", "dev", "d1", &texts).await),
        Operation::UpdateStage => drop(client.update_stage("abc", "dev", &patches).await),
        Operation::DeleteStage => drop(client.delete_stage("abc", "dev").await),
        Operation::DeleteDeployment => drop(client.delete_deployment("abc", "d1").await),
        Operation::FlushStageCache => drop(client.flush_stage_cache("abc", "dev").await),
        Operation::FlushStageAuthorizersCache => drop(client.flush_stage_authorizers_cache("abc", "dev").await),
        Operation::TagResource => drop(client.tag_stage("abc", "dev", &texts).await),
        Operation::GetPolicy => drop(client.get_policy(FUNCTION).await),
        Operation::GetFunctionConfiguration => drop(client.get_function_configuration(FUNCTION).await),
        Operation::AddPermission => drop(client.add_permission(FUNCTION, "s1", "arn:aws:execute-api").await),
        Operation::RemovePermission => drop(client.remove_permission(FUNCTION, "s1").await),
        Operation::UntagResource => drop(client.untag_resource("abc", "key").await),
    }
}

/// Verb, path and query of the request that an operation makes.
async fn sent(operation: Operation) -> (String, String, Vec<String>) {
    let (client, asked) = stand_in(400, Some("BadRequestException"), "{}".to_owned());
    call(&client, operation).await;
    let asked = asked.lock().unwrap();
    // An export that is refused is asked for once more, with less.
    let most = if operation == Operation::GetExport { 2 } else { 1 };
    assert_eq!(asked.len(), most, "{operation}: {asked:?}");
    let mut words = asked[0].split(' ');
    let (verb, target) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut query: Vec<String> = query.split('&').map(str::to_owned).collect();
    query.sort();
    (verb.to_owned(), path.to_owned(), query)
}

/// Whether a path is one that a policy names, in which `*` stands for a segment.
fn is_named(pattern: &str, path: &str) -> bool {
    let (patterns, segments): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let same = |(pattern, segment): (&&str, &&str)| *pattern == "*" || pattern == segment;
    patterns.len() == segments.len() && patterns.iter().zip(&segments).all(same)
}

#[tokio::test]
async fn every_operation_is_sent_as_its_permission_names_it() {
    let scope = Scope {
        region: Some("eu-west-1".into()),
        rest_api_id: Some("abc".into()),
        stage: Some("dev".into()),
        ..Scope::default()
    };
    for &operation in Operation::ALL.iter().filter(|one| one.service() == "apigateway") {
        let (verb, path, _) = sent(operation).await;
        assert_eq!(operation.iam_action(), format!("apigateway:{verb}"), "{operation}");
        let named = resource(operation, &scope).unwrap();
        let pattern = named.strip_prefix("arn:aws:apigateway:eu-west-1::").unwrap();
        assert!(is_named(pattern, &path), "{operation}: {path} is not {pattern}");
    }
}

#[tokio::test]
async fn functions_are_named_by_their_arns_and_qualifiers() {
    let name = "arn%3Aaws%3Alambda%3Aeu-west-1%3A111111111111%3Afunction%3Ashop";
    for (operation, verb, end) in [
        (Operation::GetPolicy, "GET", "policy"),
        (Operation::GetFunctionConfiguration, "GET", "configuration"),
        (Operation::AddPermission, "POST", "policy"),
        (Operation::RemovePermission, "DELETE", "policy/s1"),
    ] {
        let path = format!("/2015-03-31/functions/{name}/{end}");
        assert_eq!(
            sent(operation).await,
            (verb.to_owned(), path, vec!["Qualifier=live".to_owned()]),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn an_operation_asks_for_all_that_is_needed_of_it() {
    for (operation, query) in [
        (Operation::GetRestApis, &["limit=500", "position=p2"][..]),
        (Operation::GetResources, &["embed=methods", "limit=500", "position=p2"]),
        (Operation::GetModels, &["limit=500", "position=p2"]),
        (Operation::GetDeployment, &["embed=apisummary"]),
        (Operation::GetExport, &["extensions=apigateway%2Cauthorizers"]),
        (
            Operation::ImportRestApi,
            &[
                "endpointConfigurationTypes=REGIONAL",
                "failonwarnings=true",
                "ignore=documentation",
                "mode=import",
            ],
        ),
        (
            Operation::PutRestApi,
            &["failonwarnings=true", "ignore=documentation", "mode=overwrite"],
        ),
    ] {
        assert_eq!(sent(operation).await.2, query, "{operation}");
    }
}
