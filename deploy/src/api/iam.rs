//! What a role must be allowed to do, call by call.
//!
//! API Gateway's actions are its HTTP verbs, its resources the paths of its own API
//! ([Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html)).

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::aws::Partition;
use serde_json::{Value, json};

use super::Operation;

/// What a role is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Planning: nothing is changed.
    Read,
    /// Deploying to an API that there is.
    Deploy,
    /// Creating the API as well.
    Create,
    /// Deploying to an API and deleting it.
    Destroy,
}

impl Purpose {
    /// Whether it needs what another one needs.
    fn includes(self, other: Self) -> bool {
        match other {
            Purpose::Read => true,
            Purpose::Deploy => self != Purpose::Read,
            Purpose::Create | Purpose::Destroy => self == other,
        }
    }
}

/// Where a role may do it. What is absent is everything of its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The region.
    pub region: Option<String>,
    /// The API.
    pub rest_api_id: Option<String>,
    /// The stage that may be changed. All of them are read: they share one draft.
    pub stage: Option<String>,
}

/// What an operation is needed for first, the path that it is called on, and the actions it takes besides its verb.
/// `{api}` and `{stage}` stand for those of the scope.
fn needs(operation: Operation) -> (Purpose, &'static str, &'static [&'static str]) {
    use Purpose::{Create, Deploy, Destroy, Read};
    match operation {
        Operation::GetRestApi => (Read, "/restapis/{api}", &[]),
        Operation::GetRestApis => (Read, "/restapis", &[]),
        Operation::GetResources => (Read, "/restapis/{api}/resources", &[]),
        Operation::GetAuthorizers => (Read, "/restapis/{api}/authorizers", &[]),
        Operation::GetModels => (Read, "/restapis/{api}/models", &[]),
        Operation::GetRequestValidators => (Read, "/restapis/{api}/requestvalidators", &[]),
        Operation::GetGatewayResponses => (Read, "/restapis/{api}/gatewayresponses", &[]),
        Operation::GetStages => (Read, "/restapis/{api}/stages", &[]),
        Operation::GetStage => (Read, "/restapis/{api}/stages/*", &[]),
        Operation::GetDeployments => (Read, "/restapis/{api}/deployments", &[]),
        Operation::GetDeployment => (Read, "/restapis/{api}/deployments/*", &[]),
        Operation::GetExport => (Read, "/restapis/{api}/stages/*/exports/*", &[]),
        Operation::GetVpcLink => (Read, "/vpclinks/*", &[]),
        Operation::ImportRestApi => (Create, "/restapis", &[]),
        Operation::PutRestApi | Operation::UpdateRestApi => {
            (Deploy, "/restapis/{api}", &["apigateway:UpdateRestApiPolicy"])
        }
        Operation::DeleteRestApi => (Destroy, "/restapis/{api}", &[]),
        Operation::CreateDeployment => (Deploy, "/restapis/{api}/deployments", &[]),
        Operation::CreateStage => (Deploy, "/restapis/{api}/stages", &[]),
        Operation::UpdateStage | Operation::DeleteStage => (Deploy, "/restapis/{api}/stages/{stage}", &[]),
        Operation::TestInvokeMethod => (Deploy, "/restapis/{api}/resources/*/methods/*", &[]),
        // For smoke requests that are signed.
        Operation::Invoke => (Deploy, "{api}/{stage}/*", &[]),
        // Everybody may ask who they are.
        Operation::GetCallerIdentity => (Read, "", &[]),
        Operation::DeleteDeployment => (Deploy, "/restapis/{api}/deployments/*", &[]),
        Operation::FlushStageCache => (Deploy, "/restapis/{api}/stages/{stage}/cache/data", &[]),
        Operation::FlushStageAuthorizersCache => (Deploy, "/restapis/{api}/stages/{stage}/cache/authorizers", &[]),
        Operation::TagResource | Operation::UntagResource => (Deploy, "/tags/*", &[]),
    }
}

/// The name of what an operation is called on. `None` for one that nobody needs a permission for.
fn resource(operation: Operation, scope: &Scope) -> Option<String> {
    let region = scope.region.as_deref().unwrap_or("*");
    let api = scope.rest_api_id.as_deref().unwrap_or("*");
    let stage = scope.stage.as_deref().unwrap_or("*");
    let path = needs(operation).1.replace("{api}", api).replace("{stage}", stage);
    let (service, account) = match operation {
        Operation::GetCallerIdentity => return None,
        Operation::Invoke => ("execute-api", "*"),
        _ => ("apigateway", ""),
    };
    Some(Partition::arn(service, region, account, &path))
}

/// The resources that each action is needed for, and no others.
#[must_use]
pub fn grants(purpose: Purpose, scope: &Scope) -> BTreeMap<String, BTreeSet<String>> {
    let mut grants: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in Operation::ALL {
        let (first, _, more) = needs(operation);
        let Some(resource) = resource(operation, scope).filter(|_| purpose.includes(first)) else {
            continue;
        };
        // Whoever knows the API looks for none.
        if operation == Operation::GetRestApis && scope.rest_api_id.is_some() {
            continue;
        }
        for action in [operation.iam_action()].iter().chain(more) {
            grants.entry((*action).to_owned()).or_default().insert(resource.clone());
        }
    }
    grants
}

/// The policy that allows this and nothing else, as IAM takes it.
#[must_use]
pub fn policy(purpose: Purpose, scope: &Scope) -> Value {
    let statements: Vec<Value> = grants(purpose, scope)
        .into_iter()
        .map(|(action, resources)| {
            json!({"Sid": sid(&action), "Effect": "Allow", "Action": action, "Resource": resources})
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The name of a statement: letters and digits only.
fn sid(action: &str) -> String {
    let name = action.rsplit(':').next().unwrap_or(action);
    match name {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" => {
            format!("Bluegate{}{}", &name[..1], name[1..].to_lowercase())
        }
        name => format!("Bluegate{name}"),
    }
}

/// The same as a data source of Terraform.
#[must_use]
pub fn terraform(purpose: Purpose, scope: &Scope) -> String {
    let mut text = String::from("data \"aws_iam_policy_document\" \"bluegate\" {\n");
    for (number, (action, resources)) in grants(purpose, scope).iter().enumerate() {
        let gap = if number == 0 { "" } else { "\n" };
        let resources: Vec<String> = resources.iter().map(|one| format!("      \"{one}\",\n")).collect();
        text.push_str(&format!(
            "{gap}  statement {{\n    sid       = \"{}\"\n    actions   = [\"{action}\"]\n    resources = [\n{}    ]\n  }}\n",
            sid(action),
            resources.concat()
        ));
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope {
            region: Some("eu-west-1".into()),
            rest_api_id: Some("abc".into()),
            stage: Some("dev".into()),
        }
    }

    #[test]
    fn every_operation_is_allowed_to_who_needs_it_and_to_nobody_else() {
        let any = Scope::default();
        for operation in Operation::ALL {
            let Some(resource) = resource(operation, &any) else {
                assert_eq!(operation, Operation::GetCallerIdentity);
                continue;
            };
            let first = needs(operation).0;
            for purpose in [Purpose::Read, Purpose::Deploy, Purpose::Create, Purpose::Destroy] {
                let grants = grants(purpose, &any);
                let resources = grants.get(operation.iam_action());
                let is_allowed = resources.is_some_and(|resources| resources.contains(&resource));
                assert_eq!(is_allowed, purpose.includes(first), "{operation} for {purpose:?}");
            }
        }
    }

    #[test]
    fn a_role_that_reads_may_not_write() {
        let actions: Vec<String> = grants(Purpose::Read, &Scope::default()).into_keys().collect();
        assert_eq!(actions, ["apigateway:GET"]);
        for operation in Operation::ALL {
            let is_reading = operation.is_read() && operation != Operation::Invoke;
            assert_eq!(needs(operation).0 == Purpose::Read, is_reading, "{operation}");
        }
    }

    #[test]
    fn a_scope_leaves_other_apis_stages_and_regions_alone() {
        let grants = grants(Purpose::Deploy, &scope());
        for resource in grants.values().flatten() {
            let start = [
                "arn:aws:apigateway:eu-west-1::/",
                "arn:aws:execute-api:eu-west-1:*:abc/dev/",
            ];
            assert!(start.iter().any(|start| resource.starts_with(start)), "{resource}");
            assert!(!resource.contains("/restapis/*"), "{resource}");
            assert!(!resource.ends_with("/restapis"), "{resource}");
        }
        assert_eq!(
            Vec::from_iter(&grants["apigateway:PATCH"]),
            [
                "arn:aws:apigateway:eu-west-1::/restapis/abc",
                "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/dev",
            ]
        );
    }

    #[test]
    fn each_partition_has_names_of_its_own() {
        for (region, start) in [("us-gov-east-1", "arn:aws-us-gov:"), ("cn-northwest-1", "arn:aws-cn:")] {
            let scope = Scope {
                region: Some(region.into()),
                ..Scope::default()
            };
            let all = grants(Purpose::Create, &scope);
            assert!(
                all.values().flatten().all(|resource| resource.starts_with(start)),
                "{all:?}"
            );
        }
    }

    #[test]
    fn iam_takes_the_policy() {
        let policy = policy(Purpose::Create, &Scope::default());
        // Of a policy that is attached to a role, spaces do not count.
        assert!(policy.to_string().len() < 6_144);
        for statement in policy["Statement"].as_array().unwrap() {
            let sid = statement["Sid"].as_str().unwrap();
            assert!(sid.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{sid}");
            assert!(!statement["Resource"].as_array().unwrap().is_empty());
        }
    }
}
