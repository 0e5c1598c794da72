//! Preflights that somebody wrote by hand, and what they allow.

use super::api::{Checks, IntegrationResponse, Kind, Operation};
use crate::blueprint::Verb;
use crate::gateway::{NAMED_VERBS, status_of};
use crate::placeholder::has_placeholder;

const PREFIX: &str = "method.response.header.access-control-";

/// What a preflight allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Preflight {
    pub(super) status: String,
    pub(super) origin: Option<String>,
    pub(super) credentials: bool,
    pub(super) methods: String,
    pub(super) headers: Vec<String>,
    pub(super) max_age: Option<String>,
    pub(super) exposed: Vec<String>,
    /// Headers that have nothing to do with other origins.
    pub(super) others: Vec<(String, String)>,
    /// Templates that decide something.
    pub(super) logic: Vec<String>,
}

impl Preflight {
    /// What an operation allows, if it is a preflight that the gateway answers by itself.
    pub(super) fn of(operation: &Operation) -> Option<Self> {
        let integration = operation.integration.as_ref()?;
        let sets = |response: &IntegrationResponse| {
            let mut names = response.parameters.iter().map(|(name, _)| name.to_lowercase());
            names.any(|name| name.starts_with(&format!("{PREFIX}allow-")))
        };
        let is_preflight = operation.verb == Verb::Options
            && integration.kind == Kind::Mock
            && integration.responses.iter().any(|(_, response)| sets(response));
        if !is_preflight {
            return None;
        }
        let template = integration
            .templates
            .iter()
            .find(|(media, _)| media == "application/json");
        let wanted = template.and_then(|(_, text)| status_of(text));
        let by_pattern = |pattern: &str| integration.responses.iter().find(|(known, _)| known == pattern);
        let (_, response) = wanted
            .and_then(|status| by_pattern(&status))
            .or_else(|| by_pattern("default"))
            .or_else(|| integration.responses.first())?;
        let mut preflight = Self {
            status: response.status.clone().unwrap_or_default(),
            ..Self::default()
        };
        for (name, value) in &response.parameters {
            let name = name.to_lowercase();
            let value = unquoted(value);
            match name.strip_prefix(PREFIX) {
                Some("allow-origin") => preflight.origin = Some(value.to_owned()),
                Some("allow-credentials") => preflight.credentials = value.eq_ignore_ascii_case("true"),
                Some("allow-methods") => preflight.methods = value.to_owned(),
                Some("allow-headers") => preflight.headers = listed(value),
                Some("max-age") => preflight.max_age = Some(value.to_owned()),
                Some("expose-headers") => preflight.exposed = listed(value),
                _ if name.ends_with(".content-type") || name.ends_with(".content-length") => {}
                _ => preflight.others.push((name, value.to_owned())),
            }
        }
        let decides = |text: &&String| text.contains("#set") || text.contains("responseOverride");
        let templates = response.templates.iter().map(|(_, text)| text);
        preflight.logic = templates.filter(decides).cloned().collect();
        Some(preflight)
    }

    /// Whether the key `cors` can say it, and nothing else stands at the operation.
    pub(super) fn is_plain(&self, operation: &Operation) -> bool {
        let is_constant = |text: &str| !text.contains(['$', '{', '(']) || text.contains("${");
        // Behind credentials, `*` is a verb that is called so.
        let is_any = self.credentials && self.verbs().iter().any(|verb| verb == "*");
        self.status.starts_with('2')
            && !is_any
            && self.others.is_empty()
            && self.logic.is_empty()
            && self
                .origin
                .as_deref()
                .is_some_and(|origin| !origin.is_empty() && is_constant(origin) && !origin.starts_with("method."))
            && !self.methods.contains(['$', '{'])
            && self
                .headers
                .iter()
                .chain(&self.exposed)
                .all(|name| !name.contains(['$', '{', ' ']))
            && self
                .max_age
                .as_ref()
                .is_none_or(|age| age.bytes().all(|byte| byte.is_ascii_digit()))
            && operation.authorization.is_empty()
            && !operation.api_key
            && operation.query.is_empty()
            && operation.headers.is_empty()
            && operation.body.is_empty()
    }

    /// The verbs of a list, in capitals; `*` for all.
    pub(super) fn verbs(&self) -> Vec<String> {
        let words = self.methods.split(|c: char| !c.is_ascii_alphabetic() && c != '*');
        words.filter(|word| !word.is_empty()).map(str::to_uppercase).collect()
    }

    /// Those of the verbs of a path that the preflight allows and that have to be allowed: all but GET, HEAD and POST.
    pub(super) fn allowed(&self, verbs: &[Verb]) -> Vec<&'static str> {
        let named = self.verbs();
        let is_any = named.iter().any(|word| word == "*") && !self.credentials;
        let needed = needed(verbs);
        needed
            .into_iter()
            .filter(|verb| is_any || named.iter().any(|word| word == verb))
            .collect()
    }
}

/// The verbs of a path that a preflight has to allow.
pub(super) fn needed(verbs: &[Verb]) -> Vec<&'static str> {
    let has = |name: &str| verbs.iter().any(|verb| *verb == Verb::Any || verb.as_str() == name);
    NAMED_VERBS.into_iter().filter(|name| has(name)).collect()
}

/// Whether a tool fills in the origin of a preflight.
pub(super) fn is_filled(operation: &Operation) -> bool {
    let origin = Preflight::of(operation).and_then(|preflight| preflight.origin);
    origin.is_some_and(|origin| has_placeholder(&origin))
}

/// What checks mean to a preflight: it has nothing to check but what it declares.
pub(super) fn checks(operation: &Operation) -> Checks {
    let mut parameters = operation.query.iter().chain(&operation.headers);
    Checks {
        body: operation.checks.body && !operation.body.is_empty(),
        parameters: operation.checks.parameters && parameters.any(|parameter| parameter.required),
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('\'').trim_matches('"').trim()
}

fn listed(text: &str) -> Vec<String> {
    let words = text.split(',').map(|word| word.trim().to_owned());
    words.filter(|word| !word.is_empty()).collect()
}
