//! A document as it is written to files.

use bluegate_core::openapi::Document;

use crate::args::DocumentFormat;

/// With a line break at its end.
pub(crate) fn write_as(document: &Document, format: DocumentFormat) -> String {
    let mut text = match format {
        DocumentFormat::Yaml => document.to_yaml(),
        DocumentFormat::Json => document.to_json_pretty(),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
