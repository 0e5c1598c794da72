//! Mapping expressions that calls bring
//! ([mapping](https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html)): what of a
//! request goes where, and what of an answer. What a document brings is told as warnings, and what stood there before stays.

use std::collections::BTreeMap;

use bluegate_core::gateway::Texts;

use super::reply::Refusal;

/// Refuses what the requests of an integration do not take on of a method with these parameters.
pub(super) fn of_request(new: &Texts, before: &Texts, declared: &BTreeMap<String, bool>) -> Result<(), Refusal> {
    for (to, from) in changed(new, before) {
        let place = to
            .strip_prefix("integration.request.")
            .and_then(|rest| rest.split_once('.'));
        if !place.is_some_and(|(place, name)| is_place(place) && !name.is_empty()) {
            return Err(invalid(to));
        }
        if is_text(from) || is_known(from, "method.request.body") {
            continue;
        }
        let place = from
            .strip_prefix("method.request.")
            .and_then(|rest| rest.split_once('.'));
        match place {
            Some((place, name)) if is_place(place) && !name.is_empty() => is_declared(from, declared)?,
            _ => return Err(invalid(from)),
        }
    }
    Ok(())
}

/// Refuses what the answers of an integration do not give to a method response with these parameters.
pub(super) fn of_response(new: &Texts, before: &Texts, declared: &BTreeMap<String, bool>) -> Result<(), Refusal> {
    for (to, from) in changed(new, before) {
        if !is_header(to, "method.response.") {
            return Err(invalid(to));
        }
        is_declared(to, declared)?;
        let is_header =
            is_header(from, "integration.response.") || from.starts_with("integration.response.multivalueheader.");
        if !is_header && !is_text(from) && !is_known(from, "integration.response.body") {
            return Err(invalid(from));
        }
    }
    Ok(())
}

/// Refuses names of parameters that no answer can have, such as `gatewayresponse.header.X-A` is one.
pub(super) fn are_headers<'n>(names: impl IntoIterator<Item = &'n String>, begin: &str) -> Result<(), Refusal> {
    match names.into_iter().find(|name| !is_header(name, begin)) {
        None => Ok(()),
        Some(name) => Err(invalid(name)),
    }
}

/// What AWS says of an expression that is none.
pub(super) fn invalid(expression: &str) -> Refusal {
    refused(&format!("Invalid mapping expression specified: {expression}"))
}

fn refused(why: &str) -> Refusal {
    Refusal::bad_request(format!(
        "Invalid mapping expression specified: Validation Result: warnings : [], errors : [{why}]"
    ))
}

fn changed<'t>(new: &'t Texts, before: &Texts) -> impl Iterator<Item = (&'t String, &'t String)> {
    new.iter().filter(|(name, value)| before.get(*name) != Some(*value))
}

/// Names of headers are the same in any case.
fn is_declared(name: &str, declared: &BTreeMap<String, bool>) -> Result<(), Refusal> {
    // A parameter that may come several times is declared like others.
    let name_of_one = name.replacen(".multivalue", ".", 1);
    let mut known = declared.keys().map(|known| known.replacen(".multivalue", ".", 1));
    match known.any(|known| known.eq_ignore_ascii_case(&name_of_one)) {
        true => Ok(()),
        false => Err(refused(&format!(
            "Invalid mapping expression parameter specified: {name}"
        ))),
    }
}

fn is_place(place: &str) -> bool {
    [
        "path",
        "querystring",
        "header",
        "multivaluequerystring",
        "multivalueheader",
    ]
    .contains(&place)
}

fn is_header(name: &str, begin: &str) -> bool {
    let header = name.strip_prefix(begin).and_then(|rest| rest.strip_prefix("header."));
    header.is_some_and(|header| !header.is_empty())
}

/// A text, or what is known whatever the request.
fn is_text(from: &str) -> bool {
    let is_quoted = from.len() > 1 && from.starts_with('\'') && from.ends_with('\'');
    is_quoted
        || ["stageVariables.", "context."]
            .iter()
            .any(|begin| from.starts_with(begin))
}

/// A body, or a part of it.
fn is_known(from: &str, body: &str) -> bool {
    from.strip_prefix(body)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
