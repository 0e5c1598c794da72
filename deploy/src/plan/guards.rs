//! What is not done unless somebody says that it may be: one row in `GUARDS` each, for every run that makes a stage
//! serve something else or a draft give way.

use std::collections::BTreeSet;

use bluegate_core::gateway::{
    Definition, Facts, Key, exposed, is_looser_authorizer, open_backends, open_credentials, policy, weakened,
    weakened_origins, widened_origins,
};
use serde::Serialize;

use crate::carry;
use crate::read::{FunctionAccess, Surroundings};

use super::permissions::FunctionPlan;
use super::stages::CanaryPlan;

/// What guards permit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allow {
    /// A method becomes public.
    pub public: bool,
    /// An authorizer or a policy disappears, or a policy lets more pass.
    pub policy_change: bool,
    /// Something protects less than before.
    pub weaker: bool,
    /// More than half of the routes that are served vanish.
    pub mass_removal: bool,
    /// Somebody else edited the draft.
    pub drift: bool,
    /// A VPC link cannot be called.
    pub unavailable_link: bool,
    /// Pages of any origin may send credentials.
    pub open_credentials: bool,
    /// The stage has a canary, and is deployed to beside it.
    pub canary: bool,
    /// A stage variable that integrations need is set nowhere.
    pub undefined_variable: bool,
}

/// Why a run is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What is wrong.
    pub reason: String,
    /// The flag that permits it; `None` for what AWS would refuse all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<&'static str>,
}

/// What is judged: what there is, and what would be. What a run does not change, or nobody knows, is left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Case<'a> {
    /// The draft that gives way. It knows of routes that were never deployed.
    pub draft: Option<&'a Definition>,
    /// What the stage serves, as far as the service tells. It knows of routes that somebody opened since.
    pub served: Option<&'a Definition>,
    /// What the stage would serve.
    pub next: Option<&'a Definition>,
    /// The resource policy.
    pub policy: Option<Policies<'a>>,
    /// The older deployment that would be served with a resource policy that is not the one of now.
    pub other_policy: Option<&'a str>,
    /// Settings that somebody changed since the last deployment, and that the next one makes live.
    pub waiting: &'a [&'static str],
    /// Whether the API will answer at its default address.
    pub has_default_address: bool,
    /// What is no part of a definition and protects less, in words: settings of the API and of the stage.
    pub less: &'a [String],
    /// Whether the draft has edits that would be lost.
    pub loses_edits: bool,
    /// The canary of the stage that is deployed to beside it, and the stage.
    pub canary: Option<(&'a str, &'a CanaryPlan)>,
    /// What there is besides the API, of what would be used.
    pub surroundings: Option<&'a Surroundings>,
    /// What would become of who may call functions.
    pub permissions: &'a [FunctionPlan],
    /// Functions of whose names the variables of the stage make nothing that can be called.
    pub impossible: &'a [String],
    /// Stage variables that would be used, and that the stage would not have.
    pub undefined: &'a [&'a str],
    /// The name of the API that would be created.
    pub created: Option<&'a str>,
}

/// Resource policies in the form in which they can be compared.
#[derive(Debug, Clone, Copy)]
pub struct Policies<'a> {
    /// The one that the stage serves; the outer `None` when nobody knows.
    pub served: Option<Option<&'a str>>,
    /// The one that it would serve.
    pub next: Option<&'a str>,
    /// Those whose place the file's takes; none when it has none.
    pub replaced: &'a [Option<&'a str>],
}

/// What guards say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// What matters for security, permitted or not.
    pub security: Vec<String>,
    /// What is refused.
    pub refusals: Vec<Refusal>,
}

type IsPermitted = fn(Allow) -> bool;

