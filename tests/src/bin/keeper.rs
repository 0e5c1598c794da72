//! Runs a command and ends it, with all it started, as soon as standard input closes.
//!
//! ```text
//! keeper [--limit SECONDS] [--scratch] COMMAND [ARGUMENT...]
//! ```
//!
//! A test holds the other end of standard input. However the test ends (return, panic, `kill -9`), the system closes
//! that end, so nothing a test started outlives it. Exits with the command's own status.
//!
//! - `--limit` ends the command after so many seconds (exit status 124, as on a closed input).
//! - `--scratch` makes a folder for the run, removed afterwards: the working directory and the `TMPDIR`.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio, exit};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

/// What a process is given to end before it is ended.
const GRACE: Duration = Duration::from_secs(3);
/// The exit status of what was ended from outside.
const LATE: i32 = 124;
/// The exit status of what could not be started, as a shell has it.
const MISSING: i32 = 127;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = env::args_os().skip(1).peekable();
    let (mut limit, mut scratch) = (None, false);
    while let Some(option) = arguments.next_if(|argument| argument.to_str().is_some_and(|text| text.starts_with("--")))
    {
        match option.to_str() {
            Some("--limit") => limit = arguments.next().and_then(|seconds| seconds.to_str()?.parse().ok()),
            Some("--scratch") => scratch = true,
            _ => fail(&format!("unknown option {}", option.display()), 1),
        }
    }
    let Some(program) = arguments.next() else {
        fail("no command", 1);
    };
    // Read on in a thread that nothing ends: the process leaves by `exit`.
    exit(kept(&program, arguments.collect(), limit, scratch).await);
}

/// Runs the command to its end, or to the end that it is given, and tells the exit status.
async fn kept(program: &OsString, arguments: Vec<OsString>, limit: Option<f64>, scratch: bool) -> i32 {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).process_group(0);
    let folder: Option<TempDir> = match scratch.then(|| tempfile::Builder::new().prefix("bluegate-").tempdir()) {
        None => None,
        Some(Ok(folder)) => Some(folder),
        Some(Err(error)) => fail(&format!("no folder for the run: {error}"), 1),
    };
    if let Some(folder) = &folder {
        command.current_dir(folder.path()).env("TMPDIR", folder.path());
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            drop(folder);
            fail(&format!("{}: {error}", program.display()), MISSING);
        }
    };
    let group = Pid::from_raw(child.id().expect("nobody has waited for it").cast_signed());
    let exited = tokio::select! {
        status = child.wait() => Some(status),
        () = asked_to_end() => None,
        () = closed() => None,
        () = late(limit) => {
            eprintln!("keeper: ended after {} seconds", limit.unwrap_or_default());
            None
        }
    };
    end(group, &mut child).await;
    exited.map_or(LATE, |status| status.map_or(LATE, code))
}

/// The status that a shell would show.
fn code(status: ExitStatus) -> i32 {
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

/// The command's whole group gets SIGTERM, then a moment, and then SIGKILL.
async fn end(group: Pid, child: &mut Child) {
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        // It fails when nobody of the group is left, which is what is wanted.
        if killpg(group, signal).is_ok() {
            let _ = timeout(GRACE, child.wait()).await;
        }
    }
}

/// Waits for the end of standard input.
async fn closed() {
    let mut input = tokio::io::stdin();
    let mut ignored = [0; 4096];
    while let Ok(1..) = input.read(&mut ignored).await {}
}

async fn late(limit: Option<f64>) {
    match limit {
        Some(seconds) => sleep(Duration::from_secs_f64(seconds)).await,
        None => std::future::pending().await,
    }
}

/// Waits for a signal that asks this process to end.
async fn asked_to_end() {
    let signals = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
        signal(SignalKind::hangup()),
    );
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)) = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
}

fn fail(why: &str, status: i32) -> ! {
    eprintln!("keeper: {why}");
    exit(status)
}
