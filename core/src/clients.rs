//! The document for clients: what they send and get, and nothing of how the gateway reaches the service.

mod refusals;
mod schemes;

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use crate::blueprint::{Blueprint, Route, Segment, Verb};
use crate::converter::Converter;
use crate::model_reference::OF_DOCUMENT;
use crate::openapi::{
    self, Components, Document, Info, Map, MediaType, Operation, PathItem, Response, Schema, Target, patched, reason,
};
use crate::types::{openapi_3_0, openapi_3_1};
use crate::words::words;

words! {
    /// A version of OpenAPI.
    #[derive(Default)]
    pub enum Edition {
        /// What most generators of clients read.
        #[default]
        V3_0 = "3.0.3",
        /// The version whose schemas are JSON Schema 2020-12.
        V3_1 = "3.1.0",
    }
}

/// The verbs that API Gateway passes on for `ANY`.
const VERBS: [Verb; 7] = [
    Verb::Delete,
    Verb::Get,
    Verb::Head,
    Verb::Options,
    Verb::Patch,
    Verb::Post,
    Verb::Put,
];

/// The document of an API for those who call it: the routes that are not internal, with what callers send and get,
/// answers of the gateway itself included.
///
/// Schemas of types are those [for readers](crate::types::Schemas::Whole).
///
/// ```
/// use bluegate_core::{Mode, Source, clients, openapi, read_blueprint};
///
/// let source = Source::new(
///     "routes.json",
///     r#"{"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [
///         {"path": "/users/{id}", "actions": [{"type": "GET"}, {"type": "DELETE", "internal": true}]}
///     ]}]}}"#,
/// );
/// let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
/// let document = clients::document(&blueprint, &openapi::Target::default(), clients::Edition::V3_1);
/// let operations = &document.paths.get("/users/{id}").unwrap().operations;
/// assert_eq!(operations.len(), 1);
/// assert!(operations.get("get").unwrap().responses.get("429").is_some());
/// ```
#[must_use]
pub fn document(blueprint: &Blueprint, target: &Target, edition: Edition) -> Document {
    let refusals = refusals::Refusals::of(blueprint);
    let mut paths: Map<PathItem> = Map::new();
    let mut tags = Vec::new();
    let named: HashSet<(&str, Verb)> = blueprint
        .routes
        .iter()
        .map(|route| (route.path.gateway.as_str(), route.verb))
        .chain(
            blueprint
                .preflights
                .iter()
                .map(|one| (one.path.gateway.as_str(), Verb::Options)),
        )
        .collect();
    for route in blueprint.routes.iter().filter(|route| !route.docs.is_internal) {
        let path = path(route);
        if paths.get(&path).is_none() {
            paths.push(path.clone(), PathItem::default());
        }
        let Some(item) = paths.get_mut(&path) else { continue };
        let operation = operation(blueprint, route, target, &refusals);
        for tag in &operation.tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        if route.verb != Verb::Any {
            item.operations.push(route.verb.document_key(), operation);
            continue;
        }
        for verb in VERBS
            .into_iter()
            .filter(|verb| !named.contains(&(&route.path.gateway, *verb)))
        {
            let mut one = operation.clone();
            one.operation_id = one.operation_id.map(|id| format!("{id}_{}", verb.lower()));
            if [Verb::Get, Verb::Head].contains(&verb) {
                one.request_body = None;
            }
            item.operations.push(verb.document_key(), one);
        }
    }
    let gateway = &blueprint.gateway;
    let mut schemas: Map<Schema> = gateway
        .models
        .iter()
        .map(|(name, schema)| (name.clone(), Schema::Written(schema.clone())))
        .collect();
    schemas.push(refusals.model.clone(), Schema::Read(refusals::schema()));
    let mut document = Document {
        openapi: edition.as_str().into(),
        info: Info {
            title: blueprint
                .title
                .as_deref()
                .or(target.name())
                .unwrap_or(&blueprint.name)
                .to_owned(),
            description: blueprint.description.clone(),
            ..Info::default()
        },
        servers: target.public_servers(),
        components: Components {
            security_schemes: schemes::schemes(blueprint),
            schemas,
            ..Components::default()
        },
        paths,
        ..Document::default()
    };
    if !tags.is_empty() {
        let tags = tags.iter().map(|tag| json!({"name": tag})).collect();
        document.others.insert("tags", tags);
    }
    let mut document = patched(document, gateway.patch.as_ref());
    document.openapi = edition.as_str().into();
    plain(&mut document);
    in_form(&mut document, edition);
    only_needed(&mut document);
    document.versioned(blueprint.version.as_deref())
}

/// Without the plus of a greedy parameter, which is API Gateway's.
fn path(route: &Route) -> String {
    let segments = route.path.segments.iter().map(|segment| match segment {
        Segment::Literal(text) => format!("/{text}"),
        Segment::Parameter(parameter) => format!("/{{{}}}", parameter.name),
    });
    let path: String = segments.collect();
    if path.is_empty() { "/".to_owned() } else { path }
}

