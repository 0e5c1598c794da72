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
