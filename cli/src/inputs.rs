//! Reading the routes file, the AWS file and the types file, with all findings about them.

mod permissions;
mod variables;

use std::path::{Path, PathBuf};

use bluegate_core::aws::{self, Environment, Needs, Service};
use bluegate_core::clients::{self, Edition};
use bluegate_core::openapi::{self, Document, Target};
use bluegate_core::types::{Schemas, Types, Unchecked};
use bluegate_core::{
    AwsFile, Blueprint, Code, Diagnostics, Files, Mode, Placeholders, RoutesFile, Source, compat, file_digest,
    fill_routes, lint, read_aws, read_routes,
};

use crate::render::{Findings, conceal};

pub(crate) use variables::{Unset, Variables, in_environment};

/// What was read of the files of one run. What is missing has an error among the findings.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    options: Options,
    pub(crate) routes_path: Option<PathBuf>,
    aws_path: Option<PathBuf>,
    /// What the types of the handlers say.
    types: Option<(Source, Types)>,
    /// What API Gateway cannot check of bodies that it is asked to check.
    pub(crate) unchecked: Vec<Unchecked>,
    /// What was written, for the document of the original. Ours is made of what it means.
    written: Option<RoutesFile>,
    pub(crate) blueprint: Option<Blueprint>,
    /// Whether routes may be missing from it.
    has_broken_routes: bool,
    aws: Option<AwsFile>,
    /// The texts of the files, for findings that are made later.
    routes_source: Option<Source>,
    aws_source: Option<Source>,
    pub(crate) findings: Findings,
    /// Whether the gateway is on this machine, and reaches what AWS cannot.
    is_on_this_machine: bool,
}

/// How files are read.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) mode: Mode,
    /// What is filled in for variables of the routes file.
    pub(crate) variables: Variables,
    /// The types file.
    pub(crate) types: Option<PathBuf>,
    /// What its schemas are for.
    pub(crate) schemas: Schemas,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            variables: Variables::default(),
            types: None,
            schemas: Schemas::Models,
        }
    }
}

impl Inputs {
    /// Reads all files to the end, however many errors there are.
    pub(crate) fn read(routes: &Path, aws: Option<&Path>, options: Options) -> Self {
        let mut inputs = Self {
            options,
            ..Self::default()
        };
        inputs.read_types();
        inputs.read_routes(routes);
        if let Some(aws) = aws {
            inputs.read_aws(aws);
        }
        inputs
    }

    /// The same for a gateway on this machine.
    pub(crate) fn on_this_machine(mut self) -> Self {
        self.is_on_this_machine = true;
        self
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
        let outcome = read_routes(&source, self.options.mode, &Files::beside(path));
        self.keep(outcome.value);
        let found = if source.is_secret() {
            conceal(&outcome.diagnostics)
        } else {
            outcome.diagnostics
        };
        self.has_broken_routes = found.has_errors();
        self.findings.add(source.clone(), found);
        self.routes_source = Some(source);
        if let Some((types, routes)) = self.merge() {
            if let Some((source, _)) = &self.types {
                self.findings.add(source.clone(), types);
            }
            if let Some(source) = &self.routes_source {
                self.findings.add(source.clone(), routes);
            }
        }
    }

    fn keep(&mut self, routes: Option<(RoutesFile, Blueprint)>) {
        let (written, blueprint) = routes.unzip();
        // The room is better used for the document.
        self.written = written.filter(|_| self.options.mode == Mode::Compat);
        self.blueprint = blueprint;
    }

    /// The digest of the routes file's text.
    pub(crate) fn routes_digest(&self) -> Option<String> {
        self.routes_source.as_ref().map(|source| file_digest(source.text()))
    }

    fn read_types(&mut self) {
        let Some(path) = self.options.types.as_deref() else {
            return;
        };
        let source = match Source::read(path) {
            Ok(source) => source,
            Err(error) => return self.findings.add_about(&path.display().to_string(), *error),
        };
        let outcome = Types::read(&source);
        self.findings.add(source.clone(), outcome.diagnostics);
        self.types = outcome.value.map(|types| (source, types));
    }

    /// Adds to the blueprint what the types say, if they are known. Returns what is wrong with the types and the routes.
    fn merge(&mut self) -> Option<(Diagnostics, Diagnostics)> {
        let (_, types) = self.types.as_ref()?;
        let blueprint = self.blueprint.as_mut().filter(|_| !self.has_broken_routes)?;
        let merged = types.merge(blueprint, self.options.schemas);
        self.unchecked = merged.unchecked;
        Some((merged.types, merged.routes))
    }

