//! What a run that failed says, and its exit code.

use bluegate_deploy::api::Cause;
use bluegate_deploy::read::{Lock, ReadError, is_about_sts};
use bluegate_deploy::sdk::Destination;
use bluegate_deploy::{RunError, State};

use crate::exit::Exit;
use crate::failure::{Failure, Stop};
use crate::render::count;

use super::explain_call;

/// How a run ends that failed.
pub(crate) fn stop(error: &RunError, at: &Destination) -> Stop {
    Stop::Ended(explain(error, at), exit(error))
}

fn exit(error: &RunError) -> Exit {
    match (error, error.state()) {
        (error, State::Untouched) if is_interruption(error) => Exit::Interrupted,
        (
            RunError::Refused { .. }
            | RunError::Read(ReadError::WrongAccount { .. })
            | RunError::Read(ReadError::UnknownAccount { .. }),
            _,
        ) => Exit::Refused,
        (_, State::Untouched) => Exit::Failed,
        _ => Exit::Undone,
    }
}

/// Whether it ended because somebody wanted it to.
fn is_interruption(error: &RunError) -> bool {
    match error {
        RunError::Call { error, .. }
        | RunError::Read(ReadError::Call(error) | ReadError::UnknownAccount { error, .. }) => {
            error.cause == Cause::Interrupted
        }
        RunError::Declined { interrupted } => *interrupted,
        _ => false,
    }
}

