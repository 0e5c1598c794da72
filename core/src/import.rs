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
mod files;
mod item;
mod plain;
mod preflight;
mod read;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod unfilled;
mod variables;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostics, Outcome};
use crate::openapi::yaml_of_json;
use crate::source::Source;

pub use files::TemplateFile;
use item::{Entries, Item};
use plain::Plain;

/// A stage on AWS that was imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveStage {
    /// The region.
    pub region: String,
    /// The id of the API.
    pub rest_api_id: String,
    /// The name of the stage.
    pub name: String,
    /// Its variables.
    pub variables: BTreeMap<String, String>,
}

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
    let (document, around) = template::document(root, resource, found)?;
    let api = read::api(&document, found)?;
    if found.has_errors() {
        return None;
    }
    let draft = draft::draft(&api, &plain.names, found);
    let import = Import {
        routes: draft.routes,
        aws: draft.aws,
    }
    .without_made_version();
    check::check(&api, &import, found);
    around.tell_parameters(import.aws.as_ref(), found);
    match around.stage {
        Some(stage) => Some(import.standing(None, None, &stage, around.settings)),
        None => Some(import),
    }
}

impl Import {
    /// The same with an AWS file that says where the API is: the next deployment goes to the stage that was read.
    #[must_use]
    pub fn of_stage(self, stage: &LiveStage) -> Self {
        let variables = stage.variables.iter();
        let variables = variables.map(|(name, value)| (name.clone(), Item::text(value)));
        let mut settings = Entries::default();
        settings.fill("variables", Item::Map(variables.collect()));
        self.standing(Some(&stage.region), Some(&stage.rest_api_id), &stage.name, settings)
    }

    /// The same without a version that the content has by itself.
    fn without_made_version(self) -> Self {
        let version = self
            .routes
            .get("blueprint")
            .and_then(|blueprint| blueprint.get("version"));
        let version = version.and_then(Item::as_text).map(str::to_owned);
        let is_digest = |text: &String| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(version) = version.filter(is_digest) else {
            return self;
        };
        let mut routes = self.routes.clone();
        if let Item::Map(root) = &mut routes {
            for (_, blueprint) in root {
                if let Item::Map(entries) = blueprint {
                    entries.retain(|(key, _)| key != "version");
                }
            }
        }
        let other = Self {
            routes,
            aws: self.aws.clone(),
        };
        if check::version(&other) == Some(version) {
            other
        } else {
            self
        }
    }

    fn standing(mut self, region: Option<&str>, id: Option<&str>, stage: &str, settings: Entries) -> Self {
        let said = self.aws.unwrap_or(Item::Map(Vec::new()));
        let mut gateway = Entries::default();
        gateway.text("rest_api_id", id);
        gateway
            .0
            .extend(said.get("apiGateway").cloned().into_iter().flat_map(Item::into_entries));
        gateway.text("stage", Some(stage));
        if !settings.0.is_empty() {
            gateway.put("stages", Item::Map(vec![(stage.to_owned(), settings.item())]));
        }
        let mut aws = Entries::default();
        aws.text("region", region);
        aws.put("apiGateway", gateway.item());
        let others = said.into_entries().into_iter().filter(|(key, _)| key != "apiGateway");
        aws.0.extend(others);
        self.aws = Some(aws.item());
        self
    }

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
