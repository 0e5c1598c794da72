//! What a routes file means: defaults applied, paths composed, parameters typed, handlers named.
//!
//! This is the only place that joins a path or applies a default.

mod access;
mod arn;
mod authorizer;
mod contract;
mod cors;
mod docs;
mod files;
mod foreign;
mod gateway;
mod integration;
mod levels;
mod mapping;
mod models;
mod original;
mod path;
mod pattern;
mod schemas;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

#[cfg(feature = "openapi")]
pub(crate) use arn::Named;
#[cfg(any(feature = "import", feature = "types"))]
pub(crate) use contract::is_parameter_name;
#[cfg(feature = "import")]
pub(crate) use docs::made as operation_id;
pub use files::{Files, named_files};
#[cfg(feature = "import")]
pub(crate) use models::BUILT_IN as BUILT_IN_MODELS;
#[cfg(feature = "types")]
pub(crate) use models::is_model_name;

use crate::blueprint::{Backend, Blueprint, Cors, Resource, Route, RoutePath};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::{
    ActionEntry, AuthorizerWord, BlueprintEntry, Entries, MethodEntry, OperationIdsWord, ResourceEntry, RoutesFile,
};
use crate::lint;
use crate::span::Span;
use levels::Levels;

/// How strictly a file is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// As API Gateway and axum need it.
    #[default]
    Strict,
    /// As ct-api-gateway-deployer took it: what only API Gateway or axum would refuse is a warning.
    Compat,
}

/// What is known of a file that is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// All that is written.
    Whole,
    /// Entries with errors were left out: an empty list need not be empty in the file.
    Part,
    /// All that is written, and the values of its variables.
    Filled,
}

/// Computes the [`Blueprint`] of a routes file and checks it against what API Gateway and axum take.
///
/// The blueprint is there even if there are errors; it then lacks what the errors are about.
#[must_use]
pub fn resolve(file: &RoutesFile, mode: Mode) -> Outcome<Blueprint> {
    resolve_after(file, mode, &Files::Unread, Known::Whole)
}

/// The same with the files that it names.
pub(crate) fn resolve_after(file: &RoutesFile, mode: Mode, files: &Files, known: Known) -> Outcome<Blueprint> {
    let mut found = Diagnostics::new();
    let entry = &file.blueprint;
    let authorizers = entry.authorizers.iter().flat_map(Entries::iter);
    let blueprint = Resolver {
        mode,
        known,
        file: entry,
        files,
        authorizers: authorizers
            .map(|(name, entry)| (name.as_str(), entry.kind.value))
            .collect(),
        found: &mut found,
        told: HashSet::new(),
        told_keywords: HashSet::new(),
        prefix: String::new(),
        prefix_segments: 0,
        without_proxy: Vec::new(),
    }
    .blueprint();
    lint::check(&blueprint, file.blueprint.name.span, known == Known::Part, &mut found);
    if mode == Mode::Compat {
        found = lint::tolerate_as_the_original(&found);
    }
    Outcome {
        value: Some(blueprint),
        diagnostics: found.finish(),
    }
}

struct Resolver<'a> {
    mode: Mode,
    known: Known,
    file: &'a BlueprintEntry,
    files: &'a Files,
    /// The kinds of the authorizers, by name.
    authorizers: HashMap<&'a str, AuthorizerWord>,
    found: &'a mut Diagnostics,
    /// Where something was told that holds for many actions.
    told: HashSet<(Code, Span)>,
    /// The keywords of JSON Schemas of which something was told.
    told_keywords: HashSet<String>,
    prefix: String,
    prefix_segments: usize,
    /// The actions whose integrations are no proxies.
    without_proxy: Vec<Span>,
}

/// The keys of a method without which its path is not known.
const PARAMETERS: [&str; 2] = ["pathParams", "queryParams"];

