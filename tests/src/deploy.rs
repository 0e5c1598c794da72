//! Running `bluegate deploy` against an emulator, as a person would.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    HarnessError,
    binaries::{Profile, Program},
    guard::{self, Finished},
    http,
};

/// A deployment of a debug build takes a second or two; an emulator under load some more.
const LIMIT: Duration = Duration::from_secs(300);

/// A folder with an AWS file, from which APIs are deployed to an emulator.
#[derive(Debug)]
pub struct Deployer {
    folder: tempfile::TempDir,
    bluegate: PathBuf,
    endpoint: String,
}

impl Deployer {
    /// Builds the command and makes a folder for one API of the emulator at `endpoint`.
    ///
    /// # Errors
    /// When the command does not build, or the folder cannot be made.
    pub fn new(endpoint: &str) -> Result<Deployer, HarnessError> {
        Ok(Deployer {
            folder: tempfile::tempdir().map_err(|source| HarnessError::Io {
                doing: "making a folder".to_owned(),
                source,
            })?,
            bluegate: Program::Bluegate.build(Profile::Dev)?,
            endpoint: endpoint.to_owned(),
        })
    }

    /// Where the command runs, and what it writes to.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the AWS file of an API, with the service at `backend`, and gives its path.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn aws_file(&self, rest_api_id: &str, stage: &str, backend: &str) -> Result<PathBuf, HarnessError> {
        let file = json!({
            "region": http::REGION,
            "apiGateway": {"name": "emulated", "rest_api_id": rest_api_id, "stage": stage,
                "basePath": format!("/{stage}"), "baseEndpointURL": backend},
        });
        self.write("aws.config.json", &file)
    }

    /// Writes a file of the folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, value: &Value) -> Result<PathBuf, HarnessError> {
        let path = self.folder().join(name);
        fs::write(&path, value.to_string()).map_err(HarnessError::io("writing", &path))?;
        Ok(path)
    }

    /// The command `bluegate` in the folder, told of the emulator and of credentials that it takes.
    pub fn bluegate(&self) -> Command {
        let mut command = Command::new(&self.bluegate);
        command
            .current_dir(self.folder())
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_SESSION_TOKEN");
        command
    }

    /// Runs `bluegate deploy` to its end.
    ///
    /// # Errors
    /// When the command cannot be run. One that fails is a [`Finished`] too.
    pub fn deploy(&self, routes: &Path, aws: &Path) -> Result<Finished, HarnessError> {
        let mut command = self.bluegate();
        command
            .args(["deploy", "--routes"])
            .arg(routes)
            .arg("--aws-config")
            .arg(aws);
        guard::run(&command, LIMIT)
    }
}
