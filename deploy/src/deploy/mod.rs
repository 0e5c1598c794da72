//! A deployment, step by step.
//!
//! Each step is a function over [`ApiGateway`]; [`run`] is their order. Nothing is written
//! before everything that can be known to be wrong is known to be right, and what fails afterwards is undone.

pub(crate) mod canary;
mod creation;
mod journal;
mod locate;
mod lock;
mod publish;
mod smoke;
mod stage_back;
mod survey;
mod transaction;
mod turn;
mod undo;
mod write;

use std::fmt;
use std::time::Instant;

use bluegate_core::aws::Environment;
use bluegate_core::openapi::Document;

pub use crate::read::is_about_sts;
pub use journal::{Journal, JournalError, Running};
pub use locate::{Located, find, identify, locate};
pub use lock::{KEY as LOCK_TAG, Lock};
pub use survey::{Survey, survey};
pub use transaction::run;
pub use turn::Turn;

pub(crate) use publish::{flush, point};
pub(crate) use transaction::snapshot;
pub use turn::untouched;
pub(crate) use turn::{alone, begin, is_interrupted, note_step, outlive, read_again};
pub(crate) use undo::{point_back, put_back};
pub(crate) use write::{MOST_READS, POLL, deviates, first, repair, settle};

use crate::api::{CallError, Clock, Identity};
use crate::plan::{Allow, Plan, Refusal};
use crate::read::{Marker, ReadError};

/// What is to be deployed.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Where to.
    pub settings: &'a Environment,
    /// The stage.
    pub stage: &'a str,
    /// The document.
    pub document: &'a Document,
    /// Its digest.
    pub digest: &'a str,
    /// Where it comes from: who deploys which commit.
    pub marker: &'a Marker,
    /// Whether a missing API is created.
    pub create: bool,
    /// How many percent of the stage's traffic go to the new deployment; `None` for all of it, without a canary.
    pub canary: Option<f64>,
    /// What guards permit.
    pub allow: Allow,
    /// Whether a document that API Gateway warns about is not taken.
    pub fail_on_warnings: bool,
    /// Warnings of API Gateway that are taken for granted, or parts of them.
    pub allowed_warnings: &'a [String],
    /// How many deployments are kept.
    pub keep: usize,
    /// Whether the service is an emulator, which does less than AWS.
    pub emulated: bool,
    /// The name of this run.
    pub run: &'a str,
    /// When it began, in seconds since 1970.
    pub now: u64,
    /// How long its lock holds.
    pub lock_seconds: u64,
    /// How much time it has.
    pub clock: &'a Clock,
    /// The region that it deploys to.
    pub region: &'a str,
    /// The endpoint that is called instead of AWS's own.
    pub endpoint: Option<&'a str>,
}

impl<'a> Order<'a> {
    /// The run that carries it out.
    fn turn(&self) -> Turn<'a> {
        Turn {
            run: self.run,
            now: self.now,
            lock_seconds: self.lock_seconds,
            emulated: self.emulated,
            clock: self.clock,
        }
    }
}

/// What a deployment left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The API's id.
    pub rest_api_id: String,
    /// The API's name.
    pub name: String,
    /// Whether the API is a new one.
    pub created: bool,
    /// Whether anything was written.
    pub changed: bool,
    /// The deployment that the stage serves now.
    pub deployment_id: String,
    /// What API Gateway had to say about the document.
    pub warnings: Vec<String>,
}

/// Is told what happens, and asked before the first write.
pub trait Observer {
    /// A step begins: a word such as `Putting`, and what it is done to.
    fn step(&mut self, verb: &str, what: &str);
    /// What is going to happen.
    fn plan(&mut self, plan: &Plan);
    /// Something that does not stop the deployment.
    fn warning(&mut self, text: &str);
    /// Whether to go on and write.
    fn confirm(&mut self, question: &str) -> bool;
    /// Whether somebody wants the run to end.
    fn is_interrupted(&self) -> bool {
        false
    }
}

/// Asks before the first write. Who takes long to answer does not use up the time of the run.
#[expect(clippy::result_large_err, reason = "once in a run, like the error of its caller")]
pub(crate) fn confirmed(clock: &Clock, observer: &mut impl Observer, question: &str) -> Result<(), DeployError> {
    let asked = Instant::now();
    let is_confirmed = observer.confirm(question);
    clock.grant(asked.elapsed());
    if is_confirmed {
        return Ok(());
    }
    Err(DeployError::Declined {
        interrupted: observer.is_interrupted(),
    })
}

