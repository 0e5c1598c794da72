//! What a deployment compiles, so that no request does: templates, patterns, models, the resource policy.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use bluegate_core::gateway::{Api, policy};
use bluegate_core::types::Validator;
use fancy_regex::Regex;
use serde_json::Value as Json;

use super::template::{Template, TemplateError};

/// By the texts that they are written as.
#[derive(Debug, Clone, Default)]
pub(super) struct Compiled {
    templates: HashMap<String, Result<Arc<Template>, TemplateError>>,
    patterns: HashMap<String, Result<Regex, String>>,
    validator: Validator,
    /// The policy, with the text that it was.
    policy: OnceLock<(String, Option<Json>)>,
}

impl Compiled {
    pub(super) fn of(api: &Api) -> Self {
        let mut compiled = Self::default();
        let methods = api.resources.iter().flat_map(|resource| resource.methods.values());
        for integration in methods.filter_map(|method| method.integration.as_ref()) {
            let answers = integration.responses.values();
            let templates = answers.clone().flat_map(|answer| answer.templates.values());
            for text in integration.request_templates.values().chain(templates) {
                if !compiled.templates.contains_key(text) {
                    compiled
                        .templates
                        .insert(text.clone(), Template::parse(text).map(Arc::new));
                }
            }
            for pattern in answers.filter_map(|answer| answer.selection_pattern.as_deref()) {
                compiled.add_pattern(&whole(pattern));
            }
        }
        for authorizer in &api.authorizers {
            if let Some(pattern) = &authorizer.validation {
                compiled.add_pattern(pattern);
            }
        }
        let models = api.models.iter().map(|model| {
            let schema = serde_json::from_str(model.schema.as_deref().unwrap_or("{}"));
            (model.name.clone(), schema.unwrap_or_default())
        });
        compiled.validator = Validator::new(models.collect());
        compiled
    }

    fn add_pattern(&mut self, pattern: &str) {
        if !self.patterns.contains_key(pattern) {
            self.patterns.insert(pattern.to_owned(), regex(pattern));
        }
    }

    pub(super) fn template(&self, text: &str) -> Result<Arc<Template>, TemplateError> {
        let known = self.templates.get(text).cloned();
        known.unwrap_or_else(|| Template::parse(text).map(Arc::new))
    }

    /// Whether a text has a part of a pattern.
    pub(super) fn fits(&self, pattern: &str, text: &str) -> Result<bool, String> {
        let is_match = |regex: &Regex| regex.is_match(text).unwrap_or(false);
        match self.patterns.get(pattern) {
            Some(known) => known.as_ref().map(is_match).map_err(Clone::clone),
            None => regex(pattern).as_ref().map(is_match).map_err(Clone::clone),
        }
    }

    /// Whether a pattern is about the whole of a text.
    pub(super) fn fits_whole(&self, pattern: &str, text: &str) -> Result<bool, String> {
        self.fits(&whole(pattern), text)
    }

    pub(super) fn validator(&self) -> &Validator {
        &self.validator
    }

    /// The policy of a text; none if it is no JSON.
    pub(super) fn with_policy<T>(&self, text: &str, task: impl FnOnce(Option<&Json>) -> T) -> T {
        let (known, policy) = self.policy.get_or_init(|| (text.to_owned(), policy::parse(text)));
        match known == text {
            true => task(policy.as_ref()),
            false => task(policy::parse(text).as_ref()),
        }
    }
}

fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

fn regex(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| format!("the pattern {pattern}: {error}"))
}
