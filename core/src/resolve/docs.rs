//! What a route says to readers, and the ids of operations.

use std::collections::{HashMap, HashSet};

use super::levels::Levels;
use crate::blueprint::{Docs, Preflight, Resource, Route, Verb};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::file::{ActionEntry, OperationIdsWord, ResourceEntry};
use crate::span::Spanned;

/// What the file says itself. The id is empty where it says none.
pub(super) fn written(action: &ActionEntry, levels: Levels<'_>) -> Docs {
    Docs {
        summary: action.summary.clone().filter(|text| !text.trim().is_empty()),
        description: action.description.clone().filter(|text| !text.trim().is_empty()),
        tags: levels.nearest(|level| level.tags.as_ref()).cloned().unwrap_or_default(),
        is_internal: levels.nearest(|level| level.internal.as_ref()).is_some_and(|yes| *yes),
        operation_id: action
            .operation_id
            .as_ref()
            .map(|id| id.value.clone())
            .unwrap_or_default(),
    }
}

/// Gives every operation an id that no other has, and reports written ones that clash or do not fit a URL.
pub(super) fn complete(
    routes: &mut [Route],
    preflights: &mut [Preflight],
    written: &[ResourceEntry],
    resources: &[Resource],
    ids: OperationIdsWord,
    found: &mut Diagnostics,
) {
    let mut taken = check_written(written, found);
    // The next number to try for each id, so that many routes of one id stay cheap.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let routes = routes.iter_mut().map(|route| {
        let of_handler = || {
            let handler = route.handler.as_deref().filter(|_| ids == OperationIdsWord::Handlers)?;
            Some(word(&[&resources.get(route.resource)?.name, handler]))
        };
        let id = of_handler().unwrap_or_else(|| made(route.verb, &route.path.gateway));
        (&mut route.docs.operation_id, id)
    });
    let preflights = preflights.iter_mut().map(|one| {
        let id = made(Verb::Options, &one.path.gateway);
        (&mut one.operation_id, id)
    });
    for (operation_id, id) in routes.chain(preflights).filter(|(id, _)| id.is_empty()) {
        let mut unique = id.clone();
        while !taken.insert(unique.clone()) {
            let number = numbers.entry(id.clone()).or_insert(1);
            *number += 1;
            unique = format!("{id}_{number}");
        }
        *operation_id = unique;
    }
}

fn check_written(resources: &[ResourceEntry], found: &mut Diagnostics) -> HashSet<String> {
    let mut first: HashMap<&str, &Spanned<String>> = HashMap::new();
    let ids = resources
        .iter()
        .flat_map(|resource| &resource.methods)
        .flat_map(|method| &method.actions)
        .filter_map(|action| action.operation_id.as_ref());
    for id in ids {
        if id.is_empty()
            || !id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        {
            found.push(
                Diagnostic::new(
                    Code::OperationId,
                    format!("the operationId `{}` cannot stand in a URL", shortened(id)),
                )
                .at(id.span)
                .with_help("write letters, digits, `-`, `_`, `.` and `~`"),
            );
        }
        if let Some(other) = first.get(id.as_str()) {
            found.push(
                Diagnostic::new(
                    Code::OperationId,
                    format!("the operationId `{}` stands twice", shortened(id)),
                )
                .at(id.span)
                .with_note("the first one is here", other.span)
                .with_help("give each operation an id of its own"),
            );
        } else {
            first.insert(id, id);
        }
    }
    first.into_keys().map(str::to_owned).collect()
}

/// Verb and path on the gateway as one word: `get_users_user_id`.
pub(crate) fn made(verb: Verb, path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let names = segments.map(|segment| segment.trim_start_matches('{').trim_end_matches(['+', '}']));
    word(&std::iter::once(verb.lower()).chain(names).collect::<Vec<_>>())
}

/// Texts as one word, which every language can name something by.
fn word(parts: &[&str]) -> String {
    parts
        .join("_")
        .replace(|c: char| !(c.is_ascii_alphanumeric() || c == '_'), "_")
}
