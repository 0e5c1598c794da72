//! What is filled in for `${var.NAME}`, before a document is made.

mod filled;
mod findings;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::blueprint::{Blueprint, Route};
use crate::decode::Decode;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::RoutesFile;
use crate::reference::References;
use crate::resolve::{Files, Known, Mode, resolve_after};
use crate::source::Source;
use crate::span::{Span, Spanned};
use crate::tree::{self, Node, Value};
use filled::FilledText;
use findings::of_values;

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
        tree::each_text(&root, &mut |text, span| {
            for name in References::of(text).unfilled {
                names.entry(name.to_owned()).or_insert(span);
            }
        });
    }
    names.into_iter().map(|(name, span)| Spanned::new(name, span)).collect()
}

/// What becomes of values that another tool is to fill in: empty ones, and those with placeholders such as `${arn}` or
/// `{{ARN}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholders {
    /// They stand for something that cannot be looked at yet, and a name that nothing on AWS has is a warning.
    Stay,
    /// They are looked at as any other value: nobody will fill them in.
    Refused,
}

/// Reads a routes file once more, with values for its variables. A variable without a value stays as it is written.
///
/// The file was read without them and has no errors: `proven` is what the compiler sees of it, and what it proves must
/// not depend on a variable. What is wrong with a value is told at the place of the variable, with its name and without
/// the value.
#[must_use]
pub fn fill_routes(
    source: &Source,
    mode: Mode,
    files: &Files,
    proven: &Blueprint,
    values: &BTreeMap<String, String>,
    placeholders: Placeholders,
) -> Outcome<(RoutesFile, Blueprint)> {
    let mut unread = Diagnostics::new();
    let mut texts = Vec::new();
    let read = tree::parse(source, &mut unread).and_then(|mut root| {
        fill(&mut root, values, &mut texts);
        let file = RoutesFile::decode(&root, &mut unread)?;
        let resolved = resolve_after(&file, mode, files, Known::Filled);
        unread.extend(resolved.diagnostics);
        Some((file, resolved.value?))
    });
    let mut diagnostics = of_values(&unread, &texts, values, placeholders);
    let Some((file, blueprint)) = read else {
        return Outcome {
            value: None,
            diagnostics: diagnostics.finish(),
        };
    };
    diagnostics.extend(dependent(proven, &blueprint));
    let diagnostics = diagnostics.finish();
    Outcome {
        value: (!diagnostics.has_errors()).then_some((file, blueprint)),
        diagnostics,
    }
}

