//! Who may call the functions of an API: API Gateway asks the policy of a function whenever it calls one without a role
//! ([permissions](https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html#api-gateway-control-access-iam-permissions-model-for-calling-api)).

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::aws::{Partition, function_pattern, invoked_function, parts_of_function, written_function};
use bluegate_core::gateway::{Definition, Facts, Field, PRINCIPAL, Permission, call_of, includes, short_digest};
use bluegate_core::openapi::Document;
use bluegate_core::stage_variables;
use serde::Serialize;
use serde_json::json;

use crate::api::Texts;
use crate::read::{FunctionAccess, Reading};

use super::stage_settings::stage_variables_of;

/// Characters of a function's policy
/// ([quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)).
const MOST_CHARACTERS: usize = 20_480;
/// So many are left free, for the one statement that takes the place of many, of this stage and of others.
const RESERVE: usize = 2_048;
/// Digits of a digest in the id of a statement.
const DIGITS: usize = 12;
/// The longest name of a stage that stands in the id of a statement, which has 100 characters at most.
const LONGEST_STAGE: usize = 60;
/// How the ARN ends by which authorizers call. A put may give them other ids, and stages serve those of their time.
const AUTHORIZERS: &str = "authorizers/*";

/// The calls of functions that API Gateway makes without a role: by the ARN of the function, how the ARNs of the calls
/// end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls(BTreeMap<String, BTreeSet<String>>);

impl Calls {
    /// Those of an API on a stage that has these variables. A function that they do not tell is left out.
    #[must_use]
    pub fn of(definition: &Definition, stage: &str, variables: &Texts) -> Self {
        let function = |facts: &Facts, field: Field| invoked_function(without_role(facts, &field)?, variables);
        let routes = definition.routes.iter();
        let routes =
            routes.filter_map(|(key, facts)| Some((function(facts, Field::IntegrationUri)?, call_of(stage, key))));
        let authorizers = definition.authorizers.values();
        let authorizers =
            authorizers.filter_map(|facts| Some((function(facts, Field::Function)?, AUTHORIZERS.to_owned())));
        let mut calls = Self::default();
        for (function, call) in routes.chain(authorizers) {
            calls.0.entry(function).or_default().insert(call);
        }
        calls
    }

    /// The functions, as they are written, of whose names these variables of a stage make nothing that can be called.
    #[must_use]
    pub fn impossible(definition: &Definition, variables: &Texts) -> Vec<String> {
        let filled = uris(definition).filter(|uri| {
            let used = stage_variables(uri);
            !used.is_empty() && used.iter().all(|name| variables.contains_key(*name)) && !uri.contains("${AWS::")
        });
        let wrong = filled.filter(|uri| invoked_function(uri, variables).is_none());
        let wrong: BTreeSet<&str> = wrong.filter_map(|uri| written_function(uri)).collect();
        wrong.into_iter().map(str::to_owned).collect()
    }

    /// The functions of an API as a policy of IAM names them, with `*` for what these variables of a stage do not tell.
    #[must_use]
    pub fn patterns(definition: &Definition, variables: &Texts) -> BTreeSet<String> {
        uris(definition)
            .filter_map(|uri| invoked_function(uri, variables).or_else(|| function_pattern(uri)))
            .collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The functions, by their ARNs.
    pub fn functions(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// The calls of a function.
    pub(crate) fn to(&self, function: &str) -> impl Iterator<Item = &String> {
        self.0.get(function).into_iter().flatten()
    }
}

/// The URIs of calls that need a permission.
fn uris(definition: &Definition) -> impl Iterator<Item = &String> {
    let routes = definition.routes.values();
    let authorizers = definition.authorizers.values();
    routes
        .filter_map(|facts| without_role(facts, &Field::IntegrationUri))
        .chain(authorizers.filter_map(|facts| without_role(facts, &Field::Function)))
}

/// The URI of a call that needs a permission.
fn without_role<'a>(facts: &'a Facts, field: &Field) -> Option<&'a String> {
    facts.get(field).filter(|_| !facts.contains_key(&Field::Credentials))
}

