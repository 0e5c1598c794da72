//! Why a call failed.

use std::fmt;
use std::time::Duration;

/// An operation of API Gateway, the one of STS that says who calls, and a call of the API itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Asks STS who calls.
    GetCallerIdentity,
    /// Tries a method of the draft.
    TestInvokeMethod,
    /// Calls a deployed API.
    Invoke,
    /// Reads one API with its settings.
    GetRestApi,
    /// Reads one page of the account's APIs in the region.
    GetRestApis,
    /// Reads one page of an API's paths with their methods.
    GetResources,
    /// Reads one page of an API's authorizers.
    GetAuthorizers,
    /// Reads one page of an API's models.
    GetModels,
    /// Reads one page of an API's request validators.
    GetRequestValidators,
    /// Reads one page of the gateway's own answers.
    GetGatewayResponses,
    /// Reads the stages of an API.
    GetStages,
    /// Reads one stage.
    GetStage,
    /// Reads one page of an API's deployments.
    GetDeployments,
    /// Reads one deployment, and who may call what of it.
    GetDeployment,
    /// Reads what a stage serves, as an OpenAPI document with extensions.
    GetExport,
    /// Reads a VPC link.
    GetVpcLink,
    /// Creates a regional API from a document.
    ImportRestApi,
    /// Replaces the definition of an API by a document.
    PutRestApi,
    /// Changes settings of an API.
    UpdateRestApi,
    /// Deletes an API with all of its stages.
    DeleteRestApi,
    /// Takes a snapshot of an API, which no stage serves yet.
    CreateDeployment,
    /// Makes a stage that serves a deployment.
    CreateStage,
    /// Changes settings of a stage, such as the deployment that it serves.
    UpdateStage,
    /// Deletes a stage; what it served stays.
    DeleteStage,
    /// Deletes a deployment that no stage serves.
    DeleteDeployment,
    /// Empties the cache of a stage.
    FlushStageCache,
    /// Makes a stage forget what authorizers answered.
    FlushStageAuthorizersCache,
    /// Sets a tag of an API.
    TagResource,
    /// Removes a tag of an API.
    UntagResource,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::GetCallerIdentity,
        Self::TestInvokeMethod,
        Self::Invoke,
        Self::GetRestApi,
        Self::GetRestApis,
        Self::GetResources,
        Self::GetAuthorizers,
        Self::GetModels,
        Self::GetRequestValidators,
        Self::GetGatewayResponses,
        Self::GetStages,
        Self::GetStage,
        Self::GetDeployments,
        Self::GetDeployment,
        Self::GetExport,
        Self::GetVpcLink,
        Self::ImportRestApi,
        Self::PutRestApi,
        Self::UpdateRestApi,
        Self::DeleteRestApi,
        Self::CreateDeployment,
        Self::CreateStage,
        Self::UpdateStage,
        Self::DeleteStage,
        Self::DeleteDeployment,
        Self::FlushStageCache,
        Self::FlushStageAuthorizersCache,
        Self::TagResource,
        Self::UntagResource,
    ];

    /// As AWS names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::GetCallerIdentity => "GetCallerIdentity",
            Operation::TestInvokeMethod => "TestInvokeMethod",
            Operation::Invoke => "Invoke",
            Operation::GetRestApi => "GetRestApi",
            Operation::GetRestApis => "GetRestApis",
            Operation::GetResources => "GetResources",
            Operation::GetAuthorizers => "GetAuthorizers",
            Operation::GetModels => "GetModels",
            Operation::GetRequestValidators => "GetRequestValidators",
            Operation::GetGatewayResponses => "GetGatewayResponses",
            Operation::GetStages => "GetStages",
            Operation::GetStage => "GetStage",
            Operation::GetDeployments => "GetDeployments",
            Operation::GetDeployment => "GetDeployment",
            Operation::GetExport => "GetExport",
            Operation::GetVpcLink => "GetVpcLink",
            Operation::ImportRestApi => "ImportRestApi",
            Operation::PutRestApi => "PutRestApi",
            Operation::UpdateRestApi => "UpdateRestApi",
            Operation::DeleteRestApi => "DeleteRestApi",
            Operation::CreateDeployment => "CreateDeployment",
            Operation::CreateStage => "CreateStage",
            Operation::UpdateStage => "UpdateStage",
            Operation::DeleteStage => "DeleteStage",
            Operation::DeleteDeployment => "DeleteDeployment",
            Operation::FlushStageCache => "FlushStageCache",
            Operation::FlushStageAuthorizersCache => "FlushStageAuthorizersCache",
            Operation::TagResource => "TagResource",
            Operation::UntagResource => "UntagResource",
        }
    }

    /// The action that an IAM policy allows it with: API Gateway's actions are its HTTP verbs
    /// ([Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html)).
    #[must_use]
    pub fn iam_action(self) -> &'static str {
        match self {
            Operation::ImportRestApi
            | Operation::CreateDeployment
            | Operation::CreateStage
            | Operation::TestInvokeMethod => "apigateway:POST",
            // Of the API that is called, and only for signed calls.
            Operation::Invoke => "execute-api:Invoke",
            Operation::PutRestApi | Operation::TagResource => "apigateway:PUT",
            Operation::UpdateRestApi | Operation::UpdateStage => "apigateway:PATCH",
            Operation::DeleteRestApi
            | Operation::DeleteStage
            | Operation::DeleteDeployment
            | Operation::FlushStageCache
            | Operation::FlushStageAuthorizersCache
            | Operation::UntagResource => "apigateway:DELETE",
            // Nobody needs a permission for it.
            Operation::GetCallerIdentity => "sts:GetCallerIdentity",
            _ => "apigateway:GET",
        }
    }

    /// Whether it changes nothing of the API.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(
            self.iam_action(),
            "apigateway:GET" | "sts:GetCallerIdentity" | "execute-api:Invoke"
        )
    }

    /// Whether calling it twice leaves the same as calling it once. An import that is repeated after its
    /// answer got lost would leave two APIs of one name, and a deployment a second one.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        !matches!(
            self,
            Operation::ImportRestApi
                | Operation::CreateDeployment
                | Operation::CreateStage
                | Operation::TestInvokeMethod
        )
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
        /// How long AWS asks to wait.
        retry_after: Option<Duration>,
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
    /// Somebody wants the run to end: the call was not made, or it was a read.
    Interrupted,
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
            Cause::Interrupted => "interrupted",
            Cause::Garbled { .. } => "garbled_answer",
            Cause::Other { .. } => "other",
        }
    }
}

impl Cause {
    /// Whether what was asked for may have happened all the same.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(
            self,
            Cause::TimedOut
                | Cause::DeadlinePassed
                | Cause::Unreachable { .. }
                | Cause::Unavailable { .. }
                | Cause::Garbled { .. }
                | Cause::Other { .. }
        )
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
    /// Whether an earlier attempt may have done it: that one ended without an answer that tells.
    pub earlier: bool,
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
            earlier: false,
        }
    }

    /// Whether it may have happened although it failed.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.earlier || self.cause.is_ambiguous()
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
