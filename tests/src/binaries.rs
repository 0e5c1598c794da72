//! The command `bluegate` and other programs of the workspace, built for a test or a bench.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use std::{env, io};

use crate::{HarnessError, guard, place};

/// Half an hour is enough for a release build on a slow machine.
const LIMIT: Duration = Duration::from_secs(1_800);

/// A program of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The command.
    Bluegate,
    /// The service of the README's tour.
    Bookshop,
    /// What `cargo demo` runs.
    Demo,
    /// What holds other processes, see [`guard`].
    Keeper,
}

/// How a program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Fast to build.
    Dev,
    /// As it is shipped.
    Release,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Program::Bluegate => "bluegate",
            Program::Bookshop => "bookshop",
            Program::Demo => "demo",
            Program::Keeper => "keeper",
        }
    }

    /// The package, and one of its integration tests.
    const fn package(self) -> (&'static str, &'static str) {
        match self {
            Program::Bluegate => ("bluegate-cli", "cli"),
            Program::Bookshop => ("bookshop", "shop"),
            Program::Demo | Program::Keeper => ("bluegate-tests", "harness"),
        }
    }

    /// Builds it and gives its path.
    ///
    /// `$BLUEGATE_BIN_DIR` names a folder of programs that are built already.
    ///
    /// # Errors
    /// When cargo cannot be run or the package does not build.
    pub fn build(self, profile: Profile) -> Result<PathBuf, HarnessError> {
        if built().is_none() {
            guard::run(&self.cargo(profile), LIMIT)?.success(&format!("building {}", self.name()))?;
        }
        Ok(self.path(profile))
    }

    /// The keeper, built once a process, and by nothing that would need a keeper.
    pub(crate) fn keeper() -> Result<&'static Path, HarnessError> {
        static BUILT: OnceLock<PathBuf> = OnceLock::new();
        if let Some(path) = BUILT.get() {
            return Ok(path);
        }
        let (keeper, profile) = (Program::Keeper, Profile::Dev);
        if built().is_none() {
            let failed = |source| HarnessError::Io {
                doing: "building the keeper".to_owned(),
                source,
            };
            let output = keeper.cargo(profile).output().map_err(failed)?;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                return Err(failed(io::Error::other(said)));
            }
        }
        Ok(BUILT.get_or_init(|| keeper.path(profile)))
    }

    /// Where it is once it is built.
    fn path(self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        let folder = built().unwrap_or_else(|| place::target().join(folder));
        folder.join(self.name())
    }

    fn cargo(self, profile: Profile) -> Command {
        let (package, test) = self.package();
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(place::workspace());
        // What cargo told this process of its own package is no business of build scripts: some ask for it, and all
        // that stands on them would be compiled anew.
        for (name, _) in env::vars_os() {
            let told = ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_", "CARGO_CRATE_", "OUT_DIR"];
            if name
                .to_str()
                .is_some_and(|name| told.iter().any(|told| name.starts_with(told)))
            {
                cargo.env_remove(name);
            }
        }
        if profile == Profile::Dev && is_test() {
            // What a build of the package alone would choose features for is compiled already, with those that the
            // tests of the workspace need: an integration test brings the programs of its package along.
            cargo.args(["test", "--quiet", "--workspace", "--no-run", "--test", test]);
        } else {
            cargo.args(["build", "--quiet", "--package", package, "--bin", self.name()]);
        }
        if profile == Profile::Release {
            cargo.arg("--release");
        }
        cargo
    }
}

/// The folder of programs that are built already.
fn built() -> Option<PathBuf> {
    env::var_os("BLUEGATE_BIN_DIR")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
}

/// Whether this process is a test or a bench of cargo's, which it puts apart from programs.
fn is_test() -> bool {
    env::current_exe().is_ok_and(|path| path.parent().is_some_and(|folder| folder.ends_with("deps")))
}