/// An API and a stage of it, as functions know who calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoker {
    /// The ARN of the API's calls, as far as its id.
    arn: String,
    /// What the ids of all statements of the API begin with.
    of_api: String,
    /// What those of the stage begin with.
    of_stage: String,
    stage: String,
}

impl Invoker {
    /// Of a stage. The id of an API that is to be created is `*`.
    #[must_use]
    pub fn new(region: &str, account: &str, rest_api_id: &str, stage: &str) -> Self {
        let of_api = format!("bluegate-{rest_api_id}-");
        let of_stage = match stage.len() {
            ..=LONGEST_STAGE => format!("{of_api}{stage}-"),
            _ => format!("{of_api}{}-", short_digest(stage)),
        };
        Self {
            arn: Partition::arn("execute-api", region, account, rest_api_id),
            of_api,
            of_stage,
            stage: stage.to_owned(),
        }
    }

    /// The whole ARN of a call.
    #[must_use]
    pub fn source(&self, call: &str) -> String {
        format!("{}/{call}", self.arn)
    }

    /// The id of the statement that permits a call.
    #[must_use]
    pub fn statement_id(&self, call: &str) -> String {
        format!("{}{}", self.of_stage, &short_digest(&self.source(call))[..DIGITS])
    }

    /// Whether a statement is one of this stage that bluegate made.
    fn is_ours(&self, id: &str) -> bool {
        let digest = id.strip_prefix(&self.of_stage).unwrap_or_default();
        digest.len() == DIGITS && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// The ids of the statements that bluegate made for any stage of the API.
    pub(crate) fn all_of_api(&self, policy: &str) -> Vec<String> {
        let ids = Permission::all(policy).into_iter().map(|one| one.id);
        ids.filter(|id| id.starts_with(&self.of_api)).collect()
    }

    /// All calls of the stage at once.
    fn any_call(&self) -> String {
        format!("{}/*", self.stage)
    }

    /// The statements of this stage, and those of others that may count for it. What permits the calls of another stage
    /// of the API goes with that stage.
    fn parted(&self, policy: &str) -> (Vec<Permission>, Vec<Permission>) {
        let mut all = Permission::all(policy);
        all.retain(|one| !one.id.starts_with(&self.of_api) || self.is_ours(&one.id));
        all.into_iter().partition(|one| self.is_ours(&one.id))
    }

    /// Whether a policy permits some calls, by whichever statements.
    pub(crate) fn is_permitted<'a>(&self, policy: &str, calls: impl IntoIterator<Item = &'a String>) -> bool {
        let (ours, others) = self.parted(policy);
        let all = [ours, others].concat();
        calls.into_iter().all(|call| permit(&all, &self.source(call)))
    }

