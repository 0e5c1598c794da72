//! What API Gateway answers by itself
//! ([gateway responses](https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html)).

use serde::Serialize;

/// Why there is no answer of the method's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Failure {
    /// No method answers the request. AWS says of it what it says of a signature that is missing.
    NoMethod,
    /// The method needs a signature and got none.
    MissingAuthenticationToken,
    /// What claims to be a signature is none.
    IncompleteSignature(String),
    /// A signature that is for something else, or for another time.
    InvalidSignature(String),
    /// A signature that is not that of the request.
    WrongSignature(Box<Expected>),
    /// A key that nobody has, by its id.
    UnknownKey(String),
    /// A key that goes with another session token, by its id.
    WrongToken(String),
    /// The caller did not say who it is.
    Unauthorized(Unidentified),
    /// The caller's token held until a moment that has passed.
    ExpiredToken,
    /// The authorizer cannot say who calls.
    Authorizer(String),
    /// The caller may not.
    AccessDenied(Denial),
    /// A key is missing, or is none of this stage.
    InvalidApiKey(KeyFault),
    /// The usage plan of this name allows no more calls in its period.
    QuotaExceeded(String),
    /// There were too many calls at once for the usage plan of this name.
    Throttled(String),
    /// The path is so long that nothing can be said of who may call it.
    PathTooLong,
    /// Parameters are missing.
    BadParameters(String),
    /// The body is none that the method takes.
    BadBody(String),
    /// The body could not be read as JSON by a mapping.
    InvalidJson,
    /// No template is for the body's media type.
    UnsupportedMediaType,
    /// The method or the stage is set up so that no call can work.
    Configuration(String),
    /// Nobody answers at the service.
    Network(String),
    /// The function failed.
    Function(String),
    /// What stands behind the method said what is no answer.
    Malformed(String),
    /// The service took too long.
    TimedOut,
    /// The method is one that this gateway does not serve.
    NotServed(String),
}

/// What was to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// The canonical request.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
    /// What the signature is one of, if that is known.
    pub slip: Option<Slip>,
}

/// How a signer and the gateway came to sign different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Slip {
    /// The path was encoded once, as for S3, and not twice.
    PathEncodedOnce,
    /// The signer took the body for empty.
    EmptyBody,
    /// The body was left out of the signature, as S3 allows it.
    UnsignedPayload,
    /// The host was signed without its port.
    HostWithoutPort,
    /// The query was left out.
    WithoutQuery,
}

/// Why it is not known who calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unidentified {
    /// The request lacks what the authorizer is asked with, such as `method.request.header.Authorization`.
    Lacks(String),
    /// What it is asked with does not have the form that the authorizer wants, a regular expression.
    Unlike(String),
    /// The token does not do: in words behind "the token".
    Token(String),
    /// The authorizer says so.
    Told,
}

/// What does not let a caller in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// What the caller is told.
    pub message: String,
    /// Whose policy it is.
    pub policy: PolicyOf,
    /// The statement that denies it, from 0; none if no statement allows it.
    pub statement: Option<usize>,
    /// The statements that allow something else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// What the policy was asked about.
    pub resource: String,
}

/// A statement that does not allow a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// Its number, from 0.
    pub statement: usize,
    /// The first part of it that does not fit, such as `Resource`.
    pub part: String,
}

/// Whose policy it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyOf {
    /// The resource policy of the API.
    Api,
    /// The policy that the authorizer answered.
    Authorizer,
}

/// What is wrong with an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFault {
    /// There is none.
    Missing,
    /// Nobody has it.
    Unknown,
    /// It is not enabled.
    Disabled,
    /// No usage plan has both it and the stage.
    NotPlanned,
}

/// What is so about a failure.
pub(super) struct Row {
    /// The type of the gateway response.
    pub(super) kind: &'static str,
    pub(super) status: u16,
    /// The header `x-amzn-ErrorType`.
    pub(super) error: &'static str,
    pub(super) message: String,
    /// How the default body is spelt.
    pub(super) spelling: Spelling,
}

/// How a default body is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `{"message":"…"}`
    Compact,
    /// `{"Message":"…"}`
    Capital,
    /// `{"message": "…"}`
    Spaced,
    /// `{"message":null}`
    Null,
}