impl<'a> Resolver<'a> {
    fn blueprint(mut self) -> Blueprint {
        let blueprint = self.file;
        if blueprint.name.trim().is_empty() && !blueprint.faulty.contains(&"name") {
            self.found.push(
                Diagnostic::new(Code::EmptyName, "the blueprint's name is empty")
                    .at(blueprint.name.span)
                    .with_help("give the API a name, such as `\"name\": \"shop\"`"),
            );
        }
        if let Some(written) = &blueprint.url_prefix {
            let segments = path::prefix(written, self.found);
            self.prefix_segments = segments.len();
            for segment in segments {
                self.prefix.push('/');
                self.prefix.push_str(&segment);
            }
        }
        self.check_backends();
        let is_seed = blueprint.resources.iter().any(|entry| entry.flask.is_some());
        let mut resources: Vec<Resource> = Vec::new();
        let mut by_name: HashMap<String, usize> = HashMap::new();
        let mut routes = Vec::new();
        let mut methods: Vec<(Arc<RoutePath>, Option<Arc<Cors>>)> = Vec::new();
        for (number, entry) in blueprint.resources.iter().enumerate() {
            let resource = self.resource(entry, &mut resources, &mut by_name);
            let strict_slashes = self.strict_slashes(entry);
            let before = path::before(entry, self.found);
            for (method_number, method) in entry.methods.iter().enumerate() {
                let path = before
                    .as_deref()
                    .and_then(|before| {
                        path::compose(method, before, &self.prefix, self.prefix_segments, is_seed, self.found)
                    })
                    .filter(|_| !PARAMETERS.iter().any(|key| method.faulty.contains(key)))
                    .map(Arc::new);
                let cors = levels::cors(method, entry, blueprint);
                let cors = cors.and_then(|cors| self.cors(cors)).map(Arc::new);
                if let Some(path) = &path {
                    methods.push((Arc::clone(path), cors.clone()));
                }
                self.actions(method, |resolver, action_number, action| {
                    // Everything is looked at, whatever is wrong around it: one run tells all.
                    let levels = Levels::of(action, method, entry, blueprint);
                    if resolver.mode == Mode::Compat {
                        resolver.check_original(action, levels);
                    }
                    let handler = resolver.handler(action);
                    let authorization = resolver.authorization(levels);
                    let integration = resolver.integration(action, levels, path.as_deref(), cors.as_deref());
                    let contract = resolver.contract(action, levels);
                    let (authorization, integration) = (authorization?, integration?);
                    if integration.backend == Backend::Service {
                        resolver.check_sent(cors.as_deref(), levels::cors(method, entry, blueprint));
                    }
                    routes.push(Route {
                        resource: resource?,
                        verb: action.verb.verb,
                        handler: resolver.served(action, handler?, &integration.backend),
                        path: Arc::clone(path.as_ref()?),
                        strict_slashes,
                        scopes: resolver.scopes(&authorization, levels),
                        api_key: levels
                            .nearest(|level| level.api_key.as_ref())
                            .is_some_and(|yes| yes.value),
                        authorization,
                        cors: cors.clone(),
                        integration,
                        contract,
                        docs: docs::written(action, levels),
                        span: action.span,
                        pointer: format!(
                            "/blueprint/resources/{number}/methods/{method_number}/actions/{action_number}"
                        ),
                    });
                    Some(())
                });
            }
        }
        self.dropped_queries();
        if self.mode == Mode::Compat {
            self.check_original_blueprint();
        }
        let mut preflights = self.preflights(&methods, &routes);
        let ids = blueprint.operation_ids.unwrap_or(OperationIdsWord::Paths);
        docs::complete(
            &mut routes,
            &mut preflights,
            &blueprint.resources,
            &resources,
            ids,
            self.found,
        );
        Blueprint {
            name: blueprint.name.value.clone(),
            title: blueprint.title.clone(),
            description: blueprint.description.clone(),
            version: blueprint.version.clone(),
            gateway: self.gateway(blueprint),
            url_prefix: self.prefix,
            manners: blueprint.manners.unwrap_or_default(),
            resources,
            paths: methods.into_iter().map(|(path, _)| path).collect(),
            routes,
            preflights,
        }
    }

    /// Tells something, once a place.
    fn tell(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.once(Diagnostic::new(code, message).at(span).with_help(help));
    }

    /// Tells something that holds for many actions, at the one place that it is about.
    fn once(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.span.unwrap_or_default();
        if self.told.insert((diagnostic.code, place)) {
            self.found.push(diagnostic);
        }
    }

