//! Files that commands write: whole or not at all, and never over an input.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// How another document is named.
pub(crate) const INSTEAD: &str = "name another file with `--output-openapifile-path`";

/// Refuses to write to `path` when it is one of the files that are read, under whatever spelling or link. `instead` says
/// how another file is named.
///
/// # Errors
///
/// [`Failure`] that names the file.
pub(crate) fn refuse_inputs(path: &Path, inputs: &[&Path], instead: &str) -> Result<(), Failure> {
    for input in inputs {
        if is_same_file(path, input) {
            return Err(Failure::new(
                "output_is_input",
                format!(
                    "`{}` is the file `{}` that is read: it would be overwritten",
                    path.display(),
                    input.display()
                ),
            )
            .with_help(instead));
        }
    }
    Ok(())
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other || is_hard_link(&one, &other),
        _ => false,
    }
}

fn is_hard_link(one: &Path, other: &Path) -> bool {
    matches!((identity(one), identity(other)), (Some(one), Some(other)) if one == other)
}

/// Writes a text to a file, as [`write_with`] does.
///
/// # Errors
///
/// [`Failure`] that says what stood in the way.
pub(crate) fn write(path: &Path, text: &str, instead: &str) -> Result<(), Failure> {
    write_with(path, instead, |out| out.write_all(text.as_bytes()))?;
    Ok(())
}

/// Writes a file: a reader sees the old file or the new one, and after an error the old one. Returns its bytes.
///
/// A device or a pipe, such as `/dev/stdout`, is written to directly.
///
/// # Errors
///
/// [`Failure`] that says what stood in the way.
pub(crate) fn write_with(
    path: &Path,
    instead: &str,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<usize, Failure> {
    let refuse = |error: &io::Error| {
        let help = match error.kind() {
            io::ErrorKind::NotFound => match path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => {
                    format!("create the directory first: `mkdir -p {}`", parent.display())
                }
                _ => "name a file in a directory that exists".to_owned(),
            },
            io::ErrorKind::PermissionDenied => "check the permissions of the directory".to_owned(),
            io::ErrorKind::IsADirectory => "name a file in it".to_owned(),
            _ => instead.to_owned(),
        };
        // A file beside it that was written first is no place that anybody knows of.
        let reason = error.to_string();
        let reason = reason.split(" at path ").next().unwrap_or_default();
        Failure::new("output", format!("cannot write `{}`: {reason}", path.display())).with_help(help)
    };
    let place = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            return Err(refuse(&io::Error::from(io::ErrorKind::IsADirectory)));
        }
        Ok(meta) if !meta.is_file() => {
            return OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|file| fill(&file, contents))
                .map_err(|error| refuse(&error));
        }
        // Through a link: its target is replaced, not the link.
        Ok(_) => fs::canonicalize(path).map_err(|error| refuse(&error))?,
        Err(_) => path.to_owned(),
    };
    replace(&place, contents).map_err(|error| refuse(&error))
}

fn fill(file: &File, contents: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<usize> {
    let mut counted = Counted {
        out: BufWriter::new(file),
        bytes: 0,
    };
    contents(&mut counted)?;
    counted.flush()?;
    Ok(counted.bytes)
}

/// Counts what is written.
struct Counted<W> {
    out: W,
    bytes: usize,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The old file is there until the new one is complete. What a power cut leaves is up to the file system: what is written
/// here can be written again, and waiting for the disk would take as long as making it.
fn replace(place: &Path, contents: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<usize> {
    let old = fs::metadata(place).ok();
    if let Some(old) = &old
        && old.permissions().readonly()
    {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    let beside = beside().tempfile_in(folder.unwrap_or(Path::new(".")))?;
    let bytes = fill(beside.as_file(), contents)?;
    if let Some(old) = old {
        beside.as_file().set_permissions(old.permissions())?;
    }
    beside.persist(place)?;
    Ok(bytes)
}

/// What makes a file beside another one, which is gone unless it takes its place. A new file is as open to others as any.
fn beside() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bluegate-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// A file that this run wrote and that goes when the run is over, unless it is kept.
#[derive(Debug)]
pub(crate) struct OwnFile {
    path: PathBuf,
    keep: bool,
    identity: Option<(u64, u64)>,
}

impl OwnFile {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// [`Failure`] when it cannot be written.
    pub(crate) fn write(
        path: &Path,
        instead: &str,
        keep: bool,
        contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Self, Failure> {
        write_with(path, instead, contents)?;
        Ok(Self {
            path: path.to_owned(),
            keep,
            identity: identity(path),
        })
    }
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        // Somebody may have put another file there meanwhile.
        if !self.keep && identity(&self.path) == self.identity {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = fs::symlink_metadata(path).ok()?;
    Some((meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn identity(_path: &Path) -> Option<(u64, u64)> {
    None
}
