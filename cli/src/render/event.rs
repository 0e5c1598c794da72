//! What happens in a run, in words: a verb and what it is done to, or a warning.

use bluegate_deploy::plan::{Action, Plan};
use bluegate_deploy::service::Lack;
use bluegate_deploy::{Content, DeploymentLabel, Event, Intent, Question, Untried, Warning};

use super::{count, server};

/// A step: its verb, and what it is done to. `None` for what is told otherwise or not at all.
pub(crate) fn step(event: &Event) -> Option<(&'static str, String)> {
    Some(match event {
        // Said by the command, and for a warning there is another word.
        Event::Began { .. } | Event::Warning(_) => return None,
        Event::CheckingAccount { account_id } => ("Checking", format!("that the account is {account_id}")),
        Event::Finding { rest_api_id, name } => (
            "Finding",
            match rest_api_id {
                Some(id) => format!("the API `{id}`"),
                None => format!("the API named `{name}`"),
            },
        ),
        Event::WaitingForReads => (
            "Waiting",
            "until reads show all that an interrupted run wrote".to_owned(),
        ),
        Event::UpdatedBySomebody => ("Waiting", "until somebody else's update of the API is done".to_owned()),
        Event::Updating { seconds } => (
            "Waiting",
            format!("for API Gateway, which updates the API since {seconds} s"),
        ),
        Event::Reading { rest_api_id, name } => ("Reading", format!("the API `{name}` ({rest_api_id})")),
        Event::Planned { plan } => planned(plan),
        Event::Compared {
            to,
            back,
            added,
            removed,
            changed,
        } => {
            let back = if *back { "back to " } else { "" };
            let counts = format!("{added} routes added, {removed} removed, {changed} with another authorization");
            ("Planned", format!("{back}{}: {counts}", label(to)))
        }
        Event::Unchanged { stage, deployment_id } => (
            "Unchanged",
            format!("the stage `{stage}` serves {deployment_id}: nothing is written"),
        ),
        Event::Keeping => ("Keeping", "a snapshot".to_owned()),
        Event::CreatingApi { name } => ("Creating", format!("the API `{name}`")),
        Event::CreatedApi { rest_api_id } => ("Created", format!("the API `{rest_api_id}`")),
        Event::Exporting { stage } => ("Exporting", format!("what the stage `{stage}` serves")),
        Event::Putting {
            rest_api_id,
            content: Content::Document,
        } => ("Putting", format!("the document on the API `{rest_api_id}`")),
        Event::Putting {
            rest_api_id,
            content: Content::Served,
        } => ("Putting", format!("it as the definition of the API `{rest_api_id}`")),
        Event::CheckingDraft { content } => (
            "Checking",
            match content {
                Content::Document => "that the draft is the document".to_owned(),
                Content::Served => "that the draft is what is served".to_owned(),
            },
        ),
        Event::Repairing { settings } => ("Repairing", format!("what the put reset: {}", settings.join(", "))),
        Event::Trying { request } => ("Trying", format!("{request} on the draft")),
        Event::CreatingDeployment => ("Creating", "a deployment".to_owned()),
        Event::Deploying { deployment_id, stage } => ("Deploying", format!("{deployment_id} to the stage `{stage}`")),
        Event::Permitting { function, calls } => (
            "Permitting",
            format!("{} of the function `{function}`", count(calls.len(), "call")),
        ),
        Event::Withdrawing { function, statements } => (
            "Withdrawing",
            format!(
                "{} of the function `{function}`, which nothing needs",
                count(statements.len(), "permission")
            ),
        ),
        Event::Moving { stage, deployment_id } => ("Moving", format!("the stage `{stage}` to {deployment_id}")),
        Event::Sending {
            stage,
            deployment_id,
            percent,
        } => (
            "Sending",
            format!("{percent} % of the traffic of the stage `{stage}` to {deployment_id}"),
        ),
        Event::Promoting { stage } => ("Promoting", format!("the canary of the stage `{stage}`")),
        Event::RemovingCanary { stage } => ("Removing", format!("the canary of the stage `{stage}`")),
        Event::Configuring { stage } => ("Setting", format!("what the file declares of the stage `{stage}`")),
        Event::Requesting { request } => ("Requesting", request.clone()),
        Event::RequestingUnsigned { request } => (
            "Requesting",
            format!("{request} without a signature, which must be refused"),
        ),
        Event::Deleting { rest_api_id, name } => ("Deleting", format!("the API `{name}` ({rest_api_id})")),
        Event::Undoing => ("Undoing", "what was done".to_owned()),
    })
}

