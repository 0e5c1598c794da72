//! Times as people and machines read them.

use aws_sdk_apigateway::primitives::{DateTime, DateTimeFormat};

/// Seconds since 1970 as a time in UTC ([RFC 3339](https://www.rfc-editor.org/rfc/rfc3339)).
///
/// `None` for a time beyond the year 9999.
///
/// ```
/// use bluegate_deploy::operate::moment;
///
/// assert_eq!(moment(1_700_000_000).as_deref(), Some("2023-11-14T22:13:20Z"));
/// ```
#[must_use]
pub fn moment(seconds: i64) -> Option<String> {
    DateTime::from_secs(seconds).fmt(DateTimeFormat::DateTime).ok()
}
