//! ct-api-gateway-deployer 1.1.4, asked for its documents.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use serde_json::{Value, json};

use crate::{HarnessError, python::Environment};

/// What stands for the time in `info.version`.
pub const VERSION: &str = "@VERSION@";

/// What the original makes of a pair of inputs.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The document: all keys strings, `info.version` replaced by [`VERSION`].
    Document(Value),
    /// It stopped with an exception.
    Refused {
        /// The class of the exception, as in `KeyError`.
        exception: String,
        /// Its text.
        message: String,
    },
}

/// A running worker that has loaded the original; it answers any number of questions, and ends when
/// it is dropped or the test process is gone.
#[derive(Debug)]
pub struct Original {
    worker: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Original {
    /// Starts a worker; installs the original first if need be.
    ///
    /// # Errors
    /// When it cannot be installed or started.
    pub fn start() -> Result<Original, HarnessError> {
        let mut worker = Environment::ensure("original")?
            .script("original_worker.py")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(broken)?;
        let questions = worker.stdin.take();
        let answers = worker.stdout.take().expect("standard output is piped");
        Ok(Original {
            worker,
            questions,
            answers: BufReader::new(answers),
        })
    }

    /// The document that it builds for the texts of a routes file and an AWS config file, before it
    /// is written: some milliseconds.
    ///
    /// # Errors
    /// When the worker is gone. An exception of the original is an [`Outcome`].
    pub fn document(&mut self, routes: &str, aws_config: &str) -> Result<Outcome, HarnessError> {
        self.ask(routes, aws_config, false)
    }

    /// The document that it writes to disk, read again. Slower, and closer to the user.
    ///
    /// # Errors
    /// Those of [`Original::document`].
    pub fn written_document(&mut self, routes: &str, aws_config: &str) -> Result<Outcome, HarnessError> {
        self.ask(routes, aws_config, true)
    }

    fn ask(&mut self, routes: &str, aws: &str, written: bool) -> Result<Outcome, HarnessError> {
        let question = json!({ "routes": routes, "aws": aws, "written": written });
        let mut line = String::new();
        self.questions
            .as_mut()
            .expect("open until it is dropped")
            .write_all(format!("{question}\n").as_bytes())
            .and_then(|()| self.answers.read_line(&mut line))
            .map_err(broken)?;
        let strange = || HarnessError::answer("the original's worker", format!("it said {line:?}"));
        let mut answer: Value = serde_json::from_str(&line).map_err(|_| strange())?;
        if let Some(exception) = answer["exception"].as_str() {
            return Ok(Outcome::Refused {
                exception: exception.to_owned(),
                message: answer["message"].as_str().unwrap_or_default().to_owned(),
            });
        }
        let mut document = answer["document"].take();
        match document.pointer_mut("/info/version") {
            Some(version) => *version = VERSION.into(),
            None => return Err(strange()),
        }
        Ok(Outcome::Document(document))
    }
}

impl Drop for Original {
    fn drop(&mut self) {
        // At the end of its input the worker ends by itself, and removes its folder.
        drop(self.questions.take());
        // Fails only if it was waited for already.
        let _ = self.worker.wait();
    }
}

fn broken(source: std::io::Error) -> HarnessError {
    HarnessError::Io {
        doing: "talking to the original's worker".to_owned(),
        source,
    }
}
