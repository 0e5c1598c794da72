//! From files to a stage.

use std::collections::BTreeMap;
use std::path::Path;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::gateway::Texts;
use bluegate_core::openapi::{Document, Target, document};
use bluegate_core::render::{self, Style};
use bluegate_core::types::{self, Schemas, Types};
use bluegate_core::{
    Blueprint, Files, Mode, Outcome, Placeholders, Source, fill_routes, read_aws, read_routes, variables,
};

use crate::plane::{Caching, Throttle};

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

/// The stage variables that an environment declares.
pub(super) fn stage_variables(environment: &Environment) -> Texts {
    let declared = environment.stage_settings.values.iter();
    declared
        .filter_map(|(patch, value)| Some((patch.strip_prefix("/variables/")?.to_owned(), value.clone())))
        .collect()
}

/// The throttles that an environment declares, by method as a stage has them. One that lacks a half limits nothing.
pub(super) fn limits(environment: &Environment) -> BTreeMap<String, Throttle> {
    let declared = &environment.stage_settings.values;
    let throttles = declared.iter().filter_map(|(patch, rate)| {
        let method = patch.strip_suffix("/throttling/rateLimit")?;
        let burst = declared.get(&format!("{method}/throttling/burstLimit"))?;
        let throttle = Throttle {
            rate: rate.parse().ok()?,
            burst: burst.parse().ok()?,
        };
        Some((method_name(method)?, throttle))
    });
    throttles.collect()
}

/// How answers are kept that an environment declares, by method as a stage has them; not at all without a cache.
pub(super) fn caching(environment: &Environment) -> BTreeMap<String, Caching> {
    let declared = &environment.stage_settings.values;
    let mut caching = BTreeMap::<String, Caching>::new();
    if declared
        .get("/cacheClusterEnabled")
        .is_some_and(|value| value == "true")
    {
        for (patch, value) in declared {
            if let Some((method, setting)) = patch.split_once("/caching/")
                && let Some(method) = method_name(method)
            {
                caching.entry(method).or_default().set(setting, value);
            }
        }
    }
    caching
}

/// Of which methods the execution log shows what is sent, as an environment declares it.
pub(super) fn traced(environment: &Environment) -> BTreeMap<String, bool> {
    let declared = &environment.stage_settings.values;
    let traced = declared.iter().filter_map(|(patch, value)| {
        let method = patch.strip_suffix("/logging/dataTrace")?;
        Some((method_name(method)?, value == "true"))
    });
    traced.collect()
}

/// A method as a stage has it, of what a patch begins with.
fn method_name(patch: &str) -> Option<String> {
    Some(patch.strip_prefix('/')?.replace("~1", "/").replace("~0", "~"))
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

#[cfg(test)]
mod tests {
    use bluegate_core::aws::StageSettings;

    use super::*;

    #[test]
    fn throttles_are_those_of_methods_that_have_both_halves() {
        let values = [
            ("/*/*/throttling/rateLimit", "2.5"),
            ("/*/*/throttling/burstLimit", "5"),
            ("/~1users~1{id}/GET/throttling/rateLimit", "1"),
            ("/~1users~1{id}/GET/throttling/burstLimit", "1"),
            ("/~1/GET/throttling/rateLimit", "1"),
            ("/~1orders/GET/throttling/rateLimit", "unlimited"),
            ("/~1orders/GET/throttling/burstLimit", "1"),
        ];
        let environment = Environment {
            stage_settings: StageSettings {
                values: values.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
                ..StageSettings::default()
            },
            ..Environment::default()
        };
        let limits = limits(&environment);
        assert!(caching(&environment).is_empty());
        assert_eq!(limits.keys().collect::<Vec<_>>(), ["*/*", "/users/{id}/GET"]);
        assert_eq!(limits["*/*"], Throttle { rate: 2.5, burst: 5 });
    }

    #[test]
    fn answers_are_kept_as_an_environment_says_if_it_has_a_cache() {
        let mut environment = Environment::default();
        let mut set = |name: &str, value: &str| {
            let values = &mut environment.stage_settings.values;
            values.insert(name.to_owned(), value.to_owned());
            caching(&environment)
        };
        assert!(set("/*/*/caching/enabled", "true").is_empty());
        assert!(set("/~1users/GET/caching/ttlInSeconds", "5").is_empty());
        let caching = set("/cacheClusterEnabled", "true");
        assert_eq!((caching["*/*"].is_enabled, caching["*/*"].seconds), (true, 300));
        assert_eq!(
            (caching["/users/GET"].is_enabled, caching["/users/GET"].seconds),
            (false, 5)
        );
    }
}
