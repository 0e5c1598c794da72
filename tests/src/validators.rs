//! Three OpenAPI validators over many documents in one run each.
//!
//! openapi-spec-validator, Redocly with its recommended rules, and Spectral with `spectral:oas`.
//! None reaches the network. Only what a tool calls an error is a [`Finding`].

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::Value;

use crate::{
    HarnessError,
    guard::{self, Finished, Running},
    node::Node,
    place,
    python::Environment,
};

/// For hundreds of documents, or a few of many megabytes.
const LIMIT: Duration = Duration::from_secs(900);

/// A validator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// openapi-spec-validator.
    SpecValidator,
    /// Redocly CLI, `recommended`.
    Redocly,
    /// Spectral, `spectral:oas`.
    Spectral,
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tool::SpecValidator => "openapi-spec-validator",
            Tool::Redocly => "Redocly",
            Tool::Spectral => "Spectral",
        })
    }
}

/// A document to validate.
#[derive(Debug, Clone)]
pub struct Document {
    /// What findings call it.
    pub name: String,
    /// Its text, JSON or YAML (of which JSON is a part, but a slow one).
    pub text: String,
    /// Whether the text is JSON.
    pub is_json: bool,
}

impl Document {
    /// A document from JSON text.
    pub fn json(name: impl Into<String>, text: impl Into<String>) -> Document {
        Document {
            name: name.into(),
            text: text.into(),
            is_json: true,
        }
    }

    /// A document from YAML text.
    pub fn yaml(name: impl Into<String>, text: impl Into<String>) -> Document {
        Document {
            is_json: false,
            ..Document::json(name, text)
        }
    }

    /// A document from a file; JSON if it is named so.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> Result<Document, HarnessError> {
        let text = fs::read_to_string(path).map_err(HarnessError::io("reading", path))?;
        Ok(Document {
            name: path.display().to_string(),
            text,
            is_json: path.extension().is_some_and(|extension| extension == "json"),
        })
    }
}

/// Something that a validator calls an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The name of the document.
    pub document: String,
    /// Who found it.
    pub tool: Tool,
    /// The rule, as the tool names it.
    pub rule: String,
    /// What the tool says.
    pub message: String,
    /// Where: a JSON pointer.
    pub location: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            document,
            tool,
            rule,
            message,
            location,
        } = self;
        write!(f, "{document}: {tool}: {rule}: {message} (at {location})")
    }
}

/// What the validators find in one file.
///
/// # Errors
/// Those of [`validate`].
pub fn validate_file(path: &Path) -> Result<Vec<Finding>, HarnessError> {
    validate(&[Document::read(path)?])
}

/// What the validators find, sorted by document. They run side by side, each once for all documents.
///
/// # Errors
/// When a validator cannot be installed, or its output cannot be understood: no verdict then.
pub fn validate(documents: &[Document]) -> Result<Vec<Finding>, HarnessError> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let run = Run::prepare(documents)?;
    let spec_validator = run.spec_validator()?;
    let node = Node::find()?;
    let packages = node.packages()?;
    let redocly = run.redocly(&node, &packages)?;
    let spectral = run.spectral(&node, &packages)?;
    let mut findings = run.read_spec_validator(&spec_validator.finish()?)?;
    findings.extend(run.read_redocly(&redocly.finish()?)?);
    findings.extend(run.read_spectral(&spectral.finish()?)?);
    findings.sort();
    Ok(findings)
}

/// The documents as files of plain names in a folder of their own: some tools take a path for a
/// pattern, and some look for settings beside the documents.
struct Run<'a> {
    documents: &'a [Document],
    folder: tempfile::TempDir,
    files: Vec<String>,
}