    /// The calls that statements of ours are to permit, so that all that are needed are permitted: not those that somebody
    /// else permits, nor those that another one includes, and all of the stage when there is no room for each.
    fn wanted<'a>(
        &self,
        function: &str,
        policy: &str,
        needed: impl IntoIterator<Item = &'a String>,
    ) -> BTreeSet<String> {
        let (ours, others) = self.parted(policy);
        let mut wanted: BTreeSet<String> = needed.into_iter().cloned().collect();
        wanted.retain(|call| !permit(&others, &self.source(call)));
        let all = wanted.clone();
        wanted.retain(|call| !all.iter().any(|other| other != call && includes(other, call)));
        let ours = ours.iter().flat_map(|one| &one.sources);
        let ours = ours.filter_map(|source| source.strip_prefix(&self.source("")));
        let rest = policy.len().saturating_sub(self.size(function, ours));
        if rest + self.size(function, &wanted) > MOST_CHARACTERS - RESERVE {
            self.widen(&mut wanted);
        }
        wanted
    }

    /// One statement in the place of all for routes.
    fn widen(&self, wanted: &mut BTreeSet<String>) {
        let before = wanted.len();
        wanted.retain(|call| call == AUTHORIZERS);
        if wanted.len() < before {
            wanted.insert(self.any_call());
        }
    }

    /// The calls of a function that statements are to be added for. While the policy has no room for them beside those of
    /// the version before, it is one for all.
    pub(crate) fn missing<'a>(
        &self,
        function: &str,
        policy: &str,
        calls: impl IntoIterator<Item = &'a String>,
    ) -> Vec<String> {
        let (ours, _) = self.parted(policy);
        let there: BTreeSet<&String> = ours.iter().flat_map(|one| &one.sources).collect();
        let is_missing = |call: &&String| !there.contains(&self.source(call));
        let mut wanted = self.wanted(function, policy, calls);
        let added = self.size(function, wanted.iter().filter(is_missing));
        if added > 0 && policy.len() + added > MOST_CHARACTERS - RESERVE {
            self.widen(&mut wanted);
        }
        wanted.iter().filter(is_missing).cloned().collect()
    }

    /// The ids of our statements that none of some versions of the API needs, as far as others permit their calls.
    pub(crate) fn stale(&self, function: &str, policy: &str, versions: &[&Calls]) -> Vec<String> {
        let (ours, mut kept) = self.parted(policy);
        let wanted = versions
            .iter()
            .map(|calls| self.wanted(function, policy, calls.to(function)));
        let wanted: BTreeSet<String> = wanted.flatten().map(|call| self.source(&call)).collect();
        let (needed, rest): (Vec<_>, Vec<_>) = ours
            .into_iter()
            .partition(|one| one.sources.iter().any(|source| wanted.contains(source)));
        kept.extend(needed);
        let calls = versions.iter().flat_map(|calls| calls.to(function));
        let open: Vec<String> = calls
            .map(|call| self.source(call))
            .filter(|call| !permit(&kept, call))
            .collect();
        let is_stale = |one: &&Permission| !open.iter().any(|call| one.permits(call));
        rest.iter().filter(is_stale).map(|one| one.id.clone()).collect()
    }

    /// Whether a policy would get larger than Lambda takes it.
    fn is_too_large(&self, function: &str, policy: &str, added: &[String]) -> bool {
        !added.is_empty() && policy.len() + self.size(function, added) > MOST_CHARACTERS
    }

    /// Characters of statements in a policy.
    fn size<S: AsRef<str>>(&self, function: &str, calls: impl IntoIterator<Item = S>) -> usize {
        let statements = calls.into_iter().map(|call| self.statement(function, call.as_ref()));
        statements.map(|statement| statement.len() + 1).sum()
    }

    /// The ids of our statements that permit calls which nobody makes any more, and nothing of what is needed.
    pub(crate) fn unneeded(&self, policy: &str, gone: &BTreeSet<&String>, needed: &BTreeSet<&String>) -> Vec<String> {
        let ours = Permission::all(policy).into_iter().filter(|one| self.is_ours(&one.id));
        let permits =
            |one: &Permission, calls: &BTreeSet<&String>| calls.iter().any(|call| one.permits(&self.source(call)));
        let unneeded = ours.filter(|one| permits(one, gone) && !permits(one, needed));
        unneeded.map(|one| one.id).collect()
    }

    /// The one call to name to the owner of a function: the only one, or all of the stage.
    pub(crate) fn sum_of(&self, calls: &Calls, function: &str) -> String {
        let mut all = calls.to(function);
        match (all.next(), all.next()) {
            (Some(only), None) => only.clone(),
            _ => self.any_call(),
        }
    }

    /// A statement as `GetPolicy` shows it.
    fn statement(&self, function: &str, call: &str) -> String {
        json!({
            "Sid": self.statement_id(call),
            "Effect": "Allow",
            "Principal": {"Service": PRINCIPAL},
            "Action": "lambda:InvokeFunction",
            "Resource": function,
            "Condition": {"ArnLike": {"AWS:SourceArn": self.source(call)}},
        })
        .to_string()
    }

    /// What the owner of a function runs to permit a call.
    #[must_use]
    pub fn command(&self, function: &str, call: &str) -> String {
        let (name, qualifier) = parts_of_function(function);
        let qualifier = qualifier.map_or_else(String::new, |qualifier| format!(" --qualifier '{qualifier}'"));
        let region = function.split(':').nth(3).unwrap_or_default();
        format!(
            "aws lambda add-permission --region {region} --function-name {name}{qualifier} --statement-id {} \
             --action lambda:InvokeFunction --principal {PRINCIPAL} --source-arn '{}'",
            self.statement_id(call),
            self.source(call)
        )
    }
}

