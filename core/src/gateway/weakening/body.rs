//! What is checked of a request, and what of bodies passes on to a service and back.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::call::{is_proxy, maps};
use super::form::{Form, takes_more};
use super::template::is_whole;
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
    if refuses_others(was) && !refuses_others(is) {
        how.push("passes bodies on that no template is for".to_owned());
    }
    let kinds = |facts| templates(facts).into_keys();
    let kinds: BTreeSet<&str> = kinds(was).chain(kinds(is)).collect();
    let more = kinds.into_iter().filter(|kind| passes(is, kind) && !passes(was, kind));
    how.extend(more.map(|kind| format!("passes bodies of {kind} on as they are")));
    let patterns = answers(was).into_keys().chain(answers(is).into_keys());
    let given: BTreeSet<&str> = patterns.filter_map(|pattern| gives_more(was, is, pattern)).collect();
    let given: Vec<&str> = given.into_iter().collect();
    match given.as_slice() {
        [] => {}
        [one] => how.push(format!("gives callers all of the service's answer {one}")),
        many => how.push(format!(
            "gives callers all of the service's answers {}",
            many.join(", ")
        )),
    }
}

/// The templates for bodies by media types. A proxy has none: they do nothing there.
fn templates(facts: &Facts) -> BTreeMap<&str, &str> {
    let templates = facts.iter().filter_map(|(field, text)| match field {
        Field::Template(kind) => Some((kind.as_str(), text.as_str())),
        _ => None,
    });
    templates.filter(|_| maps(facts)).collect()
}

/// Whether bodies of a kind reach the service as they are.
fn passes(facts: &Facts, kind: &str) -> bool {
    match templates(facts).get(kind) {
        Some(template) => is_whole(template),
        None => !refuses_others(facts),
    }
}

/// Whether bodies that no template is for are refused
/// ([passthrough](https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html)).
fn refuses_others(facts: &Facts) -> bool {
    !is_proxy(facts)
        && match facts.get(&Field::Passthrough).map(String::as_str) {
            Some("NEVER") => true,
            Some("WHEN_NO_TEMPLATES") => !templates(facts).is_empty(),
            _ => false,
        }
}

/// What becomes of the service's answers: statuses by the pattern that chooses them.
fn answers(facts: &Facts) -> BTreeMap<&str, &str> {
    let answers = facts.iter().filter_map(|(field, pattern)| match field {
        Field::Answers(status) => Some((pattern.as_str(), status.as_str())),
        _ => None,
    });
    answers.filter(|_| maps(facts)).collect()
}

/// The status with which callers get all of an answer of the service that a template made before, if they do.
fn gives_more<'a>(was: &'a Facts, is: &'a Facts, pattern: &str) -> Option<&'a str> {
    let status = |facts| {
        let answers = answers(facts);
        answers.get(pattern).or_else(|| answers.get("default")).copied()
    };
    let then = status(was)?;
    let made = made(was, then);
    if made.values().all(|template| is_whole(template)) {
        return None;
    }
    if is_proxy(is) {
        return Some(then);
    }
    let now = status(is)?;
    let makes = self::made(is, now);
    let had = |kind: &str| made.get(kind).is_some_and(|template| is_whole(template));
    let mut more = makes.iter().filter(|(kind, template)| is_whole(template) && !had(kind));
    (makes.is_empty() || more.next().is_some()).then_some(now)
}

/// The templates of answers of a status by media types.
fn made<'a>(facts: &'a Facts, status: &str) -> BTreeMap<&'a str, &'a str> {
    let made = facts.iter().filter_map(|(field, text)| match field {
        Field::AnswerTemplate(of, kind) if of == status => Some((kind.as_str(), text.as_str())),
        _ => None,
    });
    made.collect()
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
    fn an_answer_that_passes_as_another_kind_or_status_than_the_template_is_for_is_told() {
        let template = |status: &str, kind: &str| Field::AnswerTemplate(status.into(), kind.into());
        let answers = |status: &str, pattern| (Field::Answers(status.into()), pattern);
        let service = (Field::Integration, "HTTP");
        let part = (template("200", "application/json"), r#"{"id": $input.json('$.id')}"#);
        let text = (template("200", "text/plain"), "$input.body");
        let was = [service.clone(), answers("200", "default"), part.clone()];
        let [of_200, of_201] =
            ["200", "201"].map(|status| [format!("gives callers all of the service's answer {status}")]);
        for (is, told) in [
            (&[service.clone(), answers("200", "default"), text.clone()][..], &of_200),
            (
                &[service.clone(), answers("200", "default"), part.clone(), text],
                &of_200,
            ),
            (&[service.clone(), answers("201", "default")], &of_201),
            (
                &[
                    service.clone(),
                    answers("200", "default"),
                    part.clone(),
                    answers("201", "201"),
                ],
                &of_201,
            ),
        ] {
            assert_eq!(passed(&was, is), told, "{is:?}");
            assert_eq!(passed(is, is), [""; 0]);
        }
        let both = [service.clone(), answers("200", "default"), answers("201", "201")];
        assert_eq!(
            passed(&was, &both),
            ["gives callers all of the service's answers 200, 201"]
        );
        // The template goes with the status.
        let moved = [
            service.clone(),
            answers("201", "default"),
            (template("201", "application/json"), r#"{"id": $input.json('$.id')}"#),
        ];
        assert_eq!(passed(&was, &moved), [""; 0]);
        assert_eq!(passed(&[service.clone(), answers("200", "default")], &moved), [""; 0]);
        // What had an own template is answered by that for all others.
        let with_error = [
            service.clone(),
            answers("200", "default"),
            answers("500", "5.."),
            (template("500", "application/json"), "{}"),
        ];
        assert_eq!(passed(&with_error, &[service, answers("200", "default")]), of_200);
    }

    #[test]
    fn a_kind_of_bodies_that_was_refused_and_passes_is_told_and_what_refuses_nothing_is_no_guard() {
        const JSON: &str = "application/json";
        let with = |passthrough, templates: &[(&str, &'static str)]| {
            let mut facts = vec![(Field::Integration, "HTTP"), (Field::Passthrough, passthrough)];
            facts.extend(templates.iter().map(|(kind, text)| (template(kind), *text)));
            facts
        };
        let part = (JSON, r#"{"id": $input.json('$.id')}"#);
        let text = ("text/plain", "$input.body");
        let told = ["passes bodies of text/plain on as they are"];
        assert_eq!(passed(&with("NEVER", &[part]), &with("NEVER", &[part, text])), told);
        assert_eq!(passed(&with("", &[part]), &with("", &[part, text])), [""; 0]);
        let (never, no_templates) = ("NEVER", "WHEN_NO_TEMPLATES");
        let told = ["passes bodies on that no template is for"];
        let whole = (JSON, "$input.body");
        assert_eq!(passed(&with(no_templates, &[whole]), &with(no_templates, &[])), told);
        assert_eq!(passed(&with(never, &[]), &with(no_templates, &[])), told);
        assert_eq!(passed(&with(never, &[part]), &with(no_templates, &[part])), [""; 0]);
        assert_eq!(passed(&with(no_templates, &[]), &with("", &[])), [""; 0]);
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
