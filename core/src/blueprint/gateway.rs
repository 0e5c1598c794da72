//! What the gateway has beside the routes.

use crate::file::{KeySourceWord, Raw};

use super::Authorizer;

/// What the gateway has beside the routes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gateway {
    /// Who may be asked whether a request may pass, in the order of the file.
    pub authorizers: Vec<Authorizer>,
    /// Forms of bodies by name: JSON Schemas.
    pub models: Vec<(String, Raw)>,
    /// What the gateway answers by itself, by type.
    pub responses: Vec<(String, GatewayResponse)>,
    /// The resource policy.
    pub policy: Option<Raw>,
    /// Media types that are passed on as bytes.
    pub binary_media_types: Vec<String>,
    /// From how many bytes on answers are compressed.
    pub minimum_compression_size: Option<u32>,
    /// Where API keys are looked for, if the file says it.
    pub api_key_source: Option<KeySourceWord>,
    /// What the document says besides: a merge patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)).
    pub patch: Option<Raw>,
}

/// The types of what the gateway answers by itself, with the status of each unless somebody gives it another, as recorded
/// of AWS. `DEFAULT_4XX` and `DEFAULT_5XX` have none: each type of theirs keeps its own
/// ([types](https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html)).
pub const GATEWAY_RESPONSES: [(&str, Option<&str>); 21] = [
    ("ACCESS_DENIED", Some("403")),
    ("API_CONFIGURATION_ERROR", Some("500")),
    ("AUTHORIZER_CONFIGURATION_ERROR", Some("500")),
    ("AUTHORIZER_FAILURE", Some("500")),
    ("BAD_REQUEST_BODY", Some("400")),
    ("BAD_REQUEST_PARAMETERS", Some("400")),
    ("DEFAULT_4XX", None),
    ("DEFAULT_5XX", None),
    ("EXPIRED_TOKEN", Some("403")),
    ("INTEGRATION_FAILURE", Some("504")),
    ("INTEGRATION_TIMEOUT", Some("504")),
    ("INVALID_API_KEY", Some("403")),
    ("INVALID_SIGNATURE", Some("403")),
    ("MISSING_AUTHENTICATION_TOKEN", Some("403")),
    ("QUOTA_EXCEEDED", Some("429")),
    ("REQUEST_TOO_LARGE", Some("413")),
    ("RESOURCE_NOT_FOUND", Some("404")),
    ("THROTTLED", Some("429")),
    ("UNAUTHORIZED", Some("401")),
    ("UNSUPPORTED_MEDIA_TYPE", Some("415")),
    ("WAF_FILTERED", Some("403")),
];

/// What the gateway answers by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GatewayResponse {
    /// Its status, if it is another one than that of its type.
    pub status: Option<String>,
    /// Its headers: `gatewayresponse.header.X`, by where they come from.
    pub parameters: Vec<(String, String)>,
    /// Its bodies by media type.
    pub templates: Vec<(String, String)>,
}