fn operation(blueprint: &Blueprint, route: &Route, target: &Target, refusals: &refusals::Refusals<'_>) -> Operation {
    let mut operation = openapi::operation(route, target);
    operation.integration = None;
    operation.request_validator = None;
    operation.security = Some(schemes::security(blueprint, route));
    if operation.tags.is_empty()
        && let Some(resource) = blueprint.resources.get(route.resource)
    {
        operation.tags.push(resource.name.clone());
    }
    let contract = route.contract.as_deref();
    if let (Some(body), Some(contract)) = (&mut operation.request_body, contract) {
        if contract.body_required {
            body.others.insert("required", Value::Bool(true));
        }
        if let Some(description) = &contract.body_description {
            body.others.insert("description", Value::from(description.as_str()));
        }
    }
    let answers = contract.map(|contract| contract.answers.as_slice()).unwrap_or_default();
    let mut responses: Map<Response> = answers
        .iter()
        .map(|(status, answer)| (status.clone(), openapi::answer(status, answer)))
        .collect();
    if responses.is_empty() {
        for status in integration_statuses(route) {
            if responses.get(status).is_none() {
                responses.push(status.to_owned(), described(status));
            }
        }
    }
    if responses.get("404").is_none() && has_values_that_none_is(route) {
        let none = Response {
            description: Some("A parameter of the path has no such value.".into()),
            ..Response::default()
        };
        responses.push("404".to_owned(), none);
    }
    refusals.add(route, &mut responses);
    operation.responses = responses;
    operation
}

/// Whether the service answers 404 to values of the path itself, before a handler sees them.
fn has_values_that_none_is(route: &Route) -> bool {
    let takes_all = |converter: &Converter| match converter {
        Converter::String { min_length, max_length } => *min_length <= 1 && max_length.is_none(),
        Converter::Path => true,
        Converter::Int { .. } | Converter::Float { .. } | Converter::Uuid | Converter::Any { .. } => false,
    };
    let mut parameters = route.path.segments.iter().filter_map(|segment| match segment {
        Segment::Literal(_) => None,
        Segment::Parameter(parameter) => Some(parameter),
    });
    route.handler.is_some() && parameters.any(|parameter| !takes_all(&parameter.converter))
}

/// The statuses of the integration responses of a route, or that of an answer of which nothing is said.
fn integration_statuses(route: &Route) -> Vec<&str> {
    let mapping = route.integration.mapping.as_ref();
    match mapping.and_then(|mapping| mapping.responses.as_deref()) {
        Some(responses) => responses.iter().map(|(_, response)| response.status.as_str()).collect(),
        None => vec!["200"],
    }
}

fn described(status: &str) -> Response {
    Response {
        description: Some(reason(status).into()),
        ..Response::default()
    }
}

/// Leaves out what a raw part says to API Gateway.
fn plain(document: &mut Document) {
    const GATEWAY: &str = "x-amazon-apigateway-";
    let is_plain = |key: &str| !key.starts_with(GATEWAY);
    document.others.retain(is_plain);
    document.gateway_responses = Map::new();
    document.request_validators = Map::new();
    document.request_validator = None;
    document.policy = None;
    document.binary_media_types = Vec::new();
    document.minimum_compression_size = None;
    document.api_key_source = None;
    document.security_policy = None;
    document.endpoint_access_mode = None;
    for item in document.paths.values_mut() {
        item.others.retain(is_plain);
        for operation in item.operations.values_mut() {
            operation.auth = None;
            operation.integration = None;
            operation.request_validator = None;
            operation.others.retain(is_plain);
        }
    }
}

fn in_form(document: &mut Document, edition: Edition) {
    let form = |schema: &mut Schema| {
        let value = serde_json::to_value(&*schema).unwrap_or_default();
        let converted = match edition {
            Edition::V3_0 => openapi_3_0(&value),
            Edition::V3_1 => openapi_3_1(&value),
        };
        *schema = Schema::Read(converted.schema);
    };
    let of_bodies = |content: &mut Map<MediaType>| {
        content
            .values_mut()
            .filter_map(|body| body.schema.as_mut())
            .for_each(form);
    };
    document.components.schemas.values_mut().for_each(form);
    for item in document.paths.values_mut() {
        for operation in item.operations.values_mut() {
            let parameters = operation.parameters.iter_mut();
            parameters.filter_map(|one| one.schema.as_mut()).for_each(form);
            if let Some(body) = &mut operation.request_body {
                of_bodies(&mut body.content);
            }
            for response in operation.responses.values_mut() {
                let headers = response.headers.values_mut();
                headers.filter_map(|header| header.schema.as_mut()).for_each(form);
                of_bodies(&mut response.content);
            }
        }
    }
}

/// Leaves out the schemas and the ways to prove who calls that no operation needs.
fn only_needed(document: &mut Document) {
    let mut names = BTreeSet::new();
    let mut schemes = BTreeSet::new();
    let paths = serde_json::to_value(&document.paths).unwrap_or_default();
    let mut open = vec![paths];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                for (key, value) in members {
                    let name = value.as_str().and_then(|text| text.strip_prefix(OF_DOCUMENT));
                    match (key.as_str(), name) {
                        ("$ref", Some(name)) => {
                            if names.insert(name.to_owned())
                                && let Some(schema) = document.components.schemas.get(name)
                            {
                                open.push(serde_json::to_value(schema).unwrap_or_default());
                            }
                        }
                        _ => open.push(value),
                    }
                }
            }
            _ => {}
        }
    }
    for item in document.paths.values_mut() {
        for operation in item.operations.values_mut() {
            let requirements = operation.security.iter().flatten();
            schemes.extend(requirements.flat_map(|one| one.iter().map(|(name, _)| name.to_owned())));
        }
    }
    document.components.schemas.retain(|name| names.contains(name));
    document
        .components
        .security_schemes
        .retain(|name| schemes.contains(name));
}

#[cfg(test)]
mod tests;
