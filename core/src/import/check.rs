//! Whether what was written means what was read: the document of the routes file is made and compared with the one that
//! was imported.

use super::api::{Api, Operation};
use super::draft::authorizer_names;
use super::facts::Facts;
use super::item::Item;
use super::plain::Plain;
use super::{Import, read, text};
use crate::aws::{Environment, Needs, read_aws};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::openapi::{self, Document, Target};
use crate::span::Span;
use crate::tree;
use crate::{Files, Mode, Placeholders, Source, fill_routes, read_blueprint};

/// Tells every difference, and every error of what was written.
pub(super) fn check(api: &Api, import: &Import, found: &mut Diagnostics) {
    let routes = Source::new("routes.json", import.routes_json());
    match document(import, &routes).and_then(|document| again(&document.to_json())) {
        Ok(again) => {
            for difference in Facts::of(api).differences(&Facts::of(&again)) {
                found.push(Diagnostic::new(Code::LostPart, difference.message).at(difference.span));
            }
        }
        Err(errors) => {
            let mut root = Diagnostics::new();
            let root = tree::parse(&routes, &mut root);
            for error in errors.iter().filter(|error| error.is_error()) {
                let pointer = error.span.zip(root.as_ref());
                let pointer = pointer.map(|(span, root)| tree::pointer_at(root, span));
                let (place, span) = pointer.map_or_else(Default::default, |pointer| place(api, import, &pointer));
                let message = format!(
                    "{place}a routes file cannot say this: {} ({})",
                    error.message, error.code
                );
                let told = Diagnostic::new(Code::ForeignDocument, message).at(span);
                found.push(match &error.help {
                    Some(help) => told.with_help(help),
                    None => told,
                });
            }
        }
    }
}

/// What became the value of a pointer, in words, and where it stands.
fn place(api: &Api, import: &Import, pointer: &str) -> (String, Span) {
    if let Some(operation) = operation(api, import, pointer) {
        return (format!("{} {}: ", operation.verb, operation.path), operation.span);
    }
    let named = pointer.strip_prefix("/blueprint/authorizers/");
    let named = named.and_then(|rest| rest.split('/').next());
    let names = authorizer_names(api);
    let scheme = named.and_then(|name| names.iter().find(|(_, known)| known == name));
    let scheme = scheme.and_then(|(name, _)| api.schemes.iter().find(|scheme| scheme.name == *name));
    scheme.map_or_else(Default::default, |scheme| {
        (format!("the authorizer `{}`: ", scheme.name), scheme.span)
    })
}

/// The version of the document that is made of an import.
pub(super) fn version(import: &Import) -> Option<String> {
    let routes = Source::new("routes.json", import.routes_json());
    document(import, &routes).ok().map(|document| document.info.version)
}

/// The operation that became the action of a pointer, such as `/blueprint/resources/0/methods/1/actions/0/type`.
fn operation<'a>(api: &'a Api, import: &Import, pointer: &str) -> Option<&'a Operation> {
    let mut item = &import.routes;
    let (mut path, mut verb) = (None, None);
    for key in pointer.split('/').skip(1) {
        item = match item {
            Item::List(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => item.get(&crate::pointer::unescape(key))?,
        };
        path = item.get("path").and_then(Item::as_text).or(path);
        verb = item
            .get("type")
            .and_then(Item::as_text)
            .filter(|_| path.is_some() && verb.is_none())
            .or(verb);
    }
    let mut operations = api.operations.iter();
    operations.find(|one| Some(one.path.as_str()) == path && verb.is_none_or(|verb| one.verb.as_str() == verb))
}

/// The document of what was written.
pub(super) fn document(import: &Import, routes: &Source) -> Result<Document, Diagnostics> {
    let aws = import.aws_json().unwrap_or_else(|| "{\"apiGateway\": {}}".into());
    let (aws, _) = read_aws(&Source::new("aws.config.json", aws)).into_result()?;
    let (environment, _) = Environment::resolve(&aws, None, Needs::Nothing).into_result()?;
    let (blueprint, _) = read_blueprint(routes, Mode::Strict).into_result()?;
    let files = Files::default();
    let known = &environment.variables;
    let filled = fill_routes(routes, Mode::Strict, &files, &blueprint, known, Placeholders::Stay);
    let ((_, blueprint), _) = filled.into_result()?;
    Ok(openapi::document(&blueprint, &Target::of(&environment)))
}

/// What a document says.
fn again(document: &str) -> Result<Api, Diagnostics> {
    let mut found = Diagnostics::new();
    let root = text::parse(document, &mut Plain::default(), &mut found);
    match root.and_then(|root| read::api(&root, &mut found)) {
        Some(api) => Ok(api),
        None => Err(found),
    }
}