    fn read_aws(&mut self, path: &Path) {
        self.aws_path = Some(path.to_owned());
        let source = match Source::read(path) {
            Ok(source) => source.secret(),
            Err(error) => return self.findings.add_about(&path.display().to_string(), *error),
        };
        let outcome = read_aws(&source);
        let mut found = conceal(&outcome.diagnostics);
        if self.options.mode == Mode::Compat {
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
        let placeholders = if needs.is_deployment() {
            Placeholders::Refused
        } else {
            Placeholders::Stay
        };
        self.fill(environment.as_ref(), placeholders);
        if let (true, Some(environment), Some(blueprint)) = (needs.is_deployment(), &environment, &self.blueprint) {
            self.add_about_aws(aws::unknown_account(environment, blueprint).map_or_else(Diagnostics::new, Into::into));
        }
        if self.options.mode == Mode::Strict {
            self.pair(None);
        }
        environment
    }

    /// Gives the variables of the routes file their values, and tells those that have none.
    fn fill(&mut self, environment: Option<&Environment>, placeholders: Placeholders) {
        let source = self.routes_source.clone();
        let (Some(source), Some(path), Some(proven)) = (source, &self.routes_path, &self.blueprint) else {
            return;
        };
        let names = bluegate_core::variables(&source);
        for unused in self.options.variables.unused(&names) {
            self.findings.add_about(source.name(), unused);
        }
        if names.is_empty() || self.has_broken_routes {
            return;
        }
        let known = self.options.variables.values(environment, &names);
        let unset = names.iter().filter(|name| !known.contains_key(&name.value));
        let unset = unset.map(|name| self.options.variables.unset(name, self.aws.is_some()));
        let mut found: Diagnostics = unset.flatten().fold(Diagnostics::new(), |mut all, one| {
            all.push(one);
            all
        });
        if !known.is_empty() {
            let files = Files::beside(path);
            let filled = fill_routes(&source, self.options.mode, &files, proven, &known, placeholders);
            found.extend(filled.diagnostics);
            self.keep(filled.value);
            // What there is to say of it was said.
            self.merge();
        }
        self.findings.add(source, found.finish());
    }

    /// Holds the files against each other. The document of the original has paths of its own.
    fn pair(&mut self, document: Option<&Document>) {
        let (Some(aws), Some(blueprint), false) = (&self.aws, &self.blueprint, self.has_broken_routes) else {
            return;
        };
        let mut found = aws::pair(aws, blueprint, document);
        if self.is_on_this_machine || is_called_elsewhere() {
            found.aws = found.aws.without(Code::UnreachableBackend);
        }
        // They quote keys of the file and paths of the routes file, and no value.
        self.add_about_aws(found.aws);
        if let Some(source) = &self.routes_source {
            self.findings.add(source.clone(), found.routes);
        }
    }

    /// The files that the routes file names.
    pub(crate) fn named_files(&self) -> Vec<PathBuf> {
        let folder = self
            .routes_path
            .as_deref()
            .and_then(Path::parent)
            .unwrap_or(Path::new(""));
        let named = self.routes_source.as_ref().map(bluegate_core::named_files);
        named.into_iter().flatten().map(|path| folder.join(path)).collect()
    }

    /// The files that were read.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        let types = self.options.types.as_deref();
        [self.routes_path.as_deref(), self.aws_path.as_deref(), types]
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

    /// The document for clients, unless there are errors. They reach the API at `server`, else at the stage.
    pub(crate) fn public(
        &self,
        environment: Option<&Environment>,
        server: Option<&str>,
        edition: Edition,
    ) -> Option<Document> {
        let blueprint = self.blueprint.as_ref().filter(|_| !self.findings.has_errors())?;
        let target = environment.map(Target::of).unwrap_or_default();
        let target = server.into_iter().fold(target, |target, url| target.reached_at(url));
        Some(clients::document(blueprint, &target, edition))
    }

    /// The document, unless there are errors. Its size is checked.
    pub(crate) fn document(&mut self, environment: Option<&Environment>) -> Option<Document> {
        if self.findings.has_errors() {
            return None;
        }
        let name = self.routes_path.as_ref()?.display().to_string();
        let document = match (self.options.mode, &self.written, &self.aws, environment) {
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
            let found = if self.options.mode == Mode::Compat {
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
