//! From what came back over the wire, if anything, to a [`Cause`].

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use aws_sdk_apigateway::config::http::HttpResponse;
use aws_sdk_apigateway::error::{ProvideErrorMetadata, SdkError};

use super::http::{CONNECT_TIMEOUT, chain};
use crate::api::{Cause, Redactor};

/// Why a call failed.
pub(super) fn cause<E>(error: &SdkError<E, HttpResponse>, redactor: &Redactor) -> Cause
where
    E: StdError + ProvideErrorMetadata + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Cause::TimedOut,
        SdkError::DispatchFailure(failure) => {
            let source = failure.as_connector_error().map(|error| error as &dyn StdError);
            connection_cause(source, failure.is_timeout(), redactor)
        }
        SdkError::ServiceError(context) => {
            let meta = context.err().meta();
            let answer = Answer::of(context.raw());
            answered(&answer, meta.code(), meta.message(), redactor)
        }
        SdkError::ResponseError(context) => Answer::of(context.raw()).garbled(),
        other => Cause::Other {
            code: None,
            message: redactor.clean(&chain(other)),
        },
    }
}

/// Why a call of which only the answer is there failed; `None` if it did not.
pub(super) fn cause_of(response: &HttpResponse, redactor: &Redactor) -> Option<Cause> {
    if response.status().is_success() {
        return None;
    }
    let body = response.body().bytes().unwrap_or_default();
    let said: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let code = response.headers().get("x-amzn-errortype");
    let code = code.map(|code| code.split(':').next().unwrap_or(code));
    let message = said["message"].as_str().or(said["Message"].as_str());
    Some(answered(&Answer::of(response), code, message, redactor))
}

