//! What an authorizer lets pass.

use std::collections::BTreeMap;

use super::{Facts, Field, one_case, words};

/// How an authorizer lets more pass than another one.
pub(super) fn weaker(was: &Facts, is: &Facts) -> Vec<String> {
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
    let (old, new) = (sources(was), sources(is));
    let gone = old.iter().filter(|(source, _)| !new.contains_key(*source));
    how.extend(gone.map(|(_, source)| format!("no longer looks at {source}")));
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

/// Where it finds the caller's proof, in one form and as it is written.
fn sources(facts: &Facts) -> BTreeMap<String, String> {
    let all = words(facts, &Field::IdentitySource);
    all.into_iter().map(|source| (one_case(&source), source)).collect()
}

/// How long its answer holds.
fn seconds(facts: &Facts) -> u32 {
    let told = facts.get(&Field::Holds).and_then(|text| text.split(' ').next());
    told.and_then(|text| text.parse().ok()).unwrap_or(300)
}