impl Failure {
    /// Its row: type, status, error, message, spelling.
    pub(super) fn row(&self) -> Row {
        use Spelling::{Capital, Compact, Spaced};
        const NO_TOKEN: &str = "MissingAuthenticationTokenException";
        const INTERNAL: &str = "InternalServerErrorException";
        let mismatch;
        let (kind, status, error, message, spelling) = match self {
            Self::NoMethod | Self::MissingAuthenticationToken => (
                "MISSING_AUTHENTICATION_TOKEN",
                403,
                NO_TOKEN,
                "Missing Authentication Token",
                Compact,
            ),
            // Of access logs of AWS: the type is no one's, so that only the default decorates it.
            Self::IncompleteSignature(text) => (
                "DEFAULT_4XX",
                403,
                "IncompleteSignatureException",
                text.as_str(),
                Compact,
            ),
            Self::InvalidSignature(text) => (
                "INVALID_SIGNATURE",
                403,
                "InvalidSignatureException",
                text.as_str(),
                Compact,
            ),
            Self::WrongSignature(expected) => {
                mismatch = expected.told();
                (
                    "INVALID_SIGNATURE",
                    403,
                    "InvalidSignatureException",
                    mismatch.as_str(),
                    Compact,
                )
            }
            Self::UnknownKey(_) | Self::WrongToken(_) => (
                "DEFAULT_4XX",
                403,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
                Compact,
            ),
            Self::Unauthorized(_) => ("UNAUTHORIZED", 401, "UnauthorizedException", "Unauthorized", Compact),
            Self::ExpiredToken => (
                "UNAUTHORIZED",
                401,
                "UnauthorizedException",
                "The incoming token has expired",
                Compact,
            ),
            Self::Authorizer(_) => (
                "AUTHORIZER_CONFIGURATION_ERROR",
                500,
                "AuthorizerConfigurationException",
                "",
                Spelling::Null,
            ),
            Self::AccessDenied(denial) => (
                "ACCESS_DENIED",
                403,
                "AccessDeniedException",
                denial.message.as_str(),
                Capital,
            ),
            Self::InvalidApiKey(_) => ("INVALID_API_KEY", 403, "ForbiddenException", "Forbidden", Compact),
            Self::QuotaExceeded(_) => (
                "QUOTA_EXCEEDED",
                429,
                "LimitExceededException",
                "Limit Exceeded",
                Compact,
            ),
            Self::Throttled(_) => (
                "THROTTLED",
                429,
                "TooManyRequestsException",
                "Too Many Requests",
                Compact,
            ),
            Self::PathTooLong => (
                "DEFAULT_4XX",
                414,
                "RequestTooLongException",
                "Request URI too long",
                Spaced,
            ),
            Self::BadParameters(text) => (
                "BAD_REQUEST_PARAMETERS",
                400,
                "BadRequestException",
                text.as_str(),
                Spaced,
            ),
            Self::BadBody(_) => (
                "BAD_REQUEST_BODY",
                400,
                "BadRequestException",
                "Invalid request body",
                Spaced,
            ),
            Self::InvalidJson => (
                "DEFAULT_4XX",
                400,
                "BadRequestException",
                "Invalid JSON in request body",
                Spaced,
            ),
            Self::UnsupportedMediaType => (
                "UNSUPPORTED_MEDIA_TYPE",
                415,
                "BadRequestException",
                "Unsupported Media Type",
                Spaced,
            ),
            Self::Configuration(_) => (
                "API_CONFIGURATION_ERROR",
                500,
                INTERNAL,
                "Internal server error",
                Spaced,
            ),
            // Recorded of AWS: 502, though the type has another status.
            Self::Function(_) | Self::Malformed(_) => {
                ("INTEGRATION_FAILURE", 502, INTERNAL, "Internal server error", Spaced)
            }
            Self::Network(_) => (
                "INTEGRATION_FAILURE",
                504,
                INTERNAL,
                "Network error communicating with endpoint",
                Spaced,
            ),
            Self::TimedOut => (
                "INTEGRATION_TIMEOUT",
                504,
                INTERNAL,
                "Endpoint request timed out",
                Spaced,
            ),
            // AWS would serve it: no answer of AWS's is given, so that nobody takes it for one.
            Self::NotServed(text) => ("DEFAULT_5XX", 501, "NotServedHere", text.as_str(), Spaced),
        };
        Row {
            kind,
            status,
            error,
            message: message.to_owned(),
            spelling,
        }
    }

    /// Status, error and message: what the control plane says when a signature is not right.
    pub(crate) fn told(&self) -> (u16, &'static str, String) {
        let Row {
            status, error, message, ..
        } = self.row();
        (status, error, message)
    }

    /// `$context.error.validationErrorString`
    pub(super) fn validation(&self) -> Option<&str> {
        match self {
            Self::BadParameters(text) | Self::BadBody(text) => Some(text),
            _ => None,
        }
    }

    /// What the execution log says.
    pub(super) fn logged(&self) -> String {
        match self {
            Self::Configuration(why) => format!("Execution failed due to configuration error: {why}"),
            Self::Authorizer(why) => format!("Execution failed due to configuration error: {why}"),
            Self::Malformed(why) => format!("Execution failed due to configuration error: {why}"),
            Self::Function(why) => {
                format!("Lambda execution failed with status 200 due to customer function error: {why}")
            }
            Self::TimedOut => "Execution failed due to a timeout error".to_owned(),
            Self::Network(why) => format!("Execution failed due to a network error communicating with endpoint: {why}"),
            other => other.row().message,
        }
    }
}

impl Expected {
    fn told(&self) -> String {
        let Self {
            canonical_request,
            string_to_sign,
            ..
        } = self;
        format!(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String \
             for this request should have been\n'{canonical_request}'\n\nThe String-to-Sign should have \
             been\n'{string_to_sign}'\n"
        )
    }
}

impl Spelling {
    /// The message as JSON: what `$context.error.messageString` is.
    pub(super) fn text(self, message: &str) -> String {
        match self {
            Self::Null => "null".to_owned(),
            _ => serde_json::Value::from(message).to_string(),
        }
    }

    /// The default body.
    pub(super) fn body(self, message: &str) -> String {
        let message = self.text(message);
        match self {
            Self::Compact | Self::Null => format!(r#"{{"message":{message}}}"#),
            Self::Capital => format!(r#"{{"Message":{message}}}"#),
            Self::Spaced => format!(r#"{{"message": {message}}}"#),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_bodies_have_the_bytes_that_aws_sends() {
        for (failure, bytes) in [
            (Failure::MissingAuthenticationToken, 42),
            (Failure::QuotaExceeded(String::new()), 28),
            (Failure::InvalidApiKey(KeyFault::Missing), 23),
            (Failure::Unauthorized(Unidentified::Told), 26),
            (Failure::Authorizer(String::new()), 16),
            (Failure::Throttled(String::new()), 31),
            (Failure::Configuration(String::new()), 36),
            (Failure::Network(String::new()), 56),
        ] {
            let row = failure.row();
            assert_eq!(row.spelling.body(&row.message).len(), bytes, "{failure:?}");
        }
    }
}
