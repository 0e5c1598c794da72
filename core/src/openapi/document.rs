//! The parts of a document, as [OpenAPI 3.0.1](https://spec.openapis.org/oas/v3.0.1) and
//! [API Gateway](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html)
//! name them.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use sha2::{Digest as _, Sha256};

use super::yaml;

/// A map that keeps the order in which it was filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<T>(Vec<(Cow<'static, str>, T)>);

impl<T> Map<T> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an entry; one of the same key keeps its place and is replaced.
    pub fn insert(&mut self, key: impl Into<Cow<'static, str>>, value: T) {
        let key = key.into();
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some(entry) => entry.1 = value,
            None => self.0.push((key, value)),
        }
    }

    /// Adds an entry whose key is known to be new.
    pub(crate) fn push(&mut self, key: impl Into<Cow<'static, str>>, value: T) {
        self.0.push((key.into(), value));
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// The value at a position, in order.
    pub(crate) fn at(&mut self, index: usize) -> &mut T {
        &mut self.0[index].1
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Into<Cow<'static, str>>, T> FromIterator<(K, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// An OpenAPI document with the extensions of API Gateway.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Document {
    /// The version of OpenAPI.
    pub openapi: &'static str,
    /// Title, version, description.
    pub info: Info,
    /// Where the API answers.
    pub servers: Vec<Server>,
    /// The paths, each with its operations.
    pub paths: Map<PathItem>,
    /// What operations refer to.
    #[serde(skip_serializing_if = "Components::is_empty")]
    pub components: Components,
    /// What the gateway adds to answers of its own, such as a 403.
    #[serde(
        rename = "x-amazon-apigateway-gateway-responses",
        skip_serializing_if = "Map::is_empty"
    )]
    pub gateway_responses: Map<GatewayResponse>,
    /// Bytes of the compact JSON, counted while its version was made.
    #[serde(skip)]
    pub(crate) json_bytes: usize,
}

/// Operations by verb in small letters, or `x-amazon-apigateway-any-method`.
pub type PathItem = Map<Operation>;

/// Schemes that all have to be met, each with its scopes.
pub type SecurityRequirement = Map<Vec<String>>;

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

    /// The SHA-256 digest of the compact JSON, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        self.measure().0
    }

    /// Bytes of the compact JSON of the document as it was built: what API Gateway's limit is about.
    #[must_use]
    pub fn json_bytes(&self) -> usize {
        self.json_bytes
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
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Info {
    /// The title. API Gateway makes it the API's name on every import.
    pub title: String,
    /// What the API is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The file's version, or the start of a digest.
    pub version: String,
}

/// Where the API answers.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Server {
    /// The URL, with variables in braces.
    pub url: String,
    /// The variables.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub variables: Map<ServerVariable>,
}

/// A variable of a [`Server`].
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ServerVariable {
    /// Its value unless a client says otherwise.
    pub default: String,
}

/// One verb on one path.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Operation {
    /// Unique in the document.
    #[serde(rename = "operationId", skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// One line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// More, as Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Groups for documentation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The path's parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// Who may call it. Empty: everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security: Option<Vec<SecurityRequirement>>,
    /// Answers by status.
    pub responses: Map<Response>,
    /// How the gateway reaches the service.
    #[serde(rename = "x-amazon-apigateway-integration")]
    pub integration: Integration,
}

/// A path parameter.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Always `path`.
    #[serde(rename = "in")]
    pub location: &'static str,
    /// Always true.
    pub required: bool,
    /// What values it takes.
    pub schema: Schema,
}

/// What values there are.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Schema {
    /// A title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    /// `string`, `integer`, `number` or `object`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// `int64`, `double` or `uuid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    /// The least value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    /// The greatest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    /// The least number of characters.
    #[serde(rename = "minLength", skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// The greatest number of characters.
    #[serde(rename = "maxLength", skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// A regular expression that values match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The values.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// A schema under `components`.
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'static str>,
}

/// A bound of a [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// Any other.
    Float(f64),
}

/// An answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Response {
    /// What it means.
    pub description: &'static str,
    /// Its headers.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub headers: Map<Header>,
    /// Its bodies by media type.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub content: Map<MediaType>,
}

/// A header of a [`Response`].
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Header {
    /// What values it takes.
    pub schema: Schema,
}

/// A body of a [`Response`].
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct MediaType {
    /// What it holds.
    pub schema: Schema,
}

/// How the gateway reaches the service
/// ([x-amazon-apigateway-integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html)).
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Integration {
    /// `http_proxy`, `http` or `mock`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The verb towards the service.
    #[serde(rename = "httpMethod", skip_serializing_if = "Option::is_none")]
    pub http_method: Option<String>,
    /// The URL of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// `VPC_LINK`; the internet is what API Gateway assumes.
    #[serde(rename = "connectionType", skip_serializing_if = "Option::is_none")]
    pub connection_type: Option<&'static str>,
    /// The id of the VPC link.
    #[serde(rename = "connectionId", skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<String>,
    /// What happens to bodies without a template.
    #[serde(rename = "passthroughBehavior", skip_serializing_if = "Option::is_none")]
    pub passthrough_behavior: Option<&'static str>,
    /// Where the parts of the service's URL come from.
    #[serde(rename = "requestParameters", skip_serializing_if = "Map::is_empty")]
    pub request_parameters: Map<String>,
    /// Mapping templates by media type.
    #[serde(rename = "requestTemplates", skip_serializing_if = "Map::is_empty")]
    pub request_templates: Map<&'static str>,
    /// Answers by a regular expression for the service's status, or `default`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub responses: Map<IntegrationResponse>,
}

/// What becomes of an answer of the service.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct IntegrationResponse {
    /// The status that the gateway answers with.
    #[serde(rename = "statusCode")]
    pub status_code: &'static str,
    /// Headers that the gateway sets.
    #[serde(rename = "responseParameters", skip_serializing_if = "Map::is_empty")]
    pub response_parameters: Map<String>,
    /// Mapping templates by media type.
    #[serde(rename = "responseTemplates", skip_serializing_if = "Map::is_empty")]
    pub response_templates: Map<&'static str>,
}

/// What the gateway adds to answers of its own.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct GatewayResponse {
    /// Headers that the gateway sets.
    #[serde(rename = "responseParameters")]
    pub response_parameters: Map<String>,
}

/// What operations refer to.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Components {
    /// Schemas by name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub schemas: Map<Schema>,
    /// Ways to prove who is calling, by name.
    #[serde(rename = "securitySchemes", skip_serializing_if = "Map::is_empty")]
    pub security_schemes: Map<SecurityScheme>,
}

impl Components {
    fn is_empty(&self) -> bool {
        self.schemas.is_empty() && self.security_schemes.is_empty()
    }
}

/// A way to prove who is calling. API Gateway takes `apiKey` only.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SecurityScheme {
    /// Always `apiKey`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The header that carries the proof.
    pub name: &'static str,
    /// Always `header`.
    #[serde(rename = "in")]
    pub location: &'static str,
    /// `awsSigv4` for requests signed with AWS credentials.
    #[serde(rename = "x-amazon-apigateway-authtype")]
    pub auth_type: &'static str,
}
