//! The parts of a document, as [OpenAPI 3.0.1](https://spec.openapis.org/oas/v3.0.1) and
//! [API Gateway](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html)
//! name them.

mod integration;
mod lenient;
mod map;
mod path;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::yaml;

pub use integration::{GatewayResponse, Integration, IntegrationResponse, RequestValidator, TlsConfig};
pub use map::{Map, Others};
pub use path::{
    Auth, Header, MediaType, Number, Operation, Parameter, PathItem, PlainSchema, RequestBody, Response, Schema,
    SecurityRequirement,
};

/// An OpenAPI document with the extensions of API Gateway: one that was made, or one that was read.
///
/// What was read is written again, key by key, whether or not it was understood.
///
/// ```
/// use bluegate_core::openapi::Document;
///
/// let text = r#"{"openapi":"3.0.1","info":{"title":"shop","version":"1"},"paths":{},"x-owner":"me"}"#;
/// let document: Document = text.parse().unwrap();
/// assert_eq!(document.to_json(), text);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The version of OpenAPI.
    #[serde(default)]
    pub openapi: Cow<'static, str>,
    /// Title, version, description.
    #[serde(default)]
    pub info: Info,
    /// Where the API answers.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Server>,
    /// The paths, each with its operations.
    pub paths: Map<PathItem>,
    /// What operations refer to.
    #[serde(default, skip_serializing_if = "Components::is_empty")]
    pub components: Components,
    /// What the gateway adds to answers of its own, such as a 403.
    #[serde(
        rename = "x-amazon-apigateway-gateway-responses",
        default,
        skip_serializing_if = "Map::is_empty"
    )]
    pub gateway_responses: Map<GatewayResponse>,
    /// What of requests can be checked, by name.
    #[serde(
        rename = "x-amazon-apigateway-request-validators",
        default,
        skip_serializing_if = "Map::is_empty"
    )]
    pub request_validators: Map<RequestValidator>,
    /// What of a request is checked unless its operation says otherwise.
    #[serde(
        rename = "x-amazon-apigateway-request-validator",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub request_validator: Option<String>,
    /// The resource policy, as JSON or as a text of it.
    #[serde(
        rename = "x-amazon-apigateway-policy",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub policy: Option<Value>,
    /// Media types that are passed on as bytes.
    #[serde(
        rename = "x-amazon-apigateway-binary-media-types",
        default,
        deserialize_with = "lenient::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub binary_media_types: Vec<String>,
    /// From how many bytes on answers are compressed.
    #[serde(
        rename = "x-amazon-apigateway-minimum-compression-size",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub minimum_compression_size: Option<i32>,
    /// Where API keys are looked for: `HEADER` or `AUTHORIZER`.
    #[serde(
        rename = "x-amazon-apigateway-api-key-source",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub api_key_source: Option<String>,
    /// Which versions of TLS callers may use, by the name of a policy.
    #[serde(
        rename = "x-amazon-apigateway-security-policy",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub security_policy: Option<String>,
    /// `BASIC` or `STRICT`: whether callers must come by the name that their certificate is for.
    #[serde(
        rename = "x-amazon-apigateway-endpoint-access-mode",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub endpoint_access_mode: Option<String>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
    /// Bytes of the compact JSON, counted while its version was made.
    #[serde(skip)]
    pub(crate) json_bytes: usize,
}

impl std::str::FromStr for Document {
    type Err = serde_json::Error;

    /// Reads a document of OpenAPI 3 as JSON.
    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl Document {
    /// As compact JSON: what API Gateway is given.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|error| unreachable(&error))
    }

