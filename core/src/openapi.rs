//! The document: OpenAPI 3.0.1 with the extensions of API Gateway.
//!
//! It is made of typed structs and serialised once. The same input gives the same bytes: there is no clock in it and
//! everything stands in the order of the file.

mod build;
mod contract;
mod cors;
mod document;
mod integration;
mod parameter;
mod patch;
mod read;
mod security;
mod status;
mod swagger;
mod target;
mod yaml;

pub use build::document;
pub use document::{
    Auth, Authorizer, Components, Document, EndpointConfiguration, GatewayResponse, Header, Info, Integration,
    IntegrationResponse, Map, MediaType, Number, Operation, Others, Parameter, PathItem, PlainSchema, RequestBody,
    RequestValidator, Response, Schema, SecurityRequirement, SecurityScheme, Server, ServerVariable, TlsConfig,
};
pub use read::{BasePath, ReadError};
pub use swagger::to_swagger;
pub use target::Target;

/// Any value as YAML, in the form in which documents are written.
///
/// ```
/// use bluegate_core::openapi::yaml_of;
///
/// let value = serde_json::json!({"openapi": "3.0.1", "paths": {}});
/// assert_eq!(yaml_of(&value), "openapi: \"3.0.1\"\npaths: {}\n");
/// ```
#[must_use]
pub fn yaml_of(value: &serde_json::Value) -> String {
    yaml::of_json(&value.to_string())
}

#[cfg(feature = "types")]
pub(crate) use build::operation;
#[cfg(feature = "types")]
pub(crate) use contract::answer;
pub(crate) use cors::{response_header, text_header};
#[cfg(feature = "types")]
pub(crate) use patch::patched;
#[cfg(feature = "types")]
pub(crate) use security::{API_KEY, SIGV4};
pub(crate) use security::{security, signed_requests};
#[cfg(any(feature = "import", feature = "types"))]
pub(crate) use status::reason;
#[cfg(not(any(feature = "import", feature = "types")))]
use status::reason;

/// The values of a type of a routes file, as a schema.
#[cfg(feature = "types")]
pub(crate) fn parameter_schema(converter: &crate::Converter) -> serde_json::Value {
    serde_json::to_value(parameter::schema(converter)).unwrap_or_default()
}
#[cfg(feature = "import")]
pub(crate) use yaml::of_json as yaml_of_json;
