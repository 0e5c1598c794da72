//! What a run that failed says, and its exit code.

use bluegate_deploy::api::Cause;
use bluegate_deploy::plan::{Became, DEPLOYMENT, Edit, Part};
use bluegate_deploy::read::{Lock, ReadError, is_about_sts};
use bluegate_deploy::sdk::Destination;
use bluegate_deploy::{RunError, State};

use crate::exit::Exit;
use crate::failure::{Failure, Stop};

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

/// The error in its own words, with what matters to who runs the command and what to do about it.
fn explain(error: &RunError, at: &Destination) -> Failure {
    let said = |kind, rest: &str| Failure::new(kind, format!("{error}{rest}"));
    let untouched = |kind| said(kind, ": nothing was changed");
    match error {
        RunError::Check { reason, state } => Failure::new("check", reason.clone()).with_note(left(state)),
        RunError::Call {
            error,
            state: State::Untouched,
        } if error.cause == Cause::Interrupted => interrupted(),
        RunError::Call { error, state } => {
            let failure = explain_call(error, at);
            match state {
                // Before the first write there is no state to tell about.
                State::Untouched => failure,
                state => failure.with_note(left(state)),
            }
        }
        RunError::Read(ReadError::WrongAccount { found, .. }) => untouched("wrong_account")
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
            let flags: Vec<&str> = refusals.iter().filter_map(|refusal| refusal.flag).collect();
            let is_permitted = flags.len() == refusals.len();
            let mut failure = Failure::new("refused", "not deployed: nothing was changed").with_help(match is_permitted {
                true => format!("if that is what you want, add {}", flags.join(" ")),
                // A flag does not help with all of it.
                false => "put that right, then run the command again".to_owned(),
            });
            failure.notes = refusals.iter().map(|refusal| refusal.reason.clone()).collect();
            failure
        }
        RunError::Locked { .. } => said("locked", "").with_help(format!(
            "wait until it is done; if it died, its lock expires then, or remove the API's tag `{}`",
            Lock::TAG
        )),
        RunError::RunsHere => {
            said("locked", "").with_help("wait until it is done; `bluegate status` shows whether it is")
        }
        RunError::Updating => untouched("updating").with_help(
            "run the command again when it is done: after some minutes, or 20 for a change of the TLS policy",
        ),
        RunError::ChangedMeanwhile { edit } => untouched("changed_meanwhile")
            .with_note(edited(edit))
            .with_help("run the command again"),
        RunError::CreatedMeanwhile { .. } => {
            said("created_meanwhile", ": the one of this run was deleted again").with_help("run the command again")
        }
        RunError::Journal { .. } => said("journal", "").with_help("give another folder with `--journal`"),
        RunError::NoStage { known, .. } => said("no_stage", "").with_help(match known.as_slice() {
            [] => "deploy to it first, with `bluegate deploy`".to_owned(),
            known => format!(
                "name one of the stages that there are with `--stage`: {}",
                known.join(", ")
            ),
        }),
        RunError::NoDeployment { id, known } => match id {
            Some(_) => said("no_deployment", ": it is deleted, or one of another API"),
            None if known.is_empty() => said("no_deployment", ""),
            None => Failure::new(
                "no_deployment",
                "an earlier run was interrupted: say which deployment the stage is to serve",
            ),
        }
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
        RunError::Canary { there: true, .. } => {
            untouched("canary").with_help("end it first, with `bluegate promote` or `bluegate abort`")
        }
        RunError::Canary { there: false, .. } => untouched("no_canary")
            .with_help("`bluegate deploy --canary 10` begins one; `bluegate status` shows the stages"),
        RunError::Read(ReadError::Call(error)) => explain_call(error, at),
        RunError::Read(ReadError::NoSuchName { .. }) => said("no_such_name", &format!(" in region `{}`", at.region))
            .with_help(
                "check `name` and `region`, or give its `rest_api_id` in the AWS file; `bluegate deploy --create` creates it",
            ),
        RunError::Read(ReadError::AmbiguousName { .. }) => {
            said("ambiguous_name", "").with_help("give the `rest_api_id` of one of them in the AWS file")
        }
        RunError::Declined { interrupted: true } => interrupted(),
        RunError::Declined { interrupted: false } => untouched("declined"),
    }
}

/// What somebody changed.
fn edited(edit: &Edit) -> String {
    let name = &edit.name;
    let which = match edit.part {
        Part::Stage => format!("the stage `{name}`"),
        Part::Method => format!("the method `{name}`"),
        Part::Authorizer => format!("the authorizer `{name}`"),
        Part::Api => format!("the API `{name}`"),
        Part::Response => format!("the gateway response {name}"),
        Part::Model => format!("the model `{name}`"),
        Part::RequestValidator => format!("the request validator `{name}`"),
        Part::Resource => format!("the path `{name}`"),
        Part::Deployment => format!("the deployment {name}"),
        Part::VpcLink => format!("the VPC link `{name}`"),
        Part::Served if name.is_empty() => "what the stage serves".to_owned(),
        Part::Served => format!("what the stage serves at `{name}`"),
    };
    match &edit.became {
        Became::Added => format!("{which} is new"),
        Became::Removed => format!("{which} is gone"),
        Became::Changed(change) if edit.part == Part::Stage && change.field == DEPLOYMENT => {
            format!("{which} now serves {}", change.to.as_deref().unwrap_or("nothing"))
        }
        Became::Changed(change) => format!("{which}: {}", crate::render::changed(change)),
    }
}

fn interrupted() -> Failure {
    Failure::new("interrupted", "interrupted: nothing was changed").with_help("run the command again")
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
    use bluegate_core::gateway::Change;
    use bluegate_deploy::api::{CallError, Operation};

    use super::*;

    #[test]
    fn what_somebody_changed_is_named_with_both_values() {
        let said = |part, field: &str, from: Option<&str>, to: Option<&str>| {
            let change = Change {
                field: field.into(),
                from: from.map(str::to_owned),
                to: to.map(str::to_owned),
            };
            edited(&Edit {
                part,
                name: "GET /a".into(),
                became: Became::Changed(change),
            })
        };
        assert_eq!(
            said(Part::Method, "authorization", Some("NONE"), Some("AWS_IAM")),
            "the method `GET /a`: authorization: NONE -> AWS_IAM"
        );
        assert_eq!(
            said(Part::Stage, DEPLOYMENT, Some("d1"), Some("d2")),
            "the stage `GET /a` now serves d2"
        );
    }

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