    /// As JSON for people, two spaces a level.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_else(|error| unreachable(&error));
        text.push('\n');
        text
    }

    /// As YAML for people.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        yaml::to_string(self).unwrap_or_else(|error| unreachable(&error))
    }

    /// The resource policy as a text.
    #[must_use]
    pub fn policy(&self) -> Option<String> {
        match self.policy.as_ref()? {
            Value::String(text) => Some(text.clone()),
            policy => Some(policy.to_string()),
        }
    }

    /// The SHA-256 digest of the compact JSON, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        self.measure().0
    }

    /// Bytes of the compact JSON of the document as it was built: what API Gateway's limit is about.
    #[must_use]
    pub fn json_bytes(&self) -> usize {
        match self.json_bytes {
            0 => self.measure().1,
            counted => counted,
        }
    }

    /// Gives the document its version: the file's, or the start of the digest of everything else.
    pub(crate) fn versioned(mut self, version: Option<&str>) -> Self {
        let (digest, bytes) = self.measure();
        let made = &digest[..VERSION_LENGTH.min(digest.len())];
        version.unwrap_or(made).clone_into(&mut self.info.version);
        // The version was empty while it was measured: two quotes stood for it.
        let written = serde_json::to_string(&self.info.version).map_or(0, |version| version.len());
        self.json_bytes = bytes + written.saturating_sub(2);
        self
    }

    /// Digest and length of the compact JSON, in one pass and without making it.
    fn measure(&self) -> (String, usize) {
        use std::fmt::Write as _;
        let mut hasher = Hasher {
            digest: Sha256::new(),
            bytes: 0,
        };
        if let Err(error) = serde_json::to_writer(std::io::BufWriter::new(&mut hasher), self) {
            unreachable(&error);
        }
        let digest = hasher.digest.finalize();
        let digits = digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        (digits, hasher.bytes)
    }
}

/// Characters of the digest that stand for the version of a document whose file gives it none.
const VERSION_LENGTH: usize = 12;

/// Digests and counts what is written to it.
struct Hasher {
    digest: Sha256,
    bytes: usize,
}

impl std::io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.digest.update(bytes);
        self.bytes += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Strings, numbers and maps with text keys have a form in JSON and in YAML: serialising them cannot fail.
fn unreachable(error: &dyn std::error::Error) -> String {
    debug_assert!(false, "the document could not be serialised: {error}");
    String::new()
}

/// What the document says about the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Info {
    /// The title. API Gateway makes it the API's name on every import.
    pub title: String,
    /// What the API is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The file's version, or the start of a digest.
    pub version: String,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// Where the API answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// The URL, with variables in braces.
    pub url: String,
    /// The variables.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub variables: Map<ServerVariable>,
    /// How it is reached.
    #[serde(
        rename = "x-amazon-apigateway-endpoint-configuration",
        skip_serializing_if = "Option::is_none"
    )]
    pub endpoint: Option<EndpointConfiguration>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// A variable of a [`Server`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerVariable {
    /// Its value unless a client says otherwise.
    pub default: String,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// How an API is reached
/// ([x-amazon-apigateway-endpoint-configuration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-endpoint-configuration.html)).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EndpointConfiguration {
    /// The VPC endpoints of a private API.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub vpc_endpoint_ids: Vec<String>,
    /// Whether the default address is switched off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disable_execute_api_endpoint: bool,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// What operations refer to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Components {
    /// Schemas by name: the models of the API.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub schemas: Map<Schema>,
    /// Ways to prove who is calling, by name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub security_schemes: Map<SecurityScheme>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

impl Components {
    fn is_empty(&self) -> bool {
        self.schemas.is_empty() && self.security_schemes.is_empty() && self.others.is_empty()
    }
}

/// A way to prove who is calling. API Gateway takes `apiKey` only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecurityScheme {
    /// `apiKey`.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The header that carries the proof.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub name: Cow<'static, str>,
    /// `header`.
    #[serde(rename = "in", skip_serializing_if = "str::is_empty")]
    pub location: Cow<'static, str>,
    /// `awsSigv4` for requests signed with AWS credentials.
    #[serde(rename = "x-amazon-apigateway-authtype", skip_serializing_if = "Option::is_none")]
    pub auth_type: Option<Cow<'static, str>>,
    /// Who is asked.
    #[serde(rename = "x-amazon-apigateway-authorizer", skip_serializing_if = "Option::is_none")]
    pub authorizer: Option<Authorizer>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

/// Who is asked whether a request may pass
/// ([x-amazon-apigateway-authorizer](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html)).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Authorizer {
    /// `token`, `request` or `cognito_user_pools`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The function that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorizer_uri: Option<String>,
    /// The user pools.
    #[serde(
        rename = "providerARNs",
        deserialize_with = "lenient::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub provider_arns: Vec<String>,
    /// What it is asked with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_source: Option<String>,
    /// What else was written.
    #[serde(flatten, skip_serializing_if = "Others::is_empty")]
    pub others: Others,
}

#[cfg(test)]
mod tests;
