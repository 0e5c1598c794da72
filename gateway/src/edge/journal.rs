//! What the control plane holds, in a folder: a line for every answered write.
//!
//! A line is on the disk before its write is answered. One that was torn when the process died was not answered, and is
//! dropped; a line that is broken anywhere else is an error, for nobody knows what it was.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use bluegate_core::file_digest;
use serde_json::{Value as Json, json};

use crate::control::{Record, RecordError};

const JOURNAL: &str = "control.journal";
/// The journal as it is made anew, until it takes the place of the old one.
const NEXT: &str = "control.journal.next";
const LOCK: &str = "lock";

/// How many digits of a digest stand before a line.
const DIGITS: usize = 16;

/// From how many bytes on it is made anew, if most of them are of no more use.
const LARGE: u64 = 4 << 20;

/// Why there is no state in a folder.
#[derive(Debug)]
pub enum StateError {
    /// Another process has it.
    Held(PathBuf),
    /// The folder or a file cannot be used.
    Io(PathBuf, io::Error),
    /// A line is broken, counted from 1.
    Broken(PathBuf, usize),
    /// A line says what this version does not know.
    Unknown(PathBuf, RecordError),
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(path) => write!(f, "another process keeps its state in {}", path.display()),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Broken(path, line) => write!(
                f,
                "line {line} of {} is broken, and lines behind it are not: it was changed by somebody else, or the disk \
                 is not well. Put back a copy, or delete the folder to begin anew",
                path.display()
            ),
            Self::Unknown(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for StateError {}

/// A file that grows with every write.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    file: File,
    /// How long it is, and how long it was when it was made anew.
    length: u64,
    fresh: u64,
    /// What could not be written so far.
    pending: Vec<Record>,
    /// Held as long as the process lives.
    _held: File,
}

impl Journal {
    /// Opens the one in a folder, and tells what stands in it.
    pub(super) fn open(folder: &Path) -> Result<(Self, Vec<Record>), StateError> {
        let path = folder.join(JOURNAL);
        let failed = |error| StateError::Io(path.clone(), error);
        private_folder(folder).map_err(|error| StateError::Io(folder.to_owned(), error))?;
        let held = private(&folder.join(LOCK)).map_err(failed)?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::Held(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut file = private(&path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let (records, length) = read(&bytes).map_err(|line| StateError::Broken(path.clone(), line))?;
        // What was torn goes, so that the next line begins where a line begins.
        file.set_len(length).map_err(failed)?;
        file.seek(io::SeekFrom::End(0)).map_err(failed)?;
        let journal = Self {
            folder: folder.to_owned(),
            file,
            length,
            fresh: length,
            pending: Vec::new(),
            _held: held,
        };
        Ok((journal, records))
    }

    /// Writes a line of what was changed. It is on the disk when this is done.
    pub(super) fn write(&mut self, changes: Vec<Record>) -> io::Result<()> {
        self.pending.extend(changes);
        if self.pending.is_empty() {
            return Ok(());
        }
        let line = line(&self.pending);
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.length += line.len() as u64;
                self.pending.clear();
            }
            // A part of a line would break the next one.
            Err(_) => {
                self.file.set_len(self.length)?;
                self.file.seek(io::SeekFrom::End(0))?;
            }
        }
        written
    }

    /// Whether it is worth to be made anew.
    pub(super) fn is_large(&self) -> bool {
        self.length > LARGE && self.length > 4 * self.fresh
    }

    /// Makes it anew of all that there is, beside the old one, whose place it takes when it is whole.
    pub(super) fn renew(&mut self, all: &[Record]) -> io::Result<()> {
        let next = self.folder.join(NEXT);
        let mut file = private(&next)?;
        file.set_len(0)?;
        let text: String = all.iter().map(|record| line(std::slice::from_ref(record))).collect();
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&next, self.folder.join(JOURNAL))?;
        // The name is on the disk when the folder is.
        File::open(&self.folder)?.sync_all()?;
        (self.file, self.length, self.fresh) = (file, text.len() as u64, text.len() as u64);
        Ok(())
    }
}

