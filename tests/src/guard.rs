//! Processes that never outlive the test that started them.
//!
//! Each is run by a small keeper (`src/bin/keeper.rs`) that holds it, and all it starts, in
//! a process group of its own, and ends that group when the keeper's standard input closes. The test
//! holds the other end: it closes when the [`Guarded`] is dropped, and the system closes it when the
//! test process dies, of whatever cause. So a process kept in a `static`, which Rust never drops,
//! ends too.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};

use crate::{HarnessError, binaries::Program};

/// How much of the end of an output an error quotes.
const TAIL: u64 = 4_000;
/// The keeper gives a process twice three seconds to end.
const ENDING: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(10);

/// One of its kind for all tests of a test binary, started by the first that asks.
///
/// # Errors
/// Those of `start`; the next caller tries again.
pub(crate) fn shared<T>(
    running: &'static OnceLock<T>,
    starting: &Mutex<()>,
    start: impl FnOnce() -> Result<T, HarnessError>,
) -> Result<&'static T, HarnessError> {
    // A start that panicked has left nothing half made.
    let _one_at_a_time = starting.lock().unwrap_or_else(|poison| poison.into_inner());
    if let Some(running) = running.get() {
        return Ok(running);
    }
    let started = start()?;
    Ok(running.get_or_init(|| started))
}

/// A running process and what it printed so far.
#[derive(Debug)]
pub struct Guarded {
    what: String,
    keeper: Child,
    lifeline: Option<ChildStdin>,
    /// Both streams, in a file without a name: it needs no clean-up and never fills a pipe.
    output: File,
}

impl Guarded {
    /// Starts `command` (program, arguments, environment and working directory are used) under the
    /// name that errors give it. Without a working directory it gets an empty one that is removed
    /// in the end, and is its `TMPDIR` too.
    ///
    /// # Errors
    /// When the keeper does not build, or a file or process cannot be made.
    pub fn start(what: &str, command: &Command) -> Result<Guarded, HarnessError> {
        let output = unnamed_file()?;
        let mut keeper = keeper(command, None)?;
        keeper.stdout(duplicate(&output)?).stderr(duplicate(&output)?);
        let mut keeper = spawn(what, &mut keeper)?;
        Ok(Guarded {
            what: what.to_owned(),
            lifeline: keeper.stdin.take(),
            keeper,
            output,
        })
    }

    /// Waits for a line that starts with `prefix` and returns the rest of it.
    ///
    /// # Errors
    /// [`HarnessError::NotReady`] when the process ends, or `limit` passes, before it prints one.
    pub fn wait_for_line(&mut self, prefix: &str, limit: Duration) -> Result<String, HarnessError> {
        let deadline = Instant::now() + limit;
        loop {
            // Looked at before the output, so that the last words of a process are not missed.
            let ended = !self.is_running();
            if let Some(rest) = find_line(&self.printed(), prefix) {
                return Ok(rest);
            }
            if ended || Instant::now() > deadline {
                return Err(self.not_ready());
            }
            thread::sleep(POLL);
        }
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        matches!(self.keeper.try_wait(), Ok(None))
    }

    /// All it printed so far, on both streams.
    pub fn printed(&self) -> String {
        text(&self.output, 0)
    }

    /// The end of what it printed.
    pub fn tail(&self) -> String {
        tail(&self.output)
    }

    /// The error for a process that runs but does not serve, quoting what it printed.
    pub fn not_ready(&self) -> HarnessError {
        HarnessError::NotReady {
            what: self.what.clone(),
            output: self.tail(),
        }
    }