fn planned(plan: &Plan) -> (&'static str, String) {
    match &plan.action {
        Action::Nothing { served_by } => (
            "Unchanged",
            format!("{} serves this document: nothing is written", server(*served_by)),
        ),
        Action::StageSettings => {
            let settings = plan.stage.changes.len();
            let permissions = plan.permissions.iter().map(|one| one.added.len()).sum();
            let what = match (settings, permissions) {
                (_, 0) => count(settings, "setting"),
                (0, _) => count(permissions, "permission"),
                _ => format!(
                    "{} and {}",
                    count(settings, "setting"),
                    count(permissions, "permission")
                ),
            };
            (
                "Planned",
                format!("{what} of the stage, which serves this document already"),
            )
        }
        Action::CanaryPercent(_) | Action::Replace(_) | Action::Create(_) => (
            "Planned",
            format!(
                "{} added, {} removed, {} changed",
                count(plan.routes.added.len(), "route"),
                plan.routes.removed.len(),
                plan.routes.changed.len()
            ),
        ),
    }
}

/// A warning in a sentence.
pub(crate) fn warning(warning: &Warning) -> String {
    match warning {
        Warning::Document { message } => format!("API Gateway: {message}"),
        Warning::Security { what } => what.clone(),
        Warning::Unguarded => {
            "the service does not tell who may call what of a deployment: no guard can look at it".to_owned()
        }
        Warning::StageGoes { stage, deployment_id } => {
            let serves = deployment_id.as_deref().unwrap_or("nothing");
            format!("the stage `{stage}`, which serves {serves}, is deleted")
        }
        Warning::NotKept { stage } => {
            format!("the stage `{stage}` cannot be exported: a failure could not put the draft back")
        }
        Warning::Lost { what } => format!("the put lost {what}"),
        Warning::NotRepaired { reason } => format!("settings of the API may be lost: {reason}"),
        Warning::Unlocked => {
            "the API cannot be locked, since the role may not tag it or it has all the tags that AWS takes: take care \
                              that nobody else deploys it now"
                .to_owned()
        }
        Warning::Clock { ahead } => {
            let (seconds, direction) = (ahead.unsigned_abs(), if *ahead > 0 { "slow" } else { "fast" });
            format!(
                "the clock of this machine is {seconds} s {direction}: locks go by that of AWS, and AWS refuses calls \
                     of a clock that is five minutes wrong"
            )
        }
        Warning::TagStays {
            tag,
            expires: true,
            error,
        } => format!("the tag `{tag}` stays until it expires: {error}"),
        Warning::TagStays { tag, error, .. } => format!("the tag `{tag}` stays: {error}"),
        Warning::NotTagged { tag, error } => {
            format!("the tag `{tag}` is not set: the next deployment may ask for --allow-drift ({error})")
        }
        Warning::Journal { error } => format!("the journal cannot be written: {error}"),
        Warning::CacheTakesTime { stage, is_made: true } => {
            format!("API Gateway takes minutes to make the cache of the stage `{stage}`, and bills it from now on")
        }
        Warning::CacheTakesTime { stage, .. } => {
            format!("API Gateway takes minutes to delete the cache of the stage `{stage}`")
        }
        Warning::NotFlushed { cache, error } => format!("the {cache} of the stage is not emptied: {error}"),
        Warning::DeploymentStays {
            deployment_id,
            ours: true,
            error,
        } => format!("the deployment {deployment_id} stays, and no stage serves it: {error}"),
        Warning::DeploymentStays {
            deployment_id, error, ..
        } => format!("the old deployment {deployment_id} stays: {error}"),
        Warning::Unclear { deployment_id, what } => {
            format!("AWS tells of the deployment {deployment_id} that {what}: what is exported or put decides")
        }
        Warning::PermissionStays { function, error } => {
            format!("the function `{function}` permits calls that nobody makes any more: {error}")
        }
        Warning::Hidden { function, command } => format!(
            "nobody tells whether API Gateway may call the function `{function}`; if not, its owner permits it: {command}"
        ),
        Warning::TriedLater { request, reason } => {
            let why = match reason {
                Untried::AnyMethod => "does not know the verbs of a method that answers all",
                Untried::ContentType => "sends all requests as JSON",
                Untried::Authorizer => "leaves out authorizers and API keys",
                Untried::Function => "is no stage that functions permit",
            };
            format!("{request} is made after the deployment only: API Gateway's test of methods {why}")
        }
        Warning::NotTried => {
            "AWS denies TestInvokeMethod: smoke requests are made after the deployment only".to_owned()
        }
        Warning::NotRequested { request } => {
            format!("{request} is not made: the stage has no address that is reached from here; give its `smokeURL`")
        }
        Warning::Unproved { request, reason } => {
            format!("{request} without a signature {reason}: nobody knows whether it is refused")
        }
        Warning::Lacking { lack, what } => {
            let does = match lack {
                Lack::Lists => "does not list",
                Lack::Exports => "does not export",
                Lack::Definition => "did not take all of the document:",
                Lack::Access => "deployed something else:",
                Lack::Settings => "does not set",
                Lack::Tags => "does not tag",
                Lack::Trials => "does not try",
                Lack::Authorization => "does not refuse",
                Lack::Warnings => "warns otherwise than AWS:",
                Lack::Functions => "does not tell",
                Lack::Lag => "answers late:",
            };
            format!("the emulator {does} {what}")
        }
    }
}

