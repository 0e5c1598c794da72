//! What callers get of the gateway itself.

use serde_json::{Value, json};

use super::described;
use crate::blueprint::{Authorization, Backend, Blueprint, GATEWAY_RESPONSES, GatewayResponse, Route, Verb};
use crate::file::{PassthroughWord, ValidateWord};
use crate::model_reference::in_document;
use crate::openapi::{Map, MediaType, PlainSchema, Response, Schema};

/// What the gateway answers in place of the service.
pub(super) struct Refusals<'a> {
    blueprint: &'a Blueprint,
    /// The name of the schema of its bodies.
    pub(super) model: String,
}

const MODEL: &str = "GatewayError";

/// The schema of its bodies, unless the file has another one for a type.
pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "description": "What the gateway says when it refuses a request, or when the service does not answer. \
                        Where a policy denies access, the property is `Message`.",
        "properties": {"message": {"type": "string"}, "Message": {"type": "string"}},
    })
}

impl<'a> Refusals<'a> {
    pub(super) fn of(blueprint: &'a Blueprint) -> Self {
        let is_taken = |name: &str| blueprint.gateway.models.iter().any(|(known, _)| known == name);
        let mut model = MODEL.to_owned();
        let mut number = 1;
        while is_taken(&model) {
            number += 1;
            model = format!("{MODEL}{number}");
        }
        Self { blueprint, model }
    }

    /// Adds them to the answers of a route. Where the service has an answer of the status, callers get one of the two.
    pub(super) fn add(&self, route: &Route, responses: &mut Map<Response>) {
        for kind in self.kinds(route) {
            let said = self.said(kind);
            let default = GATEWAY_RESPONSES.iter().find(|(known, _)| *known == kind);
            let status = said.and_then(|said| said.status.as_deref());
            let Some(status) = status.or_else(|| default.and_then(|(_, status)| *status)) else {
                continue;
            };
            if responses.get(status).is_none() {
                responses.push(status.to_owned(), described(status));
            }
            if let Some(response) = responses.get_mut(status) {
                for (media, schema) in self.bodies(said) {
                    add(&mut response.content, &media, schema);
                }
            }
        }
    }

    /// What the file says of a type: of itself, or of its class.
    fn said(&self, kind: &str) -> Option<&'a GatewayResponse> {
        let responses = &self.blueprint.gateway.responses;
        let of = |wanted: &str| {
            responses
                .iter()
                .find(|(known, _)| known == wanted)
                .map(|(_, said)| said)
        };
        let class = GATEWAY_RESPONSES
            .iter()
            .find(|(known, _)| *known == kind)
            .and_then(|(_, status)| *status)
            .map_or("DEFAULT_4XX", |status| match status.starts_with('5') {
                true => "DEFAULT_5XX",
                false => "DEFAULT_4XX",
            });
        of(kind).or_else(|| of(class))
    }

    fn bodies(&self, said: Option<&GatewayResponse>) -> Vec<(String, Schema)> {
        match said {
            Some(said) if !said.templates.is_empty() => {
                let templates = said.templates.iter();
                templates
                    .map(|(media, _)| (media.clone(), Schema::Read(json!({}))))
                    .collect()
            }
            _ => {
                let schema = PlainSchema {
                    reference: Some(in_document(&self.model).into()),
                    ..PlainSchema::default()
                };
                vec![("application/json".to_owned(), Schema::Plain(schema))]
            }
        }
    }

    /// The types that a route's callers may get.
    fn kinds(&self, route: &Route) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        let contract = route.contract.as_deref();
        match contract.map(|contract| contract.validate).unwrap_or_default() {
            ValidateWord::All => kinds.extend(["BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS"]),
            ValidateWord::Body => kinds.push("BAD_REQUEST_BODY"),
            ValidateWord::Parameters => kinds.push("BAD_REQUEST_PARAMETERS"),
            ValidateWord::None => {}
        }
        match &route.authorization {
            Authorization::Public => {}
            Authorization::AwsIam => kinds.extend(["MISSING_AUTHENTICATION_TOKEN", "ACCESS_DENIED"]),
            Authorization::Authorizers(_) => kinds.extend(["UNAUTHORIZED", "ACCESS_DENIED"]),
        }
        if self.blueprint.gateway.policy.is_some() {
            kinds.push("ACCESS_DENIED");
        }
        if route.api_key {
            kinds.push("INVALID_API_KEY");
        }
        if [Verb::Post, Verb::Put, Verb::Patch, Verb::Any].contains(&route.verb) {
            kinds.push("REQUEST_TOO_LARGE");
            let mapping = route.integration.mapping.as_ref();
            let refuses = mapping.is_some_and(|mapping| match mapping.passthrough {
                Some(PassthroughWord::Never) => true,
                Some(PassthroughWord::WhenNoTemplates) => !mapping.templates.is_empty(),
                Some(PassthroughWord::WhenNoMatch) | None => false,
            });
            if refuses && !route.integration.proxy {
                kinds.push("UNSUPPORTED_MEDIA_TYPE");
            }
        }
        kinds.push("THROTTLED");
        if !matches!(route.integration.backend, Backend::Answer | Backend::Nobody) {
            kinds.push("INTEGRATION_TIMEOUT");
        }
        kinds
    }
}

fn add(content: &mut Map<MediaType>, media: &str, schema: Schema) {
    let body = |schema| MediaType {
        schema: Some(schema),
        ..MediaType::default()
    };
    let Some(known) = content.get_mut(media) else {
        content.push(media.to_owned(), body(schema));
        return;
    };
    let Some(said) = &known.schema else { return };
    if *said == schema {
        return;
    }
    let said = serde_json::to_value(said).unwrap_or_default();
    let also = serde_json::to_value(schema).unwrap_or_default();
    let mut forms = match said.get("anyOf") {
        Some(Value::Array(forms)) if forms.contains(&also) => return,
        _ => vec![said],
    };
    forms.push(also);
    known.schema = Some(Schema::Read(json!({"anyOf": forms})));
}
