//! What is checked of a request, and what of bodies passes on to a service and back.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::call::{is_of_gateway, is_proxy, maps};
use super::form::{Form, takes_more};
use super::{Definition, Facts, Field, one_case};

/// The media type of the model for all bodies that no other model is for
/// ([validation](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html)).
const ANY_KIND: &str = "$default";

/// What a route no longer checks, or less of.
pub(super) fn checks_less(before: &Definition, was: &Facts, after: &Definition, is: &Facts, how: &mut Vec<String>) {
    let checks = |definition: &Definition, facts: &Facts, what: &str| {
        let validator = facts.get(&Field::RequestValidator);
        let validator = validator.and_then(|name| definition.validators.get(name));
        validator.is_some_and(|checks| checks.contains_key(&Field::Checks(what.to_owned())))
    };
    let takes: BTreeSet<(String, &str)> = places(is).collect();
    for (field, value) in was {
        let (what, is_kept) = match field {
            Field::Body(_) => ("body", is.contains_key(field)),
            // The name of a path parameter may change.
            Field::Takes(name) if value == "required" && !name.starts_with("method.request.path.") => {
                ("parameters", takes.contains(&(one_case(name), value.as_str())))
            }
            _ => continue,
        };
        if checks(before, was, what) && !(is_kept && checks(after, is, what)) {
            how.push(format!("no longer checks what it {}", told(field)));
        }
    }
    if !(checks(before, was, "body") && checks(after, is, "body")) {
        return;
    }
    for (field, now) in is {
        let Field::Body(_) = field else { continue };
        // A body of another kind was held against the model for all of them.
        let then = was.get(field).or_else(|| was.get(&Field::Body(ANY_KIND.to_owned())));
        let takes_more = match then.and_then(|then| form(before, then)) {
            Some(then) => form(after, now)
                .is_none_or(|now| takes_more(Form::new(&then, &before.models), Form::new(&now, &after.models))),
            None => false,
        };
        if takes_more {
            how.push(format!("lets more pass of what it {} than before", told(field)));
        }
    }
}

/// The parameters that a route takes, and whether they are required.
fn places(facts: &Facts) -> impl Iterator<Item = (String, &str)> {
    facts.iter().filter_map(|(field, value)| match field {
        Field::Takes(name) => Some((one_case(name), value.as_str())),
        _ => None,
    })
}

/// What a route did with a part of a request that it checked.
fn told(field: &Field) -> String {
    match field {
        Field::Body(kind) => format!("takes as {kind}"),
        field => field.to_string(),
    }
}

/// The form of a body: that of a model, or the one that stands where it is used. `None` when nobody tells it.
fn form<'a>(definition: &'a Definition, body: &str) -> Option<Cow<'a, Json>> {
    let named = definition.models.get(body).map(Cow::Borrowed);
    named.or_else(|| serde_json::from_str(body).ok().map(Cow::Owned))
}

/// What a route passes on that templates kept back: to its service of a request, and of its answer to callers.
pub(super) fn passes_more(was: &Facts, is: &Facts, how: &mut Vec<String>) {
    if !maps(was) || !(maps(is) || is_proxy(is)) {
        return;
    }
    let is_kind = |facts: &Facts, name| facts.get(&Field::Integration).is_some_and(|kind| kind == name);
    if is_kind(was, "HTTP") && is_kind(is, "HTTP_PROXY") {
        how.push("passes headers and the query on as they are, as a proxy".to_owned());
    }
    let strict = if is_proxy(is) { 0 } else { strictness(is) };
    if strict < strictness(was) {
        how.push("passes bodies on that no template is for".to_owned());
    }
    let has_templates = is.keys().any(|field| matches!(field, Field::Template(_)));
    for (field, _) in was.iter().filter(|(_, then)| !is_whole(then)) {
        match field {
            Field::Template(kind) => {
                let passes = match is.get(field).filter(|_| maps(is)) {
                    Some(now) => is_whole(now),
                    None => strict == 0 || strict == 1 && !has_templates,
                };
                if passes {
                    how.push(format!("passes bodies of {kind} on as they are"));
                }
            }
            Field::AnswerTemplate(status, _) => {
                let passes = match is.get(field).filter(|_| maps(is)) {
                    Some(now) => is_whole(now),
                    None => is_proxy(is) || answers_as_it_is(is, status),
                };
                if passes {
                    how.push(format!("gives callers all of the service's answer {status}"));
                }
            }
            _ => {}
        }
    }
    how.dedup();
    let overrides = |facts: &Facts| {
        let mut templates = facts.iter().filter(|(field, _)| matches!(field, Field::Template(_)));
        templates.any(|(_, text)| text.contains("requestOverride"))
    };
    let is_told = |(field, value): (&Field, &String)| matches!(field, Field::Parameter(_)) && is_of_gateway(value);
    if overrides(is) && !overrides(was) && was.iter().any(is_told) {
        how.push("lets a template replace what the gateway tells its service".to_owned());
    }
    // One that is told all of a request is told who makes it.
    if is_kind(is, "AWS_PROXY") {
        return;
    }
    let known: BTreeSet<&str> = is.values().flat_map(|text| callers(text)).collect();
    let told = was.iter().filter(|(field, value)| match field {
        Field::Template(_) => true,
        Field::Parameter(name) => name.starts_with("integration.request.path.") && is_of_gateway(value),
        _ => false,
    });
    let lost: BTreeSet<&str> = told.flat_map(|(_, text)| callers(text)).collect();
    how.extend(
        lost.difference(&known)
            .map(|what| format!("no longer tells its service the caller's `{what}`")),
    );
}

