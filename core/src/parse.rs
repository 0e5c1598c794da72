//! From the text of a file to what it says, and what that means.

use crate::blueprint::Blueprint;
use crate::decode::Decode;
use crate::diagnostic::{Diagnostics, Outcome};
use crate::file::RoutesFile;
use crate::resolve::{Mode, resolve_after};
use crate::source::Source;
use crate::tree;

/// Reads what a routes file says, without asking what it means.
#[must_use]
pub fn parse_routes(source: &Source) -> Outcome<RoutesFile> {
    parse(source)
}

/// Reads a routes file and computes what it means, with all findings in the order of the file.
///
/// ```
/// use bluegate_core::{Code, Mode, Source, read_blueprint};
///
/// let source = Source::new("routes.json", r#"{"blueprint": {"nam": "shop", "resources": []}}"#);
/// let found = read_blueprint(&source, Mode::Strict).into_result().unwrap_err();
/// assert_eq!(found.iter().next().unwrap().code, Code::UnknownKey);
/// ```
#[must_use]
pub fn read_blueprint(source: &Source, mode: Mode) -> Outcome<Blueprint> {
    let Outcome { value, diagnostics } = read_routes(source, mode);
    Outcome {
        value: value.map(|(_, blueprint)| blueprint),
        diagnostics,
    }
}

/// The same with what was written, for documents that are made of that.
#[must_use]
pub fn read_routes(source: &Source, mode: Mode) -> Outcome<(RoutesFile, Blueprint)> {
    let parsed = parse_routes(source);
    let mut diagnostics = parsed.diagnostics;
    let value = parsed.value.and_then(|file| {
        let resolved = resolve_after(&file, mode, diagnostics.has_errors());
        diagnostics.extend(resolved.diagnostics);
        Some((file, resolved.value?))
    });
    Outcome {
        value,
        diagnostics: diagnostics.finish(),
    }
}

/// Reads a file of the format that `T` is.
pub(crate) fn parse<T: Decode>(source: &Source) -> Outcome<T> {
    let mut found = Diagnostics::new();
    let value = tree::parse(source, &mut found).and_then(|root| T::decode(&root, &mut found));
    Outcome {
        value,
        diagnostics: found.finish(),
    }
}
