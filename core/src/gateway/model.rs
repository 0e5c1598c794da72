//! The parts of a REST API, as API Gateway holds them
//! ([REST API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html)). Written as JSON, a part
//! has the keys that API Gateway tells it with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::file_digest;
use crate::model_reference::{in_document, redirect};

/// Texts by name.
pub type Texts = BTreeMap<String, String>;

/// An API: what an import makes of a document, and what is read back of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Api {
    /// The paths.
    pub resources: Vec<Resource>,
    /// The authorizers.
    pub authorizers: Vec<Authorizer>,
    /// The models.
    pub models: Vec<Model>,
    /// The request validators.
    pub validators: Vec<RequestValidator>,
    /// The answers of the gateway itself.
    pub responses: Vec<GatewayResponse>,
}

/// A path of an API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Resource {
    /// Its id. An import keeps it for the same path.
    pub id: String,
    /// The path, such as `/users/{id}`.
    pub path: String,
    /// The methods by verb.
    #[serde(rename = "resourceMethods")]
    pub methods: BTreeMap<String, Method>,
}

/// A verb on a path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Method {
    /// `NONE`, `AWS_IAM`, `CUSTOM` or `COGNITO_USER_POOLS`; emulators may leave it out.
    #[serde(rename = "authorizationType")]
    pub authorization: Option<String>,
    /// The id of the authorizer.
    pub authorizer_id: Option<String>,
    /// The scopes that a token needs.
    pub authorization_scopes: Vec<String>,
    /// Whether an API key is needed.
    pub api_key_required: bool,
    /// The id of the request validator.
    pub request_validator_id: Option<String>,
    /// The parameters, and whether each is required.
    pub request_parameters: BTreeMap<String, bool>,
    /// The models of bodies by media type.
    pub request_models: Texts,
    /// What clients call it by.
    pub operation_name: Option<String>,
    /// The declared answers by status.
    #[serde(rename = "methodResponses")]
    pub responses: BTreeMap<String, MethodResponse>,
    /// How the service is reached.
    #[serde(rename = "methodIntegration")]
    pub integration: Option<Integration>,
}

/// An answer that a method declares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MethodResponse {
    /// The headers, and whether each is required.
    #[serde(rename = "responseParameters")]
    pub parameters: BTreeMap<String, bool>,
    /// The models of bodies by media type.
    #[serde(rename = "responseModels")]
    pub models: Texts,
}

/// How a method reaches the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Integration {
    /// `HTTP`, `HTTP_PROXY`, `MOCK`, `AWS` or `AWS_PROXY`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The verb towards the service.
    pub http_method: Option<String>,
    /// The URL of the service.
    pub uri: Option<String>,
    /// `INTERNET` or `VPC_LINK`.
    pub connection_type: Option<String>,
    /// The id of the VPC link.
    pub connection_id: Option<String>,
    /// The load balancer behind the VPC link, by its ARN.
    pub integration_target: Option<String>,
    /// The role that calls.
    pub credentials: Option<String>,
    /// What becomes of the request's parameters.
    pub request_parameters: Texts,
    /// What becomes of the request's body, by media type.
    pub request_templates: Texts,
    /// What happens to bodies that no template is for.
    pub passthrough_behavior: Option<String>,
    /// Whether bytes become text or text bytes.
    pub content_handling: Option<String>,
    /// How long the service may take.
    pub timeout_in_millis: Option<i32>,
    /// `BUFFERED` or `STREAM`.
    pub response_transfer_mode: Option<String>,
    /// Whether any certificate of the service will do.
    #[serde(rename = "tlsConfig", with = "tls")]
    pub skips_verification: bool,
    /// The cache that answers are kept in; the resource's id unless somebody named one.
    pub cache_namespace: Option<String>,
    /// The parameters that tell kept answers apart.
    pub cache_key_parameters: Vec<String>,
    /// The answers by status.
    #[serde(rename = "integrationResponses")]
    pub responses: BTreeMap<String, IntegrationResponse>,
}

/// What becomes of an answer of the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IntegrationResponse {
    /// Which answers it is for.
    pub selection_pattern: Option<String>,
    /// The headers that are set.
    #[serde(rename = "responseParameters")]
    pub parameters: Texts,
    /// What becomes of the body, by media type.
    #[serde(rename = "responseTemplates")]
    pub templates: Texts,
    /// Whether bytes become text or text bytes.
    pub content_handling: Option<String>,
}

