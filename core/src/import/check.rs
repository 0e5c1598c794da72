//! Whether what was written means what was read: the document of the routes file is made and compared with the one that
//! was imported.

use super::api::Api;
use super::facts::Facts;
use super::plain::Plain;
use super::{Import, read, text};
use crate::aws::{Environment, Needs, read_aws};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::openapi::{self, Target};
use crate::{Files, Mode, Source, fill_routes, read_blueprint};

/// Tells every difference, and every error of what was written.
pub(super) fn check(api: &Api, import: &Import, found: &mut Diagnostics) {
    let mut errors = Diagnostics::new();
    match document(import, &mut errors).and_then(|document| again(&document)) {
        Some(again) => {
            for difference in Facts::of(api).differences(&Facts::of(&again)) {
                let told = Diagnostic::new(Code::LostPart, difference.message);
                found.push(match difference.span {
                    Some(span) => told.at(span),
                    None => told,
                });
            }
        }
        None => {
            for error in errors.iter().filter(|error| error.is_error()) {
                let message = format!("the routes file would be refused: {} ({})", error.message, error.code);
                found.push(Diagnostic::new(Code::ForeignDocument, message));
            }
        }
    }
}

/// The document of what was written.
fn document(import: &Import, errors: &mut Diagnostics) -> Option<String> {
    let aws = import.aws_json().unwrap_or_else(|| "{\"apiGateway\": {}}".into());
    let aws = read_aws(&Source::new("aws.config.json", aws));
    errors.extend(aws.diagnostics);
    let environment = Environment::resolve(aws.value.as_ref()?, None, Needs::Nothing);
    errors.extend(environment.diagnostics);
    let routes = Source::new("routes.json", import.routes_json());
    let blueprint = read_blueprint(&routes, Mode::Strict);
    errors.extend(blueprint.diagnostics);
    if errors.has_errors() {
        return None;
    }
    let environment = environment.value?;
    let filled = fill_routes(
        &routes,
        Mode::Strict,
        &Files::default(),
        &blueprint.value?,
        &environment.variables,
    );
    errors.extend(filled.diagnostics);
    let (_, blueprint) = filled.value?;
    Some(openapi::document(&blueprint, &Target::of(&environment)).to_json())
}

/// What a document says.
fn again(document: &str) -> Option<Api> {
    let mut found = Diagnostics::new();
    let root = text::parse(document, &mut Plain::default(), &mut found)?;
    read::api(&root, &mut found)
}