/// Whether answers of a status pass without a template.
fn answers_as_it_is(facts: &Facts, status: &String) -> bool {
    let mut templates = facts
        .keys()
        .filter(|field| matches!(field, Field::AnswerTemplate(of, _) if of == status));
    facts.contains_key(&Field::Answers(status.clone())) && templates.next().is_none()
}

/// What a text takes of who calls: `context.authorizer.…` and `context.identity.…`.
fn callers(text: &str) -> impl Iterator<Item = &str> {
    let found = ["context.authorizer.", "context.identity."]
        .into_iter()
        .flat_map(|begin| text.match_indices(begin));
    found.map(|(at, _)| {
        let is_end = |next: char| !(next.is_ascii_alphanumeric() || "_.-:".contains(next));
        let length = text[at..].find(is_end).unwrap_or(text.len() - at);
        text[at..at + length].trim_end_matches(['.', '-', ':'])
    })
}

/// Whether a template passes all of a body on.
fn is_whole(template: &str) -> bool {
    let is_kept = |next: &char| !next.is_whitespace() && !"!{}\\".contains(*next);
    let plain: String = template.chars().filter(is_kept).collect();
    ["$input.body", "$input.json('$')", "$input.json(\"$\")"]
        .iter()
        .any(|whole| plain.contains(whole))
}

