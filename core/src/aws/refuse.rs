//! Findings about parts of an AWS file.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Span;

/// A setting that no stage can have.
pub(super) fn stage_setting(message: impl Into<String>, span: Span, help: impl Into<String>, found: &mut Diagnostics) {
    found.push(Diagnostic::new(Code::StageSetting, message).at(span).with_help(help));
}

/// A smoke request that cannot be made.
pub(super) fn smoke_request(message: &str, span: Span, help: &str, found: &mut Diagnostics) {
    found.push(Diagnostic::new(Code::SmokeRequest, message).at(span).with_help(help));
}
