//! From files to a stage.

use std::collections::BTreeMap;
use std::path::Path;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::openapi::{Document, Target, document};
use bluegate_core::render::{self, Style};
use bluegate_core::types::{self, Schemas, Types};
use bluegate_core::{
    Blueprint, Files, Mode, Outcome, Placeholders, Source, fill_routes, read_aws, read_routes, variables,
};

/// Why a file is not served: its findings, as `bluegate check` shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(String);

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

/// What an AWS file means for a stage.
pub(super) fn environment(path: &Path, stage: Option<&str>) -> Result<Environment, ReadError> {
    let source = source(path)?.secret();
    let file = value(&source, read_aws(&source))?;
    value(&source, Environment::resolve(&file, stage, Needs::Nothing))
}

/// The document of a routes file.
pub(super) fn of_routes(path: &Path, environment: Option<&Environment>) -> Result<Document, ReadError> {
    let source = source(path)?;
    let files = Files::beside(path);
    let (_, mut blueprint) = value(&source, read_routes(&source, Mode::Strict, &files))?;
    let names = variables(&source);
    if !names.is_empty() {
        let none = BTreeMap::new();
        let known = environment.map_or(&none, |environment| &environment.variables);
        if let Some(unset) = names.iter().find(|name| !known.contains_key(&name.value)) {
            return Err(ReadError(format!(
                "the variable {} of {} has no value: say it under `variables` of an AWS file",
                unset.value,
                source.name()
            )));
        }
        (_, blueprint) = {
            let filled = fill_routes(&source, Mode::Strict, &files, &blueprint, known, Placeholders::Stay);
            value(&source, filled)?
        };
    }
    merge(path, &source, &mut blueprint)?;
    let target = environment.map(Target::of).unwrap_or_default();
    Ok(document(&blueprint, &target))
}

/// Adds what a types file says that stands beside the routes file.
fn merge(path: &Path, routes: &Source, blueprint: &mut Blueprint) -> Result<(), ReadError> {
    let path = types::beside(path);
    if !path.exists() {
        return Ok(());
    }
    let source = source(&path)?;
    let merged = value(&source, Types::read(&source))?.merge(blueprint, Schemas::Models);
    for (source, found) in [(routes, &merged.routes), (&source, &merged.types)] {
        if found.has_errors() {
            return Err(ReadError(render::diagnostics(source, found, Style::default())));
        }
    }
    Ok(())
}

fn source(path: &Path) -> Result<Source, ReadError> {
    Source::read(path).map_err(|found| {
        let source = Source::new(path.display().to_string(), "");
        ReadError(render::diagnostic(&source, &found, Style::default()))
    })
}

fn value<T>(source: &Source, outcome: Outcome<T>) -> Result<T, ReadError> {
    let found = outcome.diagnostics;
    match outcome.value {
        Some(value) if !found.has_errors() => Ok(value),
        _ => Err(ReadError(render::diagnostics(source, &found, Style::default()))),
    }
}
