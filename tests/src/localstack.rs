//! LocalStack in host mode: the API Gateway control plane, and stages that answer over HTTP.

use std::{
    sync::{Mutex, OnceLock},
    time::{Duration, Instant},
};

use crate::{
    HarnessError,
    guard::{Guarded, shared},
    http,
    python::Environment,
};

/// It takes 3 to 8 seconds on an idle machine.
const READY: Duration = Duration::from_secs(180);
/// Another process may take the port between the launcher's choice and LocalStack's use of it.
const TRIES: usize = 3;

/// A running LocalStack. Dropping it stops it.
///
/// It takes any credentials and enforces no authorization.
#[derive(Debug)]
pub struct LocalStack {
    process: Guarded,
    endpoint: String,
}

impl LocalStack {
    /// Starts one on a free port and waits until it serves; installs it first if need be.
    ///
    /// # Errors
    /// When it cannot be installed, or does not come up; the end of its log is in the error then.
    pub fn start() -> Result<LocalStack, HarnessError> {
        let environment = Environment::ensure("localstack")?;
        let mut tries = 1;
        loop {
            match LocalStack::try_start(&environment) {
                Err(HarnessError::NotReady { .. }) if tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    fn try_start(environment: &Environment) -> Result<LocalStack, HarnessError> {
        let mut process = Guarded::start("LocalStack", &environment.script("localstack_server.py"))?;
        let deadline = Instant::now() + READY;
        let port = process.wait_for_line("listening on ", READY)?;
        process.wait_for_line("Ready.", deadline.saturating_duration_since(Instant::now()))?;
        let endpoint = format!("http://127.0.0.1:{port}");
        // A port taken by someone else would answer too, but not like this.
        match http::get(&format!("{endpoint}/_localstack/health")) {
            Ok(health) if health.status == 200 => Ok(LocalStack { process, endpoint }),
            _ => Err(process.not_ready()),
        }
    }

    /// One for all tests of a test binary, started by the first that asks. It ends with the process.
    ///
    /// # Errors
    /// Those of [`LocalStack::start`]; the next caller tries again.
    pub fn shared() -> Result<&'static LocalStack, HarnessError> {
        static SHARED: OnceLock<LocalStack> = OnceLock::new();
        static STARTING: Mutex<()> = Mutex::new(());
        shared(&SHARED, &STARTING, LocalStack::start)
    }

    /// The URL of the control plane, for `AWS_ENDPOINT_URL`: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The URL at which a deployed stage serves `path`, which begins with a slash.
    pub fn invoke_url(&self, api_id: &str, stage: &str, path: &str) -> String {
        format!("{}/_aws/execute-api/{api_id}/{stage}{path}", self.endpoint)
    }

    /// The end of its log, for a test that fails.
    pub fn log_tail(&self) -> String {
        self.process.tail()
    }
}
