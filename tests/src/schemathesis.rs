//! schemathesis: requests that fit the document for clients and requests that do not, and who answers them.

use std::{collections::BTreeMap, env, fs, process::Command, time::Duration};

use crate::{HarnessError, guard, place, python::Environment};

/// For a hundred operations, thousands of requests each.
const LIMIT: Duration = Duration::from_secs(3_600);

/// What is asked.
#[derive(Debug, Clone)]
pub struct Schemathesis {
    examples: u32,
    is_sample: bool,
}

impl Schemathesis {
    /// Some requests with bodies, or as many requests of each operation as the variable `EXAMPLES` says.
    ///
    /// # Panics
    /// When the variable is no number.
    pub fn sampled() -> Schemathesis {
        let said = env::var("EXAMPLES").ok();
        Schemathesis {
            examples: said
                .as_ref()
                .map_or(2, |number| number.parse().expect("EXAMPLES is a number")),
            is_sample: said.is_none(),
        }
    }

    /// Asks the operations of a document that are served at a URL. How often which answer came is told as
    /// `gateway 400 negative`: who answered, with which status, a request that fits the document (`positive`) or not.
    ///
    /// # Errors
    /// When the gateway lets through a body that the service refuses for its shape or refuses one that fits the document,
    /// when something answers 500, when an answer is not as the document says, and when it cannot be installed or run.
    pub fn ask(&self, document: &str, url: &str) -> Result<BTreeMap<String, usize>, HarnessError> {
        let environment = Environment::ensure("schemathesis")?;
        let folder = tempfile::tempdir().map_err(|source| HarnessError::Io {
            doing: "creating a temporary folder".to_owned(),
            source,
        })?;
        let file = folder.path().join("openapi.json");
        fs::write(&file, document).map_err(HarnessError::io("writing", &file))?;
        let answers = folder.path().join("answers.txt");
        let mut command = Command::new(environment.python());
        command
            .current_dir(folder.path())
            .env("ANSWERS", &answers)
            .env("SCHEMATHESIS_HOOKS", place::script("schemathesis_hooks.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUTF8", "1")
            .args(["-m", "schemathesis.cli"])
            .args([
                "run",
                "openapi.json",
                "--url",
                url,
                "--seed",
                "1",
                "--no-color",
                "--warnings",
                "off",
            ])
            .args(["--checks", "agreement,not_a_server_error,response_schema_conformance"])
            .args(["--suppress-health-check", "all"])
            .args(["--max-examples", &self.examples.to_string()]);
        if self.is_sample {
            command.args(["--phases", "fuzzing", "--include-method", "POST"]);
        } else {
            command.args(["--phases", "coverage,fuzzing"]);
        }
        guard::run(&command, LIMIT)?.success("schemathesis")?;
        let text = fs::read_to_string(&answers).map_err(HarnessError::io("reading", &answers))?;
        let mut counted = BTreeMap::new();
        for line in text.lines() {
            *counted.entry(line.to_owned()).or_default() += 1;
        }
        Ok(counted)
    }
}