/// How much an integration refuses that it has no template for
/// ([passthrough](https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html)).
fn strictness(facts: &Facts) -> u8 {
    match facts.get(&Field::Passthrough).map(String::as_str) {
        Some("NEVER") => 2,
        Some("WHEN_NO_TEMPLATES") => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts(pairs: &[(Field, &str)]) -> Facts {
        pairs.iter().map(|(k, v)| (k.clone(), (*v).to_owned())).collect()
    }

    fn template(kind: &str) -> Field {
        Field::Template(kind.to_owned())
    }

    fn passed(was: &[(Field, &str)], is: &[(Field, &str)]) -> Vec<String> {
        let mut how = Vec::new();
        passes_more(&facts(was), &facts(is), &mut how);
        how
    }

    #[test]
    fn a_template_that_kept_back_a_part_of_a_body_and_does_not_any_more_is_told() {
        const JSON: &str = "application/json";
        let service = (Field::Integration, "HTTP");
        let part = [service.clone(), (template(JSON), r#"{"id": $input.json('$.id')}"#)];
        let told = ["passes bodies of application/json on as they are"];
        for whole in [
            "$input.body",
            r#"{"all": $input.json('$')}"#,
            "${input.json( \"$\" )}",
            "$!{input.body}",
        ] {
            let is = [service.clone(), (template(JSON), whole)];
            assert_eq!(passed(&part, &is), told, "{whole}");
            assert_eq!(passed(&is, &part), [""; 0], "{whole}");
            assert_eq!(passed(&is, &is), [""; 0]);
        }
        let proxy = "passes headers and the query on as they are, as a proxy";
        assert_eq!(passed(&part, &[(Field::Integration, "HTTP_PROXY")]), [proxy, told[0]]);
        assert_eq!(passed(&[(Field::Integration, "HTTP_PROXY")], &part), [""; 0]);
        assert_eq!(passed(&part, std::slice::from_ref(&service)), told);
        let never = (Field::Passthrough, "NEVER");
        assert_eq!(passed(&part, &[service.clone(), never.clone()]), [""; 0]);
        let other = [service.clone(), (template(JSON), r#"{"id": $input.json('$.key')}"#)];
        assert_eq!(passed(&part, &other), [""; 0]);
        assert_eq!(passed(&part, &[(Field::Integration, "MOCK")]), [""; 0]);
        // One that took no other bodies.
        let strict = [service, never, (template(JSON), "$input.body")];
        let told = ["passes bodies on that no template is for"];
        assert_eq!(passed(&strict, &[(Field::Integration, "AWS_PROXY")]), told);
    }

    #[test]
    fn an_answer_that_a_template_made_and_that_passes_as_it_is_is_told() {
        let answers = (Field::Answers("200".into()), "default");
        let made = Field::AnswerTemplate("200".into(), "application/json".into());
        let service = (Field::Integration, "AWS");
        let part = [
            service.clone(),
            answers.clone(),
            (made.clone(), r#"{"id": $input.json('$.id')}"#),
        ];
        let told = ["gives callers all of the service's answer 200"];
        for is in [
            &[service.clone(), answers.clone(), (made.clone(), "$input.json('$')")][..],
            &[service.clone(), answers.clone()],
            &[(Field::Integration, "AWS_PROXY")],
        ] {
            assert_eq!(passed(&part, is), told, "{is:?}");
            assert_eq!(passed(is, &part), [""; 0]);
        }
        assert_eq!(passed(&part, &[service, (made, "{}")]), [""; 0]);
    }

    #[test]
    fn a_service_that_is_no_longer_told_who_calls_is_told_of() {
        let service = (Field::Integration, "HTTP");
        let with = |text: &'static str| [service.clone(), (template("application/json"), text)];
        let by_gateway = with(r#"{"user": "$context.authorizer.claims.sub", "id": 1}"#);
        let by_client = with(r#"{"user": $input.json('$.user'), "id": 1}"#);
        let told = ["no longer tells its service the caller's `context.authorizer.claims.sub`"];
        assert_eq!(passed(&by_gateway, &by_client), told);
        assert_eq!(passed(&by_client, &by_gateway), [""; 0]);
        let said = (
            Field::Parameter("integration.request.header.X-User".into()),
            "context.authorizer.sub",
        );
        let replaces = r#"#set($context.requestOverride.header.X-User = $input.params("user"))"#;
        let plain = [service.clone(), said.clone(), (template("application/json"), "{}")];
        let replaced = [service.clone(), said, (template("application/json"), replaces)];
        assert_eq!(
            passed(&plain, &replaced),
            ["lets a template replace what the gateway tells its service"]
        );
        assert_eq!(passed(&replaced, &plain), [""; 0]);
        let hole = Field::Parameter("integration.request.path.user".into());
        let in_header = Field::Parameter("integration.request.header.X-User".into());
        let path = [service.clone(), (hole, "context.authorizer.claims.sub")];
        assert_eq!(passed(&path, std::slice::from_ref(&service)), told);
        let header = [service, (in_header, "context.authorizer.claims.sub")];
        assert_eq!(passed(&path, &header), [""; 0]);
        assert_eq!(passed(&path, &[(Field::Integration, "AWS_PROXY")]), [""; 0]);
    }

    /// An API with one model for each kind of bodies.
    fn checked(bodies: &[(&str, &str)], models: &serde_json::Value) -> (Definition, Facts) {
        let mut route = facts(&[(Field::RequestValidator, "all")]);
        route.extend(
            bodies
                .iter()
                .map(|(kind, name)| (Field::Body((*kind).to_owned()), (*name).to_owned())),
        );
        let models = models.as_object().unwrap().clone().into_iter();
        let definition = Definition {
            validators: [("all".to_owned(), facts(&[(Field::Checks("body".into()), "yes")]))].into(),
            models: models.collect(),
            ..Definition::default()
        };
        (definition, route)
    }

    fn less((before, was): &(Definition, Facts), (after, is): &(Definition, Facts)) -> Vec<String> {
        let mut how = Vec::new();
        checks_less(before, was, after, is, &mut how);
        how
    }

    #[test]
    fn a_body_of_another_kind_was_held_against_the_model_of_all() {
        let models = json!({"Book": {"type": "object", "required": ["title"]}, "Any": {"type": "object"}});
        let all = checked(&[("$default", "Book")], &models);
        let told = ["lets more pass of what it takes as text/plain than before"];
        assert_eq!(
            less(&all, &checked(&[("$default", "Book"), ("text/plain", "Any")], &models)),
            told
        );
        assert_eq!(
            less(&all, &checked(&[("$default", "Book"), ("text/plain", "Book")], &models)),
            [""; 0]
        );
        assert_eq!(
            less(&checked(&[("text/plain", "Any"), ("$default", "Book")], &models), &all).len(),
            1
        );
        // Nobody knows what a model takes that is not there.
        let lost = checked(&[("$default", "Gone")], &models);
        assert_eq!(
            less(&all, &lost),
            ["lets more pass of what it takes as $default than before"]
        );
    }

    #[test]
    fn a_header_that_is_required_is_the_same_in_any_case() {
        let with = |name: &str, value: &str| {
            let mut all = checked(&[], &json!({}));
            let checks = Field::Checks("parameters".to_owned());
            all.0.validators.get_mut("all").unwrap().insert(checks, "yes".into());
            all.1.insert(Field::Takes(name.to_owned()), value.to_owned());
            all
        };
        let was = with("method.request.header.X-Who", "required");
        assert_eq!(less(&was, &with("method.request.header.x-who", "required")), [""; 0]);
        assert_eq!(less(&was, &with("method.request.header.x-who", "optional")).len(), 1);
        let query = with("method.request.querystring.Page", "required");
        assert_eq!(
            less(&query, &with("method.request.querystring.page", "required")).len(),
            1
        );
    }
}
