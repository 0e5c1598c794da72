//! Why the harness could not do its part.

use std::{fmt, io, path::Path};

/// A failure of the harness itself: never a verdict on what is tested.
#[derive(Debug)]
#[non_exhaustive]
pub enum HarnessError {
    /// No Python of the right version was found.
    NoPython {
        /// What was tried, and how each answered.
        tried: Vec<String>,
    },
    /// A file, a directory or a process could not be used.
    Io {
        /// What was being done, as in "reading /tmp/x".
        doing: String,
        /// What the system said.
        source: io::Error,
    },
    /// A command ended in a way that was not expected.
    Command {
        /// What was run, in words.
        what: String,
        /// How it ended.
        status: String,
        /// The end of what it printed.
        output: String,
    },
    /// A service did not come up.
    NotReady {
        /// The service.
        what: String,
        /// The end of what it printed.
        output: String,
    },
    /// An answer could not be understood.
    Answer {
        /// Who answered.
        what: String,
        /// What was wrong with the answer, and the answer.
        problem: String,
    },
}

impl HarnessError {
    /// An [`HarnessError::Io`] about a path, for use with `map_err`.
    pub(crate) fn io<'a>(doing: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> HarnessError + use<'a> {
        move |source| HarnessError::Io {
            doing: format!("{doing} {}", path.display()),
            source,
        }
    }

    /// An [`HarnessError::Answer`].
    pub(crate) fn answer(what: impl Into<String>, problem: impl Into<String>) -> HarnessError {
        HarnessError::Answer {
            what: what.into(),
            problem: problem.into(),
        }
    }
}

impl fmt::Display for HarnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HarnessError::NoPython { tried } => write!(
                f,
                "no Python 3.11 or newer with the modules venv and ensurepip; install one \
                 (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.11)\n{}",
                tried.join("\n")
            ),
            HarnessError::Io { doing, source } => write!(f, "{doing}: {source}"),
            HarnessError::Command { what, status, output } => write!(f, "{what} failed ({status}):\n{output}"),
            HarnessError::NotReady { what, output } => {
                write!(f, "{what} did not come up:\n{output}")
            }
            HarnessError::Answer { what, problem } => write!(f, "{what}: {problem}"),
        }
    }
}

impl std::error::Error for HarnessError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            HarnessError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