fn fill(node: &mut Node<'_>, values: &BTreeMap<String, String>, texts: &mut Vec<FilledText>) {
    match &mut node.value {
        Value::String(text) => {
            if let Some(filled) = FilledText::of(text, node.span, values) {
                *text = Cow::Owned(filled.text.clone());
                texts.push(filled);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, values, texts)),
        Value::Object(members) => members
            .iter_mut()
            .for_each(|member| fill(&mut member.node, values, texts)),
        _ => {}
    }
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

    fn read(text: &str, known: &[(&str, &str)], placeholders: Placeholders) -> Outcome<(RoutesFile, Blueprint)> {
        let source = Source::new("routes.yaml", text);
        let (proven, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
        let known = values(known);
        fill_routes(&source, Mode::Strict, &Files::Unread, &proven, &known, placeholders)
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
    fn what_another_tool_fills_in_reaches_the_blueprint_unless_it_is_refused() {
        let text = FILE.replace("NAME", "users").replace("ORIGIN", "\"*\"");
        let known = [("link", "{{{another tool's}}}")];
        let (_, blueprint) = read(&text, &known, Placeholders::Stay).into_result().unwrap().0;
        let crate::Connection::VpcLink { id, .. } = &blueprint.routes[0].integration.connection else {
            panic!("a link");
        };
        assert_eq!(id, "{{{another tool's}}}");
        let found = read(&text, &known, Placeholders::Refused).diagnostics;
        assert_eq!(found.iter().next().map(|one| one.code), Some(Code::VpcLinkId));
    }

    /// What is found with a value in the one action of a file.
    fn of_action(action: &str, value: &str) -> Vec<String> {
        let text = format!(
            "blueprint: {{name: shop, resources: [{{name: a, methods: [{{path: /a, actions: [{action}]}}]}}]}}"
        );
        let outcome = read(&text, &[("x", value)], Placeholders::Refused);
        assert_eq!(outcome.value.is_some(), !outcome.diagnostics.has_errors());
        let at = text.find('"').unwrap();
        let found = outcome.diagnostics.iter();
        found
            .map(|one| {
                let shown = format!("{one:?}");
                assert!(value.is_empty() || !shown.contains(value), "{shown}");
                assert_eq!(one.span.map(|span| span.start), Some(at), "{shown}");
                format!("{} {}", one.code, one.message)
            })
            .collect()
    }

    #[test]
    fn a_value_that_cannot_stand_there_is_told_by_its_name() {
        for (action, good, bad, message) in [
            (
                "{type: GET, url: \"${var.x}\"}",
                "https://b.example.com",
                "nourl",
                "BG0140 with the value of `x`, `${var.x}` is no URL of a service",
            ),
            (
                "{type: GET, url: \"${var.x}\"}",
                "https://${stageVariables.host}",
                "https://${env.secret}",
                "BG0013 with the value of `x`, this is a reference that nothing fills in",
            ),
            (
                "{type: GET, timeout: \"${var.x}\"}",
                "5000",
                "300001",
                "BG0134 with the value of `x`, an integration is given from 50 to 300000 milliseconds",
            ),
            (
                "{type: GET, timeout: \"${var.x}\"}",
                "50",
                "soon",
                "BG0007 with the value of `x`, `timeout`: expected a number, found a string",
            ),
            (
                "{type: GET, answer: {status: \"${var.x}\"}}",
                "404",
                "999",
                "BG0138 with the value of `x`, `${var.x}` is no status",
            ),
            (
                "{type: GET, map: {header.A: \"${var.x}\"}}",
                "header.B",
                "elsewhere",
                "BG0137 with the value of `x`, `${var.x}` is no place that a value can come from",
            ),
        ] {
            assert_eq!(of_action(action, good), [""; 0], "{action}");
            assert_eq!(of_action(action, bad), [message], "{action}");
        }
    }

    #[test]
    fn what_a_value_names_on_aws_is_an_error_when_aws_is_asked() {
        let text = "blueprint: {name: shop, resources: [{name: a, methods: [{path: /a, actions: [
            {type: GET, function: f, role: \"${var.x}\"}]}]}]}";
        for (placeholders, is_error) in [(Placeholders::Stay, false), (Placeholders::Refused, true)] {
            let outcome = read(text, &[("x", "arn:aws:iam::account-id:role")], placeholders);
            let first = outcome.diagnostics.iter().next().expect("a finding");
            assert_eq!((first.code, first.is_error()), (Code::Arn, is_error));
            assert_eq!(outcome.value.is_none(), is_error);
        }
    }

    #[test]
    fn a_value_that_is_probably_not_meant_gets_a_warning() {
        let found = of_action("{type: GET, timeout: \"${var.x}\"}", "30000");
        assert!(found[0].starts_with("BG0134 with the value of `x`, "), "{found:?}");
    }

    #[test]
    fn what_the_compiler_proves_depends_on_no_variable() {
        let name = FILE.replace("NAME", "\"${var.n}\"").replace("ORIGIN", "\"*\"");
        let outcome = read(&name, &[("n", "x")], Placeholders::Stay);
        assert!(outcome.value.is_none());
        let first = outcome.diagnostics.iter().next().unwrap();
        assert!(first.message.contains("the name of"), "{}", first.message);
        let origin = FILE.replace("NAME", "users").replace("ORIGIN", "\"https://${var.n}\"");
        let found = read_blueprint(&Source::new("routes.yaml", origin), Mode::Strict).diagnostics;
        assert_eq!(found.iter().next().map(|one| one.code), Some(Code::Reference));
    }
}
