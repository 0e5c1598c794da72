//! What of the facts about a route somebody notices. What has no effect is left out, and two ways to say one thing are
//! one.

use std::collections::BTreeSet;

use super::definition::{Definition, Facts, Key};
use super::field::Field;
use crate::blueprint::Verb;

/// Verbs that pages of other origins may use only where a preflight names them: all but those of plain requests
/// ([Fetch](https://fetch.spec.whatwg.org/#cors-safelisted-method)), and `OPTIONS`.
pub(crate) const NAMED_VERBS: [&str; 3] = ["DELETE", "PATCH", "PUT"];

/// The facts of a route that have an effect. `has_binary` says whether the API has binary media types.
pub(super) fn of_route(definition: &Definition, key: &Key, facts: &Facts, has_binary: bool) -> Facts {
    let mut seen = facts.clone();
    let checked = checked(definition, &seen);
    seen.remove(&Field::RequestValidator);
    seen.retain(|field, value| match field {
        Field::Takes(_) | Field::Body(_) => checked.iter().any(|what| is_checked(what, field, value)),
        Field::ContentHandling | Field::AnswerContentHandling(_) => has_binary || value != "CONVERT_TO_TEXT",
        _ => true,
    });
    let checked: Vec<&str> = checked
        .iter()
        .map(String::as_str)
        .filter(|what| !CHECKS.contains(what) || seen.iter().any(|(field, value)| is_checked(what, field, value)))
        .collect();
    if !checked.is_empty() {
        seen.insert(Field::RequestValidator, checked.join(", "));
    }
    match facts.get(&Field::Integration).map(String::as_str) {
        Some("MOCK") if key.verb == Verb::Options.as_str() && allows(&seen) => preflight(definition, key, &mut seen),
        Some("HTTP_PROXY" | "AWS_PROXY") => seen.retain(|field, _| !is_of_answers(field)),
        _ => {}
    }
    // A service that is called with the verb of the request.
    if seen
        .get(&Field::IntegrationVerb)
        .is_some_and(|verb| verb == Verb::Any.as_str())
    {
        seen.insert(Field::IntegrationVerb, key.verb.clone());
    }
    fill_holes(&mut seen);
    seen
}

impl Definition {
    /// The same routes with nothing but some fields.
    #[must_use]
    pub fn only(&self, is_kept: impl Fn(&Field) -> bool) -> Self {
        let keep = |facts: &Facts| -> Facts {
            let mut facts = facts.clone();
            fill_holes(&mut facts);
            facts.retain(|field, _| is_kept(field));
            facts
        };
        let routes = self.routes.iter();
        Self {
            routes: routes.map(|(key, facts)| (key.clone(), keep(facts))).collect(),
            ..Self::default()
        }
    }
}

/// Puts into the holes of a URL what they are filled with: how a hole is called, nobody notices. What fills no hole does
/// nothing.
pub(super) fn fill_holes(facts: &mut Facts) {
    let Some(mut uri) = facts.get(&Field::IntegrationUri).cloned() else {
        return;
    };
    let mut filled = Vec::new();
    for (field, value) in &*facts {
        let Field::Parameter(name) = field else { continue };
        let Some(hole) = name.strip_prefix("integration.request.path.") else {
            continue;
        };
        let hole = format!("{{{hole}}}");
        let starts: Vec<usize> = uri.match_indices(&hole).map(|(at, _)| at).collect();
        // `${name}` is filled in by somebody else.
        let starts: Vec<usize> = starts.into_iter().filter(|at| !uri[..*at].ends_with('$')).collect();
        filled.push((field.clone(), starts, hole.len(), value.clone()));
    }
    let mut holes: Vec<(usize, usize, String)> = Vec::new();
    for (field, starts, length, value) in filled {
        facts.remove(&field);
        let value = value.strip_prefix("method.request.path.").unwrap_or(&value).to_owned();
        holes.extend(starts.into_iter().map(|at| (at, length, value.clone())));
    }
    holes.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    for (at, length, value) in holes {
        uri.replace_range(at..at + length, &format!("{{{value}}}"));
    }
    facts.insert(Field::IntegrationUri, uri);
}

/// What validators check.
const CHECKS: [&str; 2] = ["body", "parameters"];

/// What of a request is checked; the name of a validator of which nobody knows more.
fn checked(definition: &Definition, facts: &Facts) -> Vec<String> {
    let Some(name) = facts.get(&Field::RequestValidator) else {
        return Vec::new();
    };
    match definition.validators.get(name) {
        Some(checks) => {
            let checks = checks.keys().filter_map(|field| match field {
                Field::Checks(what) => Some(what.clone()),
                _ => None,
            });
            checks.collect()
        }
        None => vec![name.clone()],
    }
}

