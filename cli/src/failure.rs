//! Why a command failed, when it is not a finding about a file.

use std::fmt;

use serde::Serialize;

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    /// A stable name for machines.
    pub(crate) kind: &'static str,
    /// One sentence.
    pub(crate) message: String,
    /// What state things are in, and other facts.
    pub(crate) notes: Vec<String>,
    /// A line that can be followed literally.
    pub(crate) help: Option<String>,
}

impl Failure {
    /// A failure without further advice.
    #[must_use]
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// The same, with a line of help.
    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, with another fact.
    #[must_use]
    pub(crate) fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The findings say it all.
    Findings(Box<crate::render::Findings>),
    /// Something else.
    Failure(Failure),
    /// Something else, with an exit code of its own.
    Ended(Failure, crate::exit::Exit),
    /// Nobody reads what is printed: there is nobody to tell either.
    ClosedPipe,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failure(failure)
    }
}
