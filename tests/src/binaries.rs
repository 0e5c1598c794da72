//! The command `bluegate` and other binaries of the workspace, built for a test or a bench.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{HarnessError, place};

/// How a binary is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Fast to build.
    Dev,
    /// As it is shipped.
    Release,
}

/// Builds a package of the workspace and gives the path of one of its binaries.
///
/// `$BLUEGATE_BIN_DIR` names a folder of binaries that are built already.
///
/// # Errors
/// When cargo cannot be run or the package does not build.
pub fn binary(package: &str, name: &str, profile: Profile) -> Result<PathBuf, HarnessError> {
    if let Some(folder) = env::var_os("BLUEGATE_BIN_DIR").filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder).join(name));
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--quiet", "--package", package, "--bin", name])
        .current_dir(place::workspace())
        .stdin(Stdio::null());
    if profile == Profile::Release {
        build.arg("--release");
    }
    let what = format!("building {package}");
    let built = build.output().map_err(|source| HarnessError::Io {
        doing: what.clone(),
        source,
    })?;
    if !built.status.success() {
        return Err(HarnessError::Command {
            what,
            status: built.status.to_string(),
            output: String::from_utf8_lossy(&built.stderr).into_owned(),
        });
    }
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    Ok(place::target().join(folder).join(name))
}
