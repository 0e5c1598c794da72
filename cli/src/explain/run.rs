//! What a run that failed says, and its exit code.

use bluegate_deploy::api::Cause;
use bluegate_deploy::deploy::{self, DeployError, State};
use bluegate_deploy::sdk::Destination;

use crate::exit::Exit;
use crate::failure::{Failure, Stop};
use crate::render::count;

use super::explain_call;

/// How a run ends that failed.
pub(crate) fn stop(error: &DeployError, at: &Destination) -> Stop {
    let exit = match (error, error.state()) {
        (error, State::Untouched) if is_interruption(error) => Exit::Interrupted,
        (DeployError::Refused { .. } | DeployError::WrongAccount { .. } | DeployError::UnknownAccount { .. }, _) => {
            Exit::Refused
        }
        (_, State::Untouched | State::MaybeCreated) => Exit::Failed,
        _ => Exit::Undone,
    };
    Stop::Ended(explain(error, at), exit)
}

/// Whether it ended because somebody wanted it to.
fn is_interruption(error: &DeployError) -> bool {
    match error {
        DeployError::Call { error, .. } | DeployError::UnknownAccount { error, .. } => {
            error.cause == Cause::Interrupted
        }
        DeployError::Declined { interrupted } => *interrupted,
        _ => false,
    }
}

fn explain(error: &DeployError, at: &Destination) -> Failure {
    match error {
        DeployError::Check { reason, state } => Failure::new("check", reason.clone()).with_note(state.to_string()),
        DeployError::WrongAccount { wanted, found } => Failure::new(
            "wrong_account",
            format!(
                "the credentials belong to the account {}, and `account_id` is {wanted}: nothing was changed",
                found.account
            ),
        )
        .with_note(format!("they are those of {}, from {}", found.arn, at.credentials))
        .with_help("use credentials of the right account, or correct `account_id` in the AWS file"),
        DeployError::UnknownAccount { wanted, error } => {
            let mut failure = explain_call(error, at).with_note(format!(
                "`account_id` is {wanted}, and nobody says whose credentials these are: nothing was changed"
            ));
            if deploy::is_about_sts(error) {
                failure.help = Some("let this machine reach STS, or leave `account_id` out of the AWS file".to_owned());
            }
            failure
        }
        DeployError::Refused { refusals } => {
            let flags: Vec<&str> = refusals.iter().map(|refusal| refusal.flag).collect();
            let mut failure = Failure::new("refused", "not deployed: nothing was changed")
                .with_help(format!("if that is what you want, add {}", flags.join(" ")));
            for refusal in refusals {
                failure = failure.with_note(refusal.reason.clone());
            }
            failure
        }
        DeployError::Locked { run, seconds } => Failure::new("locked", format!("another run deploys this API: {run}"))
            .with_help(format!(
                "wait until it is done; if it died, its lock expires in {seconds} s, or remove the API's tag `{}`",
                deploy::LOCK_TAG
            )),
        DeployError::ChangedMeanwhile => Failure::new(
            "changed_meanwhile",
            "somebody changed the API since it was read: nothing was changed",
        )
        .with_help("run the command again"),
        DeployError::CreatedMeanwhile { name } => Failure::new(
            "created_meanwhile",
            format!(
                "another run created an API named `{name}` at the same time: the one of this run was deleted again"
            ),
        )
        .with_help("run the command again"),
        DeployError::RunsHere => Failure::new("locked", "another run on this machine deploys this API")
            .with_help("wait until it is done; `bluegate status` shows whether it is"),
        DeployError::Journal { reason } => {
            Failure::new("journal", reason.clone()).with_help("give another folder with `--journal`")
        }
        DeployError::Call {
            error,
            state: State::Untouched,
        } if error.cause == Cause::Interrupted => {
            Failure::new("interrupted", "interrupted: nothing was changed").with_help("run the command again")
        }
        DeployError::Call { error, state } => {
            let failure = explain_call(error, at);
            match state {
                // Before the first write there is no state to tell about.
                State::Untouched => failure,
                state => failure.with_note(state.to_string()),
            }
        }
        DeployError::NoStage { stage, known } => {
            Failure::new("no_stage", format!("there is no stage `{stage}` that serves anything")).with_help(match known
                .as_slice()
            {
                [] => "deploy to it first, with `bluegate deploy`".to_owned(),
                known => format!(
                    "name one of the stages that there are with `--stage`: {}",
                    known.join(", ")
                ),
            })
        }
        DeployError::NoDeployment { id, known } => Failure::new(
            "no_deployment",
            match id {
                Some(id) => format!("there is no deployment {id}: it is deleted, or one of another API"),
                None if known.is_empty() => "there is no older deployment to go back to".to_owned(),
                None => "an earlier run was interrupted: say which deployment the stage is to serve".to_owned(),
            },
        )
        .with_help(match known.as_slice() {
            [] => "`bluegate history` shows what there is".to_owned(),
            known => format!("name one that there is, newest first: {}", known.join(", ")),
        }),
        DeployError::NotNamed { name, typed: Some(_) } => Failure::new(
            "not_confirmed",
            format!("that is not the name of the API, which is `{name}`: nothing was deleted"),
        )
        .with_help("type the name as it stands there, or check that the AWS file is the right one"),
        DeployError::NotNamed { name, typed: None } => Failure::new(
            "not_confirmed",
            format!("without a terminal nobody can confirm that `{name}` is to be deleted: nothing was deleted"),
        )
        .with_help(format!("if that is what you want, add `--confirm \"{name}\"`")),
        DeployError::Canary { stage, there: true } => Failure::new(
            "canary",
            format!("the stage `{stage}` has a canary: nothing was changed"),
        )
        .with_help("end it first, with `bluegate promote` or `bluegate abort`"),
        DeployError::Canary { stage, there: false } => Failure::new(
            "no_canary",
            format!("the stage `{stage}` has no canary: nothing was changed"),
        )
        .with_help("`bluegate deploy --canary 10` begins one; `bluegate status` shows the stages"),
        DeployError::NoSuchName { name } => Failure::new(
            "no_such_name",
            format!("there is no REST API named `{name}` in region `{}`", at.region),
        )
        .with_help(
            "`bluegate deploy --create` creates it; if it has another name, give its `rest_api_id` in the AWS file",
        ),
        DeployError::AmbiguousName { name, ids } => Failure::new(
            "ambiguous_name",
            format!("{} are named `{name}`", count(ids.len(), "REST API")),
        )
        .with_note(format!("their ids: {}", ids.join(", ")))
        .with_help("give the `rest_api_id` of one of them in the AWS file"),
        DeployError::Declined { interrupted: true } => {
            Failure::new("interrupted", "interrupted: nothing was changed").with_help("run the command again")
        }
        DeployError::Declined { interrupted: false } => Failure::new("declined", "not confirmed: nothing was changed"),
    }
}