impl<'a> Run<'a> {
    fn prepare(documents: &'a [Document]) -> Result<Run<'a>, HarnessError> {
        let folder = tempfile::tempdir().map_err(|source| HarnessError::Io {
            doing: "creating a temporary folder".to_owned(),
            source,
        })?;
        let mut files = Vec::new();
        for (index, document) in documents.iter().enumerate() {
            let name = format!("{index}.{}", if document.is_json { "json" } else { "yaml" });
            let path = folder.path().join(&name);
            fs::write(&path, &document.text).map_err(HarnessError::io("writing", &path))?;
            files.push(name);
        }
        Ok(Run {
            documents,
            folder,
            files,
        })
    }

    fn begin(&self, mut command: Command) -> Result<Running, HarnessError> {
        command.args(&self.files).current_dir(self.folder.path());
        guard::begin(&command, LIMIT)
    }

    fn spec_validator(&self) -> Result<Running, HarnessError> {
        self.begin(Environment::ensure("validators")?.script("spec_validator.py"))
    }

    fn redocly(&self, node: &Node, packages: &Path) -> Result<Running, HarnessError> {
        let mut command = Command::new(node.program());
        command
            .arg(packages.join("node_modules/@redocly/cli/bin/cli.js"))
            .args(["lint", "--format", "json", "--max-problems", "1000000"])
            .arg("--config")
            .arg(place::script("redocly.yaml"))
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        self.begin(command)
    }

    fn spectral(&self, node: &Node, packages: &Path) -> Result<Running, HarnessError> {
        let mut command = Command::new(node.program());
        command
            .arg(packages.join("node_modules/@stoplight/spectral-cli/dist/index.js"))
            .args(["lint", "--format", "json", "--quiet", "--ruleset"])
            .arg(place::script("spectral.yaml"));
        self.begin(command)
    }

    fn read_spec_validator(&self, finished: &Finished) -> Result<Vec<Finding>, HarnessError> {
        let tool = Tool::SpecValidator;
        let printed: Vec<Value> = parse(&finished.stdout).ok_or_else(|| unreadable(tool, finished))?;
        printed
            .iter()
            .map(|item| {
                Some(Finding {
                    document: self.name_of(text(&item["document"])?)?,
                    tool,
                    rule: text(&item["rule"])?.to_owned(),
                    message: text(&item["message"])?.to_owned(),
                    location: pointer(&item["path"])?,
                })
            })
            .collect::<Option<_>>()
            .ok_or_else(|| unreadable(tool, finished))
    }

    /// One JSON object after the other, one for each document.
    fn read_redocly(&self, finished: &Finished) -> Result<Vec<Finding>, HarnessError> {
        let tool = Tool::Redocly;
        let reports: Vec<Value> = serde_json::Deserializer::from_str(&finished.stdout)
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(|_| unreadable(tool, finished))?;
        // A document that it could not even open has no report.
        if reports.len() != self.documents.len() {
            return Err(unreadable(tool, finished));
        }
        let mut findings = Vec::new();
        for report in &reports {
            let problems = report["problems"].as_array();
            for problem in problems.ok_or_else(|| unreadable(tool, finished))? {
                if problem["severity"] != "error" {
                    continue;
                }
                let place = &problem["location"][0];
                let finding = text(&place["source"]["ref"])
                    .and_then(|file| self.name_of(file))
                    .zip(text(&problem["ruleId"]).zip(text(&problem["message"])))
                    .map(|(document, (rule, message))| Finding {
                        document,
                        tool,
                        rule: rule.to_owned(),
                        message: message.to_owned(),
                        // Absent for what has no place in the tree, such as a syntax error.
                        location: text(&place["pointer"]).unwrap_or_default().to_owned(),
                    });
                findings.push(finding.ok_or_else(|| unreadable(tool, finished))?);
            }
        }
        Ok(findings)
    }

    fn read_spectral(&self, finished: &Finished) -> Result<Vec<Finding>, HarnessError> {
        let tool = Tool::Spectral;
        // 0: nothing, 1: findings, 2: it failed itself.
        let printed: Vec<Value> = parse(&finished.stdout)
            .filter(|_| matches!(finished.status.code(), Some(0 | 1)))
            .ok_or_else(|| unreadable(tool, finished))?;
        printed
            .iter()
            .filter(|item| item["severity"] == 0)
            .map(|item| {
                Some(Finding {
                    document: self.name_of(text(&item["source"])?)?,
                    tool,
                    rule: text(&item["code"])?.to_owned(),
                    message: text(&item["message"])?.to_owned(),
                    location: pointer(&item["path"])?,
                })
            })
            .collect::<Option<_>>()
            .ok_or_else(|| unreadable(tool, finished))
    }

    /// The name of the document that a tool calls by its file.
    fn name_of(&self, file: &str) -> Option<String> {
        let file = PathBuf::from(file);
        let index: usize = file.file_stem()?.to_str()?.parse().ok()?;
        Some(self.documents.get(index)?.name.clone())
    }
}

fn parse(printed: &str) -> Option<Vec<Value>> {
    serde_json::from_str(printed).ok()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

/// A list of steps as a JSON pointer (RFC 6901), with the `#` that Redocly writes.
fn pointer(steps: &Value) -> Option<String> {
    let mut pointer = "#".to_owned();
    for step in steps.as_array()? {
        let step = match step {
            Value::String(name) => name.replace('~', "~0").replace('/', "~1"),
            number => number.to_string(),
        };
        pointer.push('/');
        pointer.push_str(&step);
    }
    Some(pointer)
}

fn unreadable(tool: Tool, finished: &Finished) -> HarnessError {
    finished.failure(&format!("{tool}: no verdict; it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn steps_become_a_pointer() {
        let steps = json!(["paths", "/a~b/{c}", "get", 0]);
        assert_eq!(pointer(&steps).unwrap(), "#/paths/~1a~0b~1{c}/get/0");
        assert_eq!(pointer(&json!("x")), None);
    }
}
