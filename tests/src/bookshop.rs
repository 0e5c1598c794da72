//! The example `examples/bookshop`, running.

use std::{fs, path::PathBuf, process::Command, time::Duration};

use serde_json::Value;

use crate::{
    HarnessError,
    binaries::{Profile, Program},
    guard::Guarded,
    place,
};

/// It starts in milliseconds; the machine may be busy.
const READY: Duration = Duration::from_secs(60);

/// The bookshop on a free loopback port, with its first books on the shelves. Dropping it stops it.
#[derive(Debug)]
pub struct Bookshop {
    process: Guarded,
    url: String,
}

impl Bookshop {
    /// Builds it and starts it.
    ///
    /// # Errors
    /// When it does not build or does not come up; what it printed is in the error then.
    pub fn start() -> Result<Bookshop, HarnessError> {
        let mut command = Command::new(Program::Bookshop.build(Profile::Dev)?);
        command.env("BOOKSHOP_ADDR", "127.0.0.1:0");
        let mut process = Guarded::start("the bookshop", &command)?;
        let url = process.wait_for_line("listening on ", READY)?;
        Ok(Bookshop { process, url })
    }

    /// Where its routes file is.
    pub fn routes() -> PathBuf {
        place::workspace().join("examples/bookshop/routes.json")
    }

    /// Its AWS file for another API and another place of the service.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn aws_file(rest_api_id: Option<&str>, backend: &str) -> Result<Value, HarnessError> {
        let path = place::workspace().join("examples/bookshop/aws.config.json");
        let text = fs::read_to_string(&path).map_err(HarnessError::io("reading", &path))?;
        let mut file: Value = serde_json::from_str(&text)
            .map_err(|error| HarnessError::answer(path.display().to_string(), error.to_string()))?;
        if let Some(file) = file.as_object_mut() {
            // It is relative to the folder of the example.
            file.remove("$schema");
        }
        file["apiGateway"]["baseEndpointURL"] = backend.into();
        if let Some(id) = rest_api_id {
            file["apiGateway"]["rest_api_id"] = id.into();
        }
        Ok(file)
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The end of its log, for a test that fails.
    pub fn log_tail(&self) -> String {
        self.process.tail()
    }
}
