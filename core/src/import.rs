//! Routes files of documents that somebody else wrote: OpenAPI 3 and Swagger 2.0 with the extensions of API Gateway,
//! with the placeholders of the tools that deploy them.
//!
//! A document goes through five rooms: `text` reads it, `template` finds it inside of a template of CloudFormation,
//! `read` makes an `Api` of it and tells what it leaves, `draft` writes that as a person would, and `check` makes the
//! document of what was written and compares the two by their `facts`.

mod api;
mod check;
mod draft;
mod facts;
mod item;
mod plain;
mod preflight;
mod read;
mod template;
mod text;
mod variables;

use crate::diagnostic::{Diagnostics, Outcome};
use crate::openapi::yaml_of_json;
use crate::source::Source;

use item::Item;
use plain::Plain;

/// The files that say what a document said.
#[derive(Debug)]
pub struct Import {
    routes: Item,
    aws: Option<Item>,
}

/// Makes a routes file of a document, or of the one inside of a template of CloudFormation or SAM. `resource` names the
/// resource of the template whose document is meant; it matters where there are several.
///
/// The findings name what a routes file cannot say ([`LostPart`](crate::Code::LostPart)) and what API Gateway ignores
/// ([`IgnoredPart`](crate::Code::IgnoredPart)); nothing is left out in silence.
///
/// ```
/// use bluegate_core::Source;
/// use bluegate_core::import::import;
///
/// let source = Source::new(
///     "api.yaml",
///     "openapi: 3.0.1\ninfo: {title: shop, version: '1'}\npaths:\n  /users/{id}:\n    get:\n      \
///      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: '${users_arn}'}\n",
/// );
/// let (import, _) = import(&source, None).into_result().unwrap();
/// assert!(import.routes_yaml().contains("path: /users/{id}"));
/// assert!(import.aws_json().unwrap().contains("${users_arn}"));
/// ```
#[must_use]
pub fn import(source: &Source, resource: Option<&str>) -> Outcome<Import> {
    let mut found = Diagnostics::new();
    let value = made(source, resource, &mut found);
    Outcome {
        value,
        diagnostics: found.finish(),
    }
}

fn made(source: &Source, resource: Option<&str>, found: &mut Diagnostics) -> Option<Import> {
    let mut plain = Plain::default();
    let root = text::parse(source.text(), &mut plain, found)?;
    let document = template::document(root, resource, found)?;
    let api = read::api(&document, found)?;
    if found.has_errors() {
        return None;
    }
    let draft = draft::draft(&api, &plain.names, found);
    let import = Import {
        routes: draft.routes,
        aws: draft.aws,
    };
    check::check(&api, &import, found);
    Some(import)
}

impl Import {
    /// The routes file as JSON.
    #[must_use]
    pub fn routes_json(&self) -> String {
        self.routes.to_json()
    }

    /// The routes file as YAML.
    #[must_use]
    pub fn routes_yaml(&self) -> String {
        yaml_of_json(&self.routes.compact())
    }

    /// The AWS file; `None` where it would say nothing.
    #[must_use]
    pub fn aws_json(&self) -> Option<String> {
        self.aws.as_ref().map(Item::to_json)
    }
}