/// The digest of a line's text, and the text.
fn line(records: &[Record]) -> String {
    let records: Vec<Json> = records
        .iter()
        .map(|record| json!([record.place, record.value]))
        .collect();
    let text = Json::Array(records).to_string();
    format!("{} {text}\n", &file_digest(&text)[..DIGITS])
}

/// The records of a file, and how long it is up to the last whole line; or which line is broken.
fn read(bytes: &[u8]) -> Result<(Vec<Record>, u64), usize> {
    let mut records = Vec::new();
    let mut length = 0;
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        match parsed(line) {
            Some(read) => records.extend(read),
            None if lines.peek().is_none() => break,
            None => return Err(at + 1),
        }
        length += line.len() as u64;
    }
    Ok((records, length))
}

fn parsed(line: &[u8]) -> Option<Vec<Record>> {
    let (digest, text) = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?.split_once(' ')?;
    if digest != &file_digest(text)[..DIGITS] {
        return None;
    }
    let pairs: Vec<(String, Json)> = serde_json::from_str(text).ok()?;
    Some(
        pairs
            .into_iter()
            .map(|(place, value)| Record { place, value })
            .collect(),
    )
}

/// A file that only its owner reads: the state holds API keys.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    let ignore = path.join(".gitignore");
    if ignore.exists() {
        Ok(())
    } else {
        fs::write(ignore, "*\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(place: &str, value: i64) -> Record {
        Record {
            place: place.to_owned(),
            value: json!(value),
        }
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("bluegate-journal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn wherever_the_last_line_is_torn_those_before_it_are_there() {
        let folder = folder("torn");
        let (mut journal, none) = Journal::open(&folder).unwrap();
        assert!(none.is_empty());
        journal.write(vec![record("api/a", 1), record("key/b", 2)]).unwrap();
        let whole = journal.length;
        journal.write(vec![record("api/a", 3)]).unwrap();
        drop(journal);
        let bytes = fs::read(folder.join(JOURNAL)).unwrap();
        for cut in whole as usize..bytes.len() {
            fs::write(folder.join(JOURNAL), &bytes[..cut]).unwrap();
            let (mut journal, records) = Journal::open(&folder).unwrap();
            assert_eq!(records, [record("api/a", 1), record("key/b", 2)], "{cut}");
            // And the next line stands where it should.
            journal.write(vec![record("plan/c", 4)]).unwrap();
            drop(journal);
            let (_, records) = Journal::open(&folder).unwrap();
            assert_eq!(records.last(), Some(&record("plan/c", 4)), "{cut}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_line_that_is_broken_among_others_is_named() {
        let folder = folder("broken");
        let (mut journal, _) = Journal::open(&folder).unwrap();
        for number in 0..3 {
            journal.write(vec![record("api/a", number)]).unwrap();
        }
        drop(journal);
        let text = fs::read_to_string(folder.join(JOURNAL)).unwrap();
        fs::write(folder.join(JOURNAL), text.replacen("\"api/a\",1", "\"api/a\",7", 1)).unwrap();
        let error = Journal::open(&folder).unwrap_err();
        assert!(matches!(error, StateError::Broken(_, 2)), "{error}");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn made_anew_it_says_the_same_and_one_process_has_it() {
        let folder = folder("renewed");
        let (mut journal, _) = Journal::open(&folder).unwrap();
        for number in 0..100 {
            journal.write(vec![record("api/a", number)]).unwrap();
        }
        let long = journal.length;
        assert!(matches!(Journal::open(&folder), Err(StateError::Held(_))));
        journal.renew(&[record("api/a", 99)]).unwrap();
        journal.write(vec![record("api/b", 1)]).unwrap();
        assert!(journal.length < long / 10);
        drop(journal);
        let (_, records) = Journal::open(&folder).unwrap();
        assert_eq!(records, [record("api/a", 99), record("api/b", 1)]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
