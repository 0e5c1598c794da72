//! What a run did, on this machine: enough to understand a run that died, and to put back what it replaced.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::read::Reading;

use super::Undo;

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

/// A run that has not ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// The run.
    pub run: String,
    /// What it did last, in a word: all that older versions wrote.
    pub step: String,
    /// What it may have done so far, in that order.
    #[serde(default)]
    pub applied: Vec<Undo>,
}

/// The step before which nothing was written.
const LOCKING: &str = "locking";

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
/// What the API was before a run.
pub(crate) const SNAPSHOT: &str = "snapshot.json";

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
    pub(crate) fn left(&self, rest_api_id: &str) -> Option<Reading> {
        let running = self.interrupted(rest_api_id)?;
        let run = self.of_api(rest_api_id).join(running.run);
        let text = fs::read_to_string(run.join(SNAPSHOT)).ok()?;
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
        write_whole(&folder, &safe, text)
    }

    /// Says what this run may have done once it goes on: from the first step on it counts as begun. What an interrupted
    /// run left is told of until this one has a snapshot of its own.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn note(&self, applied: &[Undo]) -> io::Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        let text = fs::read_to_string(open.folder.join(RUNNING)).unwrap_or_default();
        let left: Option<Running> = serde_json::from_str(&text).ok();
        let has_snapshot = || open.folder.join(&open.run).join(SNAPSHOT).exists();
        if left.is_some_and(|left| left.run != open.run && left.had_begun()) && !has_snapshot() {
            return Ok(());
        }
        let running = Running {
            run: open.run.clone(),
            step: applied.last().map_or(LOCKING, Undo::step).to_owned(),
            applied: applied.to_vec(),
        };
        write_whole(&open.folder, RUNNING, &serde_json::to_string(&running)?)
    }

    /// The run ended in a state that needs nobody's attention.
    pub fn end(&mut self) {
        if let Some(open) = self.open.take() {
            let _ = fs::remove_file(open.folder.join(RUNNING));
            forget_old_runs(&open.folder);
        }
    }
}

/// So many runs of an API are kept, the last ones.
const KEPT_RUNS: usize = 20;

/// Takes the folders of old runs away. None of them is that of a run that died: this one ended well.
fn forget_old_runs(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut runs: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let about = entry.metadata().ok().filter(fs::Metadata::is_dir)?;
            Some((about.modified().ok()?, entry.path()))
        })
        .collect();
    runs.sort();
    let old = runs.len().saturating_sub(KEPT_RUNS);
    for (_, run) in runs.drain(..old) {
        let _ = fs::remove_dir_all(run);
    }
}

/// Writes a file that is there as a whole or as it was, also when this machine loses its power.
fn write_whole(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let new = folder.join(format!("{name}.new"));
    let mut file = private(&new)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, folder.join(name))?;
    // The name is in the folder, which is a file of its own.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
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
        journal.note(&[Undo::Draft]).unwrap();
        assert_eq!(
            journal.interrupted("abc").unwrap().applied,
            [Undo::Draft],
            "it knows its own"
        );
        assert_eq!(Journal::in_folder(folder.path()).interrupted("abc"), None, "it lives");
        drop(journal);

        let mut journal = Journal::in_folder(folder.path());
        assert!(journal.interrupted("abc").unwrap().had_begun());
        assert_eq!(journal.interrupted("other"), None);
        journal.open("abc", "run2").unwrap();
        journal.end();
        assert_eq!(journal.interrupted("abc"), None);
    }

    #[test]
    fn what_older_versions_left_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("abc")).unwrap();
        for (step, had_begun) in [("locking", false), ("putting", true), ("deployed", true)] {
            let text = format!(r#"{{"run":"run1","step":"{step}"}}"#);
            fs::write(folder.path().join("abc/running.json"), text).unwrap();
            let running = Journal::in_folder(folder.path()).interrupted("abc").unwrap();
            assert_eq!(
                (running.run.as_str(), running.had_begun()),
                ("run1", had_begun),
                "{step}"
            );
        }
    }

    #[test]
    fn a_text_is_never_there_in_part() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::in_folder(folder.path());
        journal.open("abc", "run1").unwrap();
        journal.save("snapshot.json", "a long text").unwrap();
        // Whoever reads it meanwhile keeps reading what there was.
        let before = fs::File::open(folder.path().join("abc/run1/snapshot.json")).unwrap();
        journal.save("snapshot.json", "short").unwrap();
        assert_eq!(io::read_to_string(before).unwrap(), "a long text");
        let run = folder.path().join("abc/run1");
        assert_eq!(fs::read_to_string(run.join("snapshot.json")).unwrap(), "short");
        assert_eq!(fs::read_dir(run).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn the_last_runs_are_kept_and_older_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..=KEPT_RUNS {
            let mut journal = Journal::in_folder(folder.path());
            journal.open("abc", &format!("run{number}")).unwrap();
            journal.save("snapshot.json", "{}").unwrap();
            let at = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(number as u64);
            let run = File::open(folder.path().join(format!("abc/run{number}"))).unwrap();
            run.set_modified(at).unwrap();
            journal.end();
        }
        let is_there = |number: usize| folder.path().join(format!("abc/run{number}")).exists();
        assert!(!is_there(0) && is_there(1) && is_there(KEPT_RUNS));
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