/// A question that is answered by yes or no, or by the name of the API.
pub(crate) fn question(question: &Question) -> String {
    let id = question.rest_api_id.as_deref().unwrap_or_default();
    let name = &question.name;
    let api = format!("the API `{name}` ({id})");
    match &question.intent {
        Intent::Create { stage } => format!("create the API `{name}` and deploy it to the stage `{stage}`?"),
        Intent::Deploy { stage, canary: None } => {
            format!("replace the definition of {api} and deploy it to the stage `{stage}`?")
        }
        Intent::Deploy {
            stage,
            canary: Some(percent),
        } => {
            format!("replace the definition of {api} and send {percent} % of the traffic of the stage `{stage}` to it?")
        }
        Intent::Send { stage, percent } => {
            format!("send {percent} % of the traffic of the stage `{stage}` to its canary?")
        }
        Intent::Move { stage, from, to } => {
            format!("move the stage `{stage}` of {api} from {from} to {}?", label(to))
        }
        Intent::Align { stage, deployment_id } => {
            format!("replace the draft of {api} by what the stage `{stage}` serves, {deployment_id}?")
        }
        Intent::Promote { stage, from, canary } => format!(
            "make the stage `{stage}` of the API `{name}` serve {} for all of the traffic, instead of {from}?",
            label(canary)
        ),
        Intent::Abort { stage, serves, canary } => format!(
            "take the canary {} of the stage `{stage}` of the API `{name}` away, so that all traffic goes to {serves}?",
            label(canary)
        ),
        Intent::Destroy => format!("to delete {api} for ever, type its name:"),
    }
}

/// A deployment with what is known of it.
fn label(deployment: &DeploymentLabel) -> String {
    let commit = deployment.commit.as_ref().map(|commit| format!("commit {commit}"));
    let facts: Vec<String> = deployment.created.iter().cloned().chain(commit).collect();
    if facts.is_empty() {
        deployment.id.clone()
    } else {
        format!("{} ({})", deployment.id, facts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_emulator_lacks_is_a_sentence() {
        let said = |lack, what: &str| {
            warning(&Warning::Lacking {
                lack,
                what: what.to_owned(),
            })
        };
        assert_eq!(
            said(Lack::Definition, "GET /a is open"),
            "the emulator did not take all of the document: GET /a is open"
        );
        assert_eq!(said(Lack::Settings, "the cache"), "the emulator does not set the cache");
        assert_eq!(
            said(Lack::Exports, "what is served"),
            "the emulator does not export what is served"
        );
    }
}
