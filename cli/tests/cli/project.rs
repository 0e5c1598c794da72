//! A folder with files, and the binary run in it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bluegate_tests::local::DOCUMENTED;
use bluegate_tests::place;
use tempfile::TempDir;

/// A routes file without fault. Tests break single lines of it.
pub(crate) const ROUTES: &str = r#"{
  "blueprint": {
    "name": "shop",
    "url_prefix": "/shop",
    "resources": [
      {
        "name": "users",
        "methods": [
          {
            "path": "/users/{id}",
            "queryParams": [{"name": "id", "type": "int"}],
            "cors": {"enable": true, "allowHeaders": ["X-Tenant"]},
            "actions": [
              {"type": "GET", "authorization": "AWS_IAM"},
              {"type": "PUT", "integration": "VPC_LINK", "vpcLink": "abc123"}
            ]
          }
        ]
      }
    ]
  }
}
"#;

/// The secret of [`AWS`].
pub(crate) const SECRET: &str = DOCUMENTED[1];
/// The key's id of [`AWS`].
pub(crate) const KEY_ID: &str = DOCUMENTED[0];

/// An AWS file without fault.
pub(crate) const AWS: &str = r#"{
  "region": "eu-west-1",
  "aws": {
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  },
  "apiGateway": {
    "name": "Shop API",
    "rest_api_id": "abc123def4",
    "baseEndpointURL": "https://backend.example.com/",
    "stage": "dev",
    "basePath": "/dev"
  }
}
"#;

/// An AWS file with the key that `bluegate local` knows.
pub(crate) fn with_test_key(aws: &str) -> String {
    aws.replace(KEY_ID, "test").replace(SECRET, "test")
}

/// A folder that is gone when the test is over.
pub(crate) struct Project {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

/// What a run of the binary left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self {
            folder: TempDir::new().expect("a folder for the test"),
            variables: BTreeMap::new(),
        }
    }

    /// A folder with [`ROUTES`] and [`AWS`], which nobody else can read.
    pub(crate) fn new() -> Self {
        Self::with(ROUTES, AWS)
    }

    /// A folder with these two files.
    pub(crate) fn with(routes: &str, aws: &str) -> Self {
        let project = Self::empty();
        project.write("routes.json", routes);
        project.write("aws.config.json", aws);
        project.mode("aws.config.json", 0o600);
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.join(name), text).expect("a file for the test");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Checks the package in a folder with the compiler, which may have nothing to say. The versions are those that
    /// everything else is tested with.
    pub(crate) fn compiles(&self, package: &str) {
        if let Ok(lock) = fs::read(place::workspace().join("Cargo.lock")) {
            self.write(&format!("{package}/Cargo.lock"), lock);
        }
        let output = Command::new(env!("CARGO"))
            .args(["check", "--all-targets", "--color", "never"])
            .current_dir(self.join(package))
            .env("CARGO_TARGET_DIR", place::written())
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("warning"), "{said}");
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.join(name).symlink_metadata().is_ok()
    }

    #[cfg(unix)]
    pub(crate) fn mode(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(self.join(name), permissions).expect("permissions for the test");
    }

    #[cfg(not(unix))]
    pub(crate) fn mode(&self, _name: &str, _mode: u32) {}

    /// Everything below the folder, with what is in it, but for the journal of deployments.
    pub(crate) fn content(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        fn walk(folder: &Path, into: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
            for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
                let path = entry.path();
                if path.ends_with(".bluegate") {
                    continue;
                }
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                into.insert(path.clone(), fs::read(&path).ok());
                if is_folder {
                    walk(&path, into);
                }
            }
        }
        let mut content = BTreeMap::new();
        walk(self.path(), &mut content);
        content
    }

    /// Sets a variable for the runs that follow.
    pub(crate) fn variable(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// The binary with these arguments, in this folder, with nobody's credentials.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluegate"));
        command
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::null())
            .env_clear()
            .env("HOME", self.path())
            .env("AWS_CONFIG_FILE", self.join("no-config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.join("no-credentials"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            // Whoever forgets to say where to reaches nobody.
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
            .envs(&self.variables);
        for kept in ["PATH", "SystemRoot", "TMPDIR"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
    }

    /// Runs the binary with the words of a line.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_with(line.split_whitespace())
    }

    /// Runs the binary with these arguments. Whatever happens, it must not panic.
    pub(crate) fn run_with<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let output = self.command(arguments).output().expect("the binary starts");
        let ran = Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        for trace in ["panicked", "RUST_BACKTRACE", "thread 'main'"] {
            assert!(!ran.err.contains(trace), "{ran:#?}");
        }
        ran
    }

    /// Runs `deploy` with both files and more arguments.
    pub(crate) fn deploy(&self, more: &str) -> Ran {
        self.run(&format!(
            "deploy --routes routes.json --aws-config aws.config.json {more}"
        ))
    }
}

impl Ran {
    /// It ended as it should.
    #[track_caller]
    pub(crate) fn ends_with(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Standard error says all of this.
    #[track_caller]
    pub(crate) fn says(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(self.err.contains(text), "`{text}` is not in {self:#?}");
        }
        self
    }

    /// The text is on neither output.
    #[track_caller]
    pub(crate) fn never_says(&self, text: &str) -> &Self {
        assert!(
            !self.err.contains(text) && !self.out.contains(text),
            "`{text}` is in {self:#?}"
        );
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}
