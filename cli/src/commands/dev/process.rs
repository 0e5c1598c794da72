//! The service that `--run` starts.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, ChildStdin, Command};

use crate::failure::Failure;

/// How long a service may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// A line for the shell, and the processes that it is.
#[derive(Debug)]
pub(super) struct Service {
    command: String,
    port: String,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    shell: Child,
    /// Closed when this process is gone, however it ends: the shell notices that.
    _alive: Option<ChildStdin>,
}

impl Service {
    /// Starts it; it is to listen at the port of a URL.
    pub(super) fn start(command: &str, backend: &str) -> Result<Self, Failure> {
        let host = backend.split_once("://").map_or(backend, |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        let mut service = Self {
            command: command.to_owned(),
            port: host.rsplit_once(':').map_or("80", |(_, port)| port).to_owned(),
            running: None,
        };
        service.begin()?;
        Ok(service)
    }

    /// Starts it again once it was stopped.
    pub(super) fn begin(&mut self) -> Result<(), Failure> {
        let mut command = shell(&self.command);
        // What it prints is no data of this command's.
        command.stdin(Stdio::piped()).stdout(std::io::stderr());
        let started = command.env("PORT", &self.port).kill_on_drop(true).spawn();
        let mut shell = started.map_err(|error| {
            Failure::new("run", format!("cannot start `{}`: {error}", self.command))
                .with_help("`--run` takes a line for the shell, such as `--run \"cargo run\"`")
        })?;
        self.running = Some(Running {
            _alive: shell.stdin.take(),
            shell,
        });
        Ok(())
    }

    /// Waits until it ends by itself. What it left behind ends too.
    pub(super) async fn ended(service: &mut Option<Self>) -> ExitStatus {
        if let Some(Self { running, .. }) = service
            && let Some(Running { shell, .. }) = running
            && let Ok(status) = shell.wait().await
        {
            *running = None;
            return status;
        }
        std::future::pending().await
    }

    /// Ends it and all that it started.
    pub(super) async fn stop(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        let Some(id) = running.shell.id() else { return };
        end(id, false);
        let is_gone = tokio::time::timeout(PATIENCE, running.shell.wait()).await.is_ok();
        // What is left of the group, whoever leads it.
        end(id, true);
        if !is_gone {
            let _ = running.shell.wait().await;
        }
    }
}

/// Runs a line, and ends the group of its processes when nobody holds the other end of the standard input any more.
#[cfg(unix)]
const SCRIPT: &str = r#"
exec 3<&0
sh -c "$1" < /dev/null 3<&- &
service=$!
{ read -r _ <&3; kill -TERM 0; } &
wait "$service"
"#;

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    // A group of its own, so that all of it can be ended.
    command.args(["-c", SCRIPT, "sh", line]).process_group(0);
    command
}

#[cfg(unix)]
fn end(group: u32, at_once: bool) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = if at_once { Signal::KILL } else { Signal::TERM };
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        // That there is nobody left is what is wanted.
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(not(unix))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.arg("/C").arg(line);
    command
}

#[cfg(not(unix))]
fn end(process: u32, at_once: bool) {
    if !at_once {
        let process = process.to_string();
        let _ = std::process::Command::new("taskkill")
            .args(["/T", "/F", "/PID", &process])
            .output();
    }
}
