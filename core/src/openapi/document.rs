//! The parts of a document, as [OpenAPI 3.0.1](https://spec.openapis.org/oas/v3.0.1) and
//! [API Gateway](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html)
//! name them.

mod integration;
mod lenient;
mod map;
mod part;
mod path;

use std::borrow::Cow;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::yaml;
use part::part;

pub use integration::{GatewayResponse, Integration, IntegrationResponse, RequestValidator, TlsConfig};
pub use map::{Map, Others};
pub use path::{
    Auth, Header, MediaType, Number, Operation, Parameter, PathItem, PlainSchema, RequestBody, Response, Schema,
    SecurityRequirement,
};

part! {
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
    pub struct Document {
        /// The version of OpenAPI.
        always openapi("openapi"): Cow<'static, str>,
        /// Title, version, description.
        always info("info"): Info,
        /// Where the API answers.
        list servers("servers"): Vec<Server>,
        /// The paths, each with its operations.
        required paths("paths"): Map<PathItem>,
        /// What operations refer to.
        optional components("components"): Components,
        /// Who may call operations that do not say so themselves.
        optional security("security"): Option<Vec<SecurityRequirement>>,
        /// What the gateway adds to answers of its own, such as a 403.
        optional gateway_responses("x-amazon-apigateway-gateway-responses"): Map<GatewayResponse>,
        /// What of requests can be checked, by name.
        optional request_validators("x-amazon-apigateway-request-validators"): Map<RequestValidator>,
        /// What of a request is checked unless its operation says otherwise.
        optional request_validator("x-amazon-apigateway-request-validator"): Option<String>,
        /// The resource policy, as JSON or as a text of it.
        optional policy("x-amazon-apigateway-policy"): Option<Value>,
        /// Media types that are passed on as bytes.
        list binary_media_types("x-amazon-apigateway-binary-media-types"): Vec<String>,
        /// From how many bytes on answers are compressed.
        optional minimum_compression_size("x-amazon-apigateway-minimum-compression-size"): Option<i32>,
        /// Where API keys are looked for: `HEADER` or `AUTHORIZER`.
        optional api_key_source("x-amazon-apigateway-api-key-source"): Option<String>,
        /// Which versions of TLS callers may use, by the name of a policy.
        optional security_policy("x-amazon-apigateway-security-policy"): Option<String>,
        /// `BASIC` or `STRICT`: whether callers must come by the name that their certificate is for.
        optional endpoint_access_mode("x-amazon-apigateway-endpoint-access-mode"): Option<String>,
        /// Bytes of the compact JSON, counted while its version was made.
        uncounted json_bytes: usize,
    }
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
        yaml::of_json(&self.to_json())
    }

    /// Writes it as YAML for people, without having the whole text: a large API has many megabytes of it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_yaml(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        yaml::write_json(&self.to_json(), out)
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

part! {
    /// What the document says about the API.
    pub struct Info {
        /// The title. API Gateway makes it the API's name on every import; without one the API keeps its name.
        optional title("title"): String,
        /// What the API is for.
        optional description("description"): Option<String>,
        /// The file's version, or the start of a digest.
        always version("version"): String,
    }
}

part! {
    /// Where the API answers.
    pub struct Server {
        /// The URL, with variables in braces.
        always url("url"): String,
        /// The variables.
        optional variables("variables"): Map<ServerVariable>,
        /// How it is reached.
        optional endpoint("x-amazon-apigateway-endpoint-configuration"): Option<EndpointConfiguration>,
    }
}

part! {
    /// A variable of a [`Server`].
    pub struct ServerVariable {
        /// Its value unless a client says otherwise.
        always default("default"): String,
    }
}

part! {
    /// How an API is reached
    /// ([x-amazon-apigateway-endpoint-configuration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-endpoint-configuration.html)).
    pub struct EndpointConfiguration {
        /// The VPC endpoints of a private API.
        list vpc_endpoint_ids("vpcEndpointIds"): Vec<String>,
        /// Whether the default address is switched off, if anything says so.
        optional disable_execute_api_endpoint("disableExecuteApiEndpoint"): Option<bool>,
    }
}

part! {
    /// What operations refer to.
    pub struct Components {
        /// Schemas by name: the models of the API.
        optional schemas("schemas"): Map<Schema>,
        /// Ways to prove who is calling, by name.
        optional security_schemes("securitySchemes"): Map<SecurityScheme>,
    }
}

part! {
    /// A way to prove who is calling. API Gateway takes `apiKey` only.
    pub struct SecurityScheme {
        /// `apiKey`.
        always kind("type"): Cow<'static, str>,
        /// The header that carries the proof.
        optional name("name"): Cow<'static, str>,
        /// `header`.
        optional location("in"): Cow<'static, str>,
        /// `awsSigv4` for requests signed with AWS credentials.
        optional auth_type("x-amazon-apigateway-authtype"): Option<Cow<'static, str>>,
        /// Who is asked.
        optional authorizer("x-amazon-apigateway-authorizer"): Option<Authorizer>,
    }
}

impl SecurityScheme {
    /// Whether an authorizer is asked. An export may not tell which one.
    #[must_use]
    pub fn asks_authorizer(&self) -> bool {
        matches!(self.auth_type.as_deref(), Some("custom" | "cognito_user_pools"))
    }
}

part! {
    /// Who is asked whether a request may pass
    /// ([x-amazon-apigateway-authorizer](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html)).
    pub struct Authorizer {
        /// `token`, `request` or `cognito_user_pools`.
        always kind("type"): String,
        /// The function that is asked.
        optional authorizer_uri("authorizerUri"): Option<String>,
        /// The user pools.
        list provider_arns("providerARNs"): Vec<String>,
        /// What it is asked with.
        optional identity_source("identitySource"): Option<String>,
        /// A regular expression that it is asked with, or nobody is.
        optional identity_validation_expression("identityValidationExpression"): Option<String>,
        /// The role that calls the function.
        optional authorizer_credentials("authorizerCredentials"): Option<String>,
        /// How long its answer holds, in seconds.
        optional authorizer_result_ttl("authorizerResultTtlInSeconds"): Option<Value>,
    }
}

#[cfg(test)]
mod tests;
