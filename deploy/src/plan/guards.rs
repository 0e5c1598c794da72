//! What is not done unless somebody says that it may be.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Definition, Key, exposed, open_credentials, policy, widened_origins};
use super::{Drift, StagePlan, Wanted};
use crate::carry;
use crate::read::Reading;

/// What guards permit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allow {
    /// A method becomes public.
    pub public: bool,
    /// An authorizer or a policy disappears.
    pub policy_change: bool,
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
}

/// Why a deployment is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What is wrong.
    pub reason: String,
    /// The flag that permits it.
    pub flag: &'static str,
}

/// Names of routes, not too many of them.
pub(crate) fn listed(routes: &[Key]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<String> = routes.iter().take(SHOWN).map(ToString::to_string).collect();
    match routes.len().saturating_sub(SHOWN) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// What is judged.
pub(super) struct Case<'a> {
    pub(super) reading: &'a Reading,
    pub(super) draft: &'a Definition,
    /// What the stage serves, as far as the service tells: who may call what.
    pub(super) live: Option<&'a Definition>,
    /// The resource policy that the stage serves, in the form in which policies can be compared; the outer `None` when
    /// nobody knows.
    pub(super) served_policy: Option<Option<String>>,
    pub(super) desired: &'a Definition,
    pub(super) stage: &'a StagePlan,
    /// Settings that no deployment has taken.
    pub(super) waiting: &'a [&'static str],
    pub(super) drift: Drift,
    pub(super) wanted: &'a Wanted<'a>,
}

/// What guards say.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// What matters for security.
    pub(super) security: Vec<String>,
    /// What is refused.
    pub(super) refusals: Vec<Refusal>,
}

/// Says what matters for security, and what is refused.
pub(super) fn judge(case: &Case<'_>) -> Judged {
    let Case {
        reading,
        draft,
        live,
        desired,
        ..
    } = *case;
    let allow = case.wanted.allow;
    let (mut security, mut refusals) = (Vec::new(), Vec::new());
    let mut refuse = |permitted: bool, flag: &'static str, reason: String| {
        if !permitted {
            refusals.push(Refusal { reason, flag });
        }
    };
    // The draft knows of routes that were never deployed, the deployment of those that somebody opened since.
    let mut opened = exposed(draft, desired);
    opened.extend(live.map(|live| exposed(live, desired)).unwrap_or_default());
    opened.sort();
    opened.dedup();
    for route in &opened {
        security.push(format!("{route} becomes public"));
    }
    if !opened.is_empty() {
        refuse(
            allow.public,
            "--allow-public",
            format!("{} would become public", listed(&opened)),
        );
    }
    let gone: Vec<&str> = draft
        .authorizers
        .keys()
        .filter(|name| !desired.authorizers.contains_key(*name))
        .map(String::as_str)
        .collect();
    for name in &gone {
        security.push(format!("the authorizer `{name}` disappears"));
    }
    if !gone.is_empty() {
        refuse(
            allow.policy_change,
            "--allow-policy-change",
            format!("authorizers would disappear: {}", gone.join(", ")),
        );
    }
    let kept = reading.api.policy.as_deref();
    let kept = kept.map(|text| policy::normalise(text, &reading.api.id));
    match (&case.served_policy, kept) {
        // The put carries the draft's policy over: somebody removed it there, and now that would be deployed.
        (Some(Some(_)), None) => {
            security.push("the resource policy that the stage serves disappears".to_owned());
            refuse(
                allow.policy_change,
                "--allow-policy-change",
                "the resource policy would disappear: somebody removed it since the last deployment".to_owned(),
            );
        }
        (Some(Some(before)), Some(after)) if *before != after => {
            security.push("another resource policy than the one that the stage serves takes effect".to_owned());
        }
        (Some(None), Some(_)) => security.push("a resource policy takes effect".to_owned()),
        _ => {}
    }
    // The export does not tell of it.
    if case.waiting.contains(&carry::ADDRESS) && !reading.api.disable_execute_api_endpoint {
        security.push("the default address is switched on, by somebody since the last deployment".to_owned());
    }
    if case.served_policy.is_none() && case.waiting.contains(&carry::POLICY) {
        security.push("another resource policy than that of the last deployment takes effect".to_owned());
    }
    let credentials = open_credentials(draft, desired);
    for what in &credentials {
        security.push(format!("{what} lets pages of any origin send credentials"));
    }
    if !credentials.is_empty() {
        refuse(
            allow.open_credentials,
            "--allow-open-credentials",
            format!(
                "the origin `*` would be allowed with credentials: {}",
                credentials.join(", ")
            ),
        );
    }
    for (route, origin) in widened_origins(draft, desired) {
        security.push(format!("{route} may be called by pages of the origin {origin}"));
    }
    let served = live.unwrap_or(draft);
    let vanish: Vec<Key> = served
        .routes
        .keys()
        .filter(|key| !desired.routes.contains_key(key))
        .cloned()
        .collect();
    if vanish.len() * 2 > served.routes.len() {
        refuse(
            allow.mass_removal,
            "--allow-mass-removal",
            format!(
                "{} of {} routes would vanish: {}",
                vanish.len(),
                served.routes.len(),
                listed(&vanish)
            ),
        );
    }
    if case.drift == Drift::Edited {
        refuse(
            allow.drift,
            "--allow-drift",
            "somebody edited the API since the last deployment, and that would be lost".to_owned(),
        );
    }
    if let (Some(canary), None) = (&case.stage.canary, case.wanted.canary) {
        refuse(
            allow.canary,
            "--allow-canary",
            format!(
                "the stage `{}` has a canary with {} % of the traffic: `bluegate promote` or `bluegate abort` ends it",
                case.stage.name, canary.percent
            ),
        );
    }
    refusals.extend(unavailable(&reading.links, allow));
    Judged { security, refusals }
}

/// Refuses VPC links that cannot be called.
pub(super) fn unavailable(links: &BTreeMap<String, Option<String>>, allow: Allow) -> Vec<Refusal> {
    let unavailable = links.iter().filter_map(|(link, status)| {
        let status = status.as_deref().filter(|status| !["", "AVAILABLE"].contains(status))?;
        let reason = format!("the VPC link `{link}` is {status}");
        let flag = "--allow-unavailable-link";
        Some(Refusal { reason, flag })
    });
    unavailable.filter(|_| !allow.unavailable_link).collect()
}