fn explain(error: &RunError, at: &Destination) -> Failure {
    match error {
        RunError::Check { reason, state } => Failure::new("check", reason.clone()).with_note(left(state)),
        RunError::Read(ReadError::WrongAccount { wanted, found }) => Failure::new(
            "wrong_account",
            format!(
                "the credentials belong to the account {}, and `account_id` is {wanted}: nothing was changed",
                found.account
            ),
        )
        .with_note(format!("they are those of {}, from {}", found.arn, at.credentials))
        .with_help("use credentials of the right account, or correct `account_id` in the AWS file"),
        RunError::Read(ReadError::UnknownAccount { wanted, error }) => {
            let mut failure = explain_call(error, at).with_note(format!(
                "`account_id` is {wanted}, and nobody says whose credentials these are: nothing was changed"
            ));
            if is_about_sts(error) {
                failure.help = Some("let this machine reach STS, or leave `account_id` out of the AWS file".to_owned());
            }
            failure
        }
        RunError::Refused { refusals } => {
            let flags: Vec<&str> = refusals.iter().map(|refusal| refusal.flag).collect();
            let mut failure = Failure::new("refused", "not deployed: nothing was changed")
                .with_help(format!("if that is what you want, add {}", flags.join(" ")));
            for refusal in refusals {
                failure = failure.with_note(refusal.reason.clone());
            }
            failure
        }
        RunError::Locked { run, seconds } => Failure::new("locked", format!("another run deploys this API: {run}"))
            .with_help(format!(
                "wait until it is done; if it died, its lock expires in {seconds} s, or remove the API's tag `{}`",
                Lock::TAG
            )),
        RunError::ChangedMeanwhile => Failure::new(
            "changed_meanwhile",
            "somebody changed the API since it was read: nothing was changed",
        )
        .with_help("run the command again"),
        RunError::CreatedMeanwhile { name } => Failure::new(
            "created_meanwhile",
            format!(
                "another run created an API named `{name}` at the same time: the one of this run was deleted again"
            ),
        )
        .with_help("run the command again"),
        RunError::RunsHere => Failure::new("locked", "another run on this machine deploys this API")
            .with_help("wait until it is done; `bluegate status` shows whether it is"),
        RunError::Journal { reason } => {
            Failure::new("journal", reason.clone()).with_help("give another folder with `--journal`")
        }
        RunError::Call {
            error,
            state: State::Untouched,
        } if error.cause == Cause::Interrupted => {
            Failure::new("interrupted", "interrupted: nothing was changed").with_help("run the command again")
        }
        RunError::Call { error, state } => {
            let failure = explain_call(error, at);
            match state {
                // Before the first write there is no state to tell about.
                State::Untouched => failure,
                state => failure.with_note(left(state)),
            }
        }
        RunError::NoStage { stage, known } => {
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
        RunError::NoDeployment { id, known } => Failure::new(
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
        RunError::NotNamed { name, typed: Some(_) } => Failure::new(
            "not_confirmed",
            format!("that is not the name of the API, which is `{name}`: nothing was deleted"),
        )
        .with_help("type the name as it stands there, or check that the AWS file is the right one"),
        RunError::NotNamed { name, typed: None } => Failure::new(
            "not_confirmed",
            format!("without a terminal nobody can confirm that `{name}` is to be deleted: nothing was deleted"),
        )
        .with_help(format!("if that is what you want, add `--confirm \"{name}\"`")),
        RunError::Canary { stage, there: true } => Failure::new(
            "canary",
            format!("the stage `{stage}` has a canary: nothing was changed"),
        )
        .with_help("end it first, with `bluegate promote` or `bluegate abort`"),
        RunError::Canary { stage, there: false } => Failure::new(
            "no_canary",
            format!("the stage `{stage}` has no canary: nothing was changed"),
        )
        .with_help("`bluegate deploy --canary 10` begins one; `bluegate status` shows the stages"),
        RunError::Read(ReadError::Call(error)) => explain_call(error, at),
        RunError::Read(ReadError::NoSuchName { name }) => Failure::new(
            "no_such_name",
            format!("there is no REST API named `{name}` in region `{}`", at.region),
        )
        .with_help(
            "`bluegate deploy --create` creates it; if it has another name, give its `rest_api_id` in the AWS file",
        ),
        RunError::Read(ReadError::AmbiguousName { name, ids }) => Failure::new(
            "ambiguous_name",
            format!("{} are named `{name}`", count(ids.len(), "REST API")),
        )
        .with_note(format!("their ids: {}", ids.join(", ")))
        .with_help("give the `rest_api_id` of one of them in the AWS file"),
        RunError::Declined { interrupted: true } => {
            Failure::new("interrupted", "interrupted: nothing was changed").with_help("run the command again")
        }
        RunError::Declined { interrupted: false } => Failure::new("declined", "not confirmed: nothing was changed"),
    }
}

/// What a run that failed left, and what to do about it.
fn left(state: &State) -> String {
    match state {
        State::Untouched => "nothing was changed".to_owned(),
        State::Restored => "nothing else is served than before, and the API's definition was put back".to_owned(),
        State::SettingsRestored => "the stage serves what it did, and its settings were put back".to_owned(),
        State::SettingsUnknown => {
            "the stage serves what it did, but some of its settings may be those of the file: run \
                                   the command again"
                .to_owned()
        }
        State::Returned => {
            "the stage serves what it served before, and the API's definition was not touched".to_owned()
        }
        State::PointerUnknown => "it is not known which deployment the stage serves: look at `bluegate status`, then \
                                  run the command again"
            .to_owned(),
        State::DraftLeft { deployment } => format!(
            "the canary is gone and all traffic goes to {deployment}, but the API's definition is not made equal to \
             that: `bluegate rollback --to {deployment}` does it"
        ),
        State::MaybeDeleted => "it is not known whether the API is deleted: look at `bluegate status`".to_owned(),
        State::MaybeCreated => {
            "it is not known whether the API was created: look for it before the next `--create`".to_owned()
        }
        State::DraftUnknown => "the stage serves what it served before, but the API's definition may be replaced in \
                                part: run the command again"
            .to_owned(),
        State::DraftServed { stage } => format!(
            "nothing else is served than before; no stage serves what the API's definition was, so that it is now \
             what the stage `{stage}` serves"
        ),
        State::DraftReplaced { rest_api_id } => format!(
            "the definition of the API `{rest_api_id}` is the new one, but no stage serves it: run the command again"
        ),
        State::StageUnknown => "the API's definition is the new one; it is not known whether the stage serves it: run \
                                the command again"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use bluegate_deploy::api::{CallError, Operation};

    use super::*;

    #[test]
    fn only_what_surely_changed_nothing_ends_as_if_nothing_was_changed() {
        let exit = |state: State| {
            let error = CallError::new(Operation::ImportRestApi, Cause::TimedOut);
            exit(&RunError::Call { error, state })
        };
        assert_eq!(exit(State::Untouched), Exit::Failed);
        assert_eq!(exit(State::MaybeCreated), Exit::Undone);
        assert_eq!(exit(State::Restored), Exit::Undone);
    }
}
