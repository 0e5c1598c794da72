//! Why a call failed.

use std::fmt;
use std::time::Duration;

/// An operation of API Gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Reads one API.
    GetRestApi,
    /// Lists APIs.
    GetRestApis,
    /// Creates an API from a document.
    ImportRestApi,
    /// Replaces an API's definition.
    PutRestApi,
    /// Changes a setting of an API.
    UpdateRestApi,
    /// Makes a deployment.
    CreateDeployment,
}

impl Operation {
    /// As AWS names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::GetRestApi => "GetRestApi",
            Operation::GetRestApis => "GetRestApis",
            Operation::ImportRestApi => "ImportRestApi",
            Operation::PutRestApi => "PutRestApi",
            Operation::UpdateRestApi => "UpdateRestApi",
            Operation::CreateDeployment => "CreateDeployment",
        }
    }

    /// The action that an IAM policy allows it with: API Gateway's actions are its HTTP verbs
    /// ([Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html)).
    #[must_use]
    pub fn iam_action(self) -> &'static str {
        match self {
            Operation::GetRestApi | Operation::GetRestApis => "apigateway:GET",
            Operation::ImportRestApi | Operation::CreateDeployment => "apigateway:POST",
            Operation::PutRestApi => "apigateway:PUT",
            Operation::UpdateRestApi => "apigateway:PATCH",
        }
    }

    /// Whether calling it twice leaves the same as calling it once. An import that is repeated after its
    /// answer got lost would leave two APIs of one name.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        !matches!(self, Operation::ImportRestApi)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call failed. Texts in it come from AWS or from the connection, never from credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// There is no such API.
    NotFound {
        /// AWS's words.
        message: String,
    },
    /// The identity may not do this.
    AccessDenied {
        /// AWS's words.
        message: String,
    },
    /// The session token is too old.
    ExpiredToken,
    /// AWS does not know the key, or the signature made with it is wrong.
    InvalidCredentials {
        /// The error code.
        code: String,
    },
    /// This machine's clock differs too much from AWS's.
    ClockSkew,
    /// Too many calls.
    Throttled {
        /// How long AWS asks to wait.
        retry_after: Option<Duration>,
    },
    /// A quota of the account is used up. Waiting does not help.
    QuotaReached {
        /// AWS's words.
        message: String,
    },
    /// Somebody else changes the API at this moment.
    Conflict {
        /// AWS's words.
        message: String,
    },
    /// AWS does not take what was sent.
    Refused {
        /// AWS's words.
        message: String,
    },
    /// AWS has trouble of its own.
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// AWS's words.
        message: String,
    },
    /// The host's name has no address.
    UnknownHost,
    /// No connection.
    Unreachable {
        /// What the connection said.
        detail: String,
    },
    /// The other side's certificate is not trusted, or it does not speak TLS.
    Tls {
        /// What TLS said.
        detail: String,
    },
    /// No answer in time.
    TimedOut,
    /// The deadline of the whole run passed.
    DeadlinePassed,
    /// An answer that is none of API Gateway's.
    Garbled {
        /// The HTTP status.
        status: u16,
        /// The kind of content that came, such as `text/html`.
        content_type: Option<String>,
    },
    /// Anything else.
    Other {
        /// The error code, when there is one.
        code: Option<String>,
        /// What was said.
        message: String,
    },
}

impl Cause {
    /// A stable name for machines.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Cause::NotFound { .. } => "not_found",
            Cause::AccessDenied { .. } => "access_denied",
            Cause::ExpiredToken => "expired_token",
            Cause::InvalidCredentials { .. } => "invalid_credentials",
            Cause::ClockSkew => "clock_skew",
            Cause::Throttled { .. } => "throttled",
            Cause::QuotaReached { .. } => "quota_reached",
            Cause::Conflict { .. } => "conflict",
            Cause::Refused { .. } => "refused",
            Cause::Unavailable { .. } => "unavailable",
            Cause::UnknownHost => "unknown_host",
            Cause::Unreachable { .. } => "unreachable",
            Cause::Tls { .. } => "tls",
            Cause::TimedOut => "timed_out",
            Cause::DeadlinePassed => "deadline_passed",
            Cause::Garbled { .. } => "garbled_answer",
            Cause::Other { .. } => "other",
        }
    }
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// What was called.
    pub operation: Operation,
    /// The API that it was about, when there was one.
    pub rest_api_id: Option<String>,
    /// Why it failed.
    pub cause: Cause,
    /// The id under which AWS's support finds the request.
    pub request_id: Option<String>,
}

impl CallError {
    /// A call without an API that failed.
    #[must_use]
    pub fn new(operation: Operation, cause: Cause) -> Self {
        Self {
            operation,
            rest_api_id: None,
            cause,
            request_id: None,
        }
    }

    /// The same, about an API.
    #[must_use]
    pub fn about(mut self, rest_api_id: &str) -> Self {
        self.rest_api_id = Some(rest_api_id.to_owned());
        self
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.operation, self.cause.kind())
    }
}

impl std::error::Error for CallError {}
