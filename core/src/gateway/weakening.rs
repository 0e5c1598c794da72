//! What protects less than before.

mod call;
mod form;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::definition::{Definition, Facts, NONE};
use super::exposure::{is_public, successors};
use super::field::Field;
use form::{Form, takes_more};

/// What of an API protects less than before, in words: routes that ask somebody else, that need no API key any more or
/// take more scopes, that check less of a request, lend a role or trust more on the way to their service, authorizers that
/// let more pass, and answers of the gateway that tell more.
///
/// Like [`exposed`](super::exposed) it is asked of requests: a route is held against those that answered its requests
/// before. What becomes public altogether is told there, and authorizers are compared by what they do.
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
    let is_weaker = |was: &Facts, is: &Facts| !weaker(before, was, after, is).is_empty();
    for (was, is) in successors(before, after, is_weaker) {
        let how = weaker(before, &before.routes[was], after, &after.routes[is]);
        found.extend(how.into_iter().map(|how| format!("{is} {how}")));
    }
    for (key, facts) in &after.routes {
        let lent = |facts: &Facts| facts.get(&Field::Credentials).filter(|_| is_public(facts)).cloned();
        let Some(role) = lent(facts) else { continue };
        if before.routes.get(key).and_then(lent).as_ref() != Some(&role) {
            found.insert(format!("{key} lends the role {role} to everybody"));
        }
    }
    for (name, was) in &before.authorizers {
        let is = after.authorizers.get(name);
        let how = is.map_or_else(Vec::new, |is| authorizer(was, is));
        found.extend(how.into_iter().map(|how| format!("the authorizer `{name}` {how}")));
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
    what_is_checked(before, was, after, is, &mut how);
    call::trusts_more(was, is, &mut how);
    how
}

fn who_is_asked(before: &Definition, was: &Facts, after: &Definition, is: &Facts, how: &mut Vec<String>) {
    let kind = |facts: &Facts| facts.get(&Field::Authorization).map_or(NONE, String::as_str).to_owned();
    let (old, new) = (kind(was), kind(is));
    if old != NONE && old != new {
        how.push(format!("asks {new} in place of {old}"));
    } else if let (Some(old), Some(new)) = (was.get(&Field::Authorizer), is.get(&Field::Authorizer)) {
        // Another name for the same is no change.
        let is_other = old != new && before.authorizers.get(old) != after.authorizers.get(new);
        if is_other {
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

fn what_is_checked(before: &Definition, was: &Facts, after: &Definition, is: &Facts, how: &mut Vec<String>) {
    let checks = |definition: &Definition, facts: &Facts, what: &str| {
        let validator = facts.get(&Field::RequestValidator);
        let validator = validator.and_then(|name| definition.validators.get(name));
        validator.is_some_and(|checks| checks.contains_key(&Field::Checks(what.to_owned())))
    };
    for (field, value) in was {
        let (what, is_kept) = match field {
            Field::Body(_) => ("body", is.contains_key(field)),
            // The name of a path parameter may change.
            Field::Takes(name) if value == "required" && !name.starts_with("method.request.path.") => {
                ("parameters", is.get(field) == Some(value))
            }
            _ => continue,
        };
        if !checks(before, was, what) {
            continue;
        }
        if !(is_kept && checks(after, is, what)) {
            how.push(format!("no longer checks what it {field}", field = told(field)));
        } else if what == "body"
            && let (Some(then), Some(now)) = (form(before, value), is.get(field).and_then(|value| form(after, value)))
            && takes_more(Form::new(&then, &before.models), Form::new(&now, &after.models))
        {
            how.push(format!(
                "lets more pass of what it {field} than before",
                field = told(field)
            ));
        }
    }
    let is_strict = |facts: &Facts| facts.get(&Field::Passthrough).map_or(0, |word| strictness(word));
    if call::has_templates(was) && call::has_templates(is) && is_strict(is) < is_strict(was) {
        how.push("passes bodies on that no template is for".to_owned());
    }
}

/// The form of a body: that of a model, or the one that stands where it is used. `None` when nobody tells it.
fn form<'a>(definition: &'a Definition, body: &str) -> Option<Cow<'a, Json>> {
    let named = definition.models.get(body).map(Cow::Borrowed);
    named.or_else(|| serde_json::from_str(body).ok().map(Cow::Owned))
}

/// How much an integration refuses that it has no template for
/// ([passthrough](https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html)).
fn strictness(word: &str) -> u8 {
    match word {
        "NEVER" => 2,
        "WHEN_NO_TEMPLATES" => 1,
        _ => 0,
    }
}

/// What an answer of the gateway may tell that is not the caller's: what an authorizer found out, how a service failed, what
/// a stage is set to, a key.
const INNER: [&str; 5] = [
    "context.authorizer.",
    "context.identity.apiKey",
    "context.integration.error",
    "context.integrationErrorMessage",
    "stageVariables.",
];

/// Answers of the gateway that tell more of it than before.
fn told_more(before: &Definition, after: &Definition) -> Vec<String> {
    let tells = |facts: &Facts, what: &str| facts.values().any(|text| text.contains(what));
    let mut found = Vec::new();
    for (kind, is) in &after.responses {
        let was = before.responses.get(kind);
        let new = INNER
            .iter()
            .filter(|what| tells(is, what) && !was.is_some_and(|was| tells(was, what)));
        found.extend(new.map(|what| {
            let what = what.trim_end_matches('.');
            format!("the gateway response {kind} tells callers of `{what}`")
        }));
    }
    found
}

/// What a route did with a part of a request that it checked.
fn told(field: &Field) -> String {
    match field {
        Field::Body(kind) => format!("takes as {kind}"),
        field => field.to_string(),
    }
}

/// How an authorizer lets more pass than before.
fn authorizer(was: &Facts, is: &Facts) -> Vec<String> {
    let mut how = Vec::new();
    let text = |facts: &Facts, field: &Field| facts.get(field).cloned().unwrap_or_default();
    for field in [Field::Type, Field::Function] {
        let (old, new) = (text(was, &field), text(is, &field));
        if old != new {
            how.push(format!("is another {field}: {new}, and not {old}"));
        }
    }
    let pools = is.keys().filter(|field| matches!(field, Field::Provider(_)));
    how.extend(
        pools
            .filter(|pool| !was.contains_key(pool))
            .map(|pool| format!("takes tokens of another {pool}")),
    );
    let (old, new) = (words(was, &Field::IdentitySource), words(is, &Field::IdentitySource));
    how.extend(
        old.difference(&new)
            .map(|source| format!("no longer looks at {source}")),
    );
    let pattern = was.get(&Field::IdentityPattern);
    if pattern.is_some() && pattern != is.get(&Field::IdentityPattern) {
        how.push("no longer asks for the identity pattern that it did".to_owned());
    }
    let (old, new) = (seconds(was), seconds(is));
    if new > old {
        how.push(format!("is not asked again for {new} s, and not {old} s"));
    }
    how
}

/// The words of a list.
fn words(facts: &Facts, field: &Field) -> BTreeSet<String> {
    let text = facts.get(field).map_or("", String::as_str);
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// How long an answer of an authorizer holds.
fn seconds(facts: &Facts) -> u32 {
    let told = facts.get(&Field::Holds).and_then(|text| text.split(' ').next());
    told.and_then(|text| text.parse().ok()).unwrap_or(300)
}

#[cfg(test)]
mod tests;