/// A guard.
struct Guard {
    /// The flag that permits what it refuses, if anything does, and whether that was said.
    permits: Option<(&'static str, IsPermitted)>,
    /// Looks at a case, and says what it sees.
    looks: fn(&Case<'_>, &mut Seen),
}

/// What a guard sees.
#[derive(Default)]
struct Seen {
    /// What matters for security.
    security: Vec<String>,
    /// What would be wrong.
    wrong: Vec<String>,
}

static GUARDS: [Guard; 14] = [
    Guard {
        permits: Some(("--allow-public", |allow| allow.public)),
        looks: public,
    },
    Guard {
        permits: Some(("--allow-policy-change", |allow| allow.policy_change)),
        looks: who_is_asked,
    },
    Guard {
        permits: Some(("--allow-weaker", |allow| allow.weaker)),
        looks: weaker,
    },
    Guard {
        permits: Some(("--allow-open-credentials", |allow| allow.open_credentials)),
        looks: origins,
    },
    Guard {
        permits: Some(("--allow-mass-removal", |allow| allow.mass_removal)),
        looks: removals,
    },
    Guard {
        permits: Some(("--allow-drift", |allow| allow.drift)),
        looks: |case, seen| {
            if case.loses_edits {
                seen.wrong
                    .push("somebody edited the API since the last deployment, and that would be lost".to_owned());
            }
        },
    },
    Guard {
        permits: Some(("--allow-canary", |allow| allow.canary)),
        looks: |case, seen| {
            seen.wrong.extend(case.canary.map(|(stage, canary)| {
                format!(
                    "the stage `{stage}` has a canary with {} % of the traffic: `bluegate promote` or `bluegate abort` \
                     ends it",
                    canary.percent
                )
            }));
        },
    },
    Guard {
        permits: Some(("--allow-unavailable-link", |allow| allow.unavailable_link)),
        looks: |case, seen| {
            for (link, status) in case.surroundings.into_iter().flat_map(|around| &around.links) {
                match status.as_deref() {
                    Some("" | "AVAILABLE") => {}
                    Some(status) => seen.wrong.push(format!("the VPC link `{link}` is {status}")),
                    None => seen.wrong.push(format!(
                        "the VPC link `{link}` is not found: a REST API needs one of the kind that `aws apigateway \
                         get-vpc-links` lists in the API's region, and one of `aws apigatewayv2` needs the load balancer \
                         beside it, as `integrationTarget` of a backend"
                    )),
                }
            }
        },
    },
    Guard {
        permits: Some(("--allow-undefined-variable", |allow| allow.undefined_variable)),
        looks: |case, seen| {
            let told =
                |name: &&str| format!("the stage variable `{name}` is used, and neither the file nor the stage has it");
            seen.wrong.extend(case.undefined.iter().map(told));
        },
    },
    Guard {
        permits: None,
        looks: |case, seen| {
            if case.created == Some("") {
                seen.wrong.push(
                    "the API would be created without a name, and never be found again: write `title` in the routes \
                     file, or `apiGateway.name` in the AWS file"
                        .to_owned(),
                );
            }
        },
    },
    Guard {
        permits: None,
        looks: |case, seen| {
            if case.surroundings.and_then(|around| around.has_log_role) == Some(false) {
                seen.wrong.push(
                    "API Gateway has no role that may write logs, which the stage is to do: give it one, once per \
                     account and region, with `aws apigateway update-account --patch-operations \
                     op=replace,path=/cloudwatchRoleArn,value=ROLE`, or take `logging` and `accessLog` out of the stage"
                        .to_owned(),
                );
            }
        },
    },
    Guard {
        permits: None,
        looks: |case, seen| {
            let functions = case.surroundings.into_iter().flat_map(|around| &around.functions);
            let missing = functions.filter(|(_, policy)| **policy == FunctionAccess::Missing);
            seen.wrong.extend(missing.map(|(function, _)| {
                format!(
                    "the function `{function}` is not found: deploy it first, or mend its name, alias or version where \
                     the files name it"
                )
            }));
            seen.wrong.extend(case.impossible.iter().map(|function| {
                format!(
                    "no function can be called by what the variables of the stage make of `{function}`: they may hold a \
                     name, an alias or a part of one, and no ARN"
                )
            }));
            // https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
            let functions = case.surroundings.into_iter().flat_map(|around| around.functions.keys());
            seen.wrong.extend(
                functions
                    .filter_map(|function| function.strip_suffix(LATEST))
                    .map(|function| {
                        format!(
                            "Lambda keeps no policy for `$LATEST`, and API Gateway may not call it: name the function \
                         `{function}` without it, which is the same code"
                        )
                    }),
            );
        },
    },
    Guard {
        permits: None,
        looks: |case, seen| {
            let full = case.permissions.iter().filter(|one| one.is_full);
            seen.wrong.extend(full.map(|one| {
                format!(
                    "the policy of the function `{}` has no room for one more statement: take out what nothing needs, or \
                     call the function by an alias, which has a policy of its own",
                    one.function
                )
            }));
        },
    },
    Guard {
        permits: None,
        looks: |case, seen| {
            let policy = case.policy.and_then(|policies| policies.next);
            seen.wrong
                .extend(policy.iter().flat_map(|text| policy::lost_principals(text)).map(|id| {
                format!(
                    "the resource policy names `{id}`, a user or a role that is deleted, and cannot be put again: name \
                     another principal in its place in the policy of the API, or take it out"
                )
            }));
        },
    },
];

/// The end of the name of a function for its newest code, for which Lambda keeps no policy.
pub(super) const LATEST: &str = ":$LATEST";

/// Says what matters for security, and what is refused.
#[must_use]
pub fn judge(case: &Case<'_>, allow: Allow) -> Judged {
    let mut judged = Judged::default();
    for guard in &GUARDS {
        let mut seen = Seen::default();
        (guard.looks)(case, &mut seen);
        judged.security.extend(seen.security);
        if guard.permits.is_none_or(|(_, is_permitted)| !is_permitted(allow)) {
            let flag = guard.permits.map(|(flag, _)| flag);
            let refusals = seen.wrong.into_iter().map(|reason| Refusal { reason, flag });
            judged.refusals.extend(refusals);
        }
    }
    judged
}

/// Routes that everybody could call.
fn public(case: &Case<'_>, seen: &mut Seen) {
    let Some(next) = case.next else { return };
    let before = case.draft.into_iter().chain(case.served);
    let mut opened: Vec<Key> = before.flat_map(|before| exposed(before, next)).collect();
    opened.sort();
    opened.dedup();
    seen.security
        .extend(opened.iter().map(|route| format!("{route} becomes public")));
    if !opened.is_empty() {
        seen.wrong.push(format!("{} would become public", listed(&opened)));
    }
    // A file may serve everybody with what it likes; that somebody else is reached now is told.
    let Some(draft) = case.draft else { return };
    let known = [Some(draft), case.served].into_iter().flatten().flat_map(open_backends);
    let known: BTreeSet<&str> = known.map(|(backend, _)| backend).collect();
    let new = open_backends(next)
        .into_iter()
        .filter(|(backend, _)| !known.contains(backend));
    seen.security
        .extend(new.map(|(backend, routes)| format!("everybody reaches {backend} now, by {}", listed(&routes))));
}

/// Authorizers and resource policies that go.
fn who_is_asked(case: &Case<'_>, seen: &mut Seen) {
    if let (Some(draft), Some(next)) = (case.draft, case.next) {
        // Under another name it is there still, and so it is if that one lets less pass.
        let is_new = |name: &&String| !draft.authorizers.contains_key(*name);
        let new = next.authorizers.iter().filter(|(name, _)| is_new(name));
        let new: Vec<&Facts> = new.map(|(_, facts)| facts).collect();
        let is_again = |facts: &Facts| !facts.is_empty() && new.iter().any(|new| !is_looser_authorizer(facts, new));
        let is_there = |name: &str, facts: &Facts| next.authorizers.contains_key(name) || is_again(facts);
        let gone = draft.authorizers.iter().filter(|(name, facts)| !is_there(name, facts));
        let gone: Vec<&str> = gone.map(|(name, _)| name.as_str()).collect();
        seen.security
            .extend(gone.iter().map(|name| format!("the authorizer `{name}` disappears")));
        if !gone.is_empty() {
            seen.wrong
                .push(format!("authorizers would disappear: {}", gone.join(", ")));
        }
    }
    seen.wrong.extend(case.other_policy.map(|deployment| {
        format!("the deployment {deployment} would be served with another resource policy than that of now")
    }));
    let Some(policies) = case.policy else { return };
    let security = match (policies.served, policies.next) {
        // A put carries the draft's policy over: somebody removed it there, and now that would be deployed.
        (Some(Some(_)), None) => {
            seen.wrong
                .push("the resource policy that the stage serves would disappear".to_owned());
            Some("the resource policy that the stage serves disappears")
        }
        (Some(Some(before)), Some(after)) if before != after => {
            Some("another resource policy than the one that the stage serves takes effect")
        }
        (Some(None), Some(_)) => Some("a resource policy takes effect"),
        (None, _) if case.waiting.contains(&carry::POLICY) => {
            Some("another resource policy than that of the last deployment takes effect")
        }
        _ => None,
    };
    seen.security.extend(security.map(str::to_owned));
    // Neither has an id: both are in one form already.
    let opens = |next: &str| {
        policies
            .replaced
            .iter()
            .any(|before| policy::is_opened(*before, next, ""))
    };
    if policies.next.is_some_and(opens) {
        let what = "the resource policy lets more pass than the one before";
        seen.security.push(what.to_owned());
        seen.wrong.push(format!("{what}: it allows more, or denies less"));
    }
    // No export tells of it.
    if case.waiting.contains(&carry::ADDRESS) && case.has_default_address {
        seen.security
            .push("the default address is switched on, by somebody since the last deployment".to_owned());
    }
}

/// What protects less.
fn weaker(case: &Case<'_>, seen: &mut Seen) {
    let before = case.draft.into_iter().chain(case.served);
    let less = case
        .next
        .map(|next| before.flat_map(|before| weakened(before, next).into_iter().chain(weakened_origins(before, next))));
    let less: BTreeSet<String> = less.into_iter().flatten().collect();
    let mut less: Vec<String> = less.into_iter().collect();
    less.extend_from_slice(case.less);
    if !less.is_empty() {
        seen.wrong.push(format!("less would be protected: {}", listed(&less)));
    }
    seen.security.extend(less);
}

/// Origins whose pages may call.
fn origins(case: &Case<'_>, seen: &mut Seen) {
    let (Some(draft), Some(next)) = (case.draft, case.next) else {
        return;
    };
    let mut open: Vec<String> = Vec::new();
    let mut widened: BTreeSet<(Key, String)> = BTreeSet::new();
    for before in [draft].into_iter().chain(case.served) {
        open.extend(open_credentials(before, next));
        widened.extend(widened_origins(before, next));
    }
    open.sort();
    open.dedup();
    seen.security.extend(
        open.iter()
            .map(|what| format!("{what} lets pages of any origin send credentials")),
    );
    if !open.is_empty() {
        seen.wrong.push(format!(
            "the origin `*` would be allowed with credentials: {}",
            open.join(", ")
        ));
    }
    for (route, origin) in widened {
        seen.security
            .push(format!("{route} may be called by pages of the origin {origin}"));
    }
}

/// Routes that vanish.
fn removals(case: &Case<'_>, seen: &mut Seen) {
    let (Some(before), Some(next)) = (case.served.or(case.draft), case.next) else {
        return;
    };
    let gone = before.routes.keys().filter(|key| !next.routes.contains_key(key));
    let gone: Vec<Key> = gone.cloned().collect();
    if gone.len() * 2 > before.routes.len() {
        let all = before.routes.len();
        let listed = listed(&gone);
        seen.wrong
            .push(format!("{} of {all} routes would vanish: {listed}", gone.len()));
    }
}

/// Names of routes and the like, not too many of them.
pub(crate) fn listed(all: &[impl ToString]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<String> = all.iter().take(SHOWN).map(ToString::to_string).collect();
    match all.len().saturating_sub(SHOWN) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests;
