//! From the text of a file to what it says, and what that means.

use crate::blueprint::Blueprint;
use crate::decode::Decode;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::{AwsFile, RoutesFile};
use crate::reference::{References, unnamed_variables};
use crate::resolve::{Files, Known, Mode, resolve_after};
use crate::source::Source;
use crate::span::Span;
use crate::tree::{self, Node, Value};

/// Reads what a routes file says, without asking what it means.
#[must_use]
pub fn parse_routes(source: &Source) -> Outcome<RoutesFile> {
    parse(source)
}

/// Reads a routes file and computes what it means, with all findings in the order of the file.
///
/// ```
/// use bluegate_core::{Code, Mode, Source, read_blueprint};
///
/// let source = Source::new("routes.json", r#"{"blueprint": {"nam": "shop", "resources": []}}"#);
/// let found = read_blueprint(&source, Mode::Strict).into_result().unwrap_err();
/// assert_eq!(found.iter().next().unwrap().code, Code::UnknownKey);
/// ```
#[must_use]
pub fn read_blueprint(source: &Source, mode: Mode) -> Outcome<Blueprint> {
    let Outcome { value, diagnostics } = read_routes(source, mode, &Files::Unread);
    Outcome {
        value: value.map(|(_, blueprint)| blueprint),
        diagnostics,
    }
}

/// The same with what was written, for documents that are made of that, and with the files that it names.
#[must_use]
pub fn read_routes(source: &Source, mode: Mode, files: &Files) -> Outcome<(RoutesFile, Blueprint)> {
    let parsed = parse_routes(source);
    let mut diagnostics = parsed.diagnostics;
    if mode == Mode::Strict {
        diagnostics.extend(variables_in_keys(source));
    }
    let value = parsed.value.and_then(|file| {
        let known = if diagnostics.has_errors() {
            Known::Part
        } else {
            Known::Whole
        };
        let resolved = resolve_after(&file, mode, files, known);
        diagnostics.extend(resolved.diagnostics);
        if mode == Mode::Strict {
            let told: Vec<Option<Span>> = diagnostics.iter().map(|one| one.span).collect();
            let unnamed = unnamed_variables(source).into_iter();
            diagnostics.extend(unnamed.filter(|one| !told.contains(&one.span)).collect());
        }
        Some((file, resolved.value?))
    });
    Outcome {
        value,
        diagnostics: diagnostics.finish(),
    }
}

