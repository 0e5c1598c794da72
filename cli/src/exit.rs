//! The exit codes that scripts rely on.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
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
    /// It did a part: what is left is named.
    Partly,
    /// Somebody ended it before it had changed anything.
    Interrupted,
}

impl Exit {
    /// The number that the process ends with.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage | Exit::Changes => 2,
            Exit::Refused => 3,
            Exit::Undone => 4,
            Exit::Partly => 5,
            // As shells tell of a process that SIGINT ended.
            Exit::Interrupted => 130,
        }
    }

    /// What it means, as the help tells it.
    fn meaning(self) -> &'static str {
        match self {
            Exit::Done => "done",
            Exit::Failed => "errors in a file, a file that cannot be read or written, an error of AWS",
            Exit::Usage => "a command line that makes no sense",
            Exit::Changes => "there are changes, or a command line that makes no sense",
            Exit::Refused => "refused by a guard; the message names the flag that permits it",
            Exit::Undone => "failed after the first write; the message says what was put back and what state is left",
            Exit::Partly => "written, but a part of the document does not come over; the messages name it",
            Exit::Interrupted => "ended by Ctrl-C or a signal before anything was changed",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// The exits of a command that may change an API.
pub(crate) const WRITING: &[Exit] = &[Exit::Usage, Exit::Refused, Exit::Undone, Exit::Interrupted];

/// The part of a help that tells exit codes: what 0 and 1 mean to the command, and which others it has.
fn help(done: &str, failed: &str, others: &[Exit]) -> String {
    let mut text = format!("Exit codes:\n  0  {done}\n  1  {failed}");
    for exit in others {
        text.push_str(&format!("\n  {}  {}", exit.code(), exit.meaning()));
    }
    text
}

/// The end of the help of one command.
pub(crate) fn after(examples: &str, done: &str, failed: &str, others: &[Exit]) -> String {
    format!("{examples}\n\n{}", help(done, failed, others))
}

/// The same for all commands together.
pub(crate) fn all() -> String {
    help(
        Exit::Done.meaning(),
        Exit::Failed.meaning(),
        &[
            Exit::Changes,
            Exit::Refused,
            Exit::Undone,
            Exit::Partly,
            Exit::Interrupted,
        ],
    )
}