    /// The index of the resource that an entry belongs to. Entries of one name are one resource.
    fn resource(
        &mut self,
        entry: &ResourceEntry,
        resources: &mut Vec<Resource>,
        by_name: &mut HashMap<String, usize>,
    ) -> Option<usize> {
        let class = entry
            .axum
            .as_ref()
            .or(entry.flask.as_ref())
            .and_then(|service| service.resource_class.as_ref());
        let Some(name) = entry.name.as_ref().or(class) else {
            if ["name", "axum", "flask"].iter().any(|key| entry.faulty.contains(key)) {
                return None;
            }
            self.found.push(
                Diagnostic::new(Code::MissingKey, "a resource has no `name`")
                    .at(entry.span.head())
                    .with_help("add `\"name\": …`: the name that `#[resource(name = \"…\")]` repeats"),
            );
            return None;
        };
        if name.trim().is_empty() {
            self.found.push(
                Diagnostic::new(Code::EmptyName, "the resource's name is empty")
                    .at(name.span)
                    .with_help("give it the name that `#[resource(name = \"…\")]` repeats"),
            );
            return None;
        }
        Some(*by_name.entry(name.value.clone()).or_insert_with(|| {
            resources.push(Resource {
                name: name.value.clone(),
                span: name.span,
            });
            resources.len() - 1
        }))
    }

    fn strict_slashes(&mut self, entry: &ResourceEntry) -> bool {
        if let (Some(axum), Some(flask)) = (&entry.axum, &entry.flask) {
            self.found.push(
                Diagnostic::new(Code::KeyConflict, "a resource has both `axum` and `flask`")
                    .at(flask.span.head())
                    .with_note("the other one is here", axum.span.head())
                    .with_help("keep one: they are two names for the same section"),
            );
        }
        entry
            .axum
            .as_ref()
            .or(entry.flask.as_ref())
            .and_then(|service| service.strict_slashes)
            .unwrap_or(true)
    }

    /// Runs through the actions of a method and says so when there are none.
    fn actions(
        &mut self,
        method: &'a MethodEntry,
        mut each: impl FnMut(&mut Self, usize, &'a ActionEntry) -> Option<()>,
    ) {
        if method.actions.is_empty() && self.known != Known::Part {
            self.found.push(
                Diagnostic::new(
                    Code::MethodWithoutActions,
                    format!("the path `{}` has no actions: nothing answers it", method.path.value),
                )
                .at(method.path.span)
                .with_help("add an action, such as `{\"type\": \"GET\"}`, or remove the path"),
            );
        }
        for (number, action) in method.actions.iter().enumerate() {
            // A refused action was reported; the others still count.
            let _ = each(self, number, action);
        }
    }

    /// The handler, if the service answers. Somebody else has none of its handlers.
    fn served(&mut self, action: &ActionEntry, handler: String, backend: &Backend) -> Option<String> {
        if *backend == Backend::Service {
            return Some(handler);
        }
        if let Some(written) = &action.handler {
            self.tell(
                Code::UnservedHandler,
                written.span,
                format!(
                    "the handler `{}` is never called: somebody else answers the route",
                    written.value
                ),
                "remove it, or write `\"backend\": \"SERVICE\"` to let the service answer",
            );
        }
        None
    }

    fn handler(&mut self, action: &ActionEntry) -> Option<String> {
        let Some(handler) = &action.handler else {
            return Some(action.verb.verb.lower().to_owned());
        };
        if is_identifier(handler) {
            return Some(handler.value.clone());
        }
        self.found.push(
            Diagnostic::new(
                Code::HandlerName,
                format!(
                    "the handler `{}` is no name of a Rust method",
                    crate::decode::shortened(handler)
                ),
            )
            .at(handler.span)
            .with_help("write the method's name alone, such as `\"list\"`"),
        );
        None
    }
}

/// A name that a Rust method can have, raw identifiers included, without their `r#`.
fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
        && !matches!(text, "_" | "self" | "Self" | "super" | "crate")
}

/// A token ([RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)) that cannot end the quoted
/// string in which API Gateway takes header values.
fn is_header_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests;
