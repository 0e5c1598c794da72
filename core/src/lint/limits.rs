//! Quotas of API Gateway ([limits](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).

use std::collections::HashSet;

use crate::blueprint::Blueprint;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Resources that an API may have unless AWS raised the quota.
pub const MAX_RESOURCES: usize = 300;

/// The length of a resource policy, in characters.
pub const MAX_POLICY: usize = 8192;

/// Authorizers that an API may have unless AWS raised the quota.
const MAX_AUTHORIZERS: usize = 10;

/// The size of a mapping template, in bytes.
const MAX_TEMPLATE: usize = 300 * 1024;

/// The size of a document that `PutRestApi` and `ImportRestApi` take, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 6 * 1024 * 1024;

/// How many resources an API of some paths has: every node of their tree is one, the root included.
///
/// ```
/// assert_eq!(bluegate_core::lint::count_resources(["/users/{id}", "/users"]), 3);
/// ```
#[must_use]
pub fn count_resources<'a>(paths: impl IntoIterator<Item = &'a str>) -> usize {
    let mut nodes: HashSet<&str> = HashSet::from([""]);
    for path in paths {
        let path = path.trim_end_matches('/');
        nodes.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
        nodes.insert(path);
    }
    nodes.len()
}

pub(super) fn resources(blueprint: &Blueprint, found: &mut Diagnostics) {
    let resources = count_resources(blueprint.routes.iter().map(|route| route.path.gateway.as_str()));
    if resources > MAX_RESOURCES {
        found.push(
            Diagnostic::new(
                Code::TooManyResources,
                format!("the API has {resources} resources; the quota is {MAX_RESOURCES} unless AWS raised it",),
            )
            .with_help("ask AWS to raise `Resources per API`, or split the API"),
        );
    }
}

pub(super) fn authorizers(blueprint: &Blueprint, found: &mut Diagnostics) {
    let authorizers = &blueprint.gateway.authorizers;
    if let Some(first) = authorizers.get(MAX_AUTHORIZERS) {
        found.push(
            Diagnostic::new(
                Code::Quota,
                format!(
                    "the API has {} authorizers; the quota is {MAX_AUTHORIZERS} unless AWS raised it",
                    authorizers.len()
                ),
            )
            .at(first.span)
            .with_help("ask AWS to raise `Authorizers per API`, or let one function decide for several routes"),
        );
    }
}

pub(super) fn policy(blueprint: &Blueprint, found: &mut Diagnostics) {
    let Some(policy) = &blueprint.gateway.policy else {
        return;
    };
    let characters = policy.characters();
    if characters > MAX_POLICY {
        found.push(
            Diagnostic::new(
                Code::Quota,
                format!("the policy has {characters} characters; the quota is {MAX_POLICY} unless AWS raised it"),
            )
            .at(policy.span().head())
            .with_help("ask AWS to raise `Length of resource policy`, or say it with fewer statements"),
        );
    }
}

pub(super) fn templates(blueprint: &Blueprint, found: &mut Diagnostics) {
    for route in &blueprint.routes {
        let Some(mapping) = &route.integration.mapping else {
            continue;
        };
        let answers = mapping
            .responses
            .iter()
            .flatten()
            .flat_map(|(_, answer)| &answer.templates);
        for (media, text) in mapping.templates.iter().chain(answers) {
            if text.len() > MAX_TEMPLATE {
                found.push(
                    Diagnostic::new(
                        Code::TemplateSize,
                        format!(
                            "a template for `{media}` has {} bytes; API Gateway takes {MAX_TEMPLATE}",
                            text.len()
                        ),
                    )
                    .at(route.span)
                    .with_help("let the service make what is that long"),
                );
            }
        }
    }
}

/// Finds a document that API Gateway would refuse for its size.
///
/// ```
/// assert!(bluegate_core::lint::check_document_size(6_000_000).is_none());
/// assert!(bluegate_core::lint::check_document_size(7_000_000).is_some());
/// ```
#[must_use]
pub fn check_document_size(bytes: usize) -> Option<Diagnostic> {
    (bytes > MAX_DOCUMENT_BYTES).then(|| {
        Diagnostic::new(
            Code::DocumentTooLarge,
            format!("the document has {bytes} bytes; API Gateway takes {MAX_DOCUMENT_BYTES}"),
        )
        .with_help("split the API into several")
    })
}
