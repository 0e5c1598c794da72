//! Why a run ended early, and what it left. For people there is more to say about it than these few words.

use std::fmt;

use crate::api::CallError;
use crate::plan::{Became, Edit, Part, Refusal};
use crate::read::ReadError;

use super::JournalError;

/// Why a run ended early, and what it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
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
    /// The API could not be found, or it is not known whether it is the right one.
    Read(ReadError),
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
    /// Somebody else's update of the API is not done.
    Updating,
    /// Somebody changed the API between the plan and the lock.
    ChangedMeanwhile {
        /// What, or the first of several changes.
        edit: Box<Edit>,
    },
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
    /// The person said no.
    Declined {
        /// Whether that was a wish to end the run.
        interrupted: bool,
    },
}

/// What a run that failed left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing was written.
    Untouched,
    /// Everything was put back, and read back.
    Restored,
    /// Only settings of the stage were to be changed, and they were put back.
    SettingsRestored,
    /// Some settings of the stage may be the new ones.
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
    /// Nobody had the API's definition as it was, so that it is now what a stage serves; stages serve what they did.
    DraftServed {
        /// The stage.
        stage: String,
    },
    /// The API's definition is the new one; stages serve what they did.
    DraftReplaced {
        /// The API's id, for one that was just created.
        rest_api_id: String,
    },
    /// The API's definition is the new one; it is not known which one the stage serves.
    StageUnknown,
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

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Untouched => "nothing was changed",
            State::Restored => "everything was put back",
            State::SettingsRestored => "the settings of the stage were put back",
            State::SettingsUnknown => "some settings of the stage may be the new ones",
            State::Returned => "the stage serves what it did",
            State::PointerUnknown => "it is not known what the stage serves",
            State::DraftLeft { .. } => "the draft is not what the stage serves",
            State::MaybeDeleted => "the API may be deleted",
            State::MaybeCreated => "an API may be created",
            State::DraftUnknown => "the draft may be replaced in part",
            State::DraftServed { .. } => "the draft is what a stage serves, and not what it was",
            State::DraftReplaced { .. } => "the draft is the new one, but no stage serves it",
            State::StageUnknown => "the draft is the new one, and the stage may serve it",
        })
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Call { error, state } => write!(f, "{error}; {state}"),
            RunError::Check { reason, state } => write!(f, "{reason}; {state}"),
            RunError::Read(error) => write!(f, "{error}"),
            RunError::Refused { refusals } => {
                let reasons: Vec<&str> = refusals.iter().map(|one| one.reason.as_str()).collect();
                write!(f, "refused: {}", reasons.join("; "))
            }
            RunError::Locked { run, seconds } => write!(f, "the run {run} has the API, for {seconds} s at most"),
            RunError::Updating => f.write_str("somebody else's update of the API is in progress"),
            RunError::ChangedMeanwhile { .. } => f.write_str("somebody changed the API since it was read"),
            RunError::CreatedMeanwhile { name } => {
                write!(f, "another run created an API named `{name}` at the same time")
            }
            RunError::RunsHere => f.write_str("another run on this machine has the API"),
            RunError::Journal { reason } => f.write_str(reason),
            RunError::NoStage { stage, .. } if stage.is_empty() => {
                f.write_str("a stage is exported, and no draft: it has to be named")
            }
            RunError::NoStage { stage, .. } => write!(f, "there is no stage `{stage}` that serves anything"),
            RunError::NoDeployment { id: Some(id), .. } => write!(f, "there is no deployment {id}"),
            RunError::NoDeployment { id: None, .. } => f.write_str("there is no older deployment to go back to"),
            RunError::NotNamed { name, .. } => write!(f, "nobody typed the name of the API, `{name}`"),
            RunError::Canary { stage, there: true } => write!(f, "the stage `{stage}` has a canary"),
            RunError::Canary { stage, there: false } => write!(f, "the stage `{stage}` has no canary"),
            RunError::Declined { .. } => f.write_str("not confirmed"),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RunError::Call { error, .. } => Some(error),
            RunError::Read(error) => Some(error),
            _ => None,
        }
    }
}

impl RunError {
    /// Somebody made or took away a part of the API meanwhile.
    pub(crate) fn changed(part: Part, name: &str, became: Became) -> Self {
        let name = name.to_owned();
        let edit = Box::new(Edit { part, name, became });
        RunError::ChangedMeanwhile { edit }
    }

    /// What state things are in.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            RunError::Call { state, .. } | RunError::Check { state, .. } => state.clone(),
            _ => State::Untouched,
        }
    }
}

impl From<JournalError> for RunError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Held => RunError::RunsHere,
            JournalError::Io { folder, source } => RunError::Journal {
                reason: format!("the journal `{}` cannot be used: {source}", folder.display()),
            },
        }
    }
}

/// A call failed before anything was written.
impl From<CallError> for RunError {
    fn from(error: CallError) -> Self {
        StepError::Call(error).leaving(State::Untouched)
    }
}

/// Nothing was written.
impl From<ReadError> for RunError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Call(error) => error.into(),
            error => RunError::Read(error),
        }
    }
}

/// What stops a run on its way.
#[derive(Debug)]
pub(crate) enum StepError {
    /// A call failed.
    Call(CallError),
    /// Something is not as it should be.
    Check(String),
    /// The run is not to go on.
    Run(Box<RunError>),
}

impl StepError {
    /// A stage does not do what it was told.
    pub(crate) fn not_serving(stage: &str, deployment_id: &str) -> Self {
        StepError::Check(format!(
            "the stage `{stage}` does not serve the deployment {deployment_id}"
        ))
    }

    /// The error of the run, once it is known what that left.
    pub(crate) fn leaving(self, state: State) -> RunError {
        match self {
            StepError::Call(error) => RunError::Call { error, state },
            StepError::Check(reason) => RunError::Check { reason, state },
            // It knows what it left.
            StepError::Run(error) if state == State::Untouched => *error,
            StepError::Run(error) => RunError::Check {
                reason: error.to_string(),
                state,
            },
        }
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepError::Call(error) => write!(f, "{error}"),
            StepError::Check(reason) => f.write_str(reason),
            StepError::Run(error) => write!(f, "{error}"),
        }
    }
}

impl From<CallError> for StepError {
    fn from(error: CallError) -> Self {
        StepError::Call(error)
    }
}

impl From<RunError> for StepError {
    fn from(error: RunError) -> Self {
        StepError::Run(Box::new(error))
    }
}
