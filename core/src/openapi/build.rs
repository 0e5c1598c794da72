//! From the blueprint to the document.

use std::collections::{HashMap, HashSet};

use super::document::{Components, Document, Info, Map, Operation, PathItem, SecurityRequirement, SecurityScheme};
use super::{Target, cors, integration, parameter};
use crate::blueprint::{Authorization, Blueprint, Route, Verb};

/// The name under which operations refer to signed requests.
pub(crate) const SIGV4: &str = "sigv4";

/// The document of an API.
///
/// ```
/// use bluegate_core::{Mode, Source, openapi, read_blueprint};
///
/// let source = Source::new(
///     "routes.json",
///     r#"{"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [
///         {"path": "/users/{id}", "actions": [{"type": "GET", "authorization": "AWS_IAM"}]}
///     ]}]}}"#,
/// );
/// let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
/// let document = openapi::document(&blueprint, &openapi::Target::default());
/// let operation = document.paths.get("/users/{id}").unwrap().operations.get("get").unwrap();
/// assert_eq!(operation.operation_id.as_deref(), Some("get_users_id"));
/// assert_eq!(operation.parameters[0].name, "id");
/// assert_eq!(document.to_json(), openapi::document(&blueprint, &openapi::Target::default()).to_json());
/// ```
#[must_use]
pub fn document(blueprint: &Blueprint, target: &Target) -> Document {
    let title = blueprint
        .title
        .as_deref()
        .or(target.name())
        .unwrap_or(&blueprint.name)
        .to_owned();
    let signed = blueprint
        .routes
        .iter()
        .any(|route| route.authorization == Authorization::AwsIam);
    let crosses_origins = !blueprint.preflights.is_empty() || blueprint.routes.iter().any(|route| route.cors.is_some());
    let document = Document {
        openapi: "3.0.1".into(),
        info: Info {
            title,
            description: blueprint.description.clone(),
            ..Info::default()
        },
        servers: vec![target.server()],
        paths: paths(blueprint, target),
        components: Components {
            security_schemes: if signed { signed_requests() } else { Map::new() },
            ..Components::default()
        },
        gateway_responses: if crosses_origins {
            cors::gateway_responses()
        } else {
            Map::new()
        },
        ..Document::default()
    };
    document.versioned(blueprint.version.as_deref())
}

/// Requests signed with AWS credentials, as API Gateway names them.
pub(crate) fn signed_requests() -> Map<SecurityScheme> {
    Map::from_iter([(
        SIGV4,
        SecurityScheme {
            kind: "apiKey".into(),
            name: "Authorization".into(),
            location: "header".into(),
            auth_type: Some("awsSigv4".into()),
            ..SecurityScheme::default()
        },
    )])
}

/// The security of an operation. A public one says so: what an absent key means differs between importers.
pub(crate) fn security(authorization: Authorization) -> Vec<SecurityRequirement> {
    match authorization {
        Authorization::Public => Vec::new(),
        Authorization::AwsIam => vec![Map::from_iter([(SIGV4, Vec::new())])],
    }
}

fn paths(blueprint: &Blueprint, target: &Target) -> Map<PathItem> {
    let mut paths: Map<PathItem> = Map::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut place_of = |path, paths: &mut Map<PathItem>| {
        *places.entry(path).or_insert_with(|| {
            paths.push(str::to_owned(path), PathItem::default());
            paths.len() - 1
        })
    };
    for route in &blueprint.routes {
        let place = place_of(route.path.gateway.as_str(), &mut paths);
        paths
            .at(place)
            .operations
            .push(route.verb.document_key(), operation(route, target));
    }
    let mut taken: HashSet<&str> = blueprint
        .routes
        .iter()
        .map(|route| route.docs.operation_id.as_str())
        .collect();
    let ids: Vec<String> = preflight_ids(blueprint, &mut taken);
    for (preflight, id) in blueprint.preflights.iter().zip(ids) {
        let place = place_of(preflight.path.gateway.as_str(), &mut paths);
        paths
            .at(place)
            .operations
            .push(Verb::Options.document_key(), cors::preflight(preflight, id));
    }
    paths
}

/// Ids for the operations that the file does not know of.
fn preflight_ids(blueprint: &Blueprint, taken: &mut HashSet<&str>) -> Vec<String> {
    let mut made: HashSet<String> = HashSet::new();
    let mut ids = Vec::with_capacity(blueprint.preflights.len());
    for preflight in &blueprint.preflights {
        let words: String = preflight
            .path
            .gateway
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let base = format!("options{}", words.trim_end_matches('_').replace("__", "_"));
        let mut id = base.clone();
        let mut number = 2;
        while taken.contains(id.as_str()) || !made.insert(id.clone()) {
            id = format!("{base}_{number}");
            number += 1;
        }
        ids.push(id);
    }
    ids
}

fn operation(route: &Route, target: &Target) -> Operation {
    let summary = route
        .docs
        .summary
        .clone()
        .unwrap_or_else(|| format!("{} {}", route.verb, route.path.gateway));
    Operation {
        operation_id: Some(route.docs.operation_id.clone()),
        summary: Some(summary),
        description: route.docs.description.clone(),
        tags: route.docs.tags.clone(),
        parameters: parameter::declarations(&route.path),
        security: Some(security(route.authorization)),
        responses: integration::responses(route),
        integration: Some(integration::integration(route, target)),
        ..Operation::default()
    }
}

#[cfg(test)]
mod tests;
