//! How the gateway reaches the service, and what it answers itself.

use std::borrow::Cow;

use super::Map;
use super::part::part;

part! {
    /// How the gateway reaches the service
    /// ([x-amazon-apigateway-integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html)).
    pub struct Integration {
        /// `http_proxy`, `http`, `mock`, `aws` or `aws_proxy`.
        always kind("type"): Cow<'static, str>,
        /// The verb towards the service.
        optional http_method("httpMethod"): Option<String>,
        /// The URL of the service.
        optional uri("uri"): Option<String>,
        /// `VPC_LINK`; the internet is what API Gateway assumes.
        optional connection_type("connectionType"): Option<Cow<'static, str>>,
        /// The id of the VPC link.
        optional connection_id("connectionId"): Option<String>,
        /// The load balancer behind the VPC link.
        optional integration_target("integrationTarget"): Option<String>,
        /// The role that calls.
        optional credentials("credentials"): Option<String>,
        /// What happens to bodies without a template.
        optional passthrough_behavior("passthroughBehavior"): Option<Cow<'static, str>>,
        /// Whether bytes of requests become text or text bytes.
        optional content_handling("contentHandling"): Option<String>,
        /// How long the service may take.
        optional timeout_in_millis("timeoutInMillis"): Option<i64>,
        /// `BUFFERED` or `STREAM`.
        optional response_transfer_mode("responseTransferMode"): Option<String>,
        /// How the service's certificate is looked at.
        optional tls_config("tlsConfig"): Option<TlsConfig>,
        /// The cache that answers are kept in.
        optional cache_namespace("cacheNamespace"): Option<String>,
        /// The parameters that tell kept answers apart.
        list cache_key_parameters("cacheKeyParameters"): Vec<String>,
        /// Where the parts of the service's URL come from.
        optional request_parameters("requestParameters"): Map<String>,
        /// Mapping templates by media type.
        optional request_templates("requestTemplates"): Map<Cow<'static, str>>,
        /// Answers by a regular expression for the service's status, or `default`.
        optional responses("responses"): Map<IntegrationResponse>,
    }
}

part! {
    /// How the gateway looks at the service's certificate.
    pub struct TlsConfig {
        /// Whether any certificate will do.
        always insecure_skip_verification("insecureSkipVerification"): bool,
    }
}

part! {
    /// What becomes of an answer of the service.
    pub struct IntegrationResponse {
        /// The status that the gateway answers with.
        #[serde(deserialize_with = "super::lenient::text")]
        always status_code("statusCode"): Cow<'static, str>,
        /// Headers that the gateway sets.
        optional response_parameters("responseParameters"): Map<String>,
        /// Mapping templates by media type.
        optional response_templates("responseTemplates"): Map<Cow<'static, str>>,
        /// Whether bytes of answers become text or text bytes.
        optional content_handling("contentHandling"): Option<String>,
    }
}

part! {
    /// An answer of the gateway itself
    /// ([x-amazon-apigateway-gateway-responses](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html)).
    pub struct GatewayResponse {
        /// The status, when it is another one than that of its type.
        #[serde(deserialize_with = "super::lenient::text")]
        optional status_code("statusCode"): Option<String>,
        /// Headers that the gateway sets.
        optional response_parameters("responseParameters"): Map<String>,
        /// Bodies by media type.
        optional response_templates("responseTemplates"): Map<String>,
    }
}

part! {
    /// What of a request is checked
    /// ([x-amazon-apigateway-request-validators](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validators.html)).
    pub struct RequestValidator {
        /// Whether bodies are.
        always validate_request_body("validateRequestBody"): bool,
        /// Whether parameters are.
        always validate_request_parameters("validateRequestParameters"): bool,
    }
}
