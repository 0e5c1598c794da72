//! What an operation takes and gives.

use serde_json::Value;

use super::document::{
    Header, Map, MediaType, Operation, Others, Parameter, PlainSchema, RequestBody, Response, Schema,
};
use super::{cors, parameter, reason};
use crate::blueprint::{Contract, DeclaredAnswer, Mapping, ParameterForm, RequestParameter};
use crate::file::{ModelWord, ValidateWord};
use crate::model_reference::in_document;

/// Adds what the file says of it to an operation.
pub(super) fn describe(operation: &mut Operation, contract: &Contract) {
    for (location, parameters) in [("query", &contract.query), ("header", &contract.headers)] {
        let parameters = parameters.iter().map(|one| declaration(one, location));
        operation.parameters.extend(parameters);
    }
    if !contract.bodies.is_empty() {
        operation.request_body = Some(RequestBody {
            content: bodies(&contract.bodies),
            ..RequestBody::default()
        });
    }
    operation.request_validator = validator(contract.validate).map(str::to_owned);
    if contract.deprecated {
        operation.others.insert("deprecated", Value::Bool(true));
    }
}

/// Where mappings read, and where OpenAPI declares it.
const READ: [(&str, &str); 4] = [
    ("method.request.header.", "header"),
    ("method.request.multivalueheader.", "header"),
    ("method.request.querystring.", "query"),
    ("method.request.multivaluequerystring.", "query"),
];

/// Declares the headers and the parameters of the query string that a mapping reads, for API Gateway refuses to map what is
/// not declared.
pub(super) fn declare_read(operation: &mut Operation, mapping: &Mapping) {
    let sources = mapping
        .parameters
        .iter()
        .map(|(_, from)| from)
        .chain(&mapping.cache_keys);
    for source in sources {
        let read = READ
            .iter()
            .find_map(|(start, location)| Some((source.strip_prefix(start)?, *location)));
        let Some((name, location)) = read else { continue };
        let is_same = |known: &Parameter| match location {
            "header" => known.location == location && known.name.eq_ignore_ascii_case(name),
            _ => known.location == location && known.name == name,
        };
        if !operation.parameters.iter().any(is_same) {
            operation.parameters.push(Parameter {
                name: name.to_owned(),
                location: location.into(),
                schema: Some(Schema::Plain(PlainSchema::of("string"))),
                ..Parameter::default()
            });
        }
    }
}

/// The name of the validator that checks so much.
pub(super) fn validator(validate: ValidateWord) -> Option<&'static str> {
    match validate {
        ValidateWord::All => Some("all"),
        ValidateWord::Body => Some("body"),
        ValidateWord::Parameters => Some("parameters"),
        ValidateWord::None => None,
    }
}

fn declaration(one: &RequestParameter, location: &'static str) -> Parameter {
    let mut others = Others::default();
    if let Some(description) = &one.description {
        others.insert("description", Value::String(description.clone()));
    }
    Parameter {
        name: one.name.clone(),
        location: location.into(),
        required: one.required,
        schema: Some(match &one.form {
            ParameterForm::Typed(converter) => Schema::Plain(parameter::schema(converter)),
            ParameterForm::Schema(schema) => Schema::Written(schema.clone()),
        }),
        others,
    }
}

fn bodies(bodies: &[(String, ModelWord)]) -> Map<MediaType> {
    let bodies = bodies.iter().map(|(media, model)| {
        let schema = match model {
            ModelWord::Named(name) => Schema::Plain(PlainSchema {
                reference: Some(in_document(&name.value).into()),
                ..PlainSchema::default()
            }),
            ModelWord::Inline(schema) => Schema::Written(schema.clone()),
        };
        let body = MediaType {
            schema: Some(schema),
            ..MediaType::default()
        };
        (media.clone(), body)
    });
    bodies.collect()
}

/// An answer that the file declares.
pub(crate) fn answer(status: &str, answer: &DeclaredAnswer) -> Response {
    let headers = answer.headers.iter().map(|(name, form)| {
        let header = match form {
            Some(form) => Header {
                schema: Some(Schema::Written(form.clone())),
                ..Header::default()
            },
            None => cors::text_header(),
        };
        (name.clone(), header)
    });
    let description = answer.description.clone();
    Response {
        description: Some(description.map_or_else(|| reason(status).into(), Into::into)),
        headers: headers.collect(),
        content: bodies(&answer.bodies),
        ..Response::default()
    }
}
