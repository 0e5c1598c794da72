//! Reading the routes file and the AWS file, with all findings about both.

mod permissions;
mod variables;

use std::path::{Path, PathBuf};

use bluegate_core::aws::{self, Environment, Needs, Service};
use bluegate_core::openapi::{self, Document, Target};
use bluegate_core::{
    AwsFile, Blueprint, Code, Diagnostics, Files, Mode, RoutesFile, Source, compat, file_digest, fill_routes, lint,
    read_aws, read_routes,
};

use crate::render::{Findings, conceal};

pub(crate) use variables::{Unset, Variables};

/// What was read of the files of one run. What is missing has an error among the findings.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    mode: Mode,
    pub(crate) routes_path: Option<PathBuf>,
    aws_path: Option<PathBuf>,
    /// The document of the original is made of what was written, ours of what it means.
    written: Option<RoutesFile>,
    pub(crate) blueprint: Option<Blueprint>,
    /// Whether routes may be missing from it.
    has_broken_routes: bool,
    aws: Option<AwsFile>,
    /// The texts of the files, for findings that are made later.
    routes_source: Option<Source>,
    aws_source: Option<Source>,
    /// The digest of the routes file's text.
    pub(crate) routes_digest: Option<String>,
    pub(crate) findings: Findings,
    /// What is filled in for variables of the routes file.
    variables: Variables,
}

impl Inputs {
    /// Reads both files to the end, however many errors there are.
    pub(crate) fn read(routes: &Path, aws: Option<&Path>, mode: Mode, variables: Variables) -> Self {
        let mut inputs = Self {
            mode,
            variables,
            ..Self::default()
        };
        inputs.read_routes(routes);
        if let Some(aws) = aws {
            inputs.read_aws(aws);
        }
        inputs
    }

    /// Reads the AWS file alone.
    pub(crate) fn of_aws(aws: &Path) -> Self {
        let mut inputs = Self::default();
        inputs.read_aws(aws);
        inputs
    }

    fn read_routes(&mut self, path: &Path) {
        self.routes_path = Some(path.to_owned());
        let source = match Source::read(path) {
            Ok(source) => source,
            Err(error) => return self.findings.add_about(&path.display().to_string(), *error),
        };
        self.routes_digest = Some(file_digest(source.text()));
        let outcome = read_routes(&source, self.mode, &Files::beside(path));
        (self.written, self.blueprint) = outcome.value.unzip();
        let found = if source.is_secret() {
            conceal(&outcome.diagnostics)
        } else {
            outcome.diagnostics
        };
        self.has_broken_routes = found.has_errors();
        self.findings.add(source.clone(), found);
        self.routes_source = Some(source);
    }

    fn read_aws(&mut self, path: &Path) {
        self.aws_path = Some(path.to_owned());
        let source = match Source::read(path) {
            Ok(source) => source.secret(),
            Err(error) => return self.findings.add_about(&path.display().to_string(), *error),
        };
        let outcome = read_aws(&source);
        let mut found = conceal(&outcome.diagnostics);
        if self.mode == Mode::Compat {
            // The original joins texts, whatever they are.
            found = lint::tolerate(&found, &[Code::EndpointUrl, Code::Reference, Code::Region]);
        }
        if let Some(file) = &outcome.value {
            found.extend(permissions::check(path, file));
        }
        self.aws = outcome.value;
        self.findings.add(source.clone(), found.finish());
        self.aws_source = Some(source);
    }

    /// What the AWS file means for a stage. What is missing of it is among the findings.
    pub(crate) fn resolve(&mut self, stage: Option<&str>, needs: Needs) -> Option<Environment> {
        if needs != Needs::Nothing {
            // A document may have a placeholder for an id; a call may not.
            self.findings.deny(Code::RestApiId);
        }
        let is_served = |blueprint: &Blueprint| blueprint.routes.iter().any(|route| route.handler.is_some());
        let needs = match needs {
            Needs::Deployment if !self.blueprint.as_ref().is_none_or(is_served) => Needs::DeploymentAlone,
            needs => needs,
        };
        let outcome = self.aws.as_ref().map(|aws| Environment::resolve(aws, stage, needs));
        let environment = outcome.and_then(|outcome| {
            self.add_about_aws(outcome.diagnostics);
            outcome.value
        });
        self.fill(environment.as_ref());
        if let (true, Some(environment), Some(blueprint)) = (needs.is_deployment(), &environment, &self.blueprint) {
            self.add_about_aws(aws::unknown_account(environment, blueprint).map_or_else(Diagnostics::new, Into::into));
        }
        if self.mode == Mode::Strict {
            self.pair(None);
        }
        environment
    }

    /// Gives the variables of the routes file their values, and tells those that have none.
    fn fill(&mut self, environment: Option<&Environment>) {
        let (Some(source), Some(path), Some(proven)) = (&self.routes_source, &self.routes_path, &self.blueprint) else {
            return;
        };
        let names = bluegate_core::variables(source);
        if names.is_empty() || self.has_broken_routes {
            return;
        }
        let known = self.variables.values(environment, &names);
        let unset = names.iter().filter(|name| !known.contains_key(&name.value));
        let unset = unset.map(|name| self.variables.unset(name, self.aws.is_some()));
        let mut found: Diagnostics = unset.flatten().fold(Diagnostics::new(), |mut all, one| {
            all.push(one);
            all
        });
        if !known.is_empty() {
            let filled = fill_routes(source, self.mode, &Files::beside(path), proven, &known);
            found.extend(filled.diagnostics);
            (self.written, self.blueprint) = filled.value.unzip();
        }
        self.findings.add(source.clone(), found.finish());
    }

    /// Holds the files against each other. The document of the original has paths of its own.
    fn pair(&mut self, document: Option<&Document>) {
        let (Some(aws), Some(blueprint), false) = (&self.aws, &self.blueprint, self.has_broken_routes) else {
            return;
        };
        let mut found = aws::pair(aws, blueprint, document);
        if is_called_elsewhere() {
            found.aws = found.aws.without(Code::UnreachableBackend);
        }
        // They quote keys of the file and paths of the routes file, and no value.
        self.add_about_aws(found.aws);
        if let Some(source) = &self.routes_source {
            self.findings.add(source.clone(), found.routes);
        }
    }

    /// The files that were read.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        [self.routes_path.as_deref(), self.aws_path.as_deref()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Adds findings about the AWS file.
    fn add_about_aws(&mut self, found: Diagnostics) {
        if let Some(source) = &self.aws_source {
            self.findings.add(source.clone(), found);
        }
    }

    /// The document, unless there are errors. Its size is checked.
    pub(crate) fn document(&mut self, environment: Option<&Environment>) -> Option<Document> {
        if self.findings.has_errors() {
            return None;
        }
        let name = self.routes_path.as_ref()?.display().to_string();
        let document = match (self.mode, &self.written, &self.aws, environment) {
            (Mode::Compat, Some(routes), Some(aws), Some(environment)) => {
                let outcome = compat::document(routes, aws, environment);
                self.add_about_aws(outcome.diagnostics);
                let document = outcome.value?;
                self.pair(Some(&document));
                document
            }
            _ => {
                let target = environment.map(Target::of).unwrap_or_default();
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

/// Whether calls go to something else than AWS, which may reach what AWS cannot.
fn is_called_elsewhere() -> bool {
    ["AWS_ENDPOINT_URL_API_GATEWAY", "AWS_ENDPOINT_URL"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .filter(|url| !url.trim().is_empty())
        .any(|url| Service::at(Some(&url)) != Some(Service::Aws))
}