    /// Ends it and all it started, and waits for that.
    pub fn stop(&mut self) {
        drop(self.lifeline.take());
        let deadline = Instant::now() + ENDING;
        while self.is_running() {
            if Instant::now() > deadline {
                // Both fail only for a process that is gone.
                let _ = self.keeper.kill();
                let _ = self.keeper.wait();
                return;
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A process that has ended.
#[derive(Debug)]
pub struct Finished {
    /// How it ended; code 124 when the time limit passed.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Finished {
    /// The process, if it succeeded.
    ///
    /// # Errors
    /// [`HarnessError::Command`] with the end of its output otherwise; `what` names it.
    pub fn success(self, what: &str) -> Result<Finished, HarnessError> {
        if self.status.success() {
            Ok(self)
        } else {
            Err(self.failure(what))
        }
    }

    /// The error for a process that ended in an unexpected way.
    pub fn failure(&self, what: &str) -> HarnessError {
        let printed = format!("{}{}", self.stdout, self.stderr);
        let from = printed.len().saturating_sub(TAIL as usize);
        HarnessError::Command {
            what: what.to_owned(),
            status: self.status.to_string(),
            output: printed[printed.ceil_char_boundary(from)..].to_owned(),
        }
    }
}

/// A process started with [`begin`], to be waited for.
#[derive(Debug)]
pub struct Running {
    keeper: Child,
    lifeline: Option<ChildStdin>,
    stdout: File,
    stderr: File,
}

impl Running {
    /// Waits for its end.
    ///
    /// # Errors
    /// When the system cannot tell how it ended.
    pub fn finish(mut self) -> Result<Finished, HarnessError> {
        // `Child::wait` would close the lifeline if it were still the child's.
        let status = self.keeper.wait().map_err(|source| HarnessError::Io {
            doing: "waiting for a process".to_owned(),
            source,
        })?;
        Ok(Finished {
            status,
            stdout: text(&self.stdout, 0),
            stderr: text(&self.stderr, 0),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // Already waited for by `finish`, or ended by the closed lifeline.
        let _ = self.keeper.wait();
    }
}

/// Starts `command` and lets it run for at most `limit`. As with [`Guarded::start`], it gets an
/// empty working directory if it names none.
///
/// # Errors
/// When the keeper does not build, or a file or process cannot be made.
pub fn begin(command: &Command, limit: Duration) -> Result<Running, HarnessError> {
    // Files and not pipes: a Node.js tool that exits at once loses what a pipe has not taken yet.
    let (stdout, stderr) = (unnamed_file()?, unnamed_file()?);
    let mut keeper = keeper(command, Some(limit))?;
    keeper.stdout(duplicate(&stdout)?).stderr(duplicate(&stderr)?);
    let what = command.get_program().to_string_lossy();
    let mut keeper = spawn(&what, &mut keeper)?;
    Ok(Running {
        lifeline: keeper.stdin.take(),
        keeper,
        stdout,
        stderr,
    })
}

/// Runs `command` to its end: [`begin`] and [`Running::finish`].
///
/// # Errors
/// Those of the two.
pub fn run(command: &Command, limit: Duration) -> Result<Finished, HarnessError> {
    begin(command, limit)?.finish()
}

fn keeper(command: &Command, limit: Option<Duration>) -> Result<Command, HarnessError> {
    let mut keeper = Command::new(Program::keeper()?);
    if let Some(limit) = limit {
        keeper.arg("--limit").arg(limit.as_secs_f64().to_string());
    }
    match command.get_current_dir() {
        Some(folder) => keeper.current_dir(folder),
        None => keeper.arg("--scratch"),
    };
    keeper.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => keeper.env(name, value),
            None => keeper.env_remove(name),
        };
    }
    keeper.stdin(Stdio::piped());
    Ok(keeper)
}

fn spawn(what: &str, command: &mut Command) -> Result<Child, HarnessError> {
    use std::os::unix::process::CommandExt;
    // Ctrl-C in a terminal is for the test process; the keeper notices that it has gone.
    command.process_group(0).spawn().map_err(|source| HarnessError::Io {
        doing: format!("starting {what}"),
        source,
    })
}

fn unnamed_file() -> Result<File, HarnessError> {
    tempfile::tempfile().map_err(|source| HarnessError::Io {
        doing: "creating a temporary file".to_owned(),
        source,
    })
}

fn duplicate(file: &File) -> Result<File, HarnessError> {
    file.try_clone().map_err(|source| HarnessError::Io {
        doing: "sharing a temporary file".to_owned(),
        source,
    })
}

/// Reads at positions of its own: the file's position belongs to the process that writes.
struct At<'a> {
    file: &'a File,
    position: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}

fn text(file: &File, position: u64) -> String {
    let mut bytes = Vec::new();
    // What could be read is better than nothing: this is for messages.
    let _ = At { file, position }.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn tail(file: &File) -> String {
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    text(file, length.saturating_sub(TAIL))
}

/// The rest of the first whole line that starts with `prefix`.
fn find_line(text: &str, prefix: &str) -> Option<String> {
    text.split_inclusive('\n')
        .filter_map(|line| line.strip_suffix('\n'))
        .find_map(|line| line.strip_prefix(prefix))
        .map(|rest| rest.trim().to_owned())
}
