//! The command `bluegate` and other binaries of the workspace, built for a test or a bench.

use std::{env, path::PathBuf, process::Command, time::Duration};

use crate::{HarnessError, guard, place};

/// Half an hour is enough for a release build on a slow machine.
const LIMIT: Duration = Duration::from_secs(1_800);

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
        .current_dir(place::workspace());
    if profile == Profile::Release {
        build.arg("--release");
    }
    guard::run(&build, LIMIT)?.success(&format!("building {package}"))?;
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    Ok(place::target().join(folder).join(name))
}
