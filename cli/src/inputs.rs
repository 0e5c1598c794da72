//! Reading the routes file and the AWS file, with all findings about both.

mod permissions;

use std::path::{Path, PathBuf};

use bluegate_core::openapi::{self, Document, Target};
use bluegate_core::{
    AwsFile, Blueprint, Code, Diagnostics, Entries, Mode, RoutesFile, Source, Spanned, compat, file_digest, lint,
    parse_routes, read_aws, read_blueprint,
};

use crate::failure::Failure;
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
    /// The digest of the routes file's text.
    pub(crate) routes_digest: Option<String>,
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
            routes_digest: None,
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
            routes_digest: None,
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
        self.routes_digest = Some(file_digest(source.text()));
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

    /// Puts another stage into the place of the AWS file's `stage`, or the only one of `stages` when there is none.
    ///
    /// # Errors
    ///
    /// When the file has `stages`, and this is none of them.
    pub(crate) fn choose_stage(&mut self, chosen: Option<&str>) -> Result<(), Failure> {
        let Some(api) = self.aws.as_mut().map(|aws| &mut aws.api_gateway) else {
            return Ok(());
        };
        let written = api.stage.as_ref().map(|stage| stage.value.trim().to_owned());
        let written = written.filter(|stage| !stage.is_empty());
        let names: Vec<&str> = api
            .stages
            .iter()
            .flat_map(Entries::iter)
            .map(|(name, _)| name.as_str())
            .collect();
        let chosen = match (chosen, names.as_slice()) {
            (Some(chosen), _) => chosen,
            (None, [only]) if written.is_none() => only,
            _ => return Ok(()),
        };
        let is_known = names.is_empty() || names.contains(&chosen) || written.as_deref() == Some(chosen);
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !is_known || chosen.is_empty() || chosen.len() > 128 || !chosen.bytes().all(fits) {
            let failure = Failure::new("unknown_stage", format!("`{chosen}` is no stage of the AWS file"));
            return Err(if names.is_empty() {
                failure.with_help("a stage's name is made of letters, digits, `_` and `-`, 128 at most")
            } else {
                failure.with_help(format!("its `stages` are {}", names.join(", ")))
            });
        }
        if written.as_deref() != Some(chosen) {
            let chosen = chosen.to_owned();
            let span = api.stage.as_ref().map_or(api.span, |stage| stage.span);
            api.stage = Some(Spanned::new(chosen, span));
            // It is the path of the other stage.
            api.base_path = None;
        }
        Ok(())
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
