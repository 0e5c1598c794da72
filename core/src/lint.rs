//! The rules that are about the API as a whole: what API Gateway refuses or silently changes, and what axum's
//! router would panic on. One function a rule. Rules about one value stand where the value is resolved.

mod limits;
mod mapping;
mod paths;

use crate::blueprint::Blueprint;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Span;

pub use limits::{MAX_DOCUMENT_BYTES, MAX_POLICY, MAX_RESOURCES, check_document_size, count_resources};

/// Runs every rule.
///
/// What is missing from all of the blueprint is told at the place of its name. A file that is `incomplete` lacks what
/// other errors are about: having no routes is then no finding.
pub(crate) fn check(blueprint: &Blueprint, name: Span, incomplete: bool, found: &mut Diagnostics) {
    let clean = !incomplete && !found.has_errors();
    paths::duplicate_routes(blueprint, found);
    paths::sibling_parameters(blueprint, found);
    paths::mixed_converters(blueprint, found);
    paths::reserved_paths(blueprint, found);
    limits::resources(blueprint, found);
    limits::authorizers(blueprint, found);
    limits::policy(blueprint, found);
    limits::templates(blueprint, found);
    mapping::shared_statuses(blueprint, found);
    mapping::undeclared_statuses(blueprint, found);
    mapping::streams(blueprint, found);
    mapping::unnamed_origins(blueprint, found);
    if clean && blueprint.routes.is_empty() {
        found.push(
            Diagnostic::new(Code::NoRoutes, "the file has no routes: there is nothing to deploy")
                .at(name)
                .with_help("add an action to a method: `{\"path\": \"/\", \"actions\": [{\"type\": \"GET\"}]}`"),
        );
    }
}

/// Makes warnings of the findings of some rules.
///
/// ```
/// use bluegate_core::{Code, Diagnostic, Diagnostics, lint};
///
/// let found = Diagnostics::from(Diagnostic::new(Code::EndpointUrl, "no URL"));
/// assert!(!lint::tolerate(&found, &[Code::EndpointUrl]).has_errors());
/// ```
#[must_use]
pub fn tolerate(found: &Diagnostics, codes: &[Code]) -> Diagnostics {
    let tolerate = |one: &Diagnostic| match one.clone() {
        one if codes.contains(&one.code) => one.as_warning(),
        one => one,
    };
    found.iter().map(tolerate).collect()
}

/// What ct-api-gateway-deployer tolerated: every finding about API Gateway and axum is a warning. What is wrong with the
/// text itself, and every misspelt word, stays an error. References it handed on as they were.
pub(crate) fn tolerate_as_the_original(found: &Diagnostics) -> Diagnostics {
    let codes: Vec<Code> = Code::ALL
        .iter()
        .copied()
        .filter(|code| code.as_str().starts_with("BG01") || *code == Code::Reference)
        .collect();
    tolerate(found, &codes)
}