/// Whether a check looks at what a method declares. Requests always have the parameters of their path.
fn is_checked(what: &str, field: &Field, value: &str) -> bool {
    let is_known = CHECKS.contains(&what);
    match field {
        Field::Body(_) => what == "body" || !is_known,
        Field::Takes(name) => {
            (what == "parameters" && value == "required" && !name.starts_with("method.request.path.")) || !is_known
        }
        _ => false,
    }
}

/// Whether it is about what becomes of bodies and answers, which pass through a proxy as they are.
fn is_of_answers(field: &Field) -> bool {
    matches!(
        field,
        Field::Answer(..)
            | Field::AnswerContentHandling(_)
            | Field::AnswerTemplate(..)
            | Field::Answers(_)
            | Field::Declares(_)
            | Field::Passthrough
            | Field::Template(_)
    )
}

/// The last part of the name of a header that tells what pages of other origins may do.
fn allowance(field: &Field) -> Option<String> {
    let Field::Answer(_, name) = field else { return None };
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("method.response.header.access-control-")?;
    Some(name.to_owned())
}

fn allows(facts: &Facts) -> bool {
    facts
        .keys()
        .any(|field| allowance(field).is_some_and(|name| name.starts_with("allow-")))
}

/// Leaves of a preflight what browsers make of it: what they may do, whatever order it stands in.
fn preflight(definition: &Definition, key: &Key, facts: &mut Facts) {
    let wanted = facts.iter().find_map(|(field, text)| match field {
        Field::Template(_) => status_of(text),
        _ => None,
    });
    let answers: Vec<(String, String)> = facts
        .iter()
        .filter_map(|(field, pattern)| match field {
            Field::Answers(status) => Some((status.clone(), pattern.clone())),
            _ => None,
        })
        .collect();
    let by = |wanted: &str| answers.iter().find(|(_, pattern)| pattern == wanted);
    let answer = wanted.as_deref().and_then(by).or_else(|| by("default"));
    let status = answer.or(answers.first()).map(|(status, _)| status.clone());
    let has_credentials = facts.iter().any(|(field, value)| {
        allowance(field).as_deref() == Some("allow-credentials")
            && value.trim_matches('\'').eq_ignore_ascii_case("true")
    });
    let verbs = definition.routes.keys().filter(|other| other.path == key.path);
    let verbs: BTreeSet<&str> = verbs.map(|other| other.verb.as_str()).collect();
    let mut seen = Facts::new();
    for (field, value) in &*facts {
        match field {
            // What is not answered, how the answer is chosen, and its body.
            Field::Answer(of, _) | Field::AnswerTemplate(of, _) if Some(of) != status.as_ref() => {}
            Field::AnswerTemplate(_, kind) if value.contains('#') => {
                seen.insert(Field::AnswerTemplate(ANSWER.into(), kind.clone()), value.clone());
            }
            Field::Answer(_, name) => {
                let name = name.to_ascii_lowercase();
                let shown = match allowance(field).as_deref() {
                    Some("allow-methods") => allowed(value, &verbs, has_credentials),
                    Some("allow-headers" | "expose-headers") => words(value).join(","),
                    _ => value.clone(),
                };
                seen.insert(Field::Answer(ANSWER.into(), name), shown);
            }
            Field::ContentHandling => {}
            field if is_of_answers(field) => {}
            field => {
                seen.insert(field.clone(), value.clone());
            }
        }
    }
    if let Some(status) = status.filter(|status| !status.starts_with('2')) {
        seen.insert(Field::Status, status);
    }
    *facts = seen;
}

/// What stands for the status of a preflight: browsers take any that is fine.
const ANSWER: &str = "2xx";

/// The verbs of a path that a preflight allows and has to.
fn allowed(value: &str, verbs: &BTreeSet<&str>, has_credentials: bool) -> String {
    let named = words(value);
    let is_any = named.iter().any(|word| word == "*") && !has_credentials;
    let has = |verb: &str| verbs.contains(verb) || verbs.contains(Verb::Any.as_str());
    let allowed = NAMED_VERBS.into_iter().filter(|verb| has(verb));
    let allowed = allowed.filter(|verb| is_any || named.iter().any(|word| word.eq_ignore_ascii_case(verb)));
    allowed.collect::<Vec<_>>().join(",")
}

/// The words of a list in a header, in small letters and in order.
fn words(value: &str) -> Vec<String> {
    let words = value
        .trim_matches('\'')
        .split(',')
        .map(|word| word.trim().to_lowercase());
    let words: BTreeSet<String> = words.filter(|word| !word.is_empty()).collect();
    words.into_iter().collect()
}

/// The status that the template of a mock chooses.
pub(crate) fn status_of(template: &str) -> Option<String> {
    // API Gateway takes it without quotes around the name too.
    let rest = &template[template.find("statusCode")? + "statusCode".len()..];
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "'\":".contains(c));
    let status: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (status.len() == 3).then_some(status)
}

#[cfg(test)]
mod tests;
