//! What smoke requests may be.

use crate::blueprint::Verb;
use crate::diagnostic::Diagnostics;
use crate::file::{Entries, SmokeEntry};

use super::refuse::smoke_request as refuse;

pub(super) fn check(smoke: &SmokeEntry, found: &mut Diagnostics) {
    let path = &smoke.path;
    let is_filled = super::is_filled("path", path, found);
    let is_url = path.starts_with("https://") || path.starts_with("http://");
    if !(path.starts_with('/') || is_url) || !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        refuse(
            "the path of a smoke request begins with `/` and has no spaces",
            path.span,
            "write a path on the gateway with its values: `/users/7?full=1`",
            found,
        );
    } else if is_filled && path.contains(['{', '}', '#']) {
        refuse(
            "the path of a smoke request has a parameter without a value",
            path.span,
            "write a value: `/users/7` and not `/users/{id}`",
            found,
        );
    }
    if let Some(status) = smoke
        .status
        .as_ref()
        .filter(|status| !(100..=599).contains(&status.value))
    {
        refuse(
            "no answer has this status",
            status.span,
            "a status is a number from 100 to 599",
            found,
        );
    }
    if smoke.method.as_ref().is_some_and(|word| word.verb == Verb::Any) {
        refuse(
            "`ANY` is no verb of a request",
            smoke.span.head(),
            "name the verb that is sent, such as `GET`",
            found,
        );
    }
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let fits = |byte: u8| byte == b'\t' || (b' '..0x7f).contains(&byte);
    for (name, value) in smoke.headers.iter().flat_map(Entries::iter) {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let is_ours = is("host") || is("content-length") || (is("authorization") && smoke.signed.unwrap_or_default());
        if name.is_empty() || !name.bytes().all(is_token) || is_ours {
            refuse(
                "a header that no smoke request can have",
                name.span,
                "`Host`, `Content-Length` and the signature are written by bluegate",
                found,
            );
        }
        if !value.bytes().all(fits) {
            refuse(
                "a header has a character that it cannot have",
                value.span,
                "a header is a line of ASCII text",
                found,
            );
        }
    }
}
