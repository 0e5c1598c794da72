//! The exit codes that scripts rely on.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what it was asked to.
    Done,
    /// It did not: findings in a file, an unusable file, an error of AWS.
    Failed,
    /// The command line makes no sense.
    Usage,
    /// A plan or a difference has changes.
    Changes,
    /// A guard refuses.
    Refused,
    /// It failed after it had begun to write, and undid that as far as it could.
    Undone,
    /// Somebody ended it before it had changed anything.
    Interrupted,
}

impl Exit {
    /// The number that the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage | Exit::Changes => 2,
            Exit::Refused => 3,
            Exit::Undone => 4,
            // As shells tell of a process that SIGINT ended.
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// The part of the help that tells them.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done
  1  errors in a file, a file that cannot be read or written, an error of AWS
  2  a command line that makes no sense; a plan or a difference with changes
  3  a deployment that a guard refuses
  4  a deployment that failed after the first write and was undone as far as possible
  130  ended by Ctrl-C or a signal before anything was changed";
