//! Where the harness finds its files and keeps what it installs.

use std::{
    env,
    path::{Path, PathBuf},
};

/// A checked-in file of `tests/emulators/`.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("emulators").join(name)
}

/// A checked-in file or folder of `tests/fixtures/`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is a member of a workspace")
}

/// The folder of installed emulators: `$BLUEGATE_EMULATORS`, else `bluegate-emulators` in cargo's
/// target directory. It survives a rebuild, and may be deleted at any time.
pub fn emulators() -> PathBuf {
    if let Some(named) = env::var_os("BLUEGATE_EMULATORS").filter(|value| !value.is_empty()) {
        return workspace().join(named);
    }
    target().join("bluegate-emulators")
}

/// Cargo's target directory. A test may run anywhere, so relative means relative to the workspace,
/// where cargo is run.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(named) => workspace().join(named),
        None => workspace().join("target"),
    }
}

/// The target directory of the packages that tests write: what they depend on is compiled once for all of them.
pub fn written() -> PathBuf {
    target().join("tmp/written")
}
