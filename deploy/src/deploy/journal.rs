//! What a run did, on this machine: enough to understand a run that died, and to put back what it replaced.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::plan::Reading;

/// A folder with one folder per API.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    /// Of the API that is being deployed.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    /// Of the API.
    folder: PathBuf,
    run: String,
    /// Held as long as the process lives.
    _held: File,
}

/// A run that has begun to write and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The run.
    pub run: String,
    /// What it did last.
    pub step: String,
}

/// The step before which nothing was written.
pub(super) const LOCKING: &str = "locking";

impl Running {
    /// Whether it may have changed the API.
    #[must_use]
    pub fn had_begun(&self) -> bool {
        self.step != LOCKING
    }
}

/// Why there is no journal.
#[derive(Debug)]
pub enum JournalError {
    /// Another run on this machine has it.
    Held,
    /// The folder cannot be used.
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

const RUNNING: &str = "running.json";
const LOCK: &str = "lock";

impl Journal {
    /// A journal in a folder, which is made when the first line is written.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            open: None,
        }
    }

    fn of_api(&self, rest_api_id: &str) -> PathBuf {
        // Ids are letters and digits; whatever else answers must not choose where files go.
        let name: String = rest_api_id.chars().filter(char::is_ascii_alphanumeric).collect();
        self.folder.join(name)
    }

    /// The run that had begun to write when it died, if there was one on this machine. One that still lives is none.
    #[must_use]
    pub fn interrupted(&self, rest_api_id: &str) -> Option<Running> {
        let folder = self.of_api(rest_api_id);
        let text = fs::read_to_string(folder.join(RUNNING)).ok()?;
        let is_ours = self.open.as_ref().is_some_and(|open| open.folder == folder);
        if !is_ours && is_held(&folder) {
            return None;
        }
        serde_json::from_str(&text).ok()
    }

    /// What the API was before the run that died, as that kept it.
    pub(super) fn left(&self, rest_api_id: &str) -> Option<Reading> {
        let running = self.interrupted(rest_api_id)?;
        let run = self.of_api(rest_api_id).join(running.run);
        let text = fs::read_to_string(run.join("snapshot.json")).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Makes the folder, so that a run that creates an API knows beforehand that it will have a journal.
    ///
    /// # Errors
    ///
    /// [`JournalError::Io`] when it cannot be made.
    pub fn prepare(&self) -> Result<(), JournalError> {
        private_folder(&self.folder).map_err(|source| JournalError::Io {
            folder: self.folder.clone(),
            source,
        })
    }

    /// Opens the journal for a run.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when another run has it, or when the folder cannot be used.
    pub fn open(&mut self, rest_api_id: &str, run: &str) -> Result<(), JournalError> {
        let folder = self.of_api(rest_api_id);
        let failed = |source| JournalError::Io {
            folder: folder.clone(),
            source,
        };
        private_folder(&self.folder).map_err(failed)?;
        private_folder(&folder).map_err(failed)?;
        // A snapshot holds policies and stage variables: it belongs into no repository.
        let ignore = self.folder.join(".gitignore");
        if !ignore.exists() {
            fs::write(ignore, "*\n").map_err(failed)?;
        }
        let held = private(&folder.join(LOCK)).map_err(failed)?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Held),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        self.open = Some(Open {
            folder,
            run: run.to_owned(),
            _held: held,
        });
        Ok(())
    }

    /// Keeps a text of this run.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&self, name: &str, text: &str) -> io::Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        let folder = open.folder.join(&open.run);
        private_folder(&folder)?;
        let safe: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let mut file = private(&folder.join(safe))?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())
    }

    /// Says what is done next: from now on the run counts as begun.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn step(&self, step: &str) -> io::Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        let running = Running {
            run: open.run.clone(),
            step: step.to_owned(),
        };
        let text = serde_json::to_string(&running)?;
        // Another name first: half a file would hide that there was a run.
        let new = open.folder.join("running.new");
        let mut file = private(&new)?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())?;
        fs::rename(&new, open.folder.join(RUNNING))
    }

    /// The run ended in a state that needs nobody's attention.
    pub fn end(&mut self) {
        if let Some(open) = self.open.take() {
            let _ = fs::remove_file(open.folder.join(RUNNING));
        }
    }
}

/// Whether a run that lives has the journal of an API.
fn is_held(folder: &Path) -> bool {
    let lock = File::open(folder.join(LOCK)).map(|lock| lock.try_lock_shared());
    matches!(lock, Ok(Err(TryLockError::WouldBlock)))
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_died_is_known_until_one_ends_well() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::in_folder(folder.path());
        assert_eq!(journal.interrupted("abc"), None);
        journal.open("abc", "run1").unwrap();
        assert_eq!(journal.interrupted("abc"), None, "nothing is written yet");
        journal.step("putting").unwrap();
        assert_eq!(journal.interrupted("abc").unwrap().step, "putting", "it knows its own");
        assert_eq!(Journal::in_folder(folder.path()).interrupted("abc"), None, "it lives");
        drop(journal);

        let mut journal = Journal::in_folder(folder.path());
        assert_eq!(journal.interrupted("abc").unwrap().step, "putting");
        assert_eq!(journal.interrupted("other"), None);
        journal.open("abc", "run2").unwrap();
        journal.end();
        assert_eq!(journal.interrupted("abc"), None);
    }

    #[test]
    fn two_runs_of_one_machine_do_not_share_an_api() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = Journal::in_folder(folder.path());
        first.open("abc", "run1").unwrap();
        let mut second = Journal::in_folder(folder.path());
        assert!(matches!(second.open("abc", "run2"), Err(JournalError::Held)));
        second.open("def", "run2").unwrap();
        drop(first);
        second.open("abc", "run3").unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_a_snapshot() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::in_folder(&folder.path().join("journal"));
        journal.open("../../abc", "run1").unwrap();
        journal.save("../snapshot.json", "{}").unwrap();
        let file = folder.path().join("journal/abc/run1/.._snapshot.json");
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::read_to_string(folder.path().join("journal/.gitignore")).unwrap(),
            "*\n"
        );
    }
}
