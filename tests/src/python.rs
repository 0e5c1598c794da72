//! Python, and virtual environments with pinned packages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::Duration,
};

use crate::{HarnessError, guard, install, place};

/// Versions known to run every package of `tests/emulators/` first; then whatever `python3` is.
const NAMES: [&str; 4] = ["python3.11", "python3.12", "python3.13", "python3"];

/// Prints version and path, or fails where a virtual environment cannot be made.
const PROBE: &str = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)";

/// A Python interpreter, 3.11 or newer, that can make virtual environments.
#[derive(Debug, Clone)]
pub struct Python {
    program: PathBuf,
    version: String,
}

impl Python {
    /// The Python of this machine, looked for on `PATH` once per process.
    ///
    /// # Errors
    /// [`HarnessError::NoPython`], which says what to install.
    pub fn find() -> Result<&'static Python, HarnessError> {
        static FOUND: OnceLock<Python> = OnceLock::new();
        if let Some(python) = FOUND.get() {
            return Ok(python);
        }
        let mut tried = Vec::new();
        for name in NAMES {
            match probe(name) {
                Ok(python) => return Ok(FOUND.get_or_init(|| python)),
                Err(why) => tried.push(format!("{name}: {why}")),
            }
        }
        Err(HarnessError::NoPython { tried })
    }

    /// The interpreter's own path: never a shim whose answer depends on the working directory.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Its version, as in `3.11.7`.
    pub fn version(&self) -> &str {
        &self.version
    }
}

fn probe(name: &str) -> Result<Python, String> {
    let output = Command::new(name)
        .args(["-c", PROBE])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(said.lines().last().unwrap_or("it fails").to_owned());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let (version, program) = printed.trim().split_once('\n').ok_or("it prints no version")?;
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(3)), Some(Ok(minor))) if minor >= 11 => Ok(Python {
            program: PathBuf::from(program),
            version: version.to_owned(),
        }),
        _ => Err(format!("version {version} is too old")),
    }
}

/// A virtual environment with the packages of one requirements file of `tests/emulators/`.
#[derive(Debug, Clone)]
pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// The environment of `tests/emulators/<name>.txt`, installed if it is not there yet.
    ///
    /// # Errors
    /// When there is no Python, or when pip cannot install the packages; pip's words are in it.
    pub fn ensure(name: &str) -> Result<Environment, HarnessError> {
        let python = Python::find()?;
        let file = place::script(&format!("{name}.txt"));
        let requirements = fs::read_to_string(&file).map_err(HarnessError::io("reading", &file))?;
        let identity = python.program.to_string_lossy();
        let folder = install::once(name, &[&requirements, &python.version, &identity], |folder| {
            let environment = Environment {
                folder: folder.to_owned(),
            };
            let mut make = Command::new(&python.program);
            make.args(["-m", "venv"]).arg(folder);
            guard::run(&make, Duration::from_secs(120))?
                .success(&format!("making the virtual environment of {name}"))?;
            let mut pip = Command::new(environment.python());
            pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
                .args(["--disable-pip-version-check", "--requirement"])
                .arg(&file);
            guard::run(&pip, Duration::from_secs(900))?
                .success(&format!("installing the Python packages of {name}"))?;
            Ok(())
        })?;
        Ok(Environment { folder })
    }

    /// The environment's interpreter.
    pub fn python(&self) -> PathBuf {
        self.folder.join("bin").join("python")
    }

    /// A command that runs a script of `tests/emulators/` in this environment: UTF-8 whatever the
    /// locale, unbuffered, and without bytecode beside the checked-in script.
    pub fn script(&self, name: &str) -> Command {
        let mut command = Command::new(self.python());
        command
            .arg(place::script(name))
            .env("PYTHONUTF8", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env_remove("PYTHONPATH")
            .env_remove("PYTHONHOME");
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_is_found_by_its_own_path() {
        let python = Python::find().unwrap();
        assert!(python.program().is_absolute(), "{python:?}");
        assert!(python.version().starts_with("3."), "{python:?}");
    }

    #[test]
    fn what_is_no_python_says_why() {
        assert!(probe("no-such-python").is_err());
        assert!(probe("true").unwrap_err().contains("no version"));
        assert!(!probe("sh").unwrap_err().is_empty());
    }
}
