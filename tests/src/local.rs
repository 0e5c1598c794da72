//! `bluegate local`: the API Gateway of this project, running.

use std::{
    process::Command,
    sync::{Mutex, OnceLock},
    time::Duration,
};

use crate::{
    HarnessError,
    binaries::{Profile, Program},
    guard::{Guarded, shared},
};

/// It starts in milliseconds; the machine may be busy.
const READY: Duration = Duration::from_secs(60);

/// The access key of the documentation of AWS, and its secret.
pub const DOCUMENTED: [&str; 2] = ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"];

/// The key of another account, and its secret.
pub const OTHER: [&str; 2] = ["other", "secret"];

/// A running `bluegate local` on a free loopback port. Dropping it stops it.
///
/// It takes requests that are signed with the key `test` and the secret `test`, with the [`DOCUMENTED`] key, and with that of
/// [`OTHER`] account.
#[derive(Debug)]
pub struct LocalGateway {
    process: Guarded,
    endpoint: String,
}

impl LocalGateway {
    /// Builds the command and starts it.
    ///
    /// # Errors
    /// When it does not build or does not come up; what it printed is in the error then.
    pub fn start() -> Result<LocalGateway, HarnessError> {
        let mut command = Command::new(Program::Bluegate.build(Profile::Dev)?);
        let [key, secret] = DOCUMENTED;
        command.args(["local", "--listen", "127.0.0.1:0", "--credential"]);
        command.arg(format!("{key}:{secret}=arn:aws:iam::000000000000:user/deployer"));
        let [key, secret] = OTHER;
        command.arg("--credential");
        command.arg(format!("{key}:{secret}=arn:aws:iam::111122223333:user/other"));
        let mut process = Guarded::start("bluegate local", &command)?;
        let endpoint = process.wait_for_line("AWS_ENDPOINT_URL=", READY)?;
        Ok(LocalGateway { process, endpoint })
    }

    /// One for all tests of a test binary, started by the first that asks. It ends with the process.
    ///
    /// # Errors
    /// Those of [`LocalGateway::start`]; the next caller tries again.
    pub fn shared() -> Result<&'static LocalGateway, HarnessError> {
        static SHARED: OnceLock<LocalGateway> = OnceLock::new();
        static STARTING: Mutex<()> = Mutex::new(());
        shared(&SHARED, &STARTING, LocalGateway::start)
    }

    /// The URL at which a deployed stage serves `path`, which begins with a slash.
    pub fn invoke_url(&self, api_id: &str, stage: &str, path: &str) -> String {
        format!("{}/_aws/execute-api/{api_id}/{stage}{path}", self.endpoint)
    }

    /// The URL of the control plane, for `AWS_ENDPOINT_URL`: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The end of its log, for a test that fails.
    pub fn log_tail(&self) -> String {
        self.process.tail()
    }
}