/// Why no answer came.
pub(super) fn connection_cause(source: Option<&(dyn StdError + 'static)>, timeout: bool, redactor: &Redactor) -> Cause {
    let detail = source.map(|error| redactor.clean(&chain(error))).unwrap_or_default();
    let lower = detail.to_lowercase();
    if timeout {
        return if lower.contains("connect") {
            Cause::Unreachable {
                detail: format!("no connection within {} s", CONNECT_TIMEOUT.as_secs()),
            }
        } else {
            Cause::TimedOut
        };
    }
    if lower.contains("dns error") || lower.contains("failed to lookup address") {
        return Cause::UnknownHost;
    }
    let io = source.and_then(innermost_io);
    let detail = io.map_or(detail, |error| redactor.clean(&error.to_string()));
    // The TLS library reports through the kind that means "not the protocol I expected".
    let is_tls = io.is_some_and(|error| error.kind() == io::ErrorKind::InvalidData);
    if is_tls || lower.contains("certificate") || lower.contains("tls handshake") {
        return Cause::Tls { detail };
    }
    Cause::Unreachable { detail }
}

/// The error of the operating system below layers of wrapping.
fn innermost_io<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a io::Error> {
    let mut innermost = None;
    let mut next = Some(error);
    while let Some(error) = next {
        innermost = error.downcast_ref::<io::Error>().or(innermost);
        next = error.source();
    }
    innermost
}

/// What is read of an answer's frame.
#[derive(Debug, Clone, Default)]
struct Answer {
    status: u16,
    retry_after: Option<Duration>,
    content_type: Option<String>,
    /// The code in an XML error, as emulators and gateways in between send it.
    xml_code: Option<String>,
}

/// However long a server asks to wait, a person waits no longer than this.
const LONGEST_RETRY_AFTER: u64 = 120;

impl Answer {
    fn of(response: &HttpResponse) -> Self {
        let header = |name: &str| response.headers().get(name).map(str::to_owned);
        Self {
            status: response.status().as_u16(),
            retry_after: header("retry-after")
                .and_then(|value| value.trim().parse::<u64>().ok())
                .map(|seconds| Duration::from_secs(seconds.min(LONGEST_RETRY_AFTER))),
            content_type: header("content-type"),
            xml_code: response.body().bytes().and_then(xml_code),
        }
    }

    fn garbled(&self) -> Cause {
        Cause::Garbled {
            status: self.status,
            content_type: self.content_type.as_deref().map(|kind| Redactor::default().clean(kind)),
        }
    }
}

fn xml_code(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    (code.len() < 80 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| code.to_owned())
}

/// Whether a message has some words in it, which are given in lower case.
fn says(message: &str, words: &str) -> bool {
    message.to_lowercase().contains(words)
}

/// Which failure an answer means. Codes are those of API Gateway's service model and of the errors that are
/// [common to all services](https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html).
fn answered(answer: &Answer, code: Option<&str>, message: Option<&str>, redactor: &Redactor) -> Cause {
    let code = code.or(answer.xml_code.as_deref());
    if code.is_none() && message.is_none() {
        return match answer.status {
            // A throttle in front of the service needs no body.
            429 => Cause::Throttled {
                retry_after: answer.retry_after,
            },
            _ => answer.garbled(),
        };
    }
    let said = message.unwrap_or_default();
    let message = redactor.clean(said);
    match code.unwrap_or_default() {
        "NotFoundException" => Cause::NotFound { message },
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Cause::ExpiredToken,
        "RequestTimeTooSkewed" => Cause::ClockSkew,
        // The rest of this message repeats the request, signed headers and all: it is not shown.
        "InvalidSignatureException" | "SignatureDoesNotMatch"
            if said.contains("Signature expired") || said.contains("Signature not yet current") =>
        {
            Cause::ClockSkew
        }
        code @ ("UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "AuthFailure"
        | "NotSignedUp"
        | "OptInRequired") => Cause::InvalidCredentials { code: code.to_owned() },
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedException"
        | "UnauthorizedOperation"
        | "ForbiddenException" => Cause::AccessDenied { message },
        // One code for two things: its service model means a rate by it, and only a maximum number stays one.
        "LimitExceededException" if says(said, "maximum number") || says(said, "tags") => {
            Cause::QuotaReached { message }
        }
        "BadRequestException" if says(said, "too many tags") => Cause::QuotaReached { message },
        "LimitExceededException"
        | "TooManyRequestsException"
        | "Throttling"
        | "ThrottlingException"
        | "RequestLimitExceeded"
        | "RequestThrottled" => Cause::Throttled {
            retry_after: answer.retry_after,
        },
        "ConflictException" if says(said, "already exists") => Cause::Exists { message },
        "ConflictException" => Cause::Conflict { message },
        // "There is already an update in progress." and "You cannot deploy a RestApi while the apiStatus is UPDATING
        // or FAILED."
        "BadRequestException" if says(said, "update in progress") || says(said, "apistatus is updating") => {
            Cause::Busy { message }
        }
        "BadRequestException" | "ValidationException" | "ValidationError" => Cause::Refused { message },
        "ServiceUnavailableException"
        | "ServiceUnavailable"
        | "InternalFailure"
        | "InternalServerError"
        | "InternalServerErrorException" => Cause::Unavailable {
            status: answer.status,
            message,
            retry_after: answer.retry_after,
        },
        code => match answer.status {
            401 | 403 => Cause::AccessDenied { message },
            404 => Cause::NotFound { message },
            409 if says(said, "already exists") => Cause::Exists { message },
            409 => Cause::Conflict { message },
            429 => Cause::Throttled {
                retry_after: answer.retry_after,
            },
            400 | 413 | 422 => Cause::Refused { message },
            status @ 500..=599 => Cause::Unavailable {
                status,
                message,
                retry_after: answer.retry_after,
            },
            _ => Cause::Other {
                code: (!code.is_empty()).then(|| code.into()),
                message,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_status(status: u16) -> Answer {
        Answer {
            status,
            ..Answer::default()
        }
    }

    #[test]
    fn each_code_of_aws_has_its_cause() {
        let table = [
            (404, "NotFoundException", "not_found"),
            (403, "AccessDeniedException", "access_denied"),
            (403, "ExpiredTokenException", "expired_token"),
            (403, "ExpiredToken", "expired_token"),
            (403, "UnrecognizedClientException", "invalid_credentials"),
            (403, "InvalidSignatureException", "invalid_credentials"),
            (403, "SignatureDoesNotMatch", "invalid_credentials"),
            (403, "MissingAuthenticationTokenException", "invalid_credentials"),
            (401, "UnauthorizedException", "access_denied"),
            (429, "TooManyRequestsException", "throttled"),
            (429, "LimitExceededException", "throttled"),
            (409, "ConflictException", "conflict"),
            (400, "BadRequestException", "refused"),
            (503, "ServiceUnavailableException", "unavailable"),
            (500, "SomethingNew", "unavailable"),
            (418, "SomethingNew", "other"),
        ];
        for (status, code, kind) in table {
            let cause = answered(&with_status(status), Some(code), Some("words"), &Redactor::default());
            assert_eq!(cause.kind(), kind, "{status} {code}");
        }
    }

    #[test]
    fn what_a_code_means_is_in_its_words_where_aws_uses_it_for_two_things() {
        let table = [
            (
                429,
                "LimitExceededException",
                "Maximum number of Resources for this API has been reached",
                "quota_reached",
            ),
            (
                429,
                "LimitExceededException",
                "The request exceeded the rate limit. Retry after the specified time period.",
                "throttled",
            ),
            (
                400,
                "BadRequestException",
                "Too many tags: 51. The limit is 50.",
                "quota_reached",
            ),
            (429, "LimitExceededException", "Maximum tags exceeded", "quota_reached"),
            (409, "ConflictException", "Stage already exists", "already_exists"),
            (
                409,
                "ConflictException",
                "Unable to complete operation due to concurrent modification. Please try again later.",
                "conflict",
            ),
            (
                400,
                "BadRequestException",
                "There is already an update in progress. Please wait until the current update finishes before making \
                 another request.",
                "busy",
            ),
            (
                400,
                "BadRequestException",
                "You cannot deploy a RestApi while the apiStatus is UPDATING or FAILED.",
                "busy",
            ),
            (400, "BadRequestException", "Invalid OpenAPI input.", "refused"),
        ];
        for (status, code, message, kind) in table {
            let answer = Answer {
                retry_after: Some(Duration::from_secs(7)),
                ..with_status(status)
            };
            let cause = answered(&answer, Some(code), Some(message), &Redactor::default());
            assert_eq!(cause.kind(), kind, "{message}");
            if let Cause::Throttled { retry_after } = cause {
                assert_eq!(retry_after, answer.retry_after);
            }
        }
    }

    #[test]
    fn an_answer_without_a_code_goes_by_its_status() {
        let of = |status| {
            answered(&with_status(status), None, Some("words"), &Redactor::default())
                .kind()
                .to_owned()
        };
        assert_eq!(
            [of(400), of(403), of(404), of(429), of(502)],
            ["refused", "access_denied", "not_found", "throttled", "unavailable"]
        );
    }

    #[test]
    fn an_answer_with_nothing_readable_is_garbled() {
        let cause = answered(&with_status(500), None, None, &Redactor::default());
        assert_eq!(cause.kind(), "garbled_answer");
    }

    #[test]
    fn an_error_in_xml_is_understood_by_its_code() {
        let answer = Answer {
            status: 403,
            xml_code: xml_code(b"<Error><Code>SignatureDoesNotMatch</Code></Error>"),
            ..Answer::default()
        };
        let cause = answered(&answer, None, None, &Redactor::default());
        assert_eq!(cause.kind(), "invalid_credentials");
        assert_eq!(xml_code(b"<Code>a b</Code>"), None);
    }

    #[test]
    fn a_signature_of_the_wrong_time_is_a_matter_of_the_clock() {
        let cause = answered(
            &with_status(403),
            Some("InvalidSignatureException"),
            Some("Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z"),
            &Redactor::default(),
        );
        assert_eq!(cause, Cause::ClockSkew);
    }

    #[test]
    fn the_quoted_request_of_a_wrong_signature_is_not_kept() {
        let cause = answered(
            &with_status(403),
            Some("SignatureDoesNotMatch"),
            Some("The Canonical String should have been x-amz-security-token:hush-hush"),
            &Redactor::default(),
        );
        assert!(!format!("{cause:?}").contains("hush"), "{cause:?}");
    }

    #[test]
    fn credentials_are_blotted_out_of_what_aws_says() {
        let cause = answered(
            &with_status(400),
            Some("BadRequestException"),
            Some("bad key AKIAHUSH in body"),
            &Redactor::new(["AKIAHUSH"]),
        );
        assert_eq!(
            cause,
            Cause::Refused {
                message: "bad key [hidden] in body".into()
            }
        );
    }

    #[test]
    fn a_name_without_address_is_told_from_a_refused_connection() {
        let dns = io::Error::other("dns error: failed to lookup address information");
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "Connection refused");
        let tls = io::Error::new(io::ErrorKind::InvalidData, "invalid peer certificate");
        let of = |error: &io::Error| {
            connection_cause(Some(error), false, &Redactor::default())
                .kind()
                .to_owned()
        };
        assert_eq!(
            [of(&dns), of(&refused), of(&tls)],
            ["unknown_host", "unreachable", "tls"]
        );
    }
}