/// Why a deployment ended early, and what it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeployError {
    /// A call failed.
    Call {
        /// Which, and why.
        error: CallError,
        /// What state the API is in.
        state: State,
    },
    /// Something is not as it should be.
    Check {
        /// What.
        reason: String,
        /// What state the API is in.
        state: State,
    },
    /// The credentials are those of another account.
    WrongAccount {
        /// The account of the AWS file.
        wanted: String,
        /// Who calls.
        found: Identity,
    },
    /// Nobody says whose credentials these are.
    UnknownAccount {
        /// The account of the AWS file.
        wanted: String,
        /// Why not.
        error: CallError,
    },
    /// Guards refuse it.
    Refused {
        /// Why, and what permits it.
        refusals: Vec<Refusal>,
    },
    /// Another run has the API.
    Locked {
        /// The other run.
        run: String,
        /// How long its lock holds.
        seconds: u64,
    },
    /// Somebody changed the API between the plan and the lock.
    ChangedMeanwhile,
    /// Another run created an API of that name at the same time; the one of this run was deleted again.
    CreatedMeanwhile {
        /// The name.
        name: String,
    },
    /// Another run on this machine has the API.
    RunsHere,
    /// The journal cannot be used.
    Journal {
        /// Why.
        reason: String,
    },
    /// There is no such stage, or it serves nothing.
    NoStage {
        /// The stage.
        stage: String,
        /// The stages that there are.
        known: Vec<String>,
    },
    /// There is no such deployment, or none to go back to.
    NoDeployment {
        /// The deployment that was asked for.
        id: Option<String>,
        /// The deployments that there are, newest first.
        known: Vec<String>,
    },
    /// The name that somebody typed to delete the API is not its name.
    NotNamed {
        /// The API's name.
        name: String,
        /// What was typed; `None` when nobody could be asked.
        typed: Option<String>,
    },
    /// A canary stands in the way, or there is none.
    Canary {
        /// The stage.
        stage: String,
        /// Whether it has one.
        there: bool,
    },
    /// No API has the name.
    NoSuchName {
        /// The name.
        name: String,
    },
    /// Several APIs have the name.
    AmbiguousName {
        /// The name.
        name: String,
        /// The ids of the APIs.
        ids: Vec<String>,
    },
    /// The person said no.
    Declined {
        /// Whether that was a wish to end the run.
        interrupted: bool,
    },
}

/// What a deployment that failed left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing was written.
    Untouched,
    /// Everything was put back.
    Restored,
    /// Only settings of the stage were to be changed, and they were put back.
    SettingsRestored,
    /// Only settings of the stage were to be changed, and some of them may be.
    SettingsUnknown,
    /// The stage was put back; the API's definition was not touched.
    Returned,
    /// It is not known which deployment the stage serves.
    PointerUnknown,
    /// The canary is gone, and the API's definition may still be the one that it was made of.
    DraftLeft {
        /// What the stage serves.
        deployment: String,
    },
    /// It is not known whether the API was deleted.
    MaybeDeleted,
    /// It is not known whether an API was created.
    MaybeCreated,
    /// The API's definition may be the old one, the new one or a part of the new one; stages serve what they did.
    DraftUnknown,
    /// The API's definition is the new one; stages serve what they did.
    DraftReplaced {
        /// The API's id, for one that was just created.
        rest_api_id: String,
    },
    /// The API's definition is the new one; it is not known which one the stage serves.
    StageUnknown,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Untouched => f.write_str("nothing was changed"),
            State::Restored => {
                f.write_str("nothing else is served than before, and the API's definition was put back")
            }
            State::SettingsRestored => f.write_str("the stage serves what it did, and its settings were put back"),
            State::SettingsUnknown => f.write_str(
                "the stage serves what it did, but some of its settings may be those of the file: run the command again",
            ),
            State::Returned => {
                f.write_str("the stage serves what it served before, and the API's definition was not touched")
            }
            State::PointerUnknown => f.write_str(
                "it is not known which deployment the stage serves: look at `bluegate status`, then run the command again",
            ),
            State::DraftLeft { deployment } => write!(
                f,
                "the canary is gone and all traffic goes to {deployment}, but the API's definition is not made equal \
                 to that: `bluegate rollback --to {deployment}` does it"
            ),
            State::MaybeDeleted => {
                f.write_str("it is not known whether the API is deleted: look at `bluegate status`")
            }
            State::MaybeCreated => {
                f.write_str("it is not known whether the API was created: look for it before the next `--create`")
            }
            State::DraftUnknown => f.write_str(
                "the stage serves what it served before, but the API's definition may be replaced in part: \
                 run the command again",
            ),
            State::DraftReplaced { rest_api_id } => write!(
                f,
                "the definition of the API `{rest_api_id}` is the new one, but no stage serves it: run the command \
                 again"
            ),
            State::StageUnknown => f.write_str(
                "the API's definition is the new one; it is not known whether the stage serves it: \
                 run the command again",
            ),
        }
    }
}

