//! What is filled in for `${var.NAME}`, before a document is made.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::blueprint::{Blueprint, Route};
use crate::decode::Decode;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::RoutesFile;
use crate::reference::References;
use crate::resolve::{Files, Mode, resolve_after};
use crate::source::Source;
use crate::span::{Span, Spanned};
use crate::tree::{self, Node, Value};

/// What every variable of a file begins with.
const START: &str = "${var.";

/// The variables of a routes file, each with the first place that names it.
///
/// ```
/// use bluegate_core::{Source, variables};
///
/// let source = Source::new("routes.yaml", "a: \"https://${var.host}/${var.base}\"\nb: \"${var.host}\"\n");
/// let names: Vec<String> = variables(&source).into_iter().map(|name| name.value).collect();
/// assert_eq!(names, ["base", "host"]);
/// ```
#[must_use]
pub fn variables(source: &Source) -> Vec<Spanned<String>> {
    if !source.text().contains(START) {
        return Vec::new();
    }
    let mut names: BTreeMap<String, Span> = BTreeMap::new();
    if let Some(root) = tree::parse(source, &mut Diagnostics::new()) {
        each_text(&root, &mut |text, span| {
            for name in References::of(text).unfilled {
                names.entry(name.to_owned()).or_insert(span);
            }
        });
    }
    names.into_iter().map(|(name, span)| Spanned::new(name, span)).collect()
}

fn each_text(node: &Node<'_>, each: &mut impl FnMut(&str, Span)) {
    match &node.value {
        Value::String(text) => each(text, node.span),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, each)),
        Value::Object(members) => members.iter().for_each(|member| each_text(&member.node, each)),
        _ => {}
    }
}

/// Reads a routes file once more, with values for its variables. A variable without a value stays as it is written.
///
/// The file was read without them and has no errors: `proven` is what the compiler sees of it, and what it proves must
/// not depend on a variable. The values are not looked at: they may be what another tool fills in.
#[must_use]
pub fn fill_routes(
    source: &Source,
    mode: Mode,
    files: &Files,
    proven: &Blueprint,
    values: &BTreeMap<String, String>,
) -> Outcome<(RoutesFile, Blueprint)> {
    let mut unread = Diagnostics::new();
    let read = tree::parse(source, &mut unread).and_then(|mut root| {
        fill(&mut root, values);
        let file = RoutesFile::decode(&root, &mut unread)?;
        let blueprint = resolve_after(&file, mode, files, false).value?;
        Some((file, blueprint))
    });
    let Some((file, blueprint)) = read else {
        return Outcome {
            value: None,
            diagnostics: unread.finish(),
        };
    };
    let diagnostics = dependent(proven, &blueprint);
    Outcome {
        value: (!diagnostics.has_errors()).then_some((file, blueprint)),
        diagnostics,
    }
}

fn fill(node: &mut Node<'_>, values: &BTreeMap<String, String>) {
    match &mut node.value {
        Value::String(text) => {
            if let Some(filled) = filled(text, values) {
                *text = Cow::Owned(filled);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, values)),
        Value::Object(members) => members.iter_mut().for_each(|member| fill(&mut member.node, values)),
        _ => {}
    }
}

/// A text with its variables filled in, if there is one to fill in. What is filled in is not looked at again.
fn filled(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let mut rest = text;
    let mut filled = String::new();
    let mut is_filled = false;
    while let Some(at) = rest.find(START) {
        let (before, reference) = rest.split_at(at);
        filled.push_str(before);
        let name = &reference[START.len()..];
        let value = name.find('}').and_then(|end| Some((values.get(&name[..end])?, end)));
        if let Some((value, end)) = value {
            filled.push_str(value);
            is_filled = true;
            rest = &name[end + 1..];
        } else {
            filled.push_str(START);
            rest = name;
        }
    }
    filled.push_str(rest);
    is_filled.then_some(filled)
}

/// What the compiler proves and what is another with values.
fn dependent(proven: &Blueprint, filled: &Blueprint) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut tell = |what: String, span: Span| {
        found.push(
            Diagnostic::new(Code::Reference, format!("{what} depends on a variable"))
                .at(span)
                .with_help("write the text itself: the service is built before variables have values"),
        );
    };
    let names = |blueprint: &Blueprint| -> Vec<String> {
        let resources = blueprint.resources.iter();
        resources.map(|resource| resource.name.clone()).collect()
    };
    if names(proven) != names(filled) {
        let span = proven
            .resources
            .first()
            .map_or(Span::default(), |resource| resource.span);
        tell("the name of a resource".to_owned(), span);
    }
    let is_same = |one: &Route, other: &Route| {
        let cors = |route: &Route| route.handler.as_ref().and(route.cors.clone());
        one.path == other.path && one.handler == other.handler && cors(one) == cors(other)
    };
    for (one, other) in proven.routes.iter().zip(&filled.routes) {
        if !is_same(one, other) {
            tell(
                format!("what the service does for `{} {}`", one.verb, one.path.gateway),
                one.span,
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_blueprint;

    fn values(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        let entries = entries.iter();
        entries
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_value_stands_in_place_of_its_variable_and_is_not_looked_at_again() {
        let known = values(&[("host", "${var.other}"), ("other", "no"), ("a.b", "1")]);
        for (text, expected) in [
            ("https://${var.host}/x", Some("https://${var.other}/x")),
            ("${var.a.b}${var.a.b}", Some("11")),
            ("${var.none}", None),
            ("${var.none}${var.a.b}", Some("${var.none}1")),
            ("${var.host", None),
            ("plain", None),
        ] {
            assert_eq!(filled(text, &known).as_deref(), expected, "{text}");
        }
    }

    fn read(text: &str, known: &[(&str, &str)]) -> Outcome<(RoutesFile, Blueprint)> {
        let source = Source::new("routes.yaml", text);
        let (proven, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
        fill_routes(&source, Mode::Strict, &Files::Unread, &proven, &values(known))
    }

    const FILE: &str = "
blueprint:
  name: shop
  resources:
    - name: NAME
      methods:
        - path: /users
          cors: {enable: true, origins: [ORIGIN]}
          actions:
            - {type: GET, integration: VPC_LINK, vpcLink: \"${var.link}\"}
";

    #[test]
    fn values_reach_the_blueprint_whatever_they_are() {
        let text = FILE.replace("NAME", "users").replace("ORIGIN", "\"*\"");
        let (_, blueprint) = read(&text, &[("link", "{{{another tool's}}}")]).value.unwrap();
        let crate::Connection::VpcLink { id, .. } = &blueprint.routes[0].integration.connection else {
            panic!("a link");
        };
        assert_eq!(id, "{{{another tool's}}}");
    }

    #[test]
    fn what_the_compiler_proves_depends_on_no_variable() {
        let name = FILE.replace("NAME", "\"${var.n}\"").replace("ORIGIN", "\"*\"");
        let outcome = read(&name, &[("n", "x")]);
        assert!(outcome.value.is_none());
        let first = outcome.diagnostics.iter().next().unwrap();
        assert!(first.message.contains("the name of"), "{}", first.message);
        let origin = FILE.replace("NAME", "users").replace("ORIGIN", "\"https://${var.n}\"");
        let found = read_blueprint(&Source::new("routes.yaml", origin), Mode::Strict).diagnostics;
        assert_eq!(found.iter().next().map(|one| one.code), Some(Code::Reference));
    }
}
