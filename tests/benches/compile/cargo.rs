//! Runs cargo, and tells what that cost.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// What a command took, with all the processes that it started.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// In user and in system mode together.
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
}

/// How something is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Check,
    Build,
    Release,
}

impl Mode {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Mode::Check => &["check"],
            Mode::Build => &["build"],
            Mode::Release => &["build", "--release"],
        }
    }
}

/// Cargo with a target folder that all packages share, so that what they depend on is built once.
pub(crate) struct Cargo {
    target: PathBuf,
}

impl Cargo {
    pub(crate) fn new(target: &Path) -> Cargo {
        Cargo {
            target: target.to_owned(),
        }
    }

    /// Compiles a package.
    pub(crate) fn compile(&self, package: &Path, mode: Mode) -> Result<Cost, Box<dyn Error>> {
        self.run(package, mode.arguments())
    }

    /// Forgets what was compiled of a package itself.
    pub(crate) fn forget(&self, package: &Path, name: &str) -> Result<(), Box<dyn Error>> {
        self.run(package, &["clean", "--package", name]).map(|_| ())
    }

    /// Where a binary is.
    pub(crate) fn binary(&self, name: &str, mode: Mode) -> PathBuf {
        let folder = if mode == Mode::Release { "release" } else { "debug" };
        self.target.join(folder).join(name)
    }

    fn run(&self, package: &Path, arguments: &[&str]) -> Result<Cost, Box<dyn Error>> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .arg("--quiet")
            .arg("--target-dir")
            .arg(&self.target)
            .current_dir(package);
        // What this process was started with is about the bench, not about the service: compilers and flags are those
        // of a user who has set nothing.
        for (key, _) in env::vars_os() {
            let name = key.to_string_lossy();
            let is_home = ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR"]
                .iter()
                .any(|kept| name.starts_with(kept));
            let is_flag = name.starts_with("CARGO_")
                || name == "CARGO"
                || name.starts_with("RUSTFLAGS")
                || name.starts_with("RUSTC_");
            if is_flag && !is_home {
                command.env_remove(&key);
            }
        }
        let (before, start) = (children()?, Instant::now());
        let output = command.stdin(Stdio::null()).output()?;
        let cost = Cost {
            cpu: children()?.saturating_sub(before),
            wall: start.elapsed(),
        };
        if output.status.success() {
            return Ok(cost);
        }
        let text = String::from_utf8_lossy(&output.stderr);
        Err(format!("cargo {} in {}:\n{text}", arguments.join(" "), package.display()).into())
    }
}

/// CPU time of all processes that ended below this one.
fn children() -> Result<Duration, Box<dyn Error>> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(duration(usage.user_time())? + duration(usage.system_time())?)
}

fn duration(time: TimeVal) -> Result<Duration, Box<dyn Error>> {
    Ok(Duration::from_secs(time.tv_sec().try_into()?) + Duration::from_micros(time.tv_usec().try_into()?))
}