impl fmt::Display for DeployError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeployError::Call { error, state } => write!(f, "{error}; {state}"),
            DeployError::Check { reason, state } => write!(f, "{reason}; {state}"),
            DeployError::WrongAccount { wanted, found } => write!(
                f,
                "the credentials are those of {} in the account {}, and `account_id` is {wanted}",
                found.arn, found.account
            ),
            DeployError::UnknownAccount { wanted, error } => {
                write!(f, "nobody says whether the account is {wanted}: {error}")
            }
            DeployError::Refused { refusals } => {
                let reasons: Vec<&str> = refusals.iter().map(|one| one.reason.as_str()).collect();
                write!(f, "refused: {}", reasons.join("; "))
            }
            DeployError::Locked { run, seconds } => {
                write!(
                    f,
                    "the run {run} deploys this API; its lock holds for {seconds} s at most"
                )
            }
            DeployError::ChangedMeanwhile => f.write_str("somebody changed the API since it was read"),
            DeployError::CreatedMeanwhile { name } => {
                write!(f, "another run created an API named `{name}` at the same time")
            }
            DeployError::RunsHere => f.write_str("another run on this machine deploys this API"),
            DeployError::Journal { reason } => f.write_str(reason),
            DeployError::NoStage { stage, .. } => write!(f, "no stage `{stage}` serves anything"),
            DeployError::NoDeployment { id: Some(id), .. } => write!(f, "there is no deployment {id}"),
            DeployError::NoDeployment { id: None, .. } => f.write_str("there is no deployment to go back to"),
            DeployError::NotNamed { name, .. } => write!(f, "nobody typed the name of the API, `{name}`"),
            DeployError::Canary { stage, there: true } => write!(f, "the stage `{stage}` has a canary"),
            DeployError::Canary { stage, there: false } => write!(f, "the stage `{stage}` has no canary"),
            DeployError::NoSuchName { name } => write!(f, "there is no REST API named `{name}`"),
            DeployError::AmbiguousName { name, ids } => {
                write!(f, "{} REST APIs are named `{name}`: {}", ids.len(), ids.join(", "))
            }
            DeployError::Declined { .. } => f.write_str("not confirmed"),
        }
    }
}

impl std::error::Error for DeployError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DeployError::Call { error, .. } | DeployError::UnknownAccount { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl DeployError {
    /// What state things are in.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            DeployError::Call { state, .. } | DeployError::Check { state, .. } => state.clone(),
            _ => State::Untouched,
        }
    }
}

impl State {
    /// Whether nothing is left to be finished or undone.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        matches!(
            self,
            State::Untouched | State::Restored | State::SettingsRestored | State::Returned
        )
    }
}

impl From<ReadError> for DeployError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Call(error) => untouched(error),
            ReadError::WrongAccount { wanted, found } => DeployError::WrongAccount { wanted, found },
            ReadError::UnknownAccount { wanted, error } => DeployError::UnknownAccount { wanted, error },
            ReadError::NoSuchName { name } => DeployError::NoSuchName { name },
            ReadError::AmbiguousName { name, ids } => DeployError::AmbiguousName { name, ids },
        }
    }
}

impl From<JournalError> for DeployError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Held => DeployError::RunsHere,
            JournalError::Io { folder, source } => DeployError::Journal {
                reason: format!("the journal `{}` cannot be used: {source}", folder.display()),
            },
        }
    }
}

/// What stops a run on its way.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A call failed.
    Call(CallError),
    /// Something is not as it should be.
    Check(String),
}

impl Trouble {
    pub(crate) fn leaving(self, state: State) -> DeployError {
        match self {
            Trouble::Call(error) => DeployError::Call { error, state },
            Trouble::Check(reason) => DeployError::Check { reason, state },
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Call(error) => write!(f, "{error}"),
            Trouble::Check(reason) => f.write_str(reason),
        }
    }
}

impl From<CallError> for Trouble {
    fn from(error: CallError) -> Self {
        Trouble::Call(error)
    }
}

#[cfg(test)]
mod tests;