/// Who is asked whether a request may pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Authorizer {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `TOKEN`, `REQUEST` or `COGNITO_USER_POOLS`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What documents call it by beside its type, such as `custom`.
    pub auth_type: Option<String>,
    /// The function that is asked.
    #[serde(rename = "authorizerUri")]
    pub uri: Option<String>,
    /// The user pools.
    #[serde(rename = "providerARNs")]
    pub provider_arns: Vec<String>,
    /// What it is asked with.
    pub identity_source: Option<String>,
    /// A regular expression that it is asked with, or nobody is.
    #[serde(rename = "identityValidationExpression")]
    pub validation: Option<String>,
    /// The role that calls the function.
    #[serde(rename = "authorizerCredentials")]
    pub credentials: Option<String>,
    /// How long its answer holds, in seconds; 300 unless somebody says otherwise.
    #[serde(rename = "authorizerResultTtlInSeconds")]
    pub ttl: Option<i32>,
}

/// The form of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// The media type of the bodies.
    pub content_type: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The JSON Schema; for XML whatever somebody wrote.
    pub schema: Option<String>,
}

/// What of a request is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestValidator {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether bodies are.
    #[serde(rename = "validateRequestBody")]
    pub body: bool,
    /// Whether parameters are.
    #[serde(rename = "validateRequestParameters")]
    pub parameters: bool,
}

/// An answer of the gateway itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayResponse {
    /// Its type, such as `DEFAULT_4XX`.
    #[serde(rename = "responseType")]
    pub kind: String,
    /// The status.
    pub status_code: Option<String>,
    /// The headers.
    #[serde(rename = "responseParameters")]
    pub parameters: Texts,
    /// The bodies by media type.
    #[serde(rename = "responseTemplates")]
    pub templates: Texts,
    /// Whether nobody customised it.
    #[serde(rename = "defaultResponse")]
    pub is_default: bool,
}

/// The object around the only thing that is said of TLS.
mod tls {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Default, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct TlsConfig {
        insecure_skip_verification: bool,
    }

    pub(super) fn serialize<S: Serializer>(skips_verification: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        let config = skips_verification.then_some(TlsConfig {
            insecure_skip_verification: true,
        });
        config.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        let config = Option::<TlsConfig>::deserialize(deserializer)?;
        Ok(config.is_some_and(|config| config.insecure_skip_verification))
    }
}

/// Who may call a method of a deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Access {
    /// `NONE`, `AWS_IAM` and so on.
    #[serde(rename = "authorizationType")]
    pub authorization: Option<String>,
    /// Whether an API key is needed.
    pub api_key_required: bool,
}

impl Model {
    /// Its schema, as a document has it: what it says about itself stays behind, and what it refers to is in the document.
    /// An import makes models of JSON only, and takes what they are for from the schema. `None` when it is no JSON.
    ///
    /// ```
    /// use bluegate_core::gateway::Model;
    ///
    /// let model = Model {
    ///     schema: Some(r#"{"items": {"$ref": "https://apigateway.amazonaws.com/restapis/a1/models/Book"}}"#.into()),
    ///     ..Model::default()
    /// };
    /// let schema = model.in_document().unwrap();
    /// assert_eq!(schema["items"]["$ref"], "#/components/schemas/Book");
    /// ```
    #[must_use]
    pub fn in_document(&self) -> Option<Value> {
        let kind = self.content_type.as_deref();
        let is_json = kind.is_none_or(|kind| kind == "application/json");
        let mut schema: Value = serde_json::from_str(self.schema.as_deref().filter(|_| is_json)?).ok()?;
        let members = schema.as_object_mut()?;
        for own in ["$schema", "id", "$id"] {
            members.remove(own);
        }
        if let Some(description) = &self.description {
            members.insert("description".to_owned(), description.clone().into());
        }
        refer_in_document(&mut schema);
        Some(schema)
    }
}

/// Models refer to each other by the addresses that they have at API Gateway
/// ([models](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html)); documents by
/// their names.
pub(super) fn refer_in_document(schema: &mut Value) {
    redirect(schema, &|reference| {
        reference.rsplit_once("/models/").map(|(_, name)| in_document(name))
    });
}

/// The name that an import gives a schema that stands where it is used; `tries` tells it from others of the same name.
pub(super) fn made_up(schema: &str, tries: usize) -> String {
    let digits = file_digest(&format!("{schema}{}", " ".repeat(tries)));
    format!("{MADE_UP}{}", &digits[..6])
}

/// What names begin with that API Gateway made up.
const MADE_UP: &str = "MODEL";

/// Whether API Gateway made up the name of a model, for a schema that stood where it is used: `MODEL1a2b3c`.
///
/// ```
/// use bluegate_core::gateway::is_made_up;
///
/// assert!(is_made_up("MODEL1a2b3c"));
/// assert!(!is_made_up("Book"));
/// ```
#[must_use]
pub fn is_made_up(model: &str) -> bool {
    let digits = model.strip_prefix(MADE_UP).unwrap_or_default().as_bytes();
    digits.len() == 6 && digits.iter().all(u8::is_ascii_hexdigit)
}
