//! Why a call failed.

use std::fmt;
use std::time::Duration;

use super::operation::Operation;

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
    /// An update of the API is not done yet, somebody's or that of the run itself. AWS says so with the code of a
    /// refusal, and it is over in some seconds or, for a TLS policy, in a quarter of an hour
    /// ([security policies](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-update.html)).
    Busy {
        /// AWS's words.
        message: String,
    },
    /// There is one of that name already.
    Exists {
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
        code: Option<Box<str>>,
        /// What was said.
        message: String,
    },
}

/// When a call that failed is worth another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Never,
    /// AWS did not begin, so nothing happens twice.
    NotBegun,
    /// AWS did not begin, and does when something else is done.
    Later,
    /// When it does no harm to do it twice.
    IfRepeatable,
    /// When nothing is written.
    IfRead,
}

impl Cause {
    /// A stable name for machines.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.row().0
    }

    /// Whether what was asked for may have happened all the same.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.row().1
    }

    pub(super) fn again(&self) -> Again {
        self.row().2
    }

    /// Its name, whether it may have happened, and whether to try again.
    fn row(&self) -> (&'static str, bool, Again) {
        match self {
            Cause::NotFound { .. } => ("not_found", false, Again::Never),
            Cause::AccessDenied { .. } => ("access_denied", false, Again::Never),
            Cause::ExpiredToken => ("expired_token", false, Again::Never),
            Cause::InvalidCredentials { .. } => ("invalid_credentials", false, Again::Never),
            Cause::ClockSkew => ("clock_skew", false, Again::Never),
            Cause::Throttled { .. } => ("throttled", false, Again::NotBegun),
            Cause::QuotaReached { .. } => ("quota_reached", false, Again::Never),
            Cause::Conflict { .. } => ("conflict", false, Again::NotBegun),
            Cause::Busy { .. } => ("busy", false, Again::Later),
            Cause::Exists { .. } => ("already_exists", false, Again::Never),
            Cause::Refused { .. } => ("refused", false, Again::Never),
            Cause::Unavailable { .. } => ("unavailable", true, Again::IfRepeatable),
            Cause::UnknownHost => ("unknown_host", false, Again::IfRepeatable),
            Cause::Unreachable { .. } => ("unreachable", true, Again::IfRepeatable),
            Cause::Tls { .. } => ("tls", false, Again::Never),
            // A slow write may still be running: a second one beside it would mix with it.
            Cause::TimedOut => ("timed_out", true, Again::IfRead),
            Cause::DeadlinePassed => ("deadline_passed", true, Again::Never),
            Cause::Interrupted => ("interrupted", false, Again::Never),
            Cause::Garbled { status: 500.., .. } => ("garbled_answer", true, Again::IfRepeatable),
            Cause::Garbled { .. } => ("garbled_answer", true, Again::Never),
            Cause::Other { .. } => ("other", true, Again::Never),
        }
    }

    /// The warnings in the refusal of a document, which lists them one an indented line. Line ends may have become spaces
    /// on the way.
    ///
    /// ```
    /// use bluegate_deploy::api::Cause;
    ///
    /// let message = "Warnings found during import:\n\tParse issue: a\n\tParse issue: b".to_owned();
    /// assert_eq!(Cause::Refused { message }.warnings(), ["Parse issue: a", "Parse issue: b"]);
    /// ```
    #[must_use]
    pub fn warnings(&self) -> Vec<&str> {
        let Cause::Refused { message } = self else {
            return Vec::new();
        };
        let list = message
            .strip_prefix("Warnings found during import:")
            .unwrap_or_default();
        let lines = list.split(['\n', '\r', '\t']).flat_map(|line| line.split("  "));
        lines.map(str::trim).filter(|line| !line.is_empty()).collect()
    }

    /// How long AWS asks to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Cause::Throttled { retry_after } | Cause::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// A call that failed. It is small enough to be handed up by value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// What was called.
    pub operation: Operation,
    /// The API that it was about, when there was one.
    pub rest_api_id: Option<Box<str>>,
    /// Why it failed.
    pub cause: Cause,
    /// The id under which AWS's support finds the request.
    pub request_id: Option<Box<str>>,
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
        self.rest_api_id = Some(rest_api_id.into());
        self
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.operation, self.cause.kind())
    }
}

impl std::error::Error for CallError {}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn each_warning_of_a_refusal_is_told_apart() {
        let of = |message: &str| {
            let message = message.to_owned();
            let cause = Cause::Refused { message };
            cause.warnings().iter().map(|&one| one.to_owned()).collect::<Vec<_>>()
        };
        let spaces = "Warnings found during import:  Parse issue: a  Parse issue: b";
        assert_eq!(of(spaces), ["Parse issue: a", "Parse issue: b"]);
        assert!(of("Invalid OpenAPI input.").is_empty());
    }
}
