//! How the gateway reaches the service, and what it answers itself.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::lenient::{list, text};
use super::{Map, Others};

/// How the gateway reaches the service
/// ([x-amazon-apigateway-integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html)).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Integration {
    /// `http_proxy`, `http`, `mock`, `aws` or `aws_proxy`.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The verb towards the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_method: Option<String>,
    /// The URL of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// `VPC_LINK`; the internet is what API Gateway assumes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_type: Option<Cow<'static, str>>,
    /// The id of the VPC link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<String>,
    /// The load balancer behind the VPC link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_target: Option<String>,
    /// The role that calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    /// What happens to bodies without a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passthrough_behavior: Option<Cow<'static, str>>,
    /// Whether bytes of requests become text or text bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_handling: Option<String>,
    /// How long the service may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_in_millis: Option<i64>,
    /// `BUFFERED` or `STREAM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_transfer_mode: Option<String>,
    /// How the service's certificate is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_config: Option<TlsConfig>,
    /// The cache that answers are kept in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_namespace: Option<String>,
    /// The parameters that tell kept answers apart.
    #[serde(deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub cache_key_parameters: Vec<String>,
    /// Where the parts of the service's URL come from.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub request_parameters: Map<String>,
    /// Mapping templates by media type.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub request_templates: Map<Cow<'static, str>>,
    /// Answers by a regular expression for the service's status, or `default`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub responses: Map<IntegrationResponse>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// How the gateway looks at the service's certificate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TlsConfig {
    /// Whether any certificate will do.
    pub insecure_skip_verification: bool,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// What becomes of an answer of the service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct IntegrationResponse {
    /// The status that the gateway answers with.
    #[serde(deserialize_with = "text")]
    pub status_code: Cow<'static, str>,
    /// Headers that the gateway sets.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub response_parameters: Map<String>,
    /// Mapping templates by media type.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub response_templates: Map<Cow<'static, str>>,
    /// Whether bytes of answers become text or text bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_handling: Option<String>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// An answer of the gateway itself
/// ([x-amazon-apigateway-gateway-responses](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html)).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct GatewayResponse {
    /// The status, when it is another one than that of its type.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub status_code: Option<String>,
    /// Headers that the gateway sets.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub response_parameters: Map<String>,
    /// Bodies by media type.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub response_templates: Map<String>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// What of a request is checked
/// ([x-amazon-apigateway-request-validators](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validators.html)).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestValidator {
    /// Whether bodies are.
    pub validate_request_body: bool,
    /// Whether parameters are.
    pub validate_request_parameters: bool,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}
