//! Reading the routes file and the AWS file, with all findings about both.

mod permissions;

use std::path::{Path, PathBuf};

use bluegate_core::openapi::{self, Document, Target};
use bluegate_core::{
    AwsFile, Blueprint, Code, Diagnostics, Mode, RoutesFile, Source, compat, lint, parse_routes, read_aws,
    read_blueprint,
};

use crate::render::{Findings, conceal};

/// What was read of the files of one run. What is missing has an error among the findings.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) mode: Mode,
    pub(crate) routes_path: PathBuf,
    pub(crate) aws_path: Option<PathBuf>,
    pub(crate) written: Option<RoutesFile>,
    pub(crate) blueprint: Option<Blueprint>,
    pub(crate) aws: Option<AwsFile>,
    /// The text of the AWS file, for findings that commands add.
    pub(crate) aws_source: Option<Source>,
    pub(crate) findings: Findings,
}

impl Inputs {
    /// Reads both files to the end, however many errors there are.
    pub(crate) fn read(routes: &Path, aws: Option<&Path>, mode: Mode) -> Self {
        let mut inputs = Self {
            mode,
            routes_path: routes.to_owned(),
            aws_path: aws.map(Path::to_owned),
            written: None,
            blueprint: None,
            aws: None,
            aws_source: None,
            findings: Findings::default(),
        };
        inputs.read_routes(routes);
        if let Some(aws) = aws {
            inputs.read_aws(aws);
        }
        inputs
    }

    /// Reads the AWS file alone.
    pub(crate) fn of_aws(aws: &Path) -> Self {
        let mut inputs = Self {
            mode: Mode::Strict,
            routes_path: PathBuf::new(),
            aws_path: Some(aws.to_owned()),
            written: None,
            blueprint: None,
            aws: None,
            aws_source: None,
            findings: Findings::default(),
        };
        inputs.read_aws(aws);
        inputs
    }

    fn read_routes(&mut self, path: &Path) {
        let source = match Source::read(path) {
            Ok(source) => source,
            Err(error) => return self.findings.add_about(&path.display().to_string(), *error),
        };
        let outcome = read_blueprint(&source, self.mode);
        self.blueprint = outcome.value;
        // The document of the original is made of what was written, ours of what it means.
        if self.mode == Mode::Compat {
            self.written = parse_routes(&source).value;
        }
        let found = if source.is_secret() {
            conceal(&outcome.diagnostics)
        } else {
            outcome.diagnostics
        };
        self.findings.add(source, found);
    }

    fn read_aws(&mut self, path: &Path) {
        let source = match Source::read(path) {
            Ok(source) => source.secret(),
            Err(error) => return self.findings.add_about(&path.display().to_string(), *error),
        };
        let outcome = read_aws(&source);
        let mut found = conceal(&outcome.diagnostics);
        if self.mode == Mode::Compat {
            // The original joins texts, whatever they are.
            found = lint::tolerate(&found, &[Code::EndpointUrl, Code::Region]);
        }
        if let Some(file) = &outcome.value {
            found.extend(permissions::check(path, file));
        }
        self.aws = outcome.value;
        self.findings.add(source.clone(), found.finish());
        self.aws_source = Some(source);
    }

    /// Adds findings about the AWS file.
    pub(crate) fn add_about_aws(&mut self, found: Diagnostics) {
        if let Some(source) = &self.aws_source {
            self.findings.add(source.clone(), found);
        }
    }

    /// The document, unless there are errors. Its size is checked.
    pub(crate) fn document(&mut self) -> Option<Document> {
        if self.findings.has_errors() {
            return None;
        }
        let name = self.routes_path.display().to_string();
        let document = match (self.mode, &self.written, &self.aws) {
            (Mode::Compat, Some(routes), Some(aws)) => {
                let outcome = compat::document(routes, aws);
                self.add_about_aws(outcome.diagnostics);
                outcome.value?
            }
            _ => {
                let target = self.aws.as_ref().map(Target::from_aws).unwrap_or_default();
                openapi::document(self.blueprint.as_ref()?, &target)
            }
        };
        if let Some(found) = lint::check_document_size(document.json_bytes()) {
            // The original writes such documents; API Gateway refuses them without a change to the API.
            let found = if self.mode == Mode::Compat {
                found.as_warning()
            } else {
                found
            };
            self.findings.add_about(&name, found);
        }
        (!self.findings.has_errors()).then_some(document)
    }
}
