//! Quotas of API Gateway ([limits](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).

use std::collections::HashSet;

use crate::blueprint::Blueprint;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Resources that an API may have unless AWS raised the quota.
pub const MAX_RESOURCES: usize = 300;

/// The size of a document that `PutRestApi` and `ImportRestApi` take, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 6 * 1024 * 1024;

/// Every node of the tree of paths is a resource, the root included.
pub(super) fn resources(blueprint: &Blueprint, found: &mut Diagnostics) {
    let mut nodes: HashSet<&str> = HashSet::from([""]);
    for route in &blueprint.routes {
        let path = route.path.gateway.trim_end_matches('/');
        nodes.extend(
            path.char_indices()
                .filter(|&(_, c)| c == '/')
                .map(|(at, _)| &path[..at]),
        );
        nodes.insert(path);
    }
    if nodes.len() > MAX_RESOURCES {
        found.push(
            Diagnostic::new(
                Code::TooManyResources,
                format!(
                    "the API has {} resources; the quota is {MAX_RESOURCES} unless AWS raised it",
                    nodes.len()
                ),
            )
            .with_help("ask AWS to raise `Resources per API`, or split the API"),
        );
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
