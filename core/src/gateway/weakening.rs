//! What protects less than before.

mod authorizer;
mod body;
mod call;
mod caller;
mod form;
mod template;

use std::collections::BTreeSet;

use super::definition::{Definition, Facts, NONE};
use super::exposure::{is_public, successors};
use super::field::Field;

/// What of an API protects less than before, in words: routes that ask somebody else, that need no API key any more or
/// take more scopes, that check less of a request, lend a role or trust more on the way to their service, authorizers that
/// let more pass, and answers that tell more of the gateway.
///
/// Like [`exposed`](super::exposed) it is asked of requests: a route is held against those that answered its requests
/// before, and one that calls what a route called that went, against that. What becomes public altogether is told there, and
/// authorizers are compared by what they do.
///
/// ```
/// use bluegate_core::gateway::{Access, Definition, weakened};
///
/// let of = |api_key_required: bool| {
///     let access = Access { authorization: Some("AWS_IAM".into()), api_key_required };
///     Definition::of_access(&[("/a".to_owned(), [("GET".to_owned(), access)].into())].into())
/// };
/// assert_eq!(weakened(&of(true), &of(false)), ["GET /a needs no API key any more"]);
/// assert!(weakened(&of(false), &of(true)).is_empty());
/// ```
#[must_use]
pub fn weakened(before: &Definition, after: &Definition) -> Vec<String> {
    let mut found = BTreeSet::new();
    let is_weaker =
        |was: &Facts, is: &Facts| !weaker(before, was, after, is).is_empty() || asked(before, was, after, is).is_some();
    for (old, new) in successors(before, after, is_weaker) {
        let (was, is) = (&before.routes[old], &after.routes[new]);
        let how = weaker(before, was, after, is);
        found.extend(how.into_iter().map(|how| format!("{new} {how}")));
        let (name, how) = asked(before, was, after, is).unwrap_or_default();
        found.extend(how.into_iter().map(|how| format!("the authorizer `{name}` {how}")));
    }
    for (key, facts) in &after.routes {
        let lent = |facts: &Facts| facts.get(&Field::Credentials).filter(|_| is_public(facts)).cloned();
        let Some(role) = lent(facts) else { continue };
        if before.routes.get(key).and_then(lent).as_ref() != Some(&role) {
            found.insert(format!("{key} lends the role {role} to everybody"));
        }
    }
    found.extend(told_more(before, after));
    found.into_iter().collect()
}

/// How a route protects less than another one.
fn weaker(before: &Definition, was: &Facts, after: &Definition, is: &Facts) -> Vec<String> {
    let mut how = Vec::new();
    // That it becomes public says all of it.
    if !is_public(is) || is_public(was) {
        who_is_asked(before, was, after, is, &mut how);
    }
    body::checks_less(before, was, after, is, &mut how);
    body::passes_more(was, is, &mut how);
    caller::tells_less(was, is, &mut how);
    call::trusts_more(was, is, &mut how);
    how.extend(inner(is, was).iter().map(|what| format!("tells callers of `{what}`")));
    how
}

fn who_is_asked(before: &Definition, was: &Facts, after: &Definition, is: &Facts, how: &mut Vec<String>) {
    let kind = |facts: &Facts| facts.get(&Field::Authorization).map_or(NONE, String::as_str).to_owned();
    let (old, new) = (kind(was), kind(is));
    if old != NONE && old != new {
        how.push(format!("asks {new} in place of {old}"));
    } else if let (Some(old), Some(new)) = (was.get(&Field::Authorizer), is.get(&Field::Authorizer)) {
        // Another name for the same, or for what is stricter, is no change.
        let both = (before.authorizers.get(old), after.authorizers.get(new));
        let is_other = |(was, is): (Option<&Facts>, Option<&Facts>)| match (was, is) {
            (Some(was), Some(is)) => is_looser_authorizer(was, is),
            _ => true,
        };
        if old != new && is_other(both) {
            how.push(format!("asks the authorizer `{new}` in place of `{old}`"));
        }
    }
    if was.contains_key(&Field::ApiKey) && !is.contains_key(&Field::ApiKey) {
        how.push("needs no API key any more".to_owned());
    }
    // A token needs one of them.
    let (old, new) = (words(was, &Field::Scopes), words(is, &Field::Scopes));
    if !old.is_empty() && new.is_empty() {
        how.push("needs no scope any more".to_owned());
    } else if !old.is_empty() {
        how.extend(new.difference(&old).map(|scope| format!("takes the scope {scope} too")));
    }
}

/// How the authorizer that both routes ask lets more pass than before.
fn asked<'a>(before: &Definition, was: &Facts, after: &Definition, is: &'a Facts) -> Option<(&'a str, Vec<String>)> {
    let name = is
        .get(&Field::Authorizer)
        .filter(|name| was.get(&Field::Authorizer) == Some(name))?;
    let how = authorizer::weaker(before.authorizers.get(name)?, after.authorizers.get(name)?);
    (!how.is_empty()).then_some((name, how))
}

/// Whether an authorizer lets pass what another one would not, or is somebody else. By its name nobody passes.
#[must_use]
pub fn is_looser_authorizer(was: &Facts, is: &Facts) -> bool {
    !authorizer::weaker(was, is).is_empty()
}

/// What an answer may tell that is not the caller's: what an authorizer found out, how a service failed, what a stage is set
/// to, a key.
const INNER: [&str; 5] = [
    "context.authorizer",
    "context.identity.apiKey",
    "context.integration.error",
    "context.integrationErrorMessage",
    "stageVariables",
];

/// What of that answers tell, and those before did not.
fn inner(is: &Facts, was: &Facts) -> Vec<&'static str> {
    let tells = |facts: &Facts, what: &str| {
        let is_told = |field: &Field| match field {
            Field::Answer(..) | Field::AnswerTemplate(..) | Field::Header(_) => true,
            // The body of an answer of the gateway; that of a request is a model.
            Field::Body(_) => !facts.contains_key(&Field::Authorization),
            _ => false,
        };
        facts
            .iter()
            .any(|(field, text)| is_told(field) && names_variable(text, what))
    };
    let new = INNER.iter().filter(|what| tells(is, what) && !tells(was, what));
    new.copied().collect()
}

/// Whether a text names a variable, and not one whose name begins alike.
///
/// ```
/// use bluegate_core::gateway::names_variable;
///
/// assert!(names_variable("$context.identity.apiKey $context.status", "context.identity.apiKey"));
/// assert!(!names_variable("$context.identity.apiKeyId", "context.identity.apiKey"));
/// ```
#[must_use]
pub fn names_variable(text: &str, variable: &str) -> bool {
    let mut found = text.match_indices(variable);
    let is_end = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
    found.any(|(at, _)| is_end(&text[at + variable.len()..]))
}

/// Answers of the gateway that tell more of it than before.
fn told_more(before: &Definition, after: &Definition) -> Vec<String> {
    let none = Facts::new();
    let told = after.responses.iter().flat_map(|(kind, is)| {
        let was = before.responses.get(kind).unwrap_or(&none);
        let told = inner(is, was).into_iter();
        told.map(move |what| format!("the gateway response {kind} tells callers of `{what}`"))
    });
    told.collect()
}

/// A place in a request in one form: names of headers are the same in any case.
pub(super) fn one_case(place: &str) -> String {
    match place.contains("request.header.") {
        true => place.to_ascii_lowercase(),
        false => place.to_owned(),
    }
}

/// The words of a list.
fn words(facts: &Facts, field: &Field) -> BTreeSet<String> {
    let text = facts.get(field).map_or("", String::as_str);
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