/// Values are filled in in texts: a variable in a key would stay as it is written.
fn variables_in_keys(source: &Source) -> Diagnostics {
    fn look(node: &Node<'_>, found: &mut Diagnostics) {
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| look(item, found)),
            Value::Object(members) => {
                for member in members {
                    if let [name, ..] = References::of(&member.key).unfilled.as_slice() {
                        let message = format!("the variable `{name}` stands in a key, where nothing is filled in");
                        let told = Diagnostic::new(Code::Reference, message).at(member.key_span);
                        found.push(told.with_help("write the key itself; variables may stand in its value"));
                    }
                    look(&member.node, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Diagnostics::new();
    if source.text().contains("${var.")
        && let Some(root) = tree::parse(source, &mut Diagnostics::new())
    {
        look(&root, &mut found);
    }
    found
}

/// A file of bluegate's.
pub(crate) trait Root: Decode {
    /// The key at its top that no other file has, and what it is.
    const KIND: (&'static str, &'static str);
}

impl Root for RoutesFile {
    const KIND: (&'static str, &'static str) = ("blueprint", "a routes file");
}

impl Root for AwsFile {
    const KIND: (&'static str, &'static str) = ("apiGateway", "an AWS file");
}

/// Files that are given in place of others, by keys at their tops.
const OTHERS: [(&str, &str); 9] = [
    RoutesFile::KIND,
    AwsFile::KIND,
    ("types", "a types file"),
    ("openapi", "an OpenAPI document"),
    ("swagger", "a Swagger document"),
    ("asyncapi", "an AsyncAPI document"),
    ("AWSTemplateFormatVersion", "a template of CloudFormation"),
    ("Transform", "a template of SAM"),
    ("provider", "a file of the Serverless Framework"),
];

/// Reads a file of the format that `T` is.
pub(crate) fn parse<T: Root>(source: &Source) -> Outcome<T> {
    let mut found = Diagnostics::new();
    let value = tree::parse(source, &mut found).and_then(|root| match another::<T>(&root) {
        Some(another) => {
            found.push(another);
            None
        }
        None => T::decode(&root, &mut found),
    });
    Outcome {
        value,
        diagnostics: found.finish(),
    }
}

/// The finding about a file that is of another kind than `T`.
fn another<T: Root>(root: &Node<'_>) -> Option<Diagnostic> {
    let Value::Object(members) = &root.value else {
        return None;
    };
    let has = |key: &str| members.iter().find(|member| member.key == key);
    if has(T::KIND.0).is_some() {
        return None;
    }
    let (member, (key, what)) = OTHERS.iter().find_map(|other| Some((has(other.0)?, *other)))?;
    let (wanted, name) = T::KIND;
    let message = format!("this is {what}, not {name}");
    let found = Diagnostic::new(Code::AnotherFile, message);
    Some(match key {
        // Its lines may hold secrets, and this one need not be known for secret.
        "blueprint" | "apiGateway" => found.with_help(
            "give the file with `blueprint` as routes file (`--routes`), the one with `apiGateway` as AWS file \
             (`--aws-config`)",
        ),
        _ => found
            .at(member.key_span)
            .with_help(format!("{name} has `{wanted}` at its top; `bluegate init` writes one")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_kind_is_told_by_the_keys_at_its_top() {
        for (name, text, what) in [
            (
                "a.json",
                r#"{"openapi": "3.0.1", "info": {}, "paths": {}}"#,
                "an OpenAPI document",
            ),
            ("a.yaml", "swagger: '2.0'\npaths: {}\n", "a Swagger document"),
            (
                "a.yaml",
                "AWSTemplateFormatVersion: 2010-09-09\nResources: {}\n",
                "CloudFormation",
            ),
            ("a.yml", "service: shop\nprovider: {name: aws}\n", "Serverless"),
        ] {
            let source = Source::new(name, text);
            let routes = read_blueprint(&source, Mode::Strict).diagnostics;
            let aws = parse::<AwsFile>(&source).diagnostics;
            for found in [routes, aws] {
                let all: Vec<&Diagnostic> = found.iter().collect();
                assert_eq!(all.len(), 1, "{text}: {found:?}");
                assert_eq!(all[0].code, Code::AnotherFile, "{text}");
                assert!(all[0].message.contains(what), "{text}: {}", all[0].message);
                assert!(all[0].span.is_some(), "{text}");
            }
        }
    }

    #[test]
    fn files_that_are_swapped_are_told_to_be() {
        for (extension, aws, routes) in [
            (
                "json",
                r#"{"region": "eu-west-1", "apiGateway": {"name": "S"}}"#,
                r#"{"blueprint": {"name": "s", "resources": []}}"#,
            ),
            (
                "yaml",
                "region: eu-west-1\napiGateway: {name: S}\n",
                "blueprint:\n  name: s\n  resources: []\n",
            ),
        ] {
            let swapped = |text: &str| Source::new(format!("a.{extension}"), text);
            let first = read_blueprint(&swapped(aws), Mode::Strict).diagnostics;
            let second = parse::<AwsFile>(&swapped(routes)).diagnostics;
            for (found, what) in [
                (first, "this is an AWS file, not a routes file"),
                (second, "this is a routes file, not an AWS file"),
            ] {
                let all: Vec<&Diagnostic> = found.iter().collect();
                assert_eq!(all.len(), 1, "{found:?}");
                assert_eq!((all[0].code, all[0].message.as_str()), (Code::AnotherFile, what));
            }
        }
    }

    #[test]
    fn a_file_that_lacks_its_key_is_not_of_another_kind() {
        for text in [
            "{}",
            "[]",
            "5",
            r#"{"blueprnt": {}}"#,
            r#"{"blueprint": {"name": "a", "resources": []}, "openapi": "3"}"#,
        ] {
            let found = read_blueprint(&Source::new("routes.json", text), Mode::Strict).diagnostics;
            assert!(
                found.iter().all(|one| one.code != Code::AnotherFile),
                "{text}: {found:?}"
            );
        }
    }
}
