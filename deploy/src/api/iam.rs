//! What a role must be allowed to do, call by call.
//!
//! API Gateway's actions are its HTTP verbs, its resources the paths of its own API
//! ([Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html)).

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::aws::Partition;
use bluegate_core::gateway::PRINCIPAL;
use serde_json::{Value, json};

use super::operation::{Operation, Purpose, Row};

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
    /// The functions that the API calls without a role, by their ARNs. Without any, none is looked at.
    pub functions: Vec<String>,
}

/// The name of what an operation is called on, with `*` for what the scope leaves open. `None` for one that nobody needs
/// a permission for.
///
/// ```
/// use bluegate_deploy::api::{Operation, Scope, resource};
///
/// let scope = Scope {
///     region: Some("cn-north-1".into()),
///     rest_api_id: Some("abc".into()),
///     ..Scope::default()
/// };
/// assert_eq!(
///     resource(Operation::UpdateStage, &scope).as_deref(),
///     Some("arn:aws-cn:apigateway:cn-north-1::/restapis/abc/stages/*")
/// );
/// ```
#[must_use]
pub fn resource(operation: Operation, scope: &Scope) -> Option<String> {
    let region = scope.region.as_deref().unwrap_or("*");
    let api = scope.rest_api_id.as_deref().unwrap_or("*");
    let stage = scope.stage.as_deref().unwrap_or("*");
    let path = operation.row().resource.replace("{api}", api).replace("{stage}", stage);
    match operation.service() {
        // Everybody may ask who they are.
        "sts" => None,
        "lambda" => Some(Partition::arn("lambda", region, "*", "function:*")),
        // Its APIs belong to an account.
        "execute-api" => Some(Partition::arn("execute-api", region, "*", &path)),
        service => Some(Partition::arn(service, region, "", &path)),
    }
}

/// The resources that each action is needed for, and no others.
#[must_use]
pub fn grants(purpose: Purpose, scope: &Scope) -> BTreeMap<String, BTreeSet<String>> {
    let mut grants: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for &operation in Operation::ALL {
        let Row {
            actions,
            purpose: first,
            ..
        } = operation.row();
        if !purpose.includes(first) {
            continue;
        }
        let resources = match operation.service() {
            "lambda" => scope.functions.clone(),
            _ => resource(operation, scope).into_iter().collect(),
        };
        if resources.is_empty() {
            continue;
        }
        // Whoever knows the API looks for none.
        if operation == Operation::GetRestApis && scope.rest_api_id.is_some() {
            continue;
        }
        for action in actions {
            let granted = grants.entry((*action).to_owned()).or_default();
            granted.extend(resources.iter().cloned());
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
            let mut statement =
                json!({"Sid": sid(&action), "Effect": "Allow", "Action": action, "Resource": resources});
            if let Some((key, value)) = condition(&action) {
                statement["Condition"] = json!({"StringEquals": {key: value}});
            }
            statement
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What an action is allowed for only: whom a function is opened to
/// ([condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html)).
fn condition(action: &str) -> Option<(&'static str, &'static str)> {
    (action == "lambda:AddPermission").then_some(("lambda:Principal", PRINCIPAL))
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
        let condition = condition(action).map(|(key, value)| {
            format!(
                "    condition {{\n      test     = \"StringEquals\"\n      variable = \"{key}\"\n      values   = \
                 [\"{value}\"]\n    }}\n"
            )
        });
        text.push_str(&format!(
            "{gap}  statement {{\n    sid       = \"{}\"\n    actions   = [\"{action}\"]\n    resources = [\n{}    ]\n{}  }}\n",
            sid(action),
            resources.concat(),
            condition.unwrap_or_default()
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
            functions: Vec::new(),
        }
    }

    const ANY_FUNCTION: &str = "arn:aws:lambda:*:*:function:*";

    #[test]
    fn every_operation_is_allowed_to_who_needs_it_and_to_nobody_else() {
        let any = Scope {
            functions: vec![ANY_FUNCTION.to_owned()],
            ..Scope::default()
        };
        for &operation in Operation::ALL {
            let Some(resource) = resource(operation, &any) else {
                assert_eq!(operation, Operation::GetCallerIdentity);
                continue;
            };
            let first = operation.row().purpose;
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
        for &operation in Operation::ALL {
            let is_reading = operation.is_read() && operation != Operation::Invoke;
            assert_eq!(operation.row().purpose == Purpose::Read, is_reading, "{operation}");
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
    fn only_an_api_with_functions_needs_lambda_and_only_for_those() {
        let lambda = |scope: &Scope, purpose| {
            let mut grants = grants(purpose, scope);
            grants.retain(|action, _| action.starts_with("lambda:"));
            grants
        };
        assert!(lambda(&scope(), Purpose::Create).is_empty());
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:shop:live";
        let with_function = Scope {
            functions: vec![arn.to_owned()],
            ..scope()
        };
        let reads = ["lambda:GetFunctionConfiguration", "lambda:GetPolicy"];
        let writes = ["lambda:AddPermission", "lambda:RemovePermission"];
        let read = lambda(&with_function, Purpose::Read);
        assert_eq!(read.keys().collect::<Vec<_>>(), reads);
        let mut all = [reads, writes].concat();
        all.sort_unstable();
        let deploy = lambda(&with_function, Purpose::Deploy);
        assert_eq!(deploy.keys().collect::<Vec<_>>(), all);
        assert!(
            deploy.values().all(|resources| resources.iter().eq([arn])),
            "{deploy:?}"
        );
        // Nobody else can be let in with it.
        let policy = policy(Purpose::Deploy, &with_function);
        for statement in policy["Statement"].as_array().unwrap() {
            let only_for = &statement["Condition"]["StringEquals"]["lambda:Principal"];
            let adds = statement["Action"] == "lambda:AddPermission";
            assert_eq!(only_for == "apigateway.amazonaws.com", adds, "{statement}");
        }
        let terraform = terraform(Purpose::Deploy, &with_function);
        assert_eq!(terraform.matches("condition {").count(), 1, "{terraform}");
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
        let any = Scope {
            functions: vec![ANY_FUNCTION.to_owned()],
            ..Scope::default()
        };
        let policy = policy(Purpose::Create, &any);
        // Of a policy that is attached to a role, spaces do not count.
        assert!(policy.to_string().len() < 6_144);
        for statement in policy["Statement"].as_array().unwrap() {
            let sid = statement["Sid"].as_str().unwrap();
            assert!(sid.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{sid}");
            assert!(!statement["Resource"].as_array().unwrap().is_empty());
        }
    }
}
