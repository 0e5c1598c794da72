//! What else is worth knowing of a plan, in words.

use std::collections::BTreeMap;

use bluegate_core::gateway::Difference;

use crate::read::{FunctionAccess, Reading};

use super::action::Action;
use super::drift::Drift;
use super::permissions::{Calls, FunctionPlan, Invoker};
use super::stages::StagePlan;

/// What somebody changed in the draft since the stage's deployment was made, as far as it can be seen.
pub(super) fn edits(since: &Difference) -> Vec<String> {
    const SHOWN: usize = 10;
    let added = since.added.iter().map(|route| format!("{route} was added"));
    let removed = since.removed.iter().map(|route| format!("{route} was removed"));
    let changed = since.changed.iter().map(|one| {
        let fields: Vec<&str> = one.changes.iter().map(|change| change.field.as_str()).collect();
        format!("{} was changed ({})", one.route, fields.join(", "))
    });
    let all: Vec<String> = added.chain(removed).chain(changed).collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut shown: Vec<String> = all
        .into_iter()
        .take(SHOWN)
        .map(|edit| format!("since the last deployment, {edit}"))
        .collect();
    if more > 0 {
        shown.push(format!("{more} more edits since the last deployment"));
    }
    shown
}

/// What is to be known of who may call functions.
pub(super) fn functions(
    invoker: Option<&Invoker>,
    policies: &BTreeMap<String, FunctionAccess>,
    calls: &Calls,
    plans: &[FunctionPlan],
) -> Vec<String> {
    let Some(invoker) = invoker else {
        let unknown = "it is not known which account this is: nobody looks whether the functions may be called";
        return Vec::from_iter((!calls.is_empty()).then(|| unknown.to_owned()));
    };
    let mut notes = Vec::new();
    for plan in plans.iter().filter(|plan| plan.is_wide) {
        notes.push(format!(
            "the policy of the function `{}` has no room for a statement for each route: one permits all calls of the \
             stage",
            plan.function
        ));
    }
    for (function, policy) in policies {
        match policy {
            FunctionAccess::Hidden => notes.push(format!(
                "nobody tells whether API Gateway may call the function `{function}`; if not, its owner permits it: {}",
                invoker.command(function, &invoker.sum_of(calls, function))
            )),
            FunctionAccess::Missing => notes.push(format!("the function `{function}` is not found")),
            FunctionAccess::Known(_) => {}
        }
    }
    notes
}

/// Tags of a resource
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-restrictions.html)).
const MOST_TAGS: usize = 50;
/// From so many on there is no room for a lock and a mark.
const MANY_TAGS: usize = MOST_TAGS - 1;

/// What the parts of a plan and a reading tell together.
pub(super) fn notes(
    action: &Action,
    stage: &StagePlan,
    other_stages: &[StagePlan],
    waiting: &[&str],
    drift: Drift,
    reading: &Reading,
) -> Vec<String> {
    let mut notes = Vec::new();
    let is_served = matches!(action, Action::Nothing { .. } | Action::StageSettings);
    if let Some(canary) = action.canary() {
        let serves = stage.serves.as_deref().unwrap_or("nothing");
        notes.push(format!(
            "{} % of the traffic of the stage `{}` go to {}; its production pointer stays at {serves}",
            canary.percent,
            stage.name,
            match (&canary.replaces, action) {
                (Some(id), Action::CanaryPercent(_)) => format!("its canary {id}"),
                (Some(id), _) => format!("the new deployment, instead of its canary {id}"),
                (None, _) => "the new deployment".to_owned(),
            }
        ));
    } else if let Some(canary) = stage.canary.as_ref().filter(|_| action.overwrites()) {
        notes.push(format!(
            "the stage `{}` has a canary with {} % of the traffic: its production pointer moves, the canary stays",
            stage.name, canary.percent
        ));
    }
    if !other_stages.is_empty() && !is_served {
        let names: Vec<&str> = other_stages.iter().map(|stage| stage.name.as_str()).collect();
        notes.push(format!(
            "the stages of an API share one draft: {} serve what they do until they are deployed to",
            names.join(", ")
        ));
    }
    if !waiting.is_empty() {
        let reach = if action.canary().is_some() {
            "is not live; this deployment serves it to the canary"
        } else {
            "is not live; this deployment makes it so"
        };
        notes.push(format!(
            "what somebody changed since the last deployment {reach}: {}",
            waiting.join(", ")
        ));
    }
    match drift {
        Drift::Unknown if !reading.deployments.is_empty() => notes.push(
            "the last deployment does not say what it was made of: edits of the draft since cannot be seen".to_owned(),
        ),
        Drift::Interrupted => {
            notes.push("an earlier run was interrupted after it had begun to write: this one finishes it".to_owned());
        }
        _ => {}
    }
    let api = &reading.api;
    if api.status.as_deref() == Some("FAILED") {
        let why = api.status_message.as_deref().unwrap_or("it does not say why");
        notes.push(format!("API Gateway could not apply the last change: {why}"));
    } else if !api.is_at_rest() {
        notes.push("somebody else's update of the API is in progress: a deployment waits for it".to_owned());
    }
    let tags = reading.api.tags.len();
    if tags >= MANY_TAGS && action.overwrites() {
        notes.push(format!(
            "the API has {tags} tags of the {MOST_TAGS} that AWS takes: a lock needs one, and without room for it \
             nothing keeps another run away"
        ));
    }
    if !reading.missing.is_empty() {
        let missing: Vec<&str> = reading.missing.iter().map(String::as_str).collect();
        notes.push(format!("the service does not offer {}", missing.join(", ")));
    }
    notes
}