/// Whether one of some statements permits a call.
fn permit(permissions: &[Permission], source: &str) -> bool {
    permissions.iter().any(|one| one.permits(source))
}

/// The calls that a stage makes by what it serves. `None` when it serves nothing, or cannot be exported.
pub(crate) fn served_calls(reading: &Reading, stage: &str) -> Option<Calls> {
    let export: Document = reading.export.as_deref()?.parse().ok()?;
    let variables = stage_variables_of(reading.stage(stage), None);
    Some(Calls::of(&Definition::from(&export), stage, &variables))
}

/// What becomes of who may call a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionPlan {
    /// The function, by its ARN.
    pub function: String,
    /// The calls that are permitted, as their ARNs end: stage, verb and path.
    pub added: Vec<String>,
    /// The ids of the statements that go once nothing needs them.
    pub removed: Vec<String>,
    /// Whether all calls of the stage are permitted, since there is no room for each of them.
    pub is_wide: bool,
    /// Whether there is no room for that either.
    pub is_full: bool,
}

/// What a stage calls by now, when something is to go that permits it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Former<'a> {
    /// Nothing goes.
    Stays,
    /// What the version that is served calls; what neither that nor the next version needs goes.
    Version(&'a Calls),
    /// What the same version calls as long as variables are what they are, with functions that another one may need.
    Variables(&'a Calls, &'a [String]),
}

/// What is to be done that a stage may make its calls, as far as the policies of the functions are known.
pub(super) fn function_plans(
    invoker: &Invoker,
    policies: &BTreeMap<String, FunctionAccess>,
    next: &Calls,
    former: Former<'_>,
) -> Vec<FunctionPlan> {
    let plans = policies.iter().filter_map(|(function, policy)| {
        let FunctionAccess::Known(policy) = policy else {
            return None;
        };
        let added = invoker.missing(function, policy, next.to(function));
        let removed = match former {
            Former::Version(served) => invoker.stale(function, policy, &[next, served]),
            Former::Variables(now, others) if !others.contains(function) => {
                invoker.unneeded(policy, &now.to(function).collect(), &next.to(function).collect())
            }
            Former::Variables(..) | Former::Stays => Vec::new(),
        };
        Some(FunctionPlan {
            function: function.clone(),
            is_wide: added.contains(&invoker.any_call()),
            is_full: invoker.is_too_large(function, policy, &added),
            added,
            removed,
        })
    });
    plans
        .filter(|plan| !plan.added.is_empty() || !plan.removed.is_empty())
        .collect()
}

/// Whether a function that is known does not permit all that a stage is going to call.
pub(super) fn is_any_call_missing(
    invoker: &Invoker,
    policies: &BTreeMap<String, FunctionAccess>,
    next: &Calls,
) -> bool {
    policies.iter().any(|(function, policy)| match policy {
        FunctionAccess::Known(policy) => !invoker.is_permitted(policy, next.to(function)),
        FunctionAccess::Missing | FunctionAccess::Hidden => false,
    })
}

#[cfg(test)]
mod tests;
